/**
 * Reads and writes TTLV, KMIP's wire encoding. Pure: bytes in, items out.
 * Start with {@link TtlvReader}; {@link TtlvItem} is the closed set of its results, {@link Structure} the one with children.
 * Flow: ByteBuf -> {@link Frame} (how long?) -> TtlvReader -> TtlvItem -> message.ResponseMessage, and back through {@link TtlvWriter}.
 * Never interprets tags: that is the message package's work. Only {@link TtlvPrinter} knows their names.
 * Source: KMIP 1.4 and 2.1 specifications, TTLV Encoding and Tags; limits: KMIP.md section 12.
 */
@NullMarked
package io.tidemark.kmip.ttlv;

import org.jspecify.annotations.NullMarked;
