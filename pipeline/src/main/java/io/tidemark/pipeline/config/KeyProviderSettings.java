package io.tidemark.pipeline.config;

import io.tidemark.kmip.client.KmipHost;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key provider, {@code keys.provider.<name>}. */
public sealed interface KeyProviderSettings {
    String name();

    /**
     * Keys in a file (FORMAT.md section 4, key file; or pg_tde's key ring).
     *
     * @param file absolute; to be read with {@link PrivateFile}, which refuses a file that others can read
     */
    record FromFile(String name, Path file) implements KeyProviderSettings {}

    /**
     * Keys in a KV store of version 2 of Vault.
     *
     * @param address scheme, host and perhaps port; http only for this host itself
     * @param mount without slashes at its ends
     * @param tokenFile absolute; to be read with {@link PrivateFile}
     * @param namespace null for none
     * @param trust certificates in PEM, absolute; null for those that Java trusts
     */
    record InVault(
            String name,
            URI address,
            String mount,
            Path tokenFile,
            @Nullable String namespace,
            @Nullable Path trust) implements KeyProviderSettings {}

    /**
     * Keys at a KMIP server.
     *
     * @param hosts at least one, none twice
     * @param certificate ours, absolute
     * @param key its private key, absolute; null where it is in the certificate's file. Whichever has it must be private
     * @param password null where nothing is encrypted
     * @param trust absolute
     * @param serverName null for the host's own
     * @param ciphers IANA names; empty for those that TLS brings
     * @param waits how long is waited
     */
    record InKmip(
            String name,
            List<KmipHost> hosts,
            Path certificate,
            @Nullable Path key,
            @Nullable SecretReference password,
            Path trust,
            @Nullable String serverName,
            List<String> ciphers,
            Waits waits)
            implements KeyProviderSettings {
        public InKmip {
            hosts = List.copyOf(hosts);
            ciphers = List.copyOf(ciphers);
        }

        public InKmip withHosts(List<KmipHost> others) {
            return new InKmip(name, others, certificate, key, password, trust, serverName, ciphers, waits);
        }

        /** @param whole of one operation, all hosts and repetitions together */
        public record Waits(Duration connect, Duration request, Duration whole) {}
    }
}
