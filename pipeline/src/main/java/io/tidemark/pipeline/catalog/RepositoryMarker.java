package io.tidemark.pipeline.catalog;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * {@code tidemark.json}: the mark of a cluster's root, in plain. It says which cluster the objects beside it belong to;
 * that is proved only by a keyset generation that opens under the same uuid. Source: FORMAT.md section 1.
 *
 * @param cluster the cluster's uuid, 36 lower-case characters, the same in each of its repositories
 * @param repository 32 hex digits, each root its own
 */
public record RepositoryMarker(int format, String cluster, String repository, Instant created) {
    /** The number that this program reads and writes. */
    public static final int FORMAT = 1;

    /** No marker is longer, in bytes. */
    public static final int MAX_BYTES = 4096;

    private static final String WHAT = "repository marker tidemark.json";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String REPOSITORY = "[0-9a-f]{32}";
    private static final Pattern IS_UUID = Pattern.compile(UUID);
    private static final Pattern IS_REPOSITORY = Pattern.compile(REPOSITORY);

    public RepositoryMarker {
        if (format != FORMAT
                || !IS_UUID.matcher(cluster).matches()
                || !IS_REPOSITORY.matcher(repository).matches()) {
            throw new IllegalArgumentException("no marker: " + format + ", " + cluster + ", " + repository);
        }
    }

    /** A marker for a new root of the cluster. */
    public static RepositoryMarker of(String cluster, String repository, Instant created) {
        return new RepositoryMarker(FORMAT, cluster, repository, created);
    }

    /**
     * Reads a marker as hostile text; lent.
     *
     * @throws IllegalArgumentException for anything but a marker of this format; another format is refused by its number
     */
    public static RepositoryMarker parse(ByteBuffer utf8) {
        JsonFields fields = JsonFields.parse(WHAT, utf8);
        long format = fields.whole("format", 0, Integer.MAX_VALUE);
        if (format != FORMAT) {
            throw new IllegalArgumentException(
                    "repository format " + format + " is not known to this version, which reads format " + FORMAT);
        }
        RepositoryMarker marker = new RepositoryMarker(
                FORMAT, fields.text("cluster", UUID), fields.text("repository", REPOSITORY), fields.time("created"));
        fields.requireNothingElse();
        return marker;
    }

    /** The object's bytes; {@link #parse} reads them back. */
    public byte[] toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("format", format);
        json.addProperty("cluster", cluster);
        json.addProperty("repository", repository);
        json.addProperty("created", UtcTime.format(created));
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
