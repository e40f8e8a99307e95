package io.tidemark.pipeline.catalog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.regex.Pattern;

/** The form that labels and captures share: {@code yyyymmddThhmmssZ-<6 hex digits>}, FORMAT.md section 1. */
final class Stamp {
    private static final Pattern FORM = Pattern.compile("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    private Stamp() {}

    static String of(Instant time, int random) {
        return TIME.format(time.atOffset(ZoneOffset.UTC)) + String.format(Locale.ROOT, "-%06x", random & 0xFFFFFF);
    }

    static boolean isStamp(String text) {
        if (!FORM.matcher(text).matches()) {
            return false;
        }
        try {
            time(text);
            return true;
        } catch (DateTimeException noSuchTime) {
            return false;
        }
    }

    static Instant time(String stamp) {
        return LocalDateTime.parse(stamp.substring(0, 16), TIME).toInstant(ZoneOffset.UTC);
    }
}
