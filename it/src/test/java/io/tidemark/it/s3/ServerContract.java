package io.tidemark.it.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreUnsuitable;
import io.tidemark.sinks.s3.PartMemory;
import io.tidemark.sinks.s3.S3Connection;
import io.tidemark.sinks.s3.S3Credentials;
import io.tidemark.sinks.s3.S3Settings;
import io.tidemark.sinks.s3.WriteOptions;
import io.tidemark.sinks.testing.ObjectStoreContract;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

/** What every store promises, of the store over S3 on a server: one connection and bucket a class, a root in it a test. */
@ExtendWith(S3Servers.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerContract extends ObjectStoreContract {
    private static final int LEAST_PART = 5 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PartMemory memory = new PartMemory(PartMemory.BYTES);
    private S3Connection connection;
    private int roots;

    /** The server; aborts the test where there is none. */
    abstract S3Server server();

    @BeforeAll
    final void connect() {
        connection = connected(server().newBucket());
    }

    private S3Connection connected(String bucket) {
        S3Server server = server();
        S3Settings settings = new S3Settings(
                bucket,
                "contract/",
                null,
                server.endpoint(),
                S3Settings.Addressing.PATH,
                server.authority().orElse(null),
                WriteOptions.PLAIN,
                S3Settings.Payer.OWNER,
                LEAST_PART);
        Identity owner = server.owner();
        return S3Connection.open(
                settings,
                new S3Credentials.Given(
                        "a test", () -> new S3Credentials.KeyPair(owner.accessKey(), owner.secretKey())),
                new S3Connection.Tools(memory, Schedulers.boundedElastic(), () -> Retry.max(0), Clock.systemUTC()));
    }

    @AfterAll
    final void disconnect() {
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    protected final ObjectStore emptyStore() {
        roots++;
        return connection.store("root-" + roots);
    }

    @Test
    public final void put_longerThanAPart_goesUpInParts_andMeetsItsOwnObject() {
        byte[] content = random(3 * LEAST_PART + 1);

        assertThat(put("long/one", content)).isEqualTo(PutOutcome.CREATED);
        assertThat(put("long/one", content)).isEqualTo(PutOutcome.PRESENT);

        assertThat(read("long/one")).isEqualTo(content);
        assertThat(now(store().leftovers().collectList())).isEmpty();
        assertThat(memory.free()).isEqualTo(PartMemory.BYTES);
    }

    @Test
    public final void put_ofABodyAsLongAsAPart_isOneObject() {
        for (int size : new int[] {LEAST_PART - 1, LEAST_PART, LEAST_PART + 1, 2 * LEAST_PART}) {
            byte[] content = random(size);

            put("border/" + size, content);

            assertThat(read("border/" + size)).as("%s bytes", size).isEqualTo(content);
        }
    }

    @Test
    public final void aMissingBucket_isAnError_neverAbsence() {
        try (S3Connection away = connected("no-such-bucket-anywhere")) {
            ObjectStore elsewhere = away.store("root");

            StepVerifier.create(elsewhere.stat(ObjectName.of("a")))
                    .expectError(StoreUnsuitable.class)
                    .verify(PATIENCE);
            StepVerifier.create(elsewhere.get(ObjectName.of("a")))
                    .expectError(StoreUnsuitable.class)
                    .verify(PATIENCE);
            StepVerifier.create(elsewhere.list(""))
                    .expectError(StoreUnsuitable.class)
                    .verify(PATIENCE);
        }
    }

    @Test
    public final void conditions_areTried() {
        assertThat(now(connection.store("root-tried").tried(ObjectName.of("index/check/trial"))))
                .isNotNull();

        assertThat(now(connection.store("root-tried").list("").collectList())).isEmpty();
    }
}
