package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.crypto.postgres.RelFileLocator;
import java.time.Instant;

/**
 * Records of pg_tde about its keys. The log holds no key, only names of keys, signatures made with them, which are not kept
 * here, and the options of key providers.
 *
 * <p>Source: pg_tde 2.2.0, src/include/access/pg_tde_xlog.h. In each, {@code database} is an object id, unsigned; 1664 stands for
 * the server, 1663 for the default key.
 */
public sealed interface TdeData extends MainData {

    /** A relation gets an internal key; which one, each server draws for itself. */
    record CreateRelationKey(RelFileLocator relation) implements TdeData {}

    /** A relation needs no internal key: it is plain, or goes. */
    record DeleteRelationKey(RelFileLocator relation) implements TdeData {}

    /** A database or the server gets its first principal key. */
    record AddPrincipalKey(PrincipalKeyName key, Instant created) implements TdeData {}

    /** A database or the server changes to another principal key; replay fetches the old one and the new one. */
    record RotatePrincipalKey(PrincipalKeyName key) implements TdeData {}

    /** A database's principal key goes, with its internal keys. */
    record DeletePrincipalKey(long database) implements TdeData {}

    /**
     * A principal key is known by its name at a provider.
     *
     * @param provider negative for a global one, positive for the database's own
     */
    record PrincipalKeyName(long database, int provider, String name) {}

    /** A key provider is added, changed or deleted. */
    record WriteKeyProvider(long database, long offset, Provider provider) implements TdeData {}

    /**
     * A key provider as its file has it.
     *
     * @param type pg_tde's number: 0 deleted, 1 file, 2 vault-v2, 3 kmip
     * @param options JSON; names places of keys, and in old versions a token: never printed
     */
    record Provider(int id, String name, String options, int type) {
        @Override
        public String toString() {
            return "Provider[id=" + id + ", name=" + name + ", type=" + type + "]";
        }
    }

    /** A database gets pg_tde: its key files of before, if any, go. */
    record InstallExtension(long database) implements TdeData {}
}
