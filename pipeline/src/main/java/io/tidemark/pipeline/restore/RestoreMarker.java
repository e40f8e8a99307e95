package io.tidemark.pipeline.restore;

import com.google.gson.JsonObject;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.JsonFields;
import io.tidemark.pipeline.catalog.UtcTime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The file that says "a restore is not finished here". It is the first thing written into every directory of a restore and the last one
 * removed; while it is there, all else in the directory was written by that restore, for the directory was empty before.
 *
 * @param directory the data directory that the restore makes, also in the markers of places outside it
 */
record RestoreMarker(BackupLabel label, String directory, Instant started) {
    static final String NAME = "tidemark.restore";
    private static final int MAX_BYTES = 64 << 10;

    byte[] write() {
        JsonObject json = new JsonObject();
        json.addProperty("what", "a restore is not finished here: run it again, or empty the directory");
        json.addProperty("format", 1);
        json.addProperty("label", label.value());
        json.addProperty("directory", directory);
        json.addProperty("started", UtcTime.format(started));
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What an earlier restore left in a directory; empty where there is no marker, or none that can be read. */
    static Optional<RestoreMarker> in(Path directory) {
        Path file = directory.resolve(NAME);
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
                return Optional.empty();
            }
            JsonFields fields = JsonFields.parse("marker", ByteBuffer.wrap(Files.readAllBytes(file)));
            return Optional.of(new RestoreMarker(
                    new BackupLabel(fields.text("label")), fields.text("directory"), fields.time("started")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            // cut short by the crash, or not ours: then the directory is simply not empty
            return Optional.empty();
        }
    }

    /** Whether a restore of the same backup into the same directory left this. */
    boolean isOf(RestoreMarker other) {
        return label.equals(other.label) && directory.equals(other.directory);
    }
}
