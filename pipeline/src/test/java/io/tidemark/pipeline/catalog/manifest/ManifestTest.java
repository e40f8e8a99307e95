package io.tidemark.pipeline.catalog.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Abandoned;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

final class ManifestTest {
    // every seventh place at effort 1, each of them from 50 on
    private static final int STEP = Integer.getInteger("tidemark.effort", 1) >= 50 ? 1 : 7;

    private static final String FOOTER =
            "\"packs\":1,\"tablespaces\":1,\"captures\":0,\"files\":3,\"directories\":4,\"links\":1,\"bytes\":16387,\"badBlocks\":1";

    @Test
    void write_aSmallBackup_isThisText() {
        String text = new String(Samples.manifest(Samples.lines()), StandardCharsets.UTF_8);

        assertThat(text).isEqualTo("""
            {"line":"header","format":1,"label":"20261127T020000Z-3f0c9a","backup":"full","parent":null,"cluster":{"systemIdentifier":"7710995161739907408","postgres":17,"controlVersion":1700,"catalogVersion":202406281,"segmentSize":16777216,"blockSize":8192,"walBlockSize":8192,"relationSegmentBlocks":131072,"checksumVersion":1},"node":"db1-0a1b2c","origin":"stopped","timeline":"00000001","redo":"0/1500028","start":{"lsn":"0/1500028","time":"2026-11-27T01:59:58.123456Z"},"stop":{"lsn":"0/15000A0","time":"2026-11-27T01:59:58.123456Z"},"backupLabel":null,"tablespaceMap":null,"directoryMode":"0700"}
            {"line":"pack","number":1,"label":"20261127T020000Z-3f0c9a","length":70000}
            {"line":"tablespace","oid":16400,"location":"/srv/ts 1","mode":"0700"}
            {"line":"file","path":"PG_VERSION","kind":"other","size":3,"mode":"0600","mtime":"2026-11-27T01:59:58.123456Z","state":"plain","checksums":"none","layout":[1,0,40,60]}
            {"line":"file","path":"base","kind":"directory","mode":"0700","mtime":"2026-11-27T01:59:58.123456Z"}
            {"line":"file","path":"base/5","kind":"directory","mode":"0700","mtime":"2026-11-27T01:59:58.123456Z"}
            {"line":"file","path":"base/5/16432","kind":"relation","relation":{"tablespace":1663,"database":5,"relation":16432,"fork":"main","segment":0},"size":16384,"mode":"0600","mtime":"2026-11-27T01:59:58.123456Z","state":"plain","checksums":{"bad":[[1,1]]},"layout":[1,100,40,60]}
            {"line":"file","path":"empty","kind":"other","size":0,"mode":"0600","mtime":"2026-11-27T01:59:58.123456Z","state":"plain","checksums":"none"}
            {"line":"file","path":"pg_tblspc","kind":"directory","mode":"0700","mtime":"2026-11-27T01:59:58.123456Z"}
            {"line":"file","path":"pg_tblspc/16400","kind":"link","target":"/srv/ts 1","mtime":"2026-11-27T01:59:58.123456Z"}
            {"line":"file","path":"pg_tblspc/16400/PG_17_202406281","kind":"directory","mode":"0700","mtime":"2026-11-27T01:59:58.123456Z"}
            {"line":"footer","packs":1,"tablespaces":1,"captures":0,"files":3,"directories":4,"links":1,"bytes":16387,"badBlocks":1,"sha256":"SHA"}
            """.replace("SHA", sha256(text)));
    }

    @Test
    void lines_ofASmallBackup_areThoseWritten() {
        byte[] manifest = Samples.manifest(Samples.lines());

        List<ManifestLine> read = new ArrayList<>(read(manifest));

        assertThat(read.remove(read.size() - 1)).isInstanceOf(Footer.class);
        assertThat(read).isEqualTo(Samples.lines());
    }

    @Test
    void lines_fedByteByByte_areTheSame() {
        byte[] manifest = Samples.manifest(Samples.lines());
        ManifestParser parser = new ManifestParser("test");
        List<ManifestLine> read = new ArrayList<>();

        for (byte b : manifest) {
            parser.feed(ByteBuffer.wrap(new byte[] {b}), read::add);
        }
        parser.end();

        assertThat(read).isEqualTo(read(manifest));
    }

    @Test
    void t43_aStoppedDirectory_hasANullBackupLabelAndItStaysNull() {
        ManifestLine.Header header =
                (ManifestLine.Header) read(Samples.manifest(Samples.lines())).get(0);

        assertThat(header.backupLabel()).isNull();
        assertThat(new String(ManifestLineWriter.write(header), StandardCharsets.UTF_8))
                .contains("\"backupLabel\":null");
    }

    @Test
    void lines_ofAnAbandonedBackup_areAHeaderAndAFooter() {
        Abandoned abandoned = new Abandoned(Samples.LABEL, Samples.header().node());

        List<ManifestLine> read = read(Samples.manifest(List.of(abandoned)));

        assertThat(read).hasSize(2).startsWith(abandoned);
    }

    @Test
    void lines_cutAnywhere_doNotComplete() {
        byte[] manifest = Samples.manifest(Samples.lines());

        for (int length = 0; length < manifest.length; length += STEP) {
            byte[] cut = Arrays.copyOf(manifest, length);
            assertThatThrownBy(() -> read(cut)).as("cut after %d", length).isInstanceOf(IntegrityFailed.class);
        }
    }

    @Test
    void lines_withAnyByteChanged_fail() {
        byte[] manifest = Samples.manifest(Samples.lines());

        for (int i = 0; i < manifest.length; i += STEP) {
            byte[] changed = manifest.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> read(changed)).as("byte %d", i).isInstanceOf(IntegrityFailed.class);
        }
    }

    @Test
    void lines_withAnyLineLeftOutOrTwice_fail() {
        List<String> lines = Samples.text(Samples.lines());

        for (int i = 0; i < lines.size(); i++) {
            List<String> without = new ArrayList<>(lines);
            without.remove(i);
            List<String> twice = new ArrayList<>(lines);
            twice.add(i, lines.get(i));
            assertThatThrownBy(() -> read(Samples.forged(without, FOOTER)))
                    .as("without line %d", i)
                    .isInstanceOf(IntegrityFailed.class);
            assertThatThrownBy(() -> read(Samples.forged(twice, FOOTER)))
                    .as("line %d twice", i)
                    .isInstanceOf(IntegrityFailed.class);
        }
        assertThat(read(Samples.forged(lines, FOOTER))).hasSize(lines.size() + 1);
    }

    static Stream<Arguments> hostileLines() {
        return Stream.of(
                Arguments.of("an absolute path", "\"base/5/16432\"", "\"/etc/passwd\"", "/etc/passwd"),
                Arguments.of("a path that goes up", "\"base/5/16432\"", "\"base/5/../../x\"", "base/5/../../x"),
                Arguments.of("a path of nothing", "\"base/5/16432\"", "\"\"", "is empty"),
                Arguments.of("an empty part", "\"base/5/16432\"", "\"base//16432\"", "base//16432"),
                Arguments.of("a slash at the end", "\"base/5/16432\"", "\"base/5/\"", "base/5/"),
                Arguments.of("an escaped NUL", "\"base/5/16432\"", "\"base/5/a%00b\"", "base/5/a%00b"),
                Arguments.of("a NUL", "\"base/5/16432\"", "\"base/5/a\\u0000b\"", "line 7"),
                Arguments.of("an escape that needs none", "\"base/5/16432\"", "\"base/5/%61\"", "base/5/%61"),
                Arguments.of("an escape in upper case", "\"base/5/16432\"", "\"base/5/%0A\"", "base/5/%0A"),
                Arguments.of("an escaped slash", "\"base/5/16432\"", "\"base/5%2f..%2fx\"", "base/5%2f..%2fx"),
                Arguments.of("half a surrogate", "\"base/5/16432\"", "\"base/5/\\ud800\"", "line 7"),
                Arguments.of("a directory that is not named", "\"base/5/16432\"", "\"base/6/16432\"", "base/6/16432"),
                Arguments.of("a device", "\"kind\":\"relation\"", "\"kind\":\"device\"", "base/5/16432"),
                Arguments.of("a negative size", "\"size\":16384", "\"size\":-1", "base/5/16432"),
                Arguments.of("a size of 2^64", "\"size\":16384", "\"size\":18446744073709551616", "line 7"),
                Arguments.of("a fraction", "\"size\":16384", "\"size\":16384.5", "line 7"),
                Arguments.of("a pack that is not named", "[1,100,40,60]", "[2,100,40,60]", "base/5/16432"),
                Arguments.of("a layout behind the pack's end", "[1,100,40,60]", "[1,69961,40,60]", "base/5/16432"),
                Arguments.of("a negative offset", "[1,100,40,60]", "[1,-1,40,60]", "base/5/16432"),
                Arguments.of("a layout of a terabyte", "[1,100,40,60]", "[1,100,40,1099511627776]", "base/5/16432"),
                Arguments.of(
                        "a link out",
                        "\"link\",\"target\":\"/srv/ts 1\"",
                        "\"link\",\"target\":\"/etc\"",
                        "pg_tblspc/16400"),
                Arguments.of("a relative tablespace", "\"location\":\"/srv/ts 1\"", "\"location\":\"../x\"", "16400"),
                Arguments.of("an unknown field", "\"state\":\"plain\"", "\"state\":\"plain\",\"more\":1", "more"),
                Arguments.of(
                        "a field twice", "\"state\":\"plain\"", "\"state\":\"plain\",\"state\":\"plain\"", "state"),
                Arguments.of("another format", "\"format\":1", "\"format\":2", "format 2"),
                Arguments.of("a mode of five digits", "\"0600\"", "\"00600\"", "00600"),
                Arguments.of("a comment", "{\"line\":\"pack\"", "/**/{\"line\":\"pack\"", "line 2"),
                Arguments.of("deep nesting", "\"bad\":[[1,1]]", "\"bad\":" + "[".repeat(50_000), "nested"),
                Arguments.of("too many values", "\"bad\":[[1,1]]", "\"bad\":[" + "0,".repeat(250_000) + "0]", "200000"),
                Arguments.of(
                        "an incremental without parent", "\"backup\":\"full\"", "\"backup\":\"incremental\"", "line 1"),
                Arguments.of("a stop before the redo point", "\"0/15000A0\"", "\"0/1500020\"", "line 1"),
                Arguments.of("an opened file without key", "\"state\":\"plain\"", "\"state\":\"opened\"", "line 4"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hostileLines")
    void lines_hostileButSealed_areRefusedByName(String what, String honest, String hostile, String named) {
        List<String> lines = Samples.text(Samples.lines());
        boolean changed = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replace(honest, hostile);
            changed |= !line.equals(lines.get(i));
            lines.set(i, line);
        }

        assertThat(changed).as(what).isTrue();
        assertThatThrownBy(() -> read(Samples.forged(lines, FOOTER)))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining(named);
    }

    @Test
    void lines_behindALinkThatIsNotMadeAgain_areRefused() {
        List<ManifestLine> lines = List.of(
                Samples.header(),
                new ManifestLine.StoredLink(FilePath.of("log"), LinkTarget.parse("/var/log"), Samples.TIME),
                Samples.directory("log/x"));

        assertThatThrownBy(() -> Samples.manifest(lines))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log/x");
    }

    @Test
    void lines_sortedByBytes_findTheirDirectoriesPastNamesBetween() {
        List<ManifestLine> lines = List.of(
                Samples.header(),
                Samples.directory("a"),
                Samples.directory("a-b"),
                Samples.file("a-b/x", 0),
                Samples.file("a.c", 0),
                Samples.file("a/x", 0),
                Samples.file("b", 0));

        assertThat(read(Samples.manifest(lines))).startsWith(lines.toArray(ManifestLine[]::new));
    }

    @Test
    void lines_longerThan64MiB_areRefusedBeforeTheyAreHeld() {
        byte[] piece = new byte[1 << 20];
        Arrays.fill(piece, (byte) ' ');
        Flux<ByteBuf> endless = Flux.generate(sink -> sink.next(Unpooled.wrappedBuffer(piece)));

        StepVerifier.create(ManifestReader.lines(endless, "local: x"))
                .expectErrorMatches(e -> e instanceof IntegrityFailed
                        && String.valueOf(e.getMessage()).contains("67108864"))
                .verify();
    }

    @Test
    void lines_cancelledMidway_releaseWhatTheyHold() {
        ByteBuf first = Unpooled.wrappedBuffer(Samples.manifest(Samples.lines()));
        ByteBuf second = first.copy();

        StepVerifier.create(ManifestReader.lines(Flux.just(first, second), "test"), 1)
                .expectNextCount(1)
                .thenCancel()
                .verify();

        assertThat(first.refCnt()).isZero();
        assertThat(second.refCnt()).isZero();
    }

    private static List<ManifestLine> read(byte[] manifest) {
        ManifestParser parser = new ManifestParser("local: 20261127T020000Z-3f0c9a");
        List<ManifestLine> lines = new ArrayList<>();
        parser.feed(ByteBuffer.wrap(manifest), lines::add);
        parser.end();
        return lines;
    }

    private static String sha256(String manifest) {
        int start = manifest.lastIndexOf("\"sha256\":\"") + 10;
        return manifest.substring(start, start + 64);
    }
}
