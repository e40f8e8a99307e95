package io.tidemark.pipeline.keys.provider;

import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.crypto.keyset.KeyFile;
import io.tidemark.crypto.tde.keys.KeyRing;
import io.tidemark.crypto.tde.keys.KeyRingEntry;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.config.PrivateFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keys in a file, read at each fetch: one of 32 raw bytes, or 64 hex digits and an optional newline (FORMAT.md section 4),
 * or the key ring of pg_tde with many; their lengths tell them apart. A key file has one key whatever it is called; in a
 * ring the name and the check value decide. Unique identifiers there are none. A file that others can read or write is
 * refused as a fault of the configuration.
 */
public final class FileKeyProvider implements KeyProvider {
    /** Of a ring with 3 591 keys. */
    private static final int MAX_BYTES = 1 << 20;

    private static final int MOST_NAMED = 4;

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
    public Mono<FetchedKey> fetch(KeyReference reference) {
        return Mono.fromCallable(() -> read(reference))
                .subscribeOn(files)
                .doOnDiscard(FetchedKey.class, FetchedKey::close);
    }

    @Override
    public String toString() {
        return "key file of provider \"" + name + "\"";
    }

    private FetchedKey read(KeyReference reference) {
        byte[] content = PrivateFile.read("key provider \"" + name + "\": key file", file, MAX_BYTES);
        try {
            if (content.length == 0) {
                throw new KeysFailed(
                        Reason.ABSENT,
                        place() + " is empty: it holds no key yet",
                        "pg_tde makes it so with the provider, and puts a key into it when one is created",
                        null);
            }
            return KeyRing.canHave(content.length) ? ofRing(content, reference) : ofKeyFile(content, reference);
        } catch (MalformedKey malformed) {
            throw new KeysFailed(place() + ": " + malformed.getMessage(), malformed);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private FetchedKey ofKeyFile(byte[] content, KeyReference reference) {
        FetchedKey key = new FetchedKey(KeyFile.parse(content), reference.key(), null, KeyState.NOT_KEPT);
        CheckValue expected = reference.check();
        if (expected != null && !expected.equals(key.check())) {
            key.close();
            throw new KeysFailed(
                    Reason.WRONG,
                    place() + " holds the key with check value " + key.check() + ", wanted is " + expected,
                    "is it the key file of this cluster?",
                    null);
        }
        return key;
    }

    private FetchedKey ofRing(byte[] content, KeyReference reference) {
        try (KeyRing ring = KeyRing.read(content)) {
            String named = reference.key();
            List<KeyRingEntry> hits = named == null ? ring.entries() : ring.named(named);
            if (hits.isEmpty()) {
                throw new KeysFailed(
                        Reason.ABSENT,
                        place() + " holds no " + reference.described(),
                        "its keys are: " + names(ring.entries()),
                        null);
            }
            KeyRingEntry hit = decided(hits, reference);
            return new FetchedKey(hit.key().duplicate(), hit.name(), null, KeyState.NOT_KEPT);
        }
    }

    private KeyRingEntry decided(List<KeyRingEntry> hits, KeyReference reference) {
        CheckValue expected = reference.check();
        if (expected != null) {
            return hits.stream()
                    .filter(hit -> hit.check().equals(expected))
                    .findFirst()
                    .orElseThrow(() -> new KeysFailed(
                            Reason.WRONG,
                            place() + " holds " + reference.described() + " with check value " + checks(hits)
                                    + ", wanted is " + expected,
                            "is it the key ring of this cluster?",
                            null));
        }
        if (hits.stream().map(KeyRingEntry::check).distinct().count() > 1) {
            throw new KeysFailed(
                    Reason.AMBIGUOUS,
                    place() + " holds " + hits.size() + " keys"
                            + (reference.key() == null ? "" : " of the name \"" + reference.key() + "\"")
                            + ", with check values " + checks(hits) + ", and nothing says which is meant",
                    reference.key() == null
                            ? "name one: " + names(hits)
                            : "pg_tde takes the first; a name is used once in a ring that it wrote",
                    null);
        }
        return hits.get(0);
    }

    private String place() {
        return "key provider \"" + name + "\", " + file;
    }

    private static String names(List<KeyRingEntry> entries) {
        return entries.stream().limit(MOST_NAMED).map(KeyRingEntry::name).collect(Collectors.joining(", "))
                + (entries.size() > MOST_NAMED ? ", …" : "");
    }

    private static String checks(List<KeyRingEntry> entries) {
        return entries.stream()
                        .limit(MOST_NAMED)
                        .map(entry -> entry.check().hex())
                        .collect(Collectors.joining(", "))
                + (entries.size() > MOST_NAMED ? ", …" : "");
    }
}
