package io.tidemark.pipeline.config;

import io.tidemark.pipeline.config.Setting.Disclosure;
import io.tidemark.pipeline.config.SettingType.Choice;
import io.tidemark.sinks.s3.S3Settings.Addressing;
import io.tidemark.sinks.s3.S3Settings.Payer;
import io.tidemark.sinks.s3.WriteOptions.Checksum;
import io.tidemark.sinks.s3.WriteOptions.Encryption;
import io.tidemark.sinks.s3.WriteOptions.Lock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings of a repository in a bucket, {@code repository.*.s3}; part of {@link Settings}. */
final class BucketSettings {
    static final Setting<String> BUCKET = new Setting<>(
            "repository.*.s3.bucket",
            new SettingType.Token("the name of a bucket"),
            null,
            Disclosure.OPEN,
            "A bucket of S3, or of a store that speaks like it, as the repository. It must exist; `init` makes the cluster's root in"
                    + " it and tries whether its conditional writes are.",
            "pg-backups");

    static final Setting<String> PREFIX = new Setting<>(
            "repository.*.s3.prefix",
            new SettingType.KeyPrefix(),
            null,
            Disclosure.OPEN,
            "What all keys begin with; the cluster's name follows, as a part of its own.",
            "prod/");

    static final Setting<String> REGION = new Setting<>(
            "repository.*.s3.region",
            new SettingType.Token("the name of a region"),
            null,
            Disclosure.OPEN,
            "The bucket's region. Without it, what the environment, the profile or the instance says.",
            "eu-west-3");

    static final Setting<URI> ENDPOINT = new Setting<>(
            "repository.*.s3.endpoint",
            new SettingType.Endpoint(),
            null,
            Disclosure.OPEN,
            "Where a store is that is not Amazon's. Over http, whoever listens sees names and sealed bytes.",
            "https://s3.example.com:9000");

    static final Setting<Addressing> ADDRESSING = new Setting<>(
            "repository.*.s3.addressing",
            new Choice<>(List.of(
                    new Choice.Word<>("virtual-host", Addressing.VIRTUAL_HOST),
                    new Choice.Word<>("path", Addressing.PATH))),
            null,
            Disclosure.OPEN,
            "Where the bucket's name stands: `virtual-host` in the host's name, `path` in the path. Without it, in the path for an"
                    + " endpoint of one's own, in the host's name for Amazon's.",
            "path");

    static final Setting<Path> TRUST = new Setting<>(
            "repository.*.s3.trust",
            new SettingType.AbsolutePath(),
            null,
            Disclosure.OPEN,
            "Certificates in PEM, one of which must have signed the store's; then no others are believed. Without it, those that"
                    + " Java trusts. The host's name is always compared.",
            "/etc/tidemark/s3-authority.pem");

    static final Setting<SecretReference> ACCESS_KEY = new Setting<>(
            "repository.*.s3.access-key",
            new SettingType.Secret(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "Where the access key's id is. Read again before requests, so that an exchanged file is used at once. Without it and"
                    + " secret-key, the default chain of the AWS SDK gives credentials: environment, web identity, profile, the"
                    + " container's or instance's role.",
            "file:/etc/tidemark/s3.id");

    static final Setting<SecretReference> SECRET_KEY = new Setting<>(
            "repository.*.s3.secret-key",
            new SettingType.Secret(),
            null,
            Disclosure.NOT_IN_ERRORS,
            "Where the secret that belongs to access-key is.",
            "file:/etc/tidemark/s3.secret");

    static final Setting<String> PROFILE = new Setting<>(
            "repository.*.s3.profile",
            new SettingType.Token("the name of a profile"),
            null,
            Disclosure.OPEN,
            "Which profile of ~/.aws the default chain takes; access-key goes before it.",
            "backup");

    static final Setting<String> STORAGE_CLASS = new Setting<>(
            "repository.*.s3.storage-class",
            new Choice<>(List.of(
                    word("STANDARD"),
                    word("STANDARD_IA"),
                    word("ONEZONE_IA"),
                    word("INTELLIGENT_TIERING"),
                    word("GLACIER_IR"),
                    word("REDUCED_REDUNDANCY"))),
            null,
            Disclosure.OPEN,
            "How objects are stored and billed. Archive classes, which take hours to read, are not among them: a restore could not"
                    + " begin. Without it, the bucket's own.",
            "STANDARD_IA");

    static final Setting<Encryption> ENCRYPTION = new Setting<>(
            "repository.*.s3.encryption",
            new Choice<>(List.of(
                    new Choice.Word<>("s3", new Encryption.S3Managed()),
                    new Choice.Word<>("kms", new Encryption.Kms(null)))),
            null,
            Disclosure.OPEN,
            "Encryption by the store, beneath Tidemark's own: `s3` (SSE-S3) or `kms` (SSE-KMS). Without it, the bucket's own.",
            "kms");

    static final Setting<String> KMS_KEY = new Setting<>(
            "repository.*.s3.kms-key",
            new SettingType.Token("the id, ARN or alias of a key"),
            null,
            Disclosure.OPEN,
            "Which key `encryption: kms` uses. Without it, the account's default key.",
            "arn:aws:kms:eu-west-3:123456789012:key/1234abcd");

    static final Setting<Lock.Mode> LOCK_MODE = new Setting<>(
            "repository.*.s3.object-lock.mode",
            new Choice<>(List.of(
                    new Choice.Word<>("governance", Lock.Mode.GOVERNANCE),
                    new Choice.Word<>("compliance", Lock.Mode.COMPLIANCE))),
            "governance",
            Disclosure.OPEN,
            "How strong the lock of object-lock.retention is: `governance` yields to who has s3:BypassGovernanceRetention,"
                    + " `compliance` to nobody.",
            "governance");

    static final Setting<Duration> LOCK_RETENTION = new Setting<>(
            "repository.*.s3.object-lock.retention",
            new SettingType.Time("1d", "36500d"),
            null,
            Disclosure.OPEN,
            "Each object is locked against deletion for so long from its put, and anew as long as a backup that is kept needs it. The"
                    + " bucket must have Object Lock. Without it, the bucket's own rule.",
            "30d");

    static final Setting<Payer> REQUESTER_PAYS = new Setting<>(
            "repository.*.s3.requester-pays",
            new Choice<>(List.of(new Choice.Word<>("true", Payer.REQUESTER), new Choice.Word<>("false", Payer.OWNER))),
            "false",
            Disclosure.OPEN,
            "Whether this account pays for requests and traffic, as a bucket with requester pays demands.",
            "false");

    static final Setting<Checksum> CHECKSUM = new Setting<>(
            "repository.*.s3.checksum",
            new Choice<>(
                    List.of(new Choice.Word<>("crc32c", Checksum.CRC32C), new Choice.Word<>("none", Checksum.NONE))),
            "crc32c",
            Disclosure.OPEN,
            "What the store compares objects and parts with before it takes them. `none` for stores that refuse the header.",
            "crc32c");

    static final Setting<String> SINGLE_WRITER = new Setting<>(
            "repository.*.s3.single-writer",
            new SettingType.NodeText(),
            null,
            Disclosure.OPEN,
            "For a store without conditional writes, which `init` refuses otherwise: the only node that will ever write there."
                    + " Another one is refused by Tidemark, but nothing protects against two processes of the same node at once.",
            "db1-main");

    static final Setting<Long> PART_SIZE = new Setting<>(
            "repository.*.s3.part-size",
            new SettingType.Size("5MiB", "32MiB"),
            "8MiB",
            Disclosure.OPEN,
            "Objects up to this length go up in one request, longer ones in parts of it (after a thousand parts of twice it, and so"
                    + " on up to 32 MiB). All parts that are on their way take 64 MiB at most.",
            "8MiB");

    static final List<Setting<?>> ALL = List.of(
            BUCKET,
            PREFIX,
            REGION,
            ENDPOINT,
            ADDRESSING,
            TRUST,
            ACCESS_KEY,
            SECRET_KEY,
            PROFILE,
            STORAGE_CLASS,
            ENCRYPTION,
            KMS_KEY,
            LOCK_MODE,
            LOCK_RETENTION,
            REQUESTER_PAYS,
            CHECKSUM,
            SINGLE_WRITER,
            PART_SIZE);

    private BucketSettings() {}

    private static Choice.Word<String> word(String text) {
        return new Choice.Word<>(text, text);
    }
}
