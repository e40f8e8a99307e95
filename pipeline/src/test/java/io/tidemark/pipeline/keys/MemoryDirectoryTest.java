package io.tidemark.pipeline.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.catalog.AdmissionMemory;
import io.tidemark.pipeline.catalog.RepositoryMarker;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.keys.GenerationMemory.Recollection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

class MemoryDirectoryTest {
    private static final String CLUSTER = "3f0c9a52-7b1e-4c55-9d0e-2b6f0a1c8e77";

    @TempDir
    private Path parent;

    private final List<Event> events = new ArrayList<>();

    @Test
    void highest_nothingRememberedYet_isZeroWithoutAWord() {
        assertThat(memory("state").recall(CLUSTER, "/a").block()).isEqualTo(Recollection.NOTHING);
        assertThat(events).isEmpty();
    }

    @Test
    void remember_aHigherOne_raisesIt() {
        GenerationMemory memory = memory("a/b/state");
        memory.remember(CLUSTER, "/a", 2).block();
        memory.remember(CLUSTER, "/a", 7).block();
        memory.remember(CLUSTER, "/a", 3).block();

        assertThat(memory.recall(CLUSTER, "/a").block()).isEqualTo(new Recollection(7, /* listedLately= */ true));
        assertThat(memory.recall(CLUSTER, "/b").block()).isEqualTo(Recollection.NOTHING);
        assertThat(memory.recall(CLUSTER.replace('3', '4'), "/a").block()).isEqualTo(Recollection.NOTHING);
        assertThat(events).isEmpty();
    }

    @Test
    void recall_listedADayAgoOrInTimesToCome_asksForAListing() throws IOException {
        GenerationMemory memory = memory("state");
        for (Duration moved : List.of(Duration.ofHours(-24), Duration.ofHours(1))) {
            memory.remember(CLUSTER, "/a", 1).block();
            assertThat(memory.recall(CLUSTER, "/a").block()).isEqualTo(new Recollection(1, /* listedLately= */ true));

            setTime(parent.resolve("state"), Instant.now().plus(moved));

            assertThat(memory.recall(CLUSTER, "/a").block()).isEqualTo(new Recollection(1, /* listedLately= */ false));
        }
    }

    @Test
    void remember_theFirstGenerationWhereNothingCanBeWritten_warnsOfNothing() throws IOException {
        Files.writeString(parent.resolve("file"), "in the way");

        memory("file/state").remember(CLUSTER, "/a", 1).block();

        assertThat(events)
                .extracting(Event::kind)
                .contains(KeysEvent.SAVING_NOT_WRITTEN)
                .doesNotContain(KeysEvent.MEMORY_NOT_WRITTEN);
    }

    @Test
    void admission_isKnownOfItsRootAndSystemAlone() {
        AdmissionMemory memory = memory("state");
        SystemIdentifier system = SystemIdentifier.parse("7710995161739907409");
        assertThat(memory.knows(root('a'), system).block()).isFalse();

        memory.remember(root('a'), system).block();

        assertThat(memory.knows(root('a'), system).block()).isTrue();
        assertThat(memory.knows(root('b'), system).block()).isFalse();
        assertThat(memory.knows(root('a'), SystemIdentifier.parse("7710995161739907408"))
                        .block())
                .isFalse();
        assertThat(events).isEmpty();
    }

    @Test
    void remember_whereNothingCanBeWritten_goesOnLoudly() throws IOException {
        Files.writeString(parent.resolve("file"), "in the way");
        GenerationMemory memory = memory("file/state");

        memory.remember(CLUSTER, "/a", 2).block();

        assertThat(memory.recall(CLUSTER, "/a").block()).isEqualTo(Recollection.NOTHING);
        assertThat(events).extracting(Event::kind).contains(KeysEvent.MEMORY_NOT_WRITTEN);
    }

    private static RepositoryMarker root(char digit) {
        return RepositoryMarker.of(CLUSTER, String.valueOf(digit).repeat(32), Instant.EPOCH);
    }

    private static void setTime(Path directory, Instant time) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(time));
            }
        }
    }

    private MemoryDirectory memory(String directory) {
        return new MemoryDirectory(parent.resolve(directory), Schedulers.immediate(), events::add);
    }
}
