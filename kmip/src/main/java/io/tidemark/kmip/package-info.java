/**
 * An asynchronous client for KMIP 1.0 to 2.1 servers, useful without the rest of Tidemark: what a caller needs.
 * Start with {@link io.tidemark.kmip.KmipException}, the closed set of what goes wrong, and {@link io.tidemark.kmip.KeyMaterial}.
 * Flow: request record -> TTLV -> TLS -> server -> TTLV -> response record.
 * Must never import another module of ours.
 * Source: OASIS Key Management Interoperability Protocol specifications.
 */
@NullMarked
package io.tidemark.kmip;

import org.jspecify.annotations.NullMarked;
