package io.tidemark.pipeline.restore;

import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.config.UsageError;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time as a person writes it, always with its zone: an offset, {@code Z} or a region such as {@code Europe/Paris}.
 * A local time that the clocks of a region skip or show twice is refused, since a guess would be off by an hour.
 */
public final class TargetTime {
    private static final Pattern FORM =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})[ T](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?) ?(.*)");
    private static final Pattern OFFSET = Pattern.compile("([+-])(\\d{2})(?::?(\\d{2}))?");
    private static final DateTimeFormatter LOCAL = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm")
            .optionalStart()
            .appendLiteral(':')
            .appendValue(ChronoField.SECOND_OF_MINUTE, 2)
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, /* decimalPoint= */ true)
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter PRINTED = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
    private static final String EXPECTED =
            "write it with its zone: \"2026-11-22 15:00:00+01\", \"2026-11-22T14:00:00Z\" or \"2026-11-22 15:00:00 Europe/Paris\"";

    private TargetTime() {}

    /** @throws UsageError where there is no zone or no time in it; {@link RefusedForSafety} where the zone's clocks show it twice or never */
    public static Instant parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new UsageError("no time: '" + text + "'", EXPECTED);
        }
        String zone = matcher.group(3).strip();
        if (zone.isEmpty()) {
            throw new UsageError("time without a zone: '" + text + "'", EXPECTED);
        }
        try {
            LocalDateTime local = LocalDateTime.parse(matcher.group(1) + ' ' + matcher.group(2), LOCAL);
            return inZone(text, local, zone(zone));
        } catch (DateTimeException e) {
            throw new UsageError("no time: '" + text + "': " + e.getMessage(), EXPECTED, e);
        }
    }

    private static ZoneId zone(String text) {
        Matcher offset = OFFSET.matcher(text);
        if (offset.matches()) {
            String minutes = offset.group(3) == null ? "00" : offset.group(3);
            return ZoneOffset.of(offset.group(1) + offset.group(2) + ':' + minutes);
        }
        if (text.equalsIgnoreCase("z") || text.equalsIgnoreCase("utc")) {
            return ZoneOffset.UTC;
        }
        if (!text.contains("/")) {
            // CET, EST and their like: PostgreSQL, Java and people differ about what they mean in summer
            throw new DateTimeException("zone '" + text + "' is not one of +hh:mm, Z, UTC or Region/City");
        }
        return ZoneId.of(text);
    }

    private static Instant inZone(String text, LocalDateTime local, ZoneId zone) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
        if (offsets.size() != 1) {
            String fault =
                    offsets.isEmpty() ? "never comes" : "comes twice, at " + offsets.get(0) + " and " + offsets.get(1);
            throw new RefusedForSafety(
                    "the time '" + text + "' " + fault + ": the clocks change then",
                    "give the offset instead of the zone");
        }
        return local.toInstant(offsets.get(0));
    }

    /** Both in UTC and as the clock on the wall shows it. */
    static String print(Instant time, ZoneId here) {
        return local(time, ZoneOffset.UTC) + "Z (" + here(time, here) + ")";
    }

    /** As {@link #parse} reads it back. */
    static String setting(Instant time) {
        return '"' + local(time, ZoneOffset.UTC) + "Z\"";
    }

    private static String here(Instant time, ZoneId here) {
        ZonedDateTime local = time.atZone(here);
        String offset = local.getOffset().equals(ZoneOffset.UTC)
                ? "+00:00"
                : local.getOffset().getId();
        return local(time, here) + offset + " here";
    }

    private static String local(Instant time, ZoneId zone) {
        ZonedDateTime local = time.atZone(zone);
        int micros = local.getNano() / 1000;
        return PRINTED.format(local) + (micros == 0 ? "" : String.format(Locale.ROOT, ".%06d", micros));
    }
}
