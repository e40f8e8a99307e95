package io.tidemark.pipeline.keys.kmip;

import io.tidemark.kmip.tls.TlsFiles;
import io.tidemark.pipeline.config.KeyProviderSettings;
import io.tidemark.pipeline.config.PrivateFile;
import io.tidemark.pipeline.config.SecretReference;
import io.tidemark.pipeline.config.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Our certificate, its private key and its password: where they are, and whether others can read what is secret of them. */
final class ClientFiles {
    private final KeyProviderSettings.InKmip settings;
    private final Map<String, String> environment;

    ClientFiles(KeyProviderSettings.InKmip settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Blocks for a look at their modes.
     *
     * @throws io.tidemark.pipeline.config.UsageError where one of them is open to others
     */
    void requirePrivate() {
        String provider = "key provider \"" + settings.name() + "\": ";
        Path key = settings.key();
        PrivateFile.requirePrivate(provider + "private key file", key == null ? settings.certificate() : key);
        if (settings.password() instanceof SecretReference.OfFile password) {
            PrivateFile.requirePrivate(provider + "password file", password.path());
        }
    }

    /** As the client reads them, again whenever they change. */
    TlsFiles tls() {
        Path key = settings.key();
        TlsFiles trusting = TlsFiles.trusting(settings.trust());
        TlsFiles files =
                key == null ? trusting.with(settings.certificate()) : trusting.with(settings.certificate(), key);
        SecretReference password = settings.password();
        if (password == null) {
            return files;
        }
        return password instanceof SecretReference.OfFile file
                ? files.withPasswordIn(file.path())
                : files.withPassword(() -> read(password));
    }

    private char @Nullable [] read(SecretReference password) throws IOException {
        try {
            return password.read("password of the private key", environment);
        } catch (TidemarkException missing) {
            throw new IOException(missing.getMessage(), missing);
        }
    }
}
