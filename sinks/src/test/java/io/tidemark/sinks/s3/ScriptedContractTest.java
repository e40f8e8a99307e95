package io.tidemark.sinks.s3;

import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.testing.ObjectStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The contract on a server that is always here; `it` has the same on servers of other people's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScriptedContractTest extends ObjectStoreContract {
    private final Scripted scripted = new Scripted(WriteOptions.PLAIN);

    private int roots;

    @Override
    protected ObjectStore emptyStore() {
        roots++;
        return scripted.store("root-" + roots);
    }

    @AfterAll
    void strike() {
        scripted.close();
    }
}
