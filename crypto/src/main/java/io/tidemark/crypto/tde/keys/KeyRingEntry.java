package io.tidemark.crypto.tde.keys;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;

/**
 * One principal key of a {@link KeyRing}.
 *
 * @param name as it was typed; bytes that are no UTF-8 are replaced
 * @param key 16 or 32 bytes, owned by the ring
 * @param check of the key
 */
public record KeyRingEntry(String name, SecretBytes key, CheckValue check) {}
