package io.tidemark.pipeline.catalog.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tidemark.pipeline.catalog.manifest.LayoutChunk.Stored;
import io.tidemark.pipeline.catalog.manifest.LayoutChunk.Zeros;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LayoutTest {
    private static final int PAGE = 8192;

    @Test
    void write_aLayoutWithEverything_isThisText() {
        Layout layout = new Layout(
                List.of(stored(1, 0, 4 * PAGE), new Zeros(2L * PAGE), stored(7, 900, PAGE), stored(7, 990, 5)),
                List.of(
                        new PageRun(0, 1, 0, 0),
                        new PageRun(1, 1, 2, 0),
                        new PageRun(2, 2, 0, 2),
                        new PageRun(4, 2, 1, 0)),
                PageList.of(1, 2, 3, 4, 5, -1),
                List.of(new PageSpan(1, 1), new PageSpan(4, 2)));

        assertThat(text(layout))
                .isEqualTo("{\"chunks\":[[1,0,100,32768],[null,16384],[7,900,100,8192],[7,990,100,5]],"
                        + "\"map\":[[0,1,0,0],[1,0,2,0],[1,1,-2,2],[2,0,1,-2]],"
                        + "\"pages\":\"AAAAAAAAAAEAAAAAAAAAAgAAAAAAAAADAAAAAAAAAAQAAAAAAAAABf//////////\","
                        + "\"zeros\":[[1,1],[3,1]]}\n");
        assertThat(LayoutLine.read(LayoutLine.write(layout))).isEqualTo(layout);
    }

    @Test
    void extents_withoutMap_areTheChunksInOrder() {
        Layout layout = Layout.inOrder(List.of(stored(1, 0, PAGE), new Zeros(1L << 30), stored(1, 100, 3)), null);

        assertThat(layout.extents(PAGE + (1L << 30) + 3, PAGE))
                .extracting(Extent::offset, Extent::length, Extent::offsetInChunk)
                .containsExactly(
                        tuple(0L, (long) PAGE, 0L), tuple((long) PAGE, 1L << 30, 0L), tuple(PAGE + (1L << 30), 3L, 0L));
    }

    @Test
    void extents_withMap_takePagesFromWhereTheyLie() {
        Layout layout = new Layout(
                List.of(stored(1, 0, 3 * PAGE), stored(2, 0, PAGE), stored(2, 100, 7)),
                List.of(new PageRun(0, 1, 0, 0), new PageRun(1, 1, 1, 0), new PageRun(2, 1, 0, 2)),
                PageList.of(1, 2, 3),
                List.of());

        assertThat(layout.extents(3 * PAGE + 7, PAGE))
                .containsExactly(
                        new Extent(0, PAGE, layout.chunks().get(0), 0),
                        new Extent(PAGE, PAGE, layout.chunks().get(1), 0),
                        new Extent(2 * PAGE, PAGE, layout.chunks().get(0), 2 * PAGE),
                        new Extent(3 * PAGE, 7, layout.chunks().get(2), 0));
    }

    @Test
    void extents_ofAnotherSize_areRefused() {
        Layout layout = Layout.inOrder(List.of(stored(1, 0, PAGE)), PageList.of(1));

        assertThatThrownBy(() -> layout.extents(PAGE + 1, PAGE)).hasMessageContaining("8192");
        assertThatThrownBy(() -> layout.extents(2 * PAGE, PAGE)).hasMessageContaining("1 pages");
        assertThatThrownBy(() -> layout.extents(0, PAGE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void extents_ofAMapWithGapOverlapOrStrangeChunk_areRefused() {
        List<LayoutChunk> chunks = List.of(stored(1, 0, 2 * PAGE));

        for (List<PageRun> map : List.of(
                List.of(new PageRun(1, 1, 0, 0)),
                List.of(new PageRun(0, 1, 0, 0)),
                List.of(new PageRun(0, 2, 0, 0), new PageRun(1, 1, 0, 0)),
                List.of(new PageRun(0, 3, 0, 0)),
                List.of(new PageRun(0, 2, 0, 1)),
                List.of(new PageRun(0, 2, 1, 0)),
                List.of(new PageRun(0, 1, 0, Long.MAX_VALUE), new PageRun(1, 1, 0, 0)))) {
            Layout layout = new Layout(chunks, map, null, List.of());
            assertThatThrownBy(() -> layout.extents(2 * PAGE, PAGE))
                    .as("map %s", map)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"chunks\":[[1,0,100,1048577]]}",
                "{\"chunks\":[[0,0,100,8192]]}",
                "{\"chunks\":[[1,-1,100,8192]]}",
                "{\"chunks\":[[1,0,1000000,8192]]}",
                "{\"chunks\":[[1,0,100]]}",
                "{\"chunks\":[[1,0,100,8192,1]]}",
                "{\"chunks\":[[null,0]]}",
                "{\"chunks\":[[null,-5]]}",
                "{\"chunks\":[],\"chunks\":[]}",
                "{\"chunks\":[],\"more\":1}",
                "{\"chunks\":[],\"pages\":\"AAA\"}",
                "{\"chunks\":[],\"pages\":\"!\"}",
                "{\"chunks\":[],\"map\":[[0,0,0,0]]}",
                "{\"chunks\":[],\"map\":[[0,1,4294967296,0]]}",
                "{\"chunks\":[],\"map\":[[9223372036854775807,1,0,0],[1,0,0,0]]}",
                "{\"chunks\":[]}{}"
            })
    void read_whatIsNoLayout_isRefused(String text) {
        assertThatThrownBy(() -> LayoutLine.read(text.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void read_moreEntriesThanAllowed_isRefusedBeforeTheyAreHeld() {
        String many = "{\"chunks\":[" + "[null,1],".repeat(Layout.MAX_ENTRIES) + "[null,1]]}";

        assertThatThrownBy(() -> LayoutLine.read(many.getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("1048576");
    }

    @Test
    void packIndex_andIntent_comeBackFromTheirText() {
        PackIndexLine pages =
                new PackIndexLine(0, 10, 8192, FilePath.of("base/5/1"), new PackIndexLine.Part.Pages(128));
        PackIndexLine gathered = new PackIndexLine(
                10, 10, 16_384, FilePath.of("base/5/1"), new PackIndexLine.Part.Gathered(List.of(new PageSpan(3, 2))));
        PackIndexLine layout =
                new PackIndexLine(20, 10, 60, FilePath.parse("odd%0a"), new PackIndexLine.Part.FileLayout());

        for (PackIndexLine line : List.of(pages, gathered, layout)) {
            byte[] text = line.write();
            assertThat(PackIndexLine.read(Arrays.copyOf(text, text.length - 1))).isEqualTo(line);
        }
        assertThat(new String(layout.write(), StandardCharsets.UTF_8))
                .isEqualTo("{\"offset\":20,\"stored\":10,\"length\":60,\"file\":\"odd%0a\",\"layout\":true}\n");
        Intent intent = new Intent(
                Samples.LABEL,
                1,
                BackupKind.FULL,
                null,
                Samples.header().node(),
                Samples.TIME,
                Samples.TIME.plusSeconds(7200),
                null);
        assertThat(Intent.read(intent.write())).isEqualTo(intent);
        assertThat(intent.renewed(Samples.TIME).number()).isEqualTo(2);
    }

    private static Stored stored(int pack, long offset, int length) {
        return new Stored(new ChunkReference(pack, offset, 100, length));
    }

    private static String text(Layout layout) {
        return new String(LayoutLine.write(layout), StandardCharsets.UTF_8);
    }
}
