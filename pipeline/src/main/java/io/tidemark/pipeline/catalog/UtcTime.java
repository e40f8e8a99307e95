package io.tidemark.pipeline.catalog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

/** Times as the repository writes them: RFC 3339, UTC, {@code Z}, six digits of a second. Source: FORMAT.md. */
public final class UtcTime {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private UtcTime() {}

    /** Such as {@code 2026-11-22T15:00:00.000000Z}; what is finer than a microsecond is cut off. */
    public static String format(Instant time) {
        return FORM.format(time.atOffset(ZoneOffset.UTC));
    }

    /** @throws IllegalArgumentException for any other form, other zones included */
    public static Instant parse(String text) {
        try {
            return LocalDateTime.parse(text, FORM).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException refused) {
            throw new IllegalArgumentException(
                    "no time: '" + text + "', expected such as 2026-11-22T15:00:00.000000Z", refused);
        }
    }
}
