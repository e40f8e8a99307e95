/**
 * A KMIP server and its keys, looked at and looked after; messages, read without a server.
 * Start with {@link io.tidemark.pipeline.care.kmip.DecodedMessage}, which needs nothing but bytes.
 * Flow: bytes in any form -> TTLV items -> a tree, JSON, or the same bytes again.
 * Never shows a key: whoever asks for one gets it in a file of their own.
 * Source: KMIP 1.4 and 2.1 specifications.
 */
@NullMarked
package io.tidemark.pipeline.care.kmip;

import org.jspecify.annotations.NullMarked;
