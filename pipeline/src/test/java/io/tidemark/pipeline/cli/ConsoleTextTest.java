package io.tidemark.pipeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.cli.Console.Sink;
import io.tidemark.pipeline.cli.GlobalOptions.Verbosity;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.event.EventKind;
import io.tidemark.pipeline.event.Severity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

final class ConsoleTextTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private enum Kind implements EventKind {
        STORED("TM-TST-001", Severity.INFO, "file archived"),
        LAGS("TM-TST-002", Severity.WARN, "repository lags");

        private final String code;
        private final Severity severity;
        private final String message;

        Kind(String code, Severity severity, String message) {
            this.code = code;
            this.severity = severity;
            this.message = message;
        }

        @Override
        public String code() {
            return code;
        }

        @Override
        public Severity severity() {
            return severity;
        }

        @Override
        public String message() {
            return message;
        }
    }

    private Console console(Sink sink, Verbosity verbosity) {
        PrintStream stream = new PrintStream(written, true, StandardCharsets.UTF_8);
        return new Console(stream, sink, stream, sink, verbosity);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void events_areLinesWithCodeAndFields_whichCannotForgeAnother() {
        StderrEvents events = new StderrEvents(console(Sink.OTHER, Verbosity.NORMAL));

        events.report(Event.of(Kind.STORED)
                .with("file", "a\ntidemark: forged \u001b[2J")
                .with("bytes", 42));

        assertThat(text())
                .isEqualTo("tidemark: file archived file=a\\u000atidemark: forged \\u001b[2J bytes=42 (TM-TST-001)\n");
    }

    @Test
    void quiet_leavesWarnings() {
        StderrEvents events = new StderrEvents(console(Sink.OTHER, Verbosity.QUIET));

        events.report(Event.of(Kind.STORED));
        events.report(Event.of(Kind.LAGS));

        assertThat(text()).isEqualTo("tidemark: warning: repository lags (TM-TST-002)\n");
    }

    @Test
    void error_isToldWithItsHintOnALineOfItsOwn() {
        assertThat(ErrorText.of(new UsageError("no \u202e such thing", "try\u0007 another")))
                .isEqualTo("tidemark: no \\u202e such thing\nHINT: try\\u0007 another");
        assertThat(ErrorText.of(new IllegalStateException("root is gone\nHINT: mount it")))
                .isEqualTo("tidemark: root is gone\nHINT: mount it");
    }

    @Test
    void t118_amounts_areTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));

            assertThat(Amounts.size(3L << 30)).isEqualTo("3.00 GiB");
            assertThat(Amounts.size(1536 << 10)).isEqualTo("1.5 MiB");
            assertThat(Amounts.size(999)).isEqualTo("999 B");
            assertThat(Amounts.rate(1.5 * 1048576)).isEqualTo("1.5 MiB/s");
            assertThat(Amounts.time(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
            assertThat(Amounts.time(Duration.ofMinutes(127))).isEqualTo("2 h 07 min");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void progress_withoutATerminal_isALineEveryTenSeconds() {
        String text = progress(Sink.OTHER, Verbosity.NORMAL);

        assertThat(text)
                .isEqualTo("tidemark: backup: 50 %, 512.0 MiB of 1.00 GiB, 51.2 MiB/s, 10 s left\n"
                        + "tidemark: backup: 50 %, 512.0 MiB of 1.00 GiB, 25.6 MiB/s, 20 s left\n");
    }

    @Test
    void progress_onATerminal_isOneLineThatGoesAway() {
        String text = progress(Sink.TERMINAL, Verbosity.NORMAL);

        assertThat(text).contains("\r\u001b[Kbackup: 50 %").doesNotContain("\n").endsWith("\r\u001b[K");
    }

    @Test
    void progress_withQuiet_isNothing() {
        assertThat(progress(Sink.TERMINAL, Verbosity.QUIET)).isEmpty();
    }

    /** 25 s of a run that does 512 MiB of 1 GiB at once and then hangs. */
    private String progress(Sink sink, Verbosity verbosity) {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        Clock virtual = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS));
            }
        };
        ProgressLine line = new ProgressLine("backup", console(sink, verbosity), virtual, time);
        Sinks.One<String> work = Sinks.one();
        line.expect(1 << 30);
        var running = line.shownDuring(work.asMono()).subscribe();
        line.advance(512 << 20);
        time.advanceTimeBy(Duration.ofSeconds(25));
        work.tryEmitValue("done").orThrow();
        time.advanceTimeBy(Duration.ofSeconds(25));
        running.dispose();
        return text();
    }
}
