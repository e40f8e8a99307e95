package io.tidemark.pipeline.wal;

import java.util.Locale;
import java.util.regex.Pattern;

/** How PostgreSQL spells the names of {@link WalFileName}. */
final class Grammar {
    static final Pattern NAME = Pattern.compile("(?<timeline>[0-9A-F]{8})(?<history>\\.history)"
            + "|(?<segment>[0-9A-F]{24})(?:(?<partial>\\.partial)|\\.(?<offset>[0-9A-F]{8})\\.backup)?");

    private Grammar() {}

    static String hex8(int value) {
        return String.format(Locale.ROOT, "%08X", value);
    }
}
