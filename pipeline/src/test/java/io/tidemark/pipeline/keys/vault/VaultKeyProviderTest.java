package io.tidemark.pipeline.keys.vault;

import static io.tidemark.pipeline.keys.Await.one;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyCreator;
import io.tidemark.pipeline.keys.provider.KeyFiles;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyProviderContract;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class VaultKeyProviderTest extends KeyProviderContract {
    private static final EventLoops LOOPS = EventLoops.open(1);
    private static final KeyReference KEY = KeyReference.named("tidemark-prod");

    @TempDir
    private Path directory;

    private final ScriptedVault vault = new ScriptedVault();
    private final CountDownLatch end = new CountDownLatch(1);
    private KeyFiles tokenFile;
    private byte[] key = HexFormat.of().parseHex("c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7");

    @BeforeEach
    void storeKey() {
        tokenFile = new KeyFiles(directory.resolve("token"));
        tokenFile.write("s.first\n");
        vault.put("tidemark-prod", key);
    }

    @AfterEach
    void close() {
        end.countDown();
        vault.close();
    }

    @AfterAll
    static void end() {
        LOOPS.close().block();
    }

    @Override
    protected byte[] keptKey() {
        return key;
    }

    @Override
    protected KeyProvider provider() {
        return provider(Duration.ofSeconds(20));
    }

    private VaultKeyProvider provider(Duration deadline) {
        VaultPlace place = new VaultPlace(
                URI.create("http://127.0.0.1:" + vault.port()), "secret", tokenFile.path(), "team-a/", null, deadline);
        return new VaultKeyProvider(
                "under-test", place, LOOPS::connecting, Schedulers.boundedElastic(), new SecureRandom());
    }

    @Override
    protected KeyReference reference() {
        return KEY;
    }

    @Override
    protected void replaceKey() {
        key = key.clone();
        key[0] ^= 1;
        vault.put("tidemark-prod", key);
    }

    @Override
    protected void removeKey() {
        vault.remove("tidemark-prod");
    }

    @Override
    protected void goAway() {
        vault.close();
    }

    @Override
    protected void refuse() {
        vault.letIn("s.other");
    }

    @Test
    void fetch_request_isWhatPgTdeSends() {
        one(provider().fetch(KEY)).close();

        assertThat(vault.requests())
                .singleElement()
                .asString()
                .startsWith("GET /v1/secret/data/tidemark-prod HTTP/1.1\r\n")
                .contains("\r\nHost: 127.0.0.1:" + vault.port() + "\r\n")
                .contains("\r\nX-Vault-Namespace: team-a/\r\n")
                .contains("\r\nX-Vault-Token: s.first\r\n");
    }

    @Test
    void fetch_nameWrittenAnewMeanwhile_isFoundByItsVersion() {
        FetchedKey first = one(provider().fetch(KEY));
        replaceKey();

        FetchedKey again = one(provider().fetch(new KeyReference("tidemark-prod", first.id(), first.check())));

        assertThat(first.id()).isEqualTo("1");
        assertThat(again.check()).isEqualTo(first.check());
        assertThat(one(provider().fetch(KEY)).check()).isNotEqualTo(first.check());
    }

    @Test
    void fetch_versionDestroyedButTheSameKeyWrittenAgain_isFoundByItsCheckValue() {
        vault.put("tidemark-prod", key);
        vault.destroy("tidemark-prod", 1);
        KeyReference first = new KeyReference("tidemark-prod", "1", CheckValue.of(key));

        assertThat(one(provider().fetch(first)).id()).isEqualTo("2");
    }

    @Test
    void t60_fetch_destroyedVersion_isAPlainStatementOfLoss() {
        vault.destroy("tidemark-prod", 1);

        assertThat(failure(KEY, Reason.LOST)).hasMessageContaining("nobody can give this version back");
        assertThat(failure(new KeyReference("tidemark-prod", "1", CheckValue.of(key)), Reason.LOST))
                .hasMessageContaining("was destroyed");
    }

    @Test
    void fetch_deletedVersion_saysHowToUndelete() {
        vault.play(
                "404 Not Found",
                "{\"data\":{\"data\":null,\"metadata\":{\"deletion_time\":\"2026-11-27T02:00:00Z\",\"destroyed\":false,\"version\":7}}}");

        assertThat(failure(KEY, Reason.STATE).hint())
                .hasValue("vault kv undelete -mount=secret -versions=7 tidemark-prod");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 Forbidden       | {\"errors\":[\"permission denied\"]}             | DENIED",
                "404 Not Found       | {\"errors\":[]}                                  | ABSENT",
                "404 Not Found       | {\"errors\":[\"no handler for route x/data\"]}   | UNUSABLE",
                "404 Not Found       | <html>not found</html>                           | UNUSABLE",
                "400 Bad Request     | {\"errors\":[\"bad\"]}                           | UNUSABLE",
                "412 Precondition    | {\"errors\":[\"required index state\"]}          | UNREACHABLE",
                "429 Too Many        | {\"errors\":[\"rate limit\"]}                    | UNREACHABLE",
                "500 Internal        | {\"errors\":[\"internal error\"]}                | UNREACHABLE",
                "502 Bad Gateway     | <html>nginx</html>                               | UNREACHABLE",
                "503 Unavailable     | {\"errors\":[\"Vault is sealed\"]}               | UNREACHABLE",
                "204 No Content      | ''                                               | UNUSABLE",
                "200 OK              | {\"data\":{\"data\":{}}}                         | WRONG",
                "200 OK              | {\"data\":{\"data\":{\"key\":\"no base64!\"}}}    | WRONG",
                "200 OK              | {\"data\":{\"data\":{\"key\":\"c2hvcnQ=\"}}}      | WRONG",
                "200 OK              | {\"data\":{\"data\":{\"key\":12}}}               | WRONG",
                "200 OK              | {\"data\":{\"key\":\"c2hvcnQ=\"}}                 | UNUSABLE",
                "200 OK              | {\"data\":{\"data\":{\"key\":\"AA==\",\"key\":\"AA==\"}}} | UNUSABLE",
                "200 OK              | {\"data\":{\"data\":{\"key\":\"c2hv               | UNUSABLE",
            })
    void s37_fetch_answersThatAreNoKey_areToldApart(String status, String body, Reason reason) {
        vault.play(status, body);

        assertThat(failure(KEY, reason)).hasMessageContaining("under-test").hasMessageContaining("127.0.0.1");
    }

    @Test
    void fetch_redirect_isNotFollowedAndTheTokenStaysHere() {
        try (ScriptedVault elsewhere = new ScriptedVault()) {
            vault.play((request, raw) -> ("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:"
                            + elsewhere.port() + "/v1/secret/data/x\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(US_ASCII));

            assertThat(failure(KEY, Reason.UNUSABLE)).hasMessageContaining("is not followed");
            assertThat(elsewhere.connections()).isZero();
        }
    }

    @Test
    void t84_fetch_tokenExchangedMeanwhile_isReadAgain() {
        KeyProvider provider = provider();
        one(provider.fetch(KEY)).close();
        vault.letIn("s.second");
        tokenFile.write("s.second and what follows is no token\n");

        one(provider.fetch(KEY)).close();

        assertThat(vault.connections()).isEqualTo(2);
    }

    @Test
    void t84_fetch_tokenExchangedWhileItIsRefused_isReadOnceMore() {
        vault.play((request, raw) -> {
            tokenFile.write("s.second");
            vault.letIn("s.second");
            return null;
        });

        one(provider().fetch(KEY)).close();

        assertThat(vault.connections()).isEqualTo(2);
    }

    @Test
    void fetch_tokenRefusedAndNoOtherThere_isAskedOnce() {
        refuse();

        assertThat(failure(KEY, Reason.DENIED).hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("expired").contains("secret/data/tidemark-prod"));
        assertThat(vault.connections()).isEqualTo(1);
    }

    @Test
    void t112_fetch_serverThatRepeatsTheToken_isNotQuoted() {
        vault.play("403 Forbidden", "{\"errors\":[\"bad token s.first from you\"]}");

        assertThat(failure(KEY, Reason.DENIED)).hasMessageNotContaining("s.first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " \n", "a\u0001b", "\u007f"})
    void fetch_fileWithoutAToken_isRefusedBeforeAnythingIsSent(String content) {
        tokenFile.write(content);

        assertThat(failure(KEY, Reason.DENIED)).hasMessageContaining("token");
        assertThat(vault.connections()).isZero();
    }

    @Test
    void fetch_tokenFileGone_saysNothingOfTheKey() {
        tokenFile.delete();

        assertThat(failure(KEY, Reason.DENIED)).hasMessageContaining("does not exist");
    }

    @Test
    void fetch_tokenFileThatOthersRead_isAFaultOfTheConfiguration() {
        tokenFile.permit("rw-r--r--");

        assertThat(catchThrowableOfType(UsageError.class, () -> one(provider().fetch(KEY))))
                .hasMessageContaining("open to others");
    }

    @Test
    void fetch_bodyWithoutAnEnd_isGivenUpAtTheLimit() {
        vault.play((request, raw) -> {
            raw.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(US_ASCII));
            byte[] chunk = ("1000\r\n" + "x".repeat(4096) + "\r\n").getBytes(US_ASCII);
            for (int i = 0; i < 1000; i++) {
                raw.write(chunk);
            }
            return new byte[0];
        });

        assertThat(failure(KEY, Reason.UNUSABLE)).hasMessageContaining("longer than 65536 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void fetch_whatIsNoHttp_isUnusable(String answer) {
        vault.play((request, raw) -> answer.getBytes(US_ASCII));

        assertThat(failure(KEY, Reason.UNUSABLE)).hasMessageContaining("HTTP");
    }

    @Test
    void fetch_headersWithoutAnEnd_areGivenUpAtTheLimit() {
        vault.play((request, raw) ->
                ("HTTP/1.1 200 OK\r\n" + ("X-Y: " + "z".repeat(2000) + "\r\n").repeat(20) + "\r\n").getBytes(US_ASCII));

        failure(KEY, Reason.UNUSABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"data\":{\"data\":{\"key\""})
    void t54_fetch_connectionThatEndsInTheAnswer_isNotAbsence(String answer) {
        vault.play((request, raw) -> answer.getBytes(US_ASCII));

        failure(KEY, Reason.UNREACHABLE);
    }

    @Test
    void fetch_serverThatDoesNotAnswer_endsByTheDeadline() {
        vault.play((request, raw) -> {
            await(end);
            return new byte[0];
        });

        assertThat(lateFailure()).hasMessageContaining("no answer within 300 ms");
    }

    @Test
    void fetch_serverThatNeverComesToAnEnd_endsByTheSameDeadline() {
        vault.play((request, raw) -> interimAnswers(raw));

        assertThat(lateFailure()).hasMessageContaining("no answer within 300 ms");
    }

    @Test
    void fetch_interimAnswer_isPassedOver() {
        vault.play((request, raw) -> {
            raw.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII));
            return null;
        });

        one(provider().fetch(KEY)).close();
    }

    @Test
    void fetch_cancelled_closesTheConnection() {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        vault.play((request, raw) -> {
            asked.countDown();
            try {
                return interimAnswers(raw);
            } catch (IOException gone) {
                closed.countDown();
                throw gone;
            }
        });

        StepVerifier.create(provider().fetch(KEY))
                .then(() -> await(asked))
                .thenCancel()
                .verify();

        await(closed);
    }

    /** Until the client has closed. */
    private static byte[] interimAnswers(OutputStream raw) throws IOException {
        while (true) {
            raw.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII));
        }
    }

    private KeysFailed lateFailure() {
        KeysFailed failure = catchThrowableOfType(
                KeysFailed.class, () -> one(provider(Duration.ofMillis(300)).fetch(KEY)));
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure.isTransient()).isTrue();
        return failure;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void create_absentKey_makesOneThatPgTdeWouldReadToo() {
        VaultKeyProvider provider = provider(Duration.ofSeconds(20));

        assertThat(one(provider.create("tidemark-new"))).isEqualTo(KeyCreator.Outcome.MADE);

        FetchedKey made = one(provider.fetch(KeyReference.named("tidemark-new")));
        assertThat(made.bytes().length()).isEqualTo(32);
        assertThat(vault.fields("tidemark-new")).matches("\"key\":\"[A-Za-z0-9+/]{43}=\"");
    }

    @Test
    void create_keyThatIsThere_isLeftAsItIs() {
        VaultKeyProvider provider = provider(Duration.ofSeconds(20));

        assertThat(one(provider.create("tidemark-prod"))).isEqualTo(KeyCreator.Outcome.PRESENT);

        assertThat(one(provider.fetch(KEY)).check()).isEqualTo(CheckValue.of(key));
    }

    private KeysFailed failure(KeyReference reference, Reason reason) {
        KeysFailed failure =
                catchThrowableOfType(KeysFailed.class, () -> one(provider().fetch(reference)));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
        requireNoKeyIn(failure.getMessage());
        return failure;
    }
}
