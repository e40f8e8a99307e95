package io.tidemark.pipeline.care.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells the story: numbered chapters, indented sentences, what the product itself says behind a bar. */
final class Narrator {
    private static final long MEBIBYTE = 1 << 20;

    private final Consumer<String> lines;
    private final Clock clock;
    private final Instant begin;
    private int chapters;

    Narrator(Consumer<String> lines, Clock clock) {
        this.lines = lines;
        this.clock = clock;
        this.begin = clock.instant();
    }

    /** A heading without a number. */
    void title(String text) {
        lines.accept(text);
    }

    void chapter(String heading) {
        chapters++;
        lines.accept("");
        lines.accept(fill("%2d  %s", chapters, heading));
    }

    /** The number of the chapter that is being told. */
    int chapter() {
        return chapters;
    }

    void say(String sentence) {
        sentence.lines().forEach(line -> lines.accept("    " + line));
    }

    /** A command as a person would type it. */
    void command(String line) {
        lines.accept("    $ " + line);
    }

    /** What a command printed. */
    void quote(String output) {
        output.strip().lines().forEach(line -> lines.accept("    | " + line));
    }

    /** Time since {@code since}, and now the clock is read for the next measurement by {@link #now}. */
    Duration since(Instant since) {
        return Duration.between(since, clock.instant());
    }

    Instant now() {
        return clock.instant();
    }

    Duration sinceTheBeginning() {
        return since(begin);
    }

    /** {@code template} with its places filled, the same in every locale. */
    static String fill(String template, Object... values) {
        return String.format(Locale.ROOT, template, values);
    }

    static String seconds(Duration duration) {
        return fill("%.1f s", duration.toMillis() / 1000.0);
    }

    static String mebibytes(long bytes) {
        return fill("%.1f MiB", (double) bytes / MEBIBYTE);
    }

    static String rate(long bytes, Duration duration) {
        double seconds = Math.max(1, duration.toMillis()) / 1000.0;
        return fill("%.0f MiB/s", bytes / seconds / MEBIBYTE);
    }

    static String count(long number) {
        return fill("%,d", number);
    }
}
