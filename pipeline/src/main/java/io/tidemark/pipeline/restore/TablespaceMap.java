package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.util.Optional;

/**
 * PostgreSQL's {@code tablespace_map}: at its first start the server makes links in {@code pg_tblspc} by it, over those that are there.
 * So each line is written anew for where the tablespace goes now (T44), and one for a tablespace that the backup does not have is refused.
 * Source: PostgreSQL 17, {@code read_tablespace_map} (xlogrecovery.c): {@code oid, blank, path}, line ends and backslashes escaped.
 */
final class TablespaceMap {
    private TablespaceMap() {}

    /** The file; empty where the backup has none. */
    static Optional<String> rewritten(ManifestSurvey survey, Places places) {
        String original = survey.header().tablespaceMap();
        if (original == null) {
            return Optional.empty();
        }
        StringBuilder map = new StringBuilder();
        boolean escaped = false;
        int start = 0;
        for (int i = 0; i < original.length(); i++) {
            char c = original.charAt(i);
            if (c == '\n' && !escaped) {
                append(map, original.substring(start, i), places);
                start = i + 1;
            }
            escaped = c == '\\' && !escaped;
        }
        append(map, original.substring(start), places);
        return Optional.of(map.toString());
    }

    private static void append(StringBuilder map, String line, Places places) {
        if (line.isBlank()) {
            return;
        }
        int blank = line.indexOf(' ');
        String oid = blank < 0 ? line : line.substring(0, blank);
        if (!oid.matches("[1-9][0-9]{0,9}")) {
            throw new IntegrityFailed("tablespace_map has a line that names no tablespace: '" + oid + "'");
        }
        Place place = places.at(FilePath.of("pg_tblspc/" + oid))
                .orElseThrow(() -> new IntegrityFailed(
                        "tablespace_map names tablespace " + oid + ", which the backup does not have"));
        String path = place.directory().toString();
        map.append(oid)
                .append(' ')
                .append(path.replace("\\", "\\\\").replace("\n", "\\\n").replace("\r", "\\\r"))
                .append('\n');
    }
}
