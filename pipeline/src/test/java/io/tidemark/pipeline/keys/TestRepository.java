package io.tidemark.pipeline.keys;

import static io.tidemark.pipeline.keys.Await.one;

import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.sinks.testing.MemoryStore;
import reactor.core.scheduler.Schedulers;

/** A repository in memory, opened through the production code. */
public final class TestRepository {
    private TestRepository() {}

    /** Marker and generation 1 are put into the store; the first key of cluster 1 opens it. */
    public static Repository on(MemoryStore store) {
        TestCluster cluster = TestCluster.initialised(1);
        for (String name : cluster.store.names()) {
            store.plant(name, cluster.store.content(name));
        }
        return one(
                new RepositoryAccess(cluster.access(), Schedulers.immediate()).open("a", Requirement.REQUIRED, store));
    }
}
