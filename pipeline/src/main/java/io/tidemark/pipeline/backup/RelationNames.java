package io.tidemark.pipeline.backup;

import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.pipeline.catalog.manifest.FilePath;
import io.tidemark.pipeline.catalog.manifest.RelationSegment;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which paths below a data directory are files of relations, by their names: {@code base/5/16432_fsm.1}.
 *
 * <p>Source: PostgreSQL 17, src/common/relpath.c and {@code parse_filename_for_nontemp_relation}
 * (src/backend/storage/file/reinit.c).
 */
final class RelationNames {
    private static final long DEFAULT_TABLESPACE = 1663;
    private static final long GLOBAL_TABLESPACE = 1664;

    private static final Pattern FILE =
            Pattern.compile("([1-9][0-9]{0,9})(_(?:fsm|vm|init))?(?:\\.([1-9][0-9]{0,8}))?");
    private static final Pattern TEMPORARY = Pattern.compile("t[0-9]+_[0-9]+(?:_(?:fsm|vm|init))?(?:\\.[0-9]+)?");
    private static final Pattern OID = Pattern.compile("[1-9][0-9]{0,9}");

    private RelationNames() {}

    /** Empty for a path that is no relation's, among them everything that other programs put there. */
    static Optional<RelationSegment> parse(FilePath path) {
        String[] parts = path.toString().split("/", -1);
        return switch (parts[0]) {
            case "global" -> parts.length == 2 ? segment(GLOBAL_TABLESPACE, 0, parts[1]) : Optional.empty();
            case "base" ->
                parts.length == 3 && isOid(parts[1])
                        ? segment(DEFAULT_TABLESPACE, Long.parseLong(parts[1]), parts[2])
                        : Optional.empty();
            case "pg_tblspc" ->
                parts.length == 5 && isOid(parts[1]) && isOid(parts[3])
                        ? segment(Long.parseLong(parts[1]), Long.parseLong(parts[3]), parts[4])
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** Whether the path names a relation of one session, of which nothing is kept: {@code base/5/t3_16432}. */
    static boolean isTemporary(FilePath path) {
        String[] parts = path.toString().split("/", -1);
        boolean inDatabase =
                parts[0].equals("base") && parts.length == 3 || parts[0].equals("pg_tblspc") && parts.length == 5;
        return inDatabase && TEMPORARY.matcher(parts[parts.length - 1]).matches();
    }

    /** The relation's initialisation fork, which is there exactly if the relation is unlogged. */
    static String initFork(RelationSegment relation) {
        return relation.locator().relation() + ForkNumber.INIT.suffix();
    }

    private static Optional<RelationSegment> segment(long tablespace, long database, String name) {
        Matcher matcher = FILE.matcher(name);
        if (!matcher.matches() || !isOid(matcher.group(1))) {
            return Optional.empty();
        }
        String suffix = matcher.group(2) == null ? "" : matcher.group(2);
        String segment = matcher.group(3) == null ? "0" : matcher.group(3);
        return Optional.of(new RelationSegment(
                new RelFileLocator(tablespace, database, Long.parseLong(matcher.group(1))),
                ForkNumber.ofSuffix(suffix),
                Integer.parseInt(segment)));
    }

    private static boolean isOid(String text) {
        return OID.matcher(text).matches() && Long.parseLong(text) <= 0xFFFFFFFFL;
    }
}
