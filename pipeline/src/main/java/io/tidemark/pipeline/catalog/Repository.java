package io.tidemark.pipeline.catalog;

import io.tidemark.crypto.keyset.KeysetDerivations;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.sinks.ObjectStore;

/**
 * One cluster's root in one store, opened: its marker was parsed and a keyset generation opened under its uuid. Usable
 * from any thread; close it to wipe its keys.
 */
public final class Repository implements AutoCloseable {
    private final String name;
    private final Requirement requirement;
    private final ObjectStore store;
    private final RepositoryMarker marker;
    private final Keyring keyring;
    private final SealedObjects objects;

    /** @param keyring owned by the repository from now on */
    public Repository(
            String name,
            Requirement requirement,
            ObjectStore store,
            RepositoryMarker marker,
            Keyring keyring,
            SealedObjects objects) {
        this.name = name;
        this.requirement = requirement;
        this.store = store;
        this.marker = marker;
        this.keyring = keyring;
        this.objects = objects;
    }

    /** Its name in the configuration. */
    public String name() {
        return name;
    }

    public Requirement requirement() {
        return requirement;
    }

    /** Whether success means durable here too. */
    public boolean required() {
        return requirement == Requirement.REQUIRED;
    }

    public ObjectStore store() {
        return store;
    }

    public RepositoryMarker marker() {
        return marker;
    }

    public Keyring keyring() {
        return keyring;
    }

    /** The newest generation read so far. */
    public SealingKeyset keyset() {
        return keyring.keyset();
    }

    public KeysetDerivations derivations() {
        return keyring.derivations();
    }

    /** The objects of this root, sealed and unsealed by its keyset. */
    public SealedObjects objects() {
        return objects;
    }

    @Override
    public void close() {
        keyring.close();
    }

    /** For messages: {@code repository "paris" (/var/lib/tidemark/prod)}. */
    @Override
    public String toString() {
        return "repository \"" + name + "\" (" + store.location() + ")";
    }
}
