/**
 * An asynchronous client for KMIP 1.0 to 2.1 servers, useful without the rest of Tidemark.
 * Start here when the client lands; until then the module reserves its name and its place in the build.
 * Flow: request record -> TTLV -> TLS -> server -> TTLV -> response record.
 * Must never import another module of ours.
 * Source: OASIS Key Management Interoperability Protocol specifications.
 */
@NullMarked
package io.tidemark.kmip;

import org.jspecify.annotations.NullMarked;
