/**
 * A KMIP server and its keys, looked at and looked after; messages, read without a server.
 * Start with {@link io.tidemark.pipeline.care.kmip.KmipService}, which the rest asks; {@link io.tidemark.pipeline.care.kmip.DecodedMessage} needs nothing but bytes.
 * Flow: which key is meant -> KeyLookup.Entry -> what is done with it -> the entry as it is then.
 * Never shows a key: whoever asks for one gets it in a new file of their own.
 * Source: KMIP 1.4 and 2.1 specifications; how servers differ from them is said where it matters.
 */
@NullMarked
package io.tidemark.pipeline.care.kmip;

import org.jspecify.annotations.NullMarked;
