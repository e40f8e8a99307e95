package io.tidemark.sinks.testing;

import io.tidemark.sinks.ObjectStore;

final class MemoryStoreTest extends ObjectStoreContract {

    @Override
    protected ObjectStore emptyStore() {
        return new MemoryStore();
    }
}
