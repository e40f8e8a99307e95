/**
 * Seals objects of the repository and opens them again, one sealed segment at a time, in any order. Pure.
 * Start with {@link io.tidemark.crypto.seal.Sealer}; {@link io.tidemark.crypto.seal.SealGeometry} has all arithmetic.
 * Flow: plain ByteBuffer -> Sealer -> header, sealed segments -> Unsealer -> plain ByteBuffer.
 * Never gives out a byte whose tag was not checked, and never knows what the content means.
 * Source: docs/FORMAT.md section 2; Tink, AES-GCM-HKDF Streaming AEAD.
 */
@NullMarked
package io.tidemark.crypto.seal;

import org.jspecify.annotations.NullMarked;
