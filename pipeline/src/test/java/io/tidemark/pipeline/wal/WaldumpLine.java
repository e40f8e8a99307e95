package io.tidemark.pipeline.wal;

import io.tidemark.crypto.postgres.ForkNumber;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of pg_waldump, and what a record would look like there. Only what is in both can differ. */
public record WaldumpLine(
        String resourceManager,
        int lengthWithoutImages,
        int totalLength,
        long xid,
        String start,
        String previous,
        List<String> blocks,
        String description) {
    private static final Pattern LINE =
            Pattern.compile("rmgr: (\\S+) +len \\(rec/tot\\): +([0-9]+)/ *([0-9]+), tx: +([0-9]+), "
                    + "lsn: ([0-9A-F]+/[0-9A-F]+), prev ([0-9A-F]+/[0-9A-F]+), desc: (.*)");
    private static final Pattern BLOCK =
            Pattern.compile("blkref #([0-9]+): rel ([0-9/]+) (?:fork ([a-z]+) )?blk ([0-9]+)( FPW)?");

    public static WaldumpLine parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no line of pg_waldump: " + line);
        }
        String description = parts.group(7);
        List<String> blocks = BLOCK.matcher(description)
                .results()
                .map(found -> found.group(1) + " " + found.group(2) + " "
                        + (found.group(3) == null ? "main" : found.group(3)) + " " + found.group(4)
                        + (found.group(5) == null ? "" : " image"))
                .toList();
        return new WaldumpLine(
                parts.group(1),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                Long.parseLong(parts.group(4)),
                unpadded(parts.group(5)),
                unpadded(parts.group(6)),
                blocks,
                description);
    }

    /** How pg_waldump would print the record, but for the description. */
    public static WaldumpLine of(WalRecord record, String description) {
        return new WaldumpLine(
                record.resourceManager().toString(),
                record.totalLength() - record.imageBytes(),
                record.totalLength(),
                record.xid(),
                record.start().lsn().toString(),
                record.previous().toString(),
                record.blocks().stream().map(WaldumpLine::block).toList(),
                description);
    }

    private static String block(BlockReference block) {
        return block.id() + " " + block.relation() + " "
                + (block.fork() == ForkNumber.MAIN
                        ? "main"
                        : block.fork().name().toLowerCase(Locale.ROOT)) + " "
                + block.block() + (block.image() == null ? "" : " image");
    }

    private static String unpadded(String lsn) {
        return lsn.replaceFirst("/0+(?=.)", "/");
    }
}
