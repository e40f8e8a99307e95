package io.tidemark.pipeline.catalog.manifest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;

/**
 * The sparse index of a manifest, in its facts under {@code frames}: {@code [[offset, path or null], …]}, one row a
 * frame, in the manifest's order. A path is looked for in the frame whose first path is the greatest not above it.
 */
public record ManifestFrames(List<FrameStart> starts) {
    /** A writer thins out above this, so that facts stay below their limit; rows then stand for several frames. */
    public static final int MAX_FRAMES = 4096;

    public ManifestFrames {
        starts = List.copyOf(starts);
        for (int i = 1; i < starts.size(); i++) {
            requireOrder(starts.get(i - 1), starts.get(i));
        }
    }

    public static ManifestFrames read(JsonElement value) {
        if (!value.isJsonArray() || value.getAsJsonArray().size() > MAX_FRAMES) {
            throw new IllegalArgumentException("field 'frames' is no array of at most " + MAX_FRAMES);
        }
        List<FrameStart> starts = new ArrayList<>();
        for (JsonElement row : value.getAsJsonArray()) {
            if (!row.isJsonArray() || row.getAsJsonArray().size() != 2) {
                throw new IllegalArgumentException("field 'frames': a row is no [offset, path]");
            }
            JsonElement path = row.getAsJsonArray().get(1);
            starts.add(new FrameStart(
                    row.getAsJsonArray().get(0).getAsLong(),
                    path.isJsonNull() ? null : FilePath.parse(path.getAsString())));
        }
        return new ManifestFrames(starts);
    }

    public JsonArray json() {
        JsonArray rows = new JsonArray();
        for (FrameStart start : starts) {
            JsonArray row = new JsonArray();
            row.add(start.offset());
            FilePath path = start.firstPath();
            row.add(path == null ? JsonNull.INSTANCE : new JsonPrimitive(path.toString()));
            rows.add(row);
        }
        return rows;
    }

    private static void requireOrder(FrameStart before, FrameStart after) {
        FilePath first = before.firstPath();
        FilePath second = after.firstPath();
        if (after.offset() <= before.offset() || first != null && second != null && first.compareTo(second) >= 0) {
            throw new IllegalArgumentException("field 'frames': '" + second + "' at " + after.offset() + " behind '"
                    + first + "' at " + before.offset());
        }
    }
}
