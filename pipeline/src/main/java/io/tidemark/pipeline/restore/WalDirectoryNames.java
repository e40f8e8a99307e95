package io.tidemark.pipeline.restore;

import java.util.regex.Pattern;

/** What PostgreSQL keeps in {@code pg_wal}. Source: PostgreSQL 17, src/include/access/xlog_internal.h, walsummary.c. */
final class WalDirectoryNames {
    private static final String FILE = "[0-9A-F]{24}(\\.partial|\\.[0-9A-F]{8}\\.backup)?|[0-9A-F]{8}\\.history";
    private static final Pattern OWN = Pattern.compile("(" + FILE + ")|archive_status|archive_status/(" + FILE
            + ")\\.(ready|done)|summaries|summaries/[0-9A-F]{40}\\.summary");

    private WalDirectoryNames() {}

    /** @param path below {@code pg_wal} */
    static boolean isOwn(String path) {
        return OWN.matcher(path).matches();
    }
}
