package io.tidemark.kmip.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** What files looked like, to see without a clock whether they have changed: identity, size and time of the last change of each. */
record FilesSnapshot(List<String> seen) {
    FilesSnapshot {
        seen = List.copyOf(seen);
    }

    /** Blocks. Follows links, for secrets are often replaced by turning a link. */
    static FilesSnapshot of(List<Path> files) {
        List<String> seen = new ArrayList<>();
        for (Path file : files) {
            seen.add(file + " " + look(file));
        }
        return new FilesSnapshot(seen);
    }

    @SuppressWarnings("UnusedException") // that a file is not there is what is seen
    private static String look(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return found.fileKey() + " " + found.size() + " " + found.lastModifiedTime();
        } catch (IOException e) {
            return "none";
        }
    }
}
