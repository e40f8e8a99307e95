/**
 * TLS to a key server, both sides proving who they are: files of certificates and keys in, a handler for one connection out.
 * Start with {@link io.tidemark.kmip.tls.TlsSource}, which reads the files again when they change; {@link io.tidemark.kmip.tls.KmipTls} is one reading of them.
 * Flow: TlsFiles -> TlsSource -> KmipTls -> SslHandler; a failure of that handler -> KmipTls -> KmipException.
 * Never connects without checking chain and name: there is no switch for it.
 * Source: RFC 8446, RFC 5246, RFC 9525; KMIP Profiles 1.4, Basic Authentication Suite.
 */
@NullMarked
package io.tidemark.kmip.tls;

import org.jspecify.annotations.NullMarked;
