/**
 * The operations, a record each: what to ask, and the answer, nested, under the name Answer where it has more than one part.
 * Start with {@link Get}; those about attributes are in {@code attribute}.
 * Flow: new Get(id, ...) -> RequestMessage; BatchResult.Success -> Get.read -> Get.Answer.
 * None can be made without the identifier of the object that it is about.
 * Source: KMIP 1.4 and 2.1 specifications, Client-to-Server Operations; servers' habits: KMIP.md sections 5 to 9.
 */
@NullMarked
package io.tidemark.kmip.message.operation;

import org.jspecify.annotations.NullMarked;
