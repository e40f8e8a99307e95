package io.tidemark.pipeline.keys.vault;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyFiles;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.postgres.testing.TestAuthority;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** Nothing is said to a server that has not proved who it is. */
class VaultTlsTest {
    private static final EventLoops LOOPS = EventLoops.open(1);
    private static final KeyReference KEY = KeyReference.named("tidemark-prod");

    private final TestAuthority authority = new TestAuthority("vault-ca");

    @TempDir
    private Path directory;

    @AfterAll
    static void end() {
        LOOPS.close().block();
    }

    @Test
    void td3_fetch_certificateOfTheTrustedAuthorityAndName_givesTheKey() {
        try (ScriptedVault vault = new ScriptedVault(authority.server(authority.issue("vault", "localhost")))) {
            vault.put("tidemark-prod", new byte[32]);

            FetchedKey key = one(provider(vault, "localhost", trust(authority)).fetch(KEY));

            assertThat(key.bytes().copy(KeyAccess.insecure())).isEqualTo(new byte[32]);
            key.close();
        }
    }

    @Test
    void td3_fetch_certificateForAnAddress_isTakenForThatAddress() {
        try (ScriptedVault vault = new ScriptedVault(authority.server(authority.issue("vault", "ip:127.0.0.1")))) {
            vault.put("tidemark-prod", new byte[32]);

            one(provider(vault, "127.0.0.1", trust(authority)).fetch(KEY)).close();
            assertThat(failure(vault, "localhost", trust(authority))).hasMessageContaining("another name");
        }
    }

    @Test
    void s35_fetch_certificateForAnotherName_isRefusedBeforeTheTokenIsSaid() {
        try (ScriptedVault vault = new ScriptedVault(authority.server(authority.issue("vault", "kms.example.com")))) {
            assertThat(failure(vault, "localhost", trust(authority)))
                    .hasMessageContaining("no TLS with localhost")
                    .hasMessageContaining("another name");
            assertThat(vault.requests()).noneMatch(request -> request.contains("s.first"));
        }
    }

    @Test
    void s35_fetch_certificateOfAnotherAuthority_isRefusedAndNamesTheFile() {
        try (ScriptedVault vault = new ScriptedVault(authority.server(authority.issue("vault", "localhost")))) {
            Path foreign = trust(new TestAuthority("other"));

            assertThat(failure(vault, "localhost", foreign)).hasMessageContaining(foreign.toString());
            assertThat(failure(vault, "localhost", null)).hasMessageContaining("those that Java trusts");
            assertThat(vault.requests()).noneMatch(request -> request.contains("s.first"));
        }
    }

    @Test
    void fetch_authorityExchangedInItsFile_isReadAgain() throws IOException {
        try (ScriptedVault vault = new ScriptedVault(authority.server(authority.issue("vault", "localhost")))) {
            vault.put("tidemark-prod", new byte[32]);
            Path trust = trust(new TestAuthority("old"));
            VaultKeyProvider provider = provider(vault, "localhost", trust);
            assertThat(catchThrowableOfType(KeysFailed.class, () -> one(provider.fetch(KEY))))
                    .isNotNull();

            Files.copy(trust(authority), trust, StandardCopyOption.REPLACE_EXISTING);

            one(provider.fetch(KEY)).close();
        }
    }

    @Test
    void fetch_serverThatSpeaksNoTls_isRefused() {
        try (ScriptedVault vault = new ScriptedVault()) {
            vault.play((request, raw) -> ScriptedVault.http("400 Bad Request", "{}"));

            KeysFailed failure = catchThrowableOfType(
                    KeysFailed.class,
                    () -> one(provider(vault, "localhost", trust(authority), Duration.ofSeconds(1))
                            .fetch(KEY)));
            assertThat(failure.reason()).isIn(Reason.UNREACHABLE, Reason.UNTRUSTED);
            assertThat(vault.requests()).noneMatch(request -> request.contains("s.first"));
        }
    }

    @Test
    void fetch_fileWithoutCertificates_isAFaultOfTheConfiguration() throws IOException {
        try (ScriptedVault vault = new ScriptedVault()) {
            Path nothing = Files.writeString(directory.resolve("nothing.pem"), "no certificate\n");

            assertThat(catchThrowableOfType(
                            UsageError.class,
                            () -> one(provider(vault, "localhost", nothing).fetch(KEY))))
                    .hasMessageContaining(nothing.toString());
        }
    }

    private KeysFailed failure(ScriptedVault vault, String host, @Nullable Path trust) {
        KeysFailed failure = catchThrowableOfType(
                KeysFailed.class, () -> one(provider(vault, host, trust).fetch(KEY)));
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.UNTRUSTED);
        return failure;
    }

    private VaultKeyProvider provider(ScriptedVault vault, String host, @Nullable Path trust) {
        return provider(vault, host, trust, Duration.ofSeconds(20));
    }

    private VaultKeyProvider provider(ScriptedVault vault, String host, @Nullable Path trust, Duration deadline) {
        KeyFiles token = new KeyFiles(directory.resolve("token"));
        token.write("s.first");
        VaultPlace place = new VaultPlace(
                URI.create("https://" + host + ":" + vault.port()), "secret", token.path(), null, trust, deadline);
        return new VaultKeyProvider(
                "under-test", place, LOOPS::connecting, Schedulers.boundedElastic(), new SecureRandom());
    }

    private Path trust(TestAuthority of) {
        return TestAuthority.pem(directory.resolve(of.certificate().getSerialNumber() + ".pem"), of.certificate());
    }
}
