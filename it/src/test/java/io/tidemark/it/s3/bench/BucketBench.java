package io.tidemark.it.s3.bench;

import io.tidemark.it.bench.CommandBench;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.config.ClusterSettings;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.RepositorySettings;
import io.tidemark.sinks.ObjectStore;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** A command on buckets. */
final class BucketBench extends CommandBench {
    private final Buckets buckets;

    BucketBench(Surroundings surroundings, Buckets buckets) {
        super(surroundings);
        this.buckets = buckets;
    }

    @Override
    public ObjectStore store(ClusterSettings cluster, RepositorySettings repository) {
        return buckets.store(place(repository), cluster.name());
    }

    @Override
    public Mono<ObjectStore> newRoot(ClusterSettings cluster, RepositorySettings repository) {
        return buckets.bare(place(repository), cluster.name())
                .tried(ObjectNames.index("check/" + UUID.randomUUID()))
                .map(buckets::patient);
    }

    private static RepositoryPlace.Bucket place(RepositorySettings repository) {
        return (RepositoryPlace.Bucket) repository.place();
    }
}
