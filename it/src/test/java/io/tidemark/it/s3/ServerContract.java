package io.tidemark.it.s3;

import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.s3.PartMemory;
import io.tidemark.sinks.s3.S3Connection;
import io.tidemark.sinks.s3.S3Credentials;
import io.tidemark.sinks.s3.S3Settings;
import io.tidemark.sinks.s3.WriteOptions;
import io.tidemark.sinks.testing.ObjectStoreContract;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** What every store promises, of the store over S3 on a server: one connection and bucket a class, a root in it a test. */
@ExtendWith(S3Servers.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerContract extends ObjectStoreContract {
    private static final int LEAST_PART = 5 << 20;

    private final PartMemory memory = new PartMemory(PartMemory.BYTES);
    private S3Connection connection;
    private int roots;

    /** The server; aborts the test where there is none. */
    abstract S3Server server();

    @BeforeAll
    final void connect() {
        S3Server server = server();
        S3Settings settings = new S3Settings(
                server.newBucket(),
                "contract/",
                null,
                server.endpoint(),
                S3Settings.Addressing.PATH,
                server.authority().orElse(null),
                WriteOptions.PLAIN,
                S3Settings.Payer.OWNER,
                LEAST_PART);
        Identity owner = server.owner();
        connection = S3Connection.open(
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
}
