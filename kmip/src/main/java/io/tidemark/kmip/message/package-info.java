/**
 * KMIP's messages: a batch of operations goes out, a result for each comes back. Pure: bytes and records, no connection.
 * Start with {@link RequestMessage} and {@link ResponseMessage}; {@link RequestPayload} is what every operation implements.
 * Flow: operation.Get -> RequestMessage -> ByteBuf; ByteBuf -> ResponseMessage -> {@link BatchResult} -> Get.Answer.
 * Believes nothing: a result belongs to a request by its batch item's identifier, or the message is refused.
 * Source: KMIP 1.4 and 2.1 specifications, Message Contents and Message Format; servers' habits: KMIP.md sections 2, 4, 9, 12.
 */
@NullMarked
package io.tidemark.kmip.message;

import org.jspecify.annotations.NullMarked;
