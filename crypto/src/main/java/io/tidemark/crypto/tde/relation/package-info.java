/**
 * pg_tde's encryption of relations: pages, each on its own. Pure.
 * Start with {@link io.tidemark.crypto.tde.relation.RelationCipher}.
 * Flow: InternalKey of the relation -> RelationCipher: a page of a fork at its block number -> the same page opened or closed.
 * Never judges a page: without authentication its checksum says whether the key was right.
 * Source: pg_tde 2.2.0, src/smgr/pg_tde_smgr.c and src/encryption/enc_tde.c.
 */
@NullMarked
package io.tidemark.crypto.tde.relation;

import org.jspecify.annotations.NullMarked;
