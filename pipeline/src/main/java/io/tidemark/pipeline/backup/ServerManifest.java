package io.tidemark.pipeline.backup;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.tidemark.pipeline.backup.Piece.Chunk;
import io.tidemark.pipeline.backup.SourceEntry.SourceFile;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The manifest that the server sends behind its archives: kept whole, as a file of the backup, and compared with what arrived. It
 * waits in a temporary file, as its length grows with the cluster. Blocks on files; for one thread at a time.
 *
 * <p>Source: PostgreSQL 17, Backup Manifest Format; src/backend/backup/backup_manifest.c.
 */
final class ServerManifest implements AutoCloseable {
    static final FilePath PATH = FilePath.of("backup_manifest");

    private static final int PERMISSIONS = 0600;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_LAST_LINE = 256;
    private static final Pattern LAST_LINE = Pattern.compile("\"Manifest-Checksum\": \"([0-9a-f]{64})\"\\}\\n");

    private final Spill spill;
    private final EntrySort entries;
    private Spill.@Nullable Writer writer;
    private Spill.@Nullable Run run;
    private long length;
    private @Nullable InputStream reading;
    private @Nullable FileCut cut;

    ServerManifest(BackupSettings settings, RandomGenerator random) {
        this.spill = new Spill(settings.spillDirectory(), random);
        this.entries = new EntrySort(spill, settings.sortBytes());
    }

    /** Takes the next bytes of it, lent. */
    void add(ByteBuffer bytes) throws IOException {
        Spill.Writer to = writer;
        if (to == null) {
            to = spill.newRun();
            writer = to;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        to.write(copy, 0, copy.length);
        length += copy.length;
    }

    /** All of it has come. @throws IntegrityFailed where it is not what the server wrote */
    void end() throws IOException {
        if (writer == null) {
            throw new IntegrityFailed("the server sent no backup manifest");
        }
        run = writer.end();
        requireChecksum();
        try (JsonReader in = new JsonReader(new InputStreamReader(content(), StandardCharsets.UTF_8))) {
            read(in);
        } catch (JsonParseException | IllegalStateException | NumberFormatException e) {
            throw new IntegrityFailed("the server's backup manifest cannot be read: " + e.getMessage(), e);
        }
    }

    /** Its entries in the order of their paths. */
    EntrySort.Merge sorted() throws IOException {
        return entries.sorted();
    }

    /** The next chunk of the manifest as a file of the backup; empty at its end. */
    Optional<Piece> next(ClusterShape shape, Instant now, ConcurrentLinkedQueue<ChunkSlot> slots) throws IOException {
        FileCut file = cut;
        InputStream from = reading;
        if (file == null || from == null) {
            FileStat stat = FileStat.ofServer(TarEntry.Kind.FILE, PERMISSIONS, length, now);
            file = new FileCut(new SourceFile(PATH, stat, null), shape, null, slots);
            from = content();
            cut = file;
            reading = from;
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        ByteBuffer rest = ByteBuffer.allocate(0);
        while (!file.isWhole()) {
            if (!rest.hasRemaining()) {
                rest = ByteBuffer.wrap(buffer, 0, from.read(buffer, 0, file.nextRead(buffer.length)));
            }
            Chunk chunk = file.take(rest);
            if (chunk != null) {
                return Optional.of(chunk);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        spill.close();
    }

    private InputStream content() {
        if (run == null) {
            throw new IllegalStateException("the server's manifest was read before it had come");
        }
        return new BufferedInputStream(spill.read(run), BUFFER_BYTES);
    }

    /** Its last line has the SHA-256 of all before it. */
    private void requireChecksum() throws IOException {
        MessageDigest digest = sha256();
        long before = Math.max(0, length - MAX_LAST_LINE);
        try (InputStream in = content()) {
            skip(new DigestInputStream(in, digest), before);
            byte[] tail = in.readNBytes(MAX_LAST_LINE);
            int start = tail.length - 1;
            while (start > 0 && tail[start - 1] != '\n') {
                start--;
            }
            digest.update(tail, 0, start);
            Matcher last = LAST_LINE.matcher(new String(tail, start, tail.length - start, StandardCharsets.ISO_8859_1));
            if (!last.matches() || !HexFormat.of().formatHex(digest.digest()).equals(last.group(1))) {
                throw new IntegrityFailed("the server's backup manifest has not the checksum that its last line says");
            }
        }
    }

    private static void skip(InputStream in, long bytes) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long left = bytes;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                throw new IOException("the temporary file became shorter");
            }
            left -= read;
        }
    }

    private void read(JsonReader in) throws IOException {
        in.beginObject();
        while (in.hasNext()) {
            if (in.nextName().equals("Files")) {
                in.beginArray();
                while (in.hasNext()) {
                    entries.add(file(in));
                }
                in.endArray();
            } else {
                in.skipValue();
            }
        }
        in.endObject();
    }

    private static SortedEntry file(JsonReader in) throws IOException {
        FilePath path = null;
        long size = -1;
        String algorithm = "";
        String checksum = "";
        in.beginObject();
        while (in.hasNext()) {
            switch (in.nextName()) {
                case "Path" -> path = FilePath.ofBytes(in.nextString().getBytes(StandardCharsets.UTF_8));
                case "Encoded-Path" -> path = FilePath.ofBytes(HexFormat.of().parseHex(in.nextString()));
                case "Size" -> size = in.nextLong();
                case "Checksum-Algorithm" -> algorithm = in.nextString();
                case "Checksum" -> checksum = in.peek() == JsonToken.STRING ? in.nextString() : "";
                default -> in.skipValue();
            }
        }
        in.endObject();
        if (path == null || size < 0 || !algorithm.equals("CRC32C") || !checksum.matches("[0-9a-f]{8}")) {
            throw new IntegrityFailed("the server's backup manifest names "
                    + (path == null ? "a file without path" : path) + " without size or CRC-32C");
        }
        return SortedEntry.of(path, new byte[0], new Evidence.Sent(size, crc(checksum)));
    }

    // PostgreSQL prints the bytes as they lie in memory, the lowest first
    private static int crc(String hex) {
        return Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
