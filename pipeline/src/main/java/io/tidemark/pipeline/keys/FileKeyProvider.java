package io.tidemark.pipeline.keys;

import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.crypto.keyset.KeyFile;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.PrivateFile;
import java.nio.file.Path;
import java.util.Arrays;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * A key in a file: exactly 32 raw bytes, or 64 hex digits and an optional newline (FORMAT.md section 4). The file is read
 * at each fetch. A file that others can read or write is refused as a fault of the configuration.
 */
public final class FileKeyProvider implements KeyProvider {
    /** Longer than a key file can be, short enough to read; in bytes. */
    private static final int MAX_BYTES = 4096;

    private final String name;
    private final Path file;
    private final Scheduler files;

    /** @param file absolute */
    public FileKeyProvider(String name, Path file, Scheduler files) {
        this.name = name;
        this.file = file;
        this.files = files;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Mono<SecretBytes> fetch(KeyReference reference) {
        return Mono.fromCallable(() -> read(reference))
                .subscribeOn(files)
                .doOnDiscard(SecretBytes.class, SecretBytes::close);
    }

    private SecretBytes read(KeyReference reference) {
        byte[] content = PrivateFile.read("key provider \"" + name + "\": key file", file, MAX_BYTES);
        SecretBytes key;
        try {
            key = KeyFile.parse(content);
        } catch (MalformedKey malformed) {
            throw new KeysFailed("key provider \"" + name + "\", " + file + ": " + malformed.getMessage(), malformed);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
        CheckValue expected = reference.check();
        CheckValue found = CheckValue.of(key);
        if (expected != null && !expected.equals(found)) {
            key.close();
            throw new KeysFailed(
                    "key provider \"" + name + "\", " + file + " holds the key with check value " + found
                            + ", wanted is " + expected,
                    "is it the key file of this cluster?");
        }
        return key;
    }
}
