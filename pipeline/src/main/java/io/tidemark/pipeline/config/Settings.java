package io.tidemark.pipeline.config;

import io.tidemark.pipeline.config.RecipientSettings.OfProvider.How;
import io.tidemark.pipeline.config.Setting.Disclosure;
import io.tidemark.pipeline.config.SettingType.Choice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every setting, declared once: reading, checking, {@code config show}, docs/configuration.md and the template all come from this list.
 * A setting is declared here only when something reads it.
 */
final class Settings {
    static final Setting<Path> DATA_DIRECTORY = new Setting<>(
            "cluster.*.data-directory",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.OPEN,
            "The cluster's data directory on this host. Needed where the node is archived or backed up; a restore works without.",
            "/var/lib/postgresql/17/main");

    static final Setting<String> ROOT = new Setting<>(
            "cluster.*.root",
            new SettingType.HexDigits(32),
            null,
            Disclosure.OPEN,
            "What `init` printed as `root:`. With it no keyset is believed that does not hold the cluster's first key, so that who"
                    + " can write the repository cannot fake one.",
            "3f0c5a1be2d84c6f9a7b1d2e3c4f5a6b");

    static final Setting<String> NODE = new Setting<>(
            "cluster.*.node",
            new SettingType.NodeText(),
            null,
            Disclosure.OPEN,
            "The name of this data directory among the servers of its replication group. Without it, the host's name and a digest of"
                    + " the directory's real path.",
            "db1-main");

    static final Setting<String> CONNECTION = new Setting<>(
            "cluster.*.connection",
            new SettingType.ConnectionText(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "How the server is reached: libpq's keywords or URI, and for what is left out libpq's PG* variables and defaults; over TCP"
                    + " sslmode is verify-full unless written otherwise. A password has no place here: a password file (~/.pgpass,"
                    + " passfile=) or the variable PGPASSWORD holds it.",
            "host=/var/run/postgresql");

    static final Setting<String> TDE_STATE = new Setting<>(
            "cluster.*.tde.state",
            new Choice<>(List.of(new Choice.Word<>("auto", "auto"))),
            "auto",
            Disclosure.OPEN,
            "Whether the data directory is looked at for pg_tde. `auto`: it is; one that holds key files of pg_tde is refused by"
                    + " this version, and nothing of it is archived or backed up.",
            "auto");

    static final Setting<Path> DIRECTORY = new Setting<>(
            "repository.*.directory",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.OPEN,
            "A local directory as the repository. It must exist, on a file system with hard links; `init` makes the cluster's own"
                    + " directory in it.",
            "/var/lib/tidemark");

    static final Setting<Requirement> REQUIRED = new Setting<>(
            "repository.*.required",
            new Choice<>(List.of(
                    new Choice.Word<>("true", Requirement.REQUIRED), new Choice.Word<>("false", Requirement.OPTIONAL))),
            "true",
            Disclosure.OPEN,
            "Whether archiving succeeds only when the file is durable in this repository too. One that is not required may lag"
                    + " behind, and `info` says so.",
            "true");

    static final Setting<Path> PROVIDER_FILE = new Setting<>(
            "keys.provider.*.file",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "A key in a file: 32 raw bytes, or 64 hex digits; or a key ring as pg_tde writes it, with many keys. The file may be read"
                    + " by its owner only (or, where it belongs to root, by its group too).",
            "/etc/tidemark/box.key");

    static final Setting<String> RECIPIENT_PROVIDER = new Setting<>(
            "keys.recipients.#.provider",
            new SettingType.NameText("a provider under keys.provider"),
            null,
            Disclosure.NOT_IN_ERRORS,
            "A key that can open the sealing keyset: the one of this provider, or the one that `key` names there.",
            "box");

    static final Setting<String> RECIPIENT_KEY = new Setting<>(
            "keys.recipients.#.key",
            new SettingType.KeyName(),
            null,
            Disclosure.OPEN,
            "The name of the key at that provider. Needed for Vault and KMIP, and for a key ring with several keys. A key of Tidemark's own,"
                    + " never one of pg_tde's: `init --create-keys` has one made.",
            "tidemark-prod");

    static final Setting<How> RECIPIENT_HOW = new Setting<>(
            "keys.recipients.#.how",
            new Choice<>(List.of(new Choice.Word<>("get", How.GET), new Choice.Word<>("encrypt", How.ENCRYPT))),
            "get",
            Disclosure.OPEN,
            "How a key at a KMIP server is used. `get`: it is fetched, and encrypts the keyset here. `encrypt`: for a key that may not"
                    + " leave its server, which is sent the keyset to encrypt and to decrypt (AES-GCM, from KMIP 1.4 on).",
            "get");

    static final Setting<Path> RECIPIENT_RECOVERY = new Setting<>(
            "keys.recipients.#.recovery",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "The public half of a recovery key, whose private half lies in a safe: `keys recovery-key` makes the pair.",
            "/etc/tidemark/recovery.pub");

    static final Setting<Path> RECOVERY_KEY = new Setting<>(
            "keys.recovery-key",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "The private half of the recovery key, taken out of its safe: opens the keyset where the daily keys are lost. Meant for"
                    + " the command line of a restore; it needs the cluster's root.",
            "/run/safe/recovery.pem");

    static final Setting<SecretReference> RECOVERY_PASSPHRASE = new Setting<>(
            "keys.recovery-passphrase",
            new SettingType.Secret(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "Where the passphrase of keys.recovery-key is, if that file is encrypted.",
            "file:/run/safe/passphrase");

    static final Setting<Path> MEMORY_DIRECTORY = new Setting<>(
            "keys.memory",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.OPEN,
            "Where this host remembers the highest keyset generation that it has used, so that nothing is sealed under an older one"
                    + " if a repository is rolled back, and in which repositories it has found its cluster admitted, so that"
                    + " archiving a segment needs no listing. Without it, tidemark in $XDG_STATE_HOME or in ~/.local/state."
                    + " Archiving goes on where it cannot be written, and lists each time.",
            "/var/lib/postgresql/tidemark-state");

    static final Setting<Duration> CACHE_LIFETIME = new Setting<>(
            "keys.cache.lifetime",
            new SettingType.Time("0s", "1d"),
            "5m",
            Disclosure.OPEN,
            "How long a command keeps a key of a server (KMIP, Vault) in its memory, so that it asks once however many"
                    + " repositories it opens. A key that is in use is asked for again ahead of time. 0s: each key is asked for each time.",
            "15m");

    static final Setting<Duration> CACHE_STALE_FOR = new Setting<>(
            "keys.cache.stale-for",
            new SettingType.Time("0s", "7d"),
            "1h",
            Disclosure.OPEN,
            "How long after its lifetime a kept key is used on while its server does not answer. Never where the server answers and"
                    + " denies the key, has it no longer, or has another; nor where who answers cannot prove to be the server.",
            "4h");

    static final Setting<Duration> PUSH_DEADLINE = new Setting<>(
            "archive-push.deadline",
            new SettingType.Time("1s", "1d"),
            "60s",
            Disclosure.OPEN,
            "After it archive-push has ended, with 10 if the file was not durable by then; PostgreSQL tries again.",
            "60s");

    static final Setting<Duration> GET_DEADLINE = new Setting<>(
            "archive-get.deadline",
            new SettingType.Time("1s", "1d"),
            "5m",
            Disclosure.OPEN,
            "After it archive-get has ended, in doubt if the answer was not known by then.",
            "5m");

    static final Setting<Duration> GET_PATIENCE = new Setting<>(
            "archive-get.patience",
            new SettingType.Time("0s", "1d"),
            "5m",
            Disclosure.OPEN,
            "How long archive-get waits for a segment that is missing while later ones are there, and, on a standby, for a"
                    + " repository in doubt.",
            "5m");

    static final Setting<BackupDefaults.Checkpoint> BACKUP_CHECKPOINT = new Setting<>(
            "backup.checkpoint",
            new Choice<>(List.of(
                    new Choice.Word<>("spread", BackupDefaults.Checkpoint.SPREAD),
                    new Choice.Word<>("fast", BackupDefaults.Checkpoint.FAST))),
            "spread",
            Disclosure.OPEN,
            "How the server writes the checkpoint from which a backup begins. `spread` spares its disks and takes minutes (by its"
                    + " checkpoint_timeout and checkpoint_completion_target); `fast` begins at once.",
            "spread");

    static final Setting<Long> BACKUP_MAX_RATE = new Setting<>(
            "backup.max-rate",
            new SettingType.Size("32KiB", "1GiB"),
            null,
            Disclosure.OPEN,
            "How much the server sends in a second at most, so that a backup leaves its disks to its users. Without it, as much"
                    + " as the repositories take.",
            "50MiB");

    static final Setting<Duration> BACKUP_ARCHIVE_TIMEOUT = new Setting<>(
            "backup.archive-timeout",
            new SettingType.Time("1s", "7d"),
            "5m",
            Disclosure.OPEN,
            "A backup is good when its WAL is in the repositories. It gives up, and says why, when for so long none of that WAL"
                    + " arrives.",
            "5m");

    static final Setting<Long> RESTORE_RANGE_SIZE = new Setting<>(
            "restore.range-size",
            new SettingType.Size("256KiB", "64MiB"),
            "8MiB",
            Disclosure.OPEN,
            "What a restore asks of a pack in one request at most: what lies side by side there is fetched together. Small files are"
                    + " read 256KiB at a time.",
            "16MiB");

    static final Setting<Integer> RESTORE_PARALLEL = new Setting<>(
            "restore.parallel",
            new SettingType.Whole(1, 256, null),
            "8",
            Disclosure.OPEN,
            "How many such requests a restore has under way at once, so that a store's delay is waited for once and not each"
                    + " time. Fewer, and smaller ones, where limits.memory does not suffice.",
            "16");

    static final Setting<Long> MEMORY = new Setting<>(
            "limits.memory",
            new SettingType.Size("16MiB", "1TiB"),
            "256MiB",
            Disclosure.OPEN,
            "What the buffers of a backup or a restore may take together. Archiving takes a few MiB, whatever is written here.",
            "256MiB");

    static final Setting<Integer> WORKERS = new Setting<>(
            "limits.workers",
            new SettingType.Whole(
                    1, 256, new Choice.Word<>("auto", Runtime.getRuntime().availableProcessors())),
            "auto",
            Disclosure.OPEN,
            "Threads for compression and cryptography. `auto`: one a processor.",
            "auto");

    static final Setting<Long> UPLOAD = new Setting<>(
            "limits.upload",
            new SettingType.Size("64KiB", "1TiB"),
            null,
            Disclosure.OPEN,
            "What a process sends to its repositories in a second at most, all of them together. Each archive-push is a process of"
                    + " its own. Without it, as much as they take.",
            "100MiB");

    static final Setting<Long> DOWNLOAD = new Setting<>(
            "limits.download",
            new SettingType.Size("64KiB", "1TiB"),
            null,
            Disclosure.OPEN,
            "What a process reads from its repositories in a second at most, all of them together. Without it, as much as they"
                    + " give.",
            "100MiB");

    static final Setting<Integer> COMPRESSION_LEVEL = new Setting<>(
            "compression.level",
            new SettingType.Whole(1, 19, null),
            "3",
            Disclosure.OPEN,
            "Zstandard's level. Higher ones take several times the processor for a few per cent of the size.",
            "3");

    /** In the order in which the documentation shows them. */
    static final List<Setting<?>> ALL = all(List.of(
            DATA_DIRECTORY,
            ROOT,
            NODE,
            CONNECTION,
            TDE_STATE,
            DIRECTORY,
            REQUIRED,
            PROVIDER_FILE,
            RECIPIENT_PROVIDER,
            RECIPIENT_KEY,
            RECIPIENT_HOW,
            RECIPIENT_RECOVERY,
            RECOVERY_KEY,
            RECOVERY_PASSPHRASE,
            MEMORY_DIRECTORY,
            CACHE_LIFETIME,
            CACHE_STALE_FOR,
            PUSH_DEADLINE,
            GET_DEADLINE,
            GET_PATIENCE,
            BACKUP_CHECKPOINT,
            BACKUP_MAX_RATE,
            BACKUP_ARCHIVE_TIMEOUT,
            RESTORE_RANGE_SIZE,
            RESTORE_PARALLEL,
            MEMORY,
            WORKERS,
            UPLOAD,
            DOWNLOAD,
            COMPRESSION_LEVEL));

    /** Settings of CLI.md that this version does not have. */
    static final List<String> PLANNED = List.of(
            "cluster.*.tde.providers.**",
            "cluster.*.tde.keep-internal-keys",
            "cluster.*.backup.**",
            "cluster.*.retention.**",
            "daemon.**");

    private Settings() {}

    /** With those of a bucket behind the others of a repository, and those of key servers behind the key file. */
    private static List<Setting<?>> all(List<Setting<?>> others) {
        List<Setting<?>> all = new ArrayList<>(others);
        all.addAll(others.indexOf(PROVIDER_FILE) + 1, KeyServerSettings.ALL);
        all.addAll(others.indexOf(REQUIRED) + 1, BucketSettings.ALL);
        return List.copyOf(all);
    }

    static Optional<Setting<?>> of(List<String> key) {
        for (Setting<?> setting : ALL) {
            if (Setting.fits(Setting.split(setting.pattern()), key)) {
                return Optional.of(setting);
            }
        }
        return Optional.empty();
    }

    static boolean isPlanned(List<String> key) {
        for (String pattern : PLANNED) {
            if (Setting.fits(Setting.split(pattern), key)) {
                return true;
            }
        }
        return false;
    }

    /** Whether settings lie below this key. */
    static boolean isGroup(List<String> key) {
        return !below(key).isEmpty();
    }

    /** The next parts below a group, in order; {@code <name>} and {@code 0} for what the user chooses. */
    static List<String> below(List<String> key) {
        List<String> next = new ArrayList<>();
        for (Setting<?> setting : ALL) {
            List<String> pattern = Setting.split(setting.pattern());
            if (pattern.size() > key.size() && Setting.fits(pattern.subList(0, key.size()), key)) {
                String part = pattern.get(key.size());
                String shown = part.equals("*") ? "<name>" : part.equals("#") ? "0" : part;
                if (!next.contains(shown)) {
                    next.add(shown);
                }
            }
        }
        return next;
    }
}
