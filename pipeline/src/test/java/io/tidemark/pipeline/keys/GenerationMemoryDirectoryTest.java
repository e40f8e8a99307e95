package io.tidemark.pipeline.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.pipeline.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

class GenerationMemoryDirectoryTest {
    private static final String CLUSTER = "3f0c9a52-7b1e-4c55-9d0e-2b6f0a1c8e77";

    @TempDir
    private Path parent;

    private final List<Event> events = new ArrayList<>();

    @Test
    void highest_nothingRememberedYet_isZeroWithoutAWord() {
        assertThat(memory("state").highest(CLUSTER, "/a").block()).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void remember_aHigherOne_raisesIt() {
        GenerationMemory memory = memory("a/b/state");
        memory.remember(CLUSTER, "/a", 2).block();
        memory.remember(CLUSTER, "/a", 7).block();
        memory.remember(CLUSTER, "/a", 3).block();

        assertThat(memory.highest(CLUSTER, "/a").block()).isEqualTo(7);
        assertThat(memory.highest(CLUSTER, "/b").block()).isZero();
        assertThat(memory.highest(CLUSTER.replace('3', '4'), "/a").block()).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void remember_theFirstGeneration_leavesNoTrace() {
        memory("state").remember(CLUSTER, "/a", 1).block();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void remember_whereNothingCanBeWritten_goesOnLoudly() throws IOException {
        Files.writeString(parent.resolve("file"), "in the way");
        GenerationMemory memory = memory("file/state");

        memory.remember(CLUSTER, "/a", 2).block();

        assertThat(memory.highest(CLUSTER, "/a").block()).isZero();
        assertThat(events).extracting(Event::kind).contains(KeysEvent.MEMORY_NOT_WRITTEN);
    }

    private GenerationMemory memory(String directory) {
        return new GenerationMemoryDirectory(parent.resolve(directory), Schedulers.immediate(), events::add);
    }
}
