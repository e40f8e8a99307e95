package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.pipeline.catalog.Keyring;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.sinks.ObjectStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Mono;

/** The keyring of one repository: what {@link KeysetAccess} opened, and opens again when asked to look for more. */
public final class RepositoryKeyring implements Keyring {
    private final KeysetAccess access;
    private final ObjectStore store;
    private final RepositoryMarker marker;
    // the last one is in use; older ones stay open until the end, for others may be reading with their keys
    private final CopyOnWriteArrayList<OpenedKeyset> opened;

    private RepositoryKeyring(KeysetAccess access, ObjectStore store, RepositoryMarker marker, OpenedKeyset first) {
        this.access = access;
        this.store = store;
        this.marker = marker;
        this.opened = new CopyOnWriteArrayList<>(List.of(first));
    }

    /** Opens the keyset; errors as {@link KeysetAccess#open}. The subscriber closes the keyring. */
    public static Mono<RepositoryKeyring> open(KeysetAccess access, ObjectStore store, RepositoryMarker marker) {
        return access.open(store, marker).map(first -> new RepositoryKeyring(access, store, marker, first));
    }

    /** Opens it without a listing where the memory allows it: {@link KeysetAccess#openRemembered}. */
    static Mono<RepositoryKeyring> openRemembered(KeysetAccess access, ObjectStore store, RepositoryMarker marker) {
        return access.openRemembered(store, marker).map(first -> new RepositoryKeyring(access, store, marker, first));
    }

    @Override
    public SealingKeyset keyset() {
        return current().keyset();
    }

    @Override
    public int generation() {
        return current().generation().number();
    }

    @Override
    public KeysetDerivations derivations() {
        return opened.get(0).derivations();
    }

    @Override
    public SealingKey sealing() {
        return current().sealing();
    }

    /** Higher generations that do not count. */
    public List<GenerationProblem> problems() {
        return current().problems();
    }

    /** The generation in use as it was read. */
    public OpenedKeyset current() {
        return opened.get(opened.size() - 1);
    }

    @Override
    public Mono<SealingKeyset> refresh() {
        return access.open(store, marker).map(this::take);
    }

    @Override
    public void close() {
        opened.forEach(OpenedKeyset::close);
    }

    // synchronized, for two readers may refresh at once and the later answer may be the older one
    private synchronized SealingKeyset take(OpenedKeyset fresh) {
        if (fresh.generation().number() > generation()) {
            opened.add(fresh);
        } else {
            fresh.close();
        }
        return keyset();
    }
}
