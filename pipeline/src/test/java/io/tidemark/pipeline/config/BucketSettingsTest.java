package io.tidemark.pipeline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.pipeline.config.RepositoryPlace.Bucket;
import io.tidemark.pipeline.config.RepositoryPlace.BucketIdentity;
import io.tidemark.sinks.s3.S3Settings.Addressing;
import io.tidemark.sinks.s3.S3Settings.Payer;
import io.tidemark.sinks.s3.WriteOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BucketSettingsTest {
    @TempDir
    Path directory;

    private Bucket bucket(String... settings) {
        return (Bucket) read(settings).repositories().get("paris").place();
    }

    private Configuration read(String... settings) {
        List<String> set = new ArrayList<>();
        for (String setting : settings) {
            set.add(setting.startsWith("repository.") ? setting : "repository.paris.s3." + setting);
        }
        return ConfigurationReader.read(emptyFile().toString(), set, Map.of(), directory)
                .configuration();
    }

    private Path emptyFile() {
        try {
            Path file = directory.resolve("tidemark.yaml");
            Files.writeString(file, "");
            return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String fault(String... settings) {
        TidemarkException failure = catchThrowableOfType(TidemarkException.class, () -> read(settings));
        assertThat(failure).isInstanceOf(UsageError.class);
        return failure.details().isEmpty() ? failure.getMessage() : String.join("\n", failure.details());
    }

    @Test
    void bucketAlone_isAmazons_withTheDefaultChain() {
        Bucket bucket = bucket("bucket=pg-backups");

        assertThat(bucket.s3().bucket()).isEqualTo("pg-backups");
        assertThat(bucket.s3().prefix()).isEmpty();
        assertThat(bucket.s3().addressing()).isEqualTo(Addressing.VIRTUAL_HOST);
        assertThat(bucket.s3().write()).isEqualTo(WriteOptions.PLAIN);
        assertThat(bucket.identity()).isEqualTo(new BucketIdentity.Chain(null));
        assertThat(bucket.of("prod")).isEqualTo("s3://pg-backups/prod");
    }

    @Test
    void everySetting_isRead() {
        Bucket bucket = bucket(
                "bucket=b",
                "prefix=x/y",
                "region=eu-west-3",
                "endpoint=https://s3.example.com:9000",
                "trust=/ca.pem",
                "access-key=env:ID",
                "secret-key=file:/s",
                "storage-class=STANDARD_IA",
                "encryption=kms",
                "kms-key=alias/backups",
                "object-lock.mode=compliance",
                "object-lock.retention=30d",
                "requester-pays=true",
                "checksum=none",
                "single-writer=db1",
                "part-size=16MiB");

        assertThat(bucket.s3().prefix()).isEqualTo("x/y/");
        assertThat(bucket.s3().region()).isEqualTo("eu-west-3");
        assertThat(bucket.s3().endpoint()).isEqualTo(URI.create("https://s3.example.com:9000"));
        assertThat(bucket.s3().addressing()).isEqualTo(Addressing.PATH);
        assertThat(bucket.s3().trust()).isEqualTo(Path.of("/ca.pem"));
        assertThat(bucket.s3().payer()).isEqualTo(Payer.REQUESTER);
        assertThat(bucket.s3().partBytes()).isEqualTo(16 << 20);
        assertThat(bucket.s3().write())
                .isEqualTo(new WriteOptions(
                        "STANDARD_IA",
                        new WriteOptions.Encryption.Kms("alias/backups"),
                        new WriteOptions.Lock(WriteOptions.Lock.Mode.COMPLIANCE, Duration.ofDays(30)),
                        WriteOptions.Checksum.NONE,
                        WriteOptions.Condition.SINGLE_WRITER));
        assertThat(bucket.identity())
                .isEqualTo(new BucketIdentity.KeyPair(
                        new SecretReference.OfEnvironment("ID"), new SecretReference.OfFile(Path.of("/s"))));
        assertThat(bucket.singleWriter()).isEqualTo("db1");
    }

    @Test
    void whatOnlyTogetherIsWrong_isSaid() {
        assertThat(fault("bucket=b", "repository.paris.directory=/d")).contains("either directory or s3");
        assertThat(fault("region=r")).contains("repository.paris.s3.bucket is missing");
        assertThat(fault("bucket=b", "access-key=env:ID")).contains("s3.secret-key is missing");
        assertThat(fault("bucket=b", "secret-key=env:ID")).contains("s3.access-key is missing");
        assertThat(fault("bucket=b", "kms-key=k")).contains("encryption: kms only");
    }

    @Test
    void aSecretInPlaceOfItsReference_isRefusedAndNotRepeated() {
        String fault = fault("bucket=b", "access-key=AKIA1", "secret-key=wJalrXUtn");

        assertThat(fault).contains("file:/absolute/path or env:NAME").doesNotContain("AKIA1", "wJalrXUtn");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prefix=/a",
                "prefix=a//b",
                "prefix=a/../b",
                "prefix=..",
                "prefix=a b",
                "endpoint=s3.example.com",
                "endpoint=https://user:secret@host",
                "endpoint=https://host/path",
                "endpoint=ftp://host",
                "part-size=1MiB",
                "part-size=64MiB",
                "storage-class=GLACIER",
                "storage-class=DEEP_ARCHIVE",
                "object-lock.retention=0d",
            })
    void badValues_areRefused(String setting) {
        assertThat(fault("bucket=b", setting)).contains("expected");
    }
}
