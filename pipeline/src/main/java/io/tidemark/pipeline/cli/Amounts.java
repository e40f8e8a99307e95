package io.tidemark.pipeline.cli;

import java.time.Duration;
import java.util.Locale;

/** Sizes, rates and times as a person reads them; the same in every locale. */
final class Amounts {
    private static final double KIB = 1024;
    private static final double MIB = 1024 * KIB;
    private static final double GIB = 1024 * MIB;

    private Amounts() {}

    /** {@code 3.10 GiB}; below that MiB, KiB and B, so that a small cluster is not 0.00. */
    static String size(long bytes) {
        if (bytes >= GIB) {
            return format("%.2f GiB", bytes / GIB);
        }
        if (bytes >= MIB) {
            return format("%.1f MiB", bytes / MIB);
        }
        return bytes >= KIB ? format("%.1f KiB", bytes / KIB) : bytes + " B";
    }

    /** {@code 118.2 MiB/s}. */
    static String rate(double bytesPerSecond) {
        return format("%.1f MiB/s", bytesPerSecond / MIB);
    }

    /** {@code 42 s}, {@code 3 min 05 s}, {@code 2 h 07 min}. */
    static String time(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
