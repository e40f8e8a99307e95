package io.tidemark.pipeline.care.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class NarratorTest {
    @Test
    void story_hasNumberedChaptersIndentedSentencesAndQuotes() {
        List<String> lines = new ArrayList<>();
        Narrator story = new Narrator(lines::add, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

        story.title("Tidemark demo");
        story.chapter("A server");
        story.say("made\nstarted");
        story.command("tidemark init");
        story.quote("\ndone\n");

        assertThat(lines)
                .containsExactly(
                        "Tidemark demo",
                        "",
                        " 1  A server",
                        "    made",
                        "    started",
                        "    $ tidemark init",
                        "    | done");
        assertThat(story.chapter()).isEqualTo(1);
    }

    @Test
    void figures_areTheSameInEveryLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThat(Narrator.mebibytes(3 << 19)).isEqualTo("1.5 MiB");
            assertThat(Narrator.seconds(Duration.ofMillis(1_540))).isEqualTo("1.5 s");
            assertThat(Narrator.rate(10 << 20, Duration.ofSeconds(2))).isEqualTo("5 MiB/s");
            assertThat(Narrator.count(1_234_567)).isEqualTo("1,234,567");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void rate_ofNoTime_isFinite() {
        assertThat(Narrator.rate(1 << 20, Duration.ZERO)).isEqualTo("1000 MiB/s");
    }
}
