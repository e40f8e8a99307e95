/**
 * Keys as they travel: raw, as a transparent structure, or wrapped with another key of the server.
 * Start with {@link KeyBlock}; {@link KeyWrapping} is how one is wrapped, {@link ManagedObject} what holds one.
 * Flow: Structure (lent) -> ManagedObject.read -> KeyBlock -> KeyMaterial, which leaves zeros in the frame.
 * Never hands out a key whose length is not what the message says three times over.
 * Source: KMIP 1.4 and 2.1 specifications, Key Block, Key Value, Key Wrapping Data; servers' forms: KMIP.md sections 7 and 12.
 */
@NullMarked
package io.tidemark.kmip.message.key;

import org.jspecify.annotations.NullMarked;
