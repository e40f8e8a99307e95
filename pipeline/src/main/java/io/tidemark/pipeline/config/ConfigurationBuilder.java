package io.tidemark.pipeline.config;

import io.tidemark.sinks.s3.S3Settings;
import io.tidemark.sinks.s3.S3Settings.Addressing;
import io.tidemark.sinks.s3.S3Settings.Payer;
import io.tidemark.sinks.s3.WriteOptions;
import io.tidemark.sinks.s3.WriteOptions.Condition;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** From written values to the records: each value by its declaration, then what only several values together can get wrong. */
final class ConfigurationBuilder {
    private final Faults faults;
    private final Map<String, Given> values = new LinkedHashMap<>();
    private final List<EffectiveConfiguration.Line> lines = new ArrayList<>();
    private final Set<String> partlyPlanned = new HashSet<>();
    private final Set<String> faulty = new HashSet<>();
    private final SortedSet<String> clusters = new TreeSet<>();
    private final SortedSet<String> repositories = new TreeSet<>();
    private final SortedSet<String> providers = new TreeSet<>();
    private int recipients;

    /** @param given the later wins */
    ConfigurationBuilder(List<Given> given, Faults faults) {
        this.faults = faults;
        for (Given one : given) {
            values.remove(one.key());
            values.put(one.key(), one);
        }
    }

    EffectiveConfiguration build() {
        values.values().forEach(this::check);
        SortedMap<String, ClusterSettings> clusterSettings = new TreeMap<>();
        for (String name : clusters) {
            clusterSettings.put(name, cluster(name));
        }
        SortedMap<String, RepositorySettings> repositorySettings = new TreeMap<>();
        for (String name : repositories) {
            repository(name).ifPresent(settings -> repositorySettings.put(name, settings));
        }
        SortedMap<String, KeyProviderSettings> providerSettings = new TreeMap<>();
        KeyValues keyValues = new KeyValues(this, faults);
        for (String name : providers) {
            keyValues.provider(name).ifPresent(settings -> providerSettings.put(name, settings));
        }
        Configuration configuration = new Configuration(
                clusterSettings,
                repositorySettings,
                new KeySettings(
                        providerSettings,
                        keyValues.recipients(recipients),
                        orNull(Settings.RECOVERY_KEY),
                        orNull(Settings.RECOVERY_PASSPHRASE),
                        orNull(Settings.MEMORY_DIRECTORY),
                        new KeyCacheSettings(required(Settings.CACHE_LIFETIME), required(Settings.CACHE_STALE_FOR))),
                new ArchivePushSettings(required(Settings.PUSH_DEADLINE)),
                new ArchiveGetSettings(required(Settings.GET_DEADLINE), required(Settings.GET_PATIENCE)),
                new BackupDefaults(
                        required(Settings.BACKUP_CHECKPOINT),
                        orNull(Settings.BACKUP_MAX_RATE),
                        required(Settings.BACKUP_ARCHIVE_TIMEOUT)),
                new RestoreSettings(required(Settings.RESTORE_RANGE_SIZE), required(Settings.RESTORE_PARALLEL)),
                new Limits(
                        required(Settings.MEMORY),
                        required(Settings.WORKERS),
                        orNull(Settings.UPLOAD),
                        orNull(Settings.DOWNLOAD)),
                new CompressionSettings(required(Settings.COMPRESSION_LEVEL)));
        return new EffectiveConfiguration(configuration, lines);
    }

    /** One value by itself: known, well named, of the right type. */
    private void check(Given one) {
        List<String> key = Setting.split(one.key());
        if (!namesAreGood(one, key)) {
            return;
        }
        Optional<Setting<?>> setting = Settings.of(key);
        if (setting.isPresent()) {
            declare(key);
            checkValue(one, setting.get());
        } else if (Settings.isPlanned(key)) {
            if (one.form() != Given.Form.NOTHING) {
                faults.planned(one.origin(), one.key());
            }
            partlyPlanned.add(String.join(".", key.subList(0, Math.max(2, nameAt(key) + 1))));
        } else if (Settings.isGroup(key)) {
            if (one.isValue()) {
                faults.add(one.origin(), one.key() + " is no setting itself; below it: " + listBelow(key));
            } else {
                declare(key);
            }
        } else {
            faults.add(one.origin(), UnknownSetting.describe(one.key(), key));
        }
    }

    private boolean namesAreGood(Given one, List<String> key) {
        int name = nameAt(key);
        if (name < 0 || Names.isName(key.get(name))) {
            return true;
        }
        faults.add(
                one.origin(),
                one.key() + ": \"" + key.get(name) + "\" is no name: expected a-z, then up to 62 of a-z, 0-9 and -");
        return false;
    }

    /** Which part of a key is a name that the user chose; -1 for none. */
    private static int nameAt(List<String> key) {
        if (key.size() > 1 && (key.get(0).equals("cluster") || key.get(0).equals("repository"))) {
            return 1;
        }
        return key.size() > 2 && key.get(0).equals("keys") && key.get(1).equals("provider") ? 2 : -1;
    }

    private void declare(List<String> key) {
        int name = nameAt(key);
        if (name >= 0) {
            switch (key.get(0)) {
                case "cluster" -> clusters.add(key.get(name));
                case "repository" -> repositories.add(key.get(name));
                default -> providers.add(key.get(name));
            }
        } else if (key.size() > 2 && key.get(1).equals("recipients")) {
            recipients = Math.max(recipients, Integer.parseInt(key.get(2)) + 1);
        }
    }

    private void checkValue(Given one, Setting<?> setting) {
        boolean good = one.isValue() && setting.type().parse(one.text()).isPresent();
        if (good || one.form() == Given.Form.NOTHING) {
            return;
        }
        faulty.add(one.key());
        boolean shown = one.isValue() && setting.disclosure() == Setting.Disclosure.OPEN;
        faults.add(
                one.origin(),
                one.key() + ": expected " + setting.type().expected() + (shown ? ", not \"" + one.text() + "\"" : ""));
    }

    private static String listBelow(List<String> key) {
        return String.join(", ", Settings.below(key));
    }

    /** The value in force, noted for {@code config show}; empty where none is given and there is no default. */
    <T> Optional<T> value(Setting<T> setting, String... names) {
        String key = setting.key(names);
        Given one = values.get(key);
        String text = setting.byDefault();
        Origin origin = Origin.BY_DEFAULT;
        if (one != null && one.isValue() && !faulty.contains(key)) {
            text = one.text();
            origin = one.origin();
        }
        if (text == null) {
            return Optional.empty();
        }
        lines.add(new EffectiveConfiguration.Line(key, text, origin.text()));
        return setting.type().parse(text);
    }

    <T> T required(Setting<T> setting, String... names) {
        return value(setting, names)
                .orElseThrow(() -> new IllegalStateException(setting.pattern() + " has a default that it refuses"));
    }

    <T> @Nullable T orNull(Setting<T> setting, String... names) {
        return value(setting, names).orElse(null);
    }

    private ClusterSettings cluster(String name) {
        required(Settings.TDE_STATE, name);
        return new ClusterSettings(
                name,
                orNull(Settings.DATA_DIRECTORY, name),
                orNull(Settings.ROOT, name),
                orNull(Settings.NODE, name),
                orNull(Settings.CONNECTION, name));
    }

    private Optional<RepositorySettings> repository(String name) {
        Optional<Path> directory = value(Settings.DIRECTORY, name);
        Requirement requirement = required(Settings.REQUIRED, name);
        String group = "repository." + name;
        if (values.keySet().stream().noneMatch(key -> key.startsWith(group + ".s3"))) {
            if (directory.isEmpty()) {
                missing(Settings.DIRECTORY.key(name), group);
            }
            return directory.map(
                    path -> new RepositorySettings(name, new RepositoryPlace.Directory(path), requirement));
        }
        if (directory.isPresent()) {
            faults.add(originOf(group), group + ": expected either directory or s3");
            return Optional.empty();
        }
        return bucket(name).map(place -> new RepositorySettings(name, place, requirement));
    }

    private Optional<RepositoryPlace> bucket(String name) {
        Optional<String> bucket = value(BucketSettings.BUCKET, name);
        String prefix = value(BucketSettings.PREFIX, name).orElse("");
        String region = orNull(BucketSettings.REGION, name);
        URI endpoint = orNull(BucketSettings.ENDPOINT, name);
        Addressing addressing = value(BucketSettings.ADDRESSING, name)
                .orElse(endpoint == null ? Addressing.VIRTUAL_HOST : Addressing.PATH);
        Path trust = orNull(BucketSettings.TRUST, name);
        RepositoryPlace.BucketIdentity identity = identity(name);
        String singleWriter = orNull(BucketSettings.SINGLE_WRITER, name);
        WriteOptions write = write(name, singleWriter == null ? Condition.IF_NONE_MATCH : Condition.SINGLE_WRITER);
        Payer payer = required(BucketSettings.REQUESTER_PAYS, name);
        int partBytes = required(BucketSettings.PART_SIZE, name).intValue();
        if (bucket.isEmpty()) {
            missing(BucketSettings.BUCKET.key(name), "repository." + name);
            return Optional.empty();
        }
        return Optional.of(new RepositoryPlace.Bucket(
                new S3Settings(bucket.get(), prefix, region, endpoint, addressing, trust, write, payer, partBytes),
                identity,
                singleWriter));
    }

    private WriteOptions write(String name, Condition condition) {
        String storageClass = orNull(BucketSettings.STORAGE_CLASS, name);
        WriteOptions.Encryption encryption = orNull(BucketSettings.ENCRYPTION, name);
        String kmsKey = orNull(BucketSettings.KMS_KEY, name);
        if (encryption instanceof WriteOptions.Encryption.Kms) {
            encryption = new WriteOptions.Encryption.Kms(kmsKey);
        } else if (kmsKey != null) {
            String key = BucketSettings.KMS_KEY.key(name);
            faults.add(originOf(key), key + ": is for encryption: kms only");
        }
        WriteOptions.Lock.Mode mode = required(BucketSettings.LOCK_MODE, name);
        WriteOptions.Lock lock = value(BucketSettings.LOCK_RETENTION, name)
                .map(retention -> new WriteOptions.Lock(mode, retention))
                .orElse(null);
        return new WriteOptions(storageClass, encryption, lock, required(BucketSettings.CHECKSUM, name), condition);
    }

    private RepositoryPlace.BucketIdentity identity(String name) {
        SecretReference accessKey = orNull(BucketSettings.ACCESS_KEY, name);
        SecretReference secretKey = orNull(BucketSettings.SECRET_KEY, name);
        String profile = orNull(BucketSettings.PROFILE, name);
        if (accessKey != null && secretKey != null) {
            return new RepositoryPlace.BucketIdentity.KeyPair(accessKey, secretKey);
        }
        if (accessKey != null || secretKey != null) {
            String there = (accessKey != null ? BucketSettings.ACCESS_KEY : BucketSettings.SECRET_KEY).key(name);
            String other = (accessKey != null ? BucketSettings.SECRET_KEY : BucketSettings.ACCESS_KEY).key(name);
            if (!faulty.contains(other)) {
                faults.add(originOf(there), there + ": " + other + " is missing");
            }
        }
        return new RepositoryPlace.BucketIdentity.Chain(profile);
    }

    void missing(String key, String group) {
        if (!faulty.contains(key) && !partlyPlanned.contains(group)) {
            faults.add(originOf(group), key + " is missing");
        }
    }

    /** Whether anything is written there or below. */
    boolean isGiven(String group) {
        return !originOf(group).equals(Origin.BY_DEFAULT);
    }

    /** Whether something was wrong with the value itself, which has been said. */
    boolean isFaulty(String key) {
        return faulty.contains(key);
    }

    /** Whether a part of it is one that this version does not have, which has been said. */
    boolean isPartlyPlanned(String group) {
        return partlyPlanned.contains(group);
    }

    SortedSet<String> providers() {
        return providers;
    }

    /** Where a group is written first. */
    Origin originOf(String group) {
        for (Given one : values.values()) {
            if (one.key().equals(group) || one.key().startsWith(group + ".")) {
                return one.origin();
            }
        }
        return Origin.BY_DEFAULT;
    }
}
