package io.tidemark.pipeline.keys;

import io.tidemark.pipeline.catalog.Keyring;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.catalog.SealedObjects;
import io.tidemark.pipeline.catalog.SmallObject;
import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.config.StoreFailed;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectStore;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Opens roots: the marker first, then the keyset generation that counts under the marker's uuid. */
public final class RepositoryAccess {
    private final KeysetAccess keys;
    private final Scheduler cpu;

    /** @param cpu for unsealing and expanding what is read from the opened roots */
    public RepositoryAccess(KeysetAccess keys, Scheduler cpu) {
        this.keys = keys;
        this.cpu = cpu;
    }

    /**
     * Opens the root; the subscriber closes it. Fails as {@link #marker} and {@link KeysetAccess#open}.
     *
     * @param store rooted at the cluster's root
     */
    public Mono<Repository> open(String name, Requirement requirement, ObjectStore store) {
        return marker(store)
                .flatMap(marker -> RepositoryKeyring.open(keys, store, marker)
                        .map(keyring -> repository(name, requirement, store, marker, keyring)));
    }

    /**
     * The same by three small reads and no listing, where this node has been here lately and nothing was rotated since: for
     * commands that run once a segment.
     */
    public Mono<Repository> openRemembered(String name, Requirement requirement, ObjectStore store) {
        return marker(store)
                .flatMap(marker -> RepositoryKeyring.openRemembered(keys, store, marker)
                        .map(keyring -> repository(name, requirement, store, marker, keyring)));
    }

    private Repository repository(
            String name, Requirement requirement, ObjectStore store, RepositoryMarker marker, Keyring keyring) {
        return new Repository(
                name, requirement, store, marker, keyring, new SealedObjects(store, marker.cluster(), keyring, cpu));
    }

    /**
     * Reads a root's marker. Fails with {@link StoreFailed} where there is none, with {@link IntegrityFailed} where it is
     * not one of this format, and with the store's errors.
     */
    public static Mono<RepositoryMarker> marker(ObjectStore store) {
        return SmallObject.read(store, ObjectNames.MARKER, RepositoryMarker.MAX_BYTES)
                .map(RepositoryMarker::parse)
                .onErrorMap(
                        ObjectMissing.class,
                        missing -> new StoreFailed(
                                "no repository in " + store.location() + ": it has no tidemark.json",
                                "`tidemark init` makes it; is this the right directory, and is it mounted?",
                                missing))
                .onErrorMap(
                        IllegalArgumentException.class,
                        refused -> new IntegrityFailed(
                                "no repository that can be used in " + store.location() + ": " + refused.getMessage(),
                                refused));
    }
}
