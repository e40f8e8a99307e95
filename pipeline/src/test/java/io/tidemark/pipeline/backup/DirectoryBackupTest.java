package io.tidemark.pipeline.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.pipeline.catalog.BackupLabel;
import io.tidemark.pipeline.catalog.Facts;
import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.catalog.manifest.Layout;
import io.tidemark.pipeline.catalog.manifest.LayoutChunk;
import io.tidemark.pipeline.catalog.manifest.ManifestFrames;
import io.tidemark.pipeline.catalog.manifest.ManifestLine;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Footer;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Header;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.Pack;
import io.tidemark.pipeline.catalog.manifest.ManifestLine.StoredFile;
import io.tidemark.pipeline.catalog.manifest.PackIndexLine;
import io.tidemark.pipeline.catalog.manifest.PageChecksums;
import io.tidemark.pipeline.catalog.manifest.PageList;
import io.tidemark.pipeline.catalog.manifest.PageSpan;
import io.tidemark.sinks.ByteRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backup of a stopped directory is made of. */
final class DirectoryBackupTest {
    private BackupBench bench;

    @BeforeEach
    void open(@TempDir Path scratch) throws IOException {
        bench = new BackupBench(scratch);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void run_ofAStoppedDirectory_canBeReadBackByteForByte() throws IOException {
        Shelf shelf = bench.shelf();
        bench.cluster.write("log/a.log", bench.cluster.bytes(3_000_001));
        bench.cluster.write("base/5/99_other", new byte[5]);

        BackupResult result = bench.run();

        Map<String, StoredFile> files = shelf.files(label(result));
        assertThat(files).containsKeys("PG_VERSION", "base/5/16432", "global/pg_control", "empty", "log/a.log");
        for (StoredFile file : files.values()) {
            byte[] onDisk = Files.readAllBytes(bench.cluster.path(file.path().toString()));
            assertThat(Arrays.equals(shelf.content(label(result), file), onDisk))
                    .as(file.path().toString())
                    .isTrue();
        }
        assertThat(result.footer().files()).isEqualTo(files.size());
        assertThat(result.footer().badBlocks()).isZero();
    }

    @Test
    void run_writesTheManifestLastAndNothingUnderWal() {
        Shelf shelf = bench.shelf();

        BackupResult result = bench.run();

        String prefix = "7710995161739907408/backup/" + result.header().label() + "/";
        assertThat(shelf.names()).allMatch(name -> name.startsWith(prefix));
        assertThat(shelf.names())
                .contains(prefix + "intent/00000001", prefix + "pack/01/00000001", prefix + "manifest");
        assertThat(shelf.names().stream().filter(name -> name.contains("/pack/")))
                .hasSizeGreaterThan(2);
    }

    @Test
    void header_ofAStoppedDirectory_saysWhatPgControlSays() {
        Shelf shelf = bench.shelf();

        Header header = (Header) shelf.manifest(label(bench.run())).get(0);

        assertThat(header.cluster().postgres()).isEqualTo(17);
        assertThat(header.redo()).hasToString("0/1100028");
        assertThat(header.start().lsn()).hasToString("0/1100028");
        assertThat(header.stop().lsn())
                .as("behind the checkpoint's 114 bytes, aligned to 8")
                .hasToString("0/11000A0");
        assertThat(header.stop().time()).hasToString("2026-11-27T01:59:50Z");
        assertThat(header.directoryMode()).hasToString("0700");
    }

    @Test
    void t43_aStoppedDirectory_hasNoBackupLabel() {
        Shelf shelf = bench.shelf();

        Header header = (Header) shelf.manifest(label(bench.run())).get(0);

        assertThat(header.backupLabel()).isNull();
        assertThat(header.tablespaceMap()).isNull();
    }

    @Test
    void t42_theWalThatTheCopyNeeds_isInTheBackupAndNoOther() {
        Shelf shelf = bench.shelf();

        Map<String, StoredFile> files = shelf.files(label(bench.run()));

        assertThat(files.keySet().stream().filter(path -> path.startsWith("pg_wal/")))
                .containsExactlyInAnyOrder("pg_wal/" + bench.cluster.lastSegment(), "pg_wal/00000001.history");
    }

    @Test
    void t120_modes_areThoseOnDisk() throws IOException {
        Shelf shelf = bench.shelf();
        Files.setPosixFilePermissions(bench.cluster.root(), PosixFilePermissions.fromString("rwxr-x---"));
        Files.setPosixFilePermissions(bench.cluster.path("PG_VERSION"), PosixFilePermissions.fromString("rw-r-----"));

        BackupResult result = bench.run();

        assertThat(result.header().directoryMode()).hasToString("0750");
        assertThat(shelf.file(label(result), "PG_VERSION").mode()).hasToString("0640");
    }

    @Test
    void pack_describesItself() {
        Shelf shelf = bench.shelf();
        BackupLabel label = label(bench.run());
        List<Pack> packs = packs(shelf.manifest(label));
        List<PackIndexLine> index = new ArrayList<>();

        for (Pack pack : packs) {
            Facts facts = shelf.objects()
                    .facts(ObjectNames.pack(Shelf.SYSTEM, label, pack.number()))
                    .blockOptional()
                    .orElseThrow();
            assertThat(facts.kind()).isEqualTo("pack");
            long offset = facts.whole("index").orElseThrow();
            long content = SealGeometry.plainLength(pack.objectLength());
            byte[] end = shelf.content(
                    ObjectNames.pack(Shelf.SYSTEM, label, pack.number()),
                    ByteRange.of(offset, content - offset),
                    pack.objectLength());
            index.addAll(lines(end));
        }

        assertThat(index.stream().filter(line -> line.what() instanceof PackIndexLine.Part.FileLayout))
                .hasSize((int) shelf.files(label).values().stream()
                        .filter(file -> file.size() > 0)
                        .count());
        assertThat(index.stream()
                        .filter(line -> line.path().toString().equals("base/5/16432"))
                        .map(PackIndexLine::what))
                .containsExactly(
                        new PackIndexLine.Part.Pages(0),
                        new PackIndexLine.Part.Pages(128),
                        new PackIndexLine.Part.FileLayout());
    }

    @Test
    void pack_readWhole_matchesItsFacts() {
        Shelf shelf = bench.shelf();
        BackupLabel label = label(bench.run());

        for (Pack pack : packs(shelf.manifest(label))) {
            Facts facts = shelf.objects()
                    .verified(ObjectNames.pack(Shelf.SYSTEM, label, pack.number()))
                    .blockOptional()
                    .orElseThrow();
            assertThat(facts.whole("number")).hasValue(pack.number());
        }
    }

    @Test
    void pageList_isTheHmacOfEachPage() throws IOException {
        Shelf shelf = bench.shelf();
        BackupLabel label = label(bench.run());
        byte[] onDisk = Files.readAllBytes(bench.cluster.path("base/5/16432"));

        Layout layout = layout(shelf, label, "base/5/16432");

        PageList pages = Objects.requireNonNull(layout.pages());
        assertThat(pages.size()).isEqualTo(200);
        for (int page = 0; page < 200; page++) {
            assertThat(pages.get(page))
                    .isEqualTo(shelf.pageDigests().entry(ByteBuffer.wrap(onDisk, page * 8192, 8192)));
        }
    }

    @Test
    void zeros_areNotStoredWhateverTheirNumber() throws IOException {
        Shelf shelf = bench.shelf();
        try (RandomAccessFile sparse =
                new RandomAccessFile(bench.cluster.path("base/5/17001").toString(), "rw")) {
            sparse.setLength((1L << 30) + 8192);
        }
        bench.cluster.write("tail", Arrays.copyOf(bench.cluster.bytes(8192), 8192 + 5));

        BackupResult result = bench.run();

        assertThat(layout(shelf, label(result), "base/5/17001").chunks())
                .containsExactly(new LayoutChunk.Zeros((1L << 30) + 8192));
        assertThat(layout(shelf, label(result), "tail").chunks().get(1)).isEqualTo(new LayoutChunk.Zeros(5));
        assertThat(shelf.file(label(result), "base/5/17001").checksums()).isEqualTo(PageChecksums.VERIFIED);
        assertThat(result.storedBytes()).isLessThan(8 << 20);
    }

    @Test
    void badBlocks_areListedByFileAndNumberAndNothingElseIs() throws IOException {
        Shelf shelf = bench.shelf();
        bench.cluster.damage("base/5/16432", 130);
        bench.cluster.damage("base/5/16432", 131);
        bench.cluster.damage("base/5/16432", 7);
        bench.cluster.relation("base/5/16432.1", 131_072, 3);
        bench.cluster.damage("base/5/16432.1", 2);

        BackupResult result = bench.run();

        BackupLabel label = label(result);
        assertThat(shelf.file(label, "base/5/16432").checksums())
                .isEqualTo(PageChecksums.bad(List.of(new PageSpan(7, 1), new PageSpan(130, 2))));
        assertThat(shelf.file(label, "base/5/16432.1").checksums())
                .isEqualTo(PageChecksums.bad(List.of(new PageSpan(131_074, 1))));
        assertThat(shelf.file(label, "base/1/1259").checksums()).isEqualTo(PageChecksums.VERIFIED);
        assertThat(shelf.file(label, "PG_VERSION").checksums()).isEqualTo(PageChecksums.NONE);
        assertThat(result.footer().badBlocks()).isEqualTo(4);
        assertThat(result.badFiles())
                .extracting(BackupResult.BadFile::path)
                .containsExactlyInAnyOrder("base/5/16432", "base/5/16432.1");
    }

    @Test
    void badBlocks_ofPagesInTheWrongPlaceHalfOrHalfZero_areFound() throws IOException {
        Shelf shelf = bench.shelf();
        byte[] pages = Files.readAllBytes(bench.cluster.path("base/1/1259"));
        byte[] swapped = pages.clone();
        System.arraycopy(pages, 0, swapped, 8192, 8192);
        bench.cluster.write("base/5/1", swapped);
        bench.cluster.write("base/5/2", Arrays.copyOf(pages, 8192 + 100));
        byte[] dirty = new byte[2 * 8192];
        dirty[8192 + 5000] = 1;
        bench.cluster.write("base/5/3", dirty);

        BackupLabel label = label(bench.run());

        for (String name : List.of("base/5/1", "base/5/2", "base/5/3")) {
            assertThat(shelf.file(label, name).checksums())
                    .as(name)
                    .isEqualTo(PageChecksums.bad(List.of(new PageSpan(1, 1))));
        }
    }

    @Test
    void manifest_ofManySpilledRuns_isSortedAndWhole() throws IOException {
        Shelf shelf = bench.shelf();
        for (int i = 0; i < 300; i++) {
            bench.cluster.write("base/5/x" + i * 7919 % 1000, new byte[0]);
        }

        BackupResult result = bench.run();

        List<ManifestLine> lines = shelf.manifest(label(result));
        assertThat(lines.stream()
                        .filter(ManifestLine.Entry.class::isInstance)
                        .map(line -> ((ManifestLine.Entry) line).path()))
                .isSorted();
        assertThat(lines.get(lines.size() - 1)).isInstanceOf(Footer.class);
        try (Stream<Path> left = Files.list(bench.scratch(""))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("data");
        }
    }

    @Test
    void manifestFacts_findAPathWithoutReadingTheManifest() throws IOException {
        Shelf shelf = bench.shelf();
        for (int i = 0; i < 9_000; i++) {
            bench.cluster.write("d/a-file-with-a-name-of-some-length-" + i, new byte[0]);
        }
        bench.settings = new BackupSettings(3, 4, 8 << 20, 8 << 20, bench.scratch(""), "tidemark test");

        BackupLabel label = label(bench.run());

        Facts facts = shelf.manifestFacts(label);
        ManifestFrames frames = ManifestFrames.read(facts.json().get("frames"));
        assertThat(facts.text("label")).hasValue(label.value());
        assertThat(facts.text("stop")).hasValue("0/11000A0");
        assertThat(facts.whole("badBlocks")).hasValue(0);
        assertThat(frames.starts()).hasSizeGreaterThan(2);
        assertThat(frames.starts().get(0).firstPath()).isNull();
        assertThat(frames.starts().get(1).firstPath()).hasToString("PG_VERSION");
        long sealed = sealedLength(shelf, label);
        for (int i = 1; i < frames.starts().size(); i++) {
            long from = frames.starts().get(i).offset();
            long to =
                    i + 1 < frames.starts().size() ? frames.starts().get(i + 1).offset() : from + 20;
            byte[] head =
                    shelf.content(ObjectNames.manifest(Shelf.SYSTEM, label), ByteRange.of(from, to - from), sealed);
            if (i + 1 < frames.starts().size()) {
                String text =
                        new String(Zstd.decompress(head, (int) Zstd.getFrameContentSize(head)), StandardCharsets.UTF_8);
                assertThat(text)
                        .startsWith("{\"line\":\"file\",\"path\":\""
                                + frames.starts().get(i).firstPath() + "\"");
            }
        }
    }

    @Test
    void plan_readsNothingAndWritesNothing() {
        Shelf shelf = bench.shelf();

        BackupPlan plan =
                bench.backup().plan(bench.cluster.root()).blockOptional().orElseThrow();
        BackupResult result = bench.run();

        assertThat(plan.files()).isEqualTo(result.footer().files());
        assertThat(plan.bytes()).isEqualTo(result.footer().bytes());
        assertThat(plan.directories()).isEqualTo(result.footer().directories());
        assertThat(shelf.manifests()).hasSize(1);
    }

    private static long sealedLength(Shelf shelf, BackupLabel label) {
        return shelf.sizeOf(ObjectNames.manifest(Shelf.SYSTEM, label));
    }

    private Layout layout(Shelf shelf, BackupLabel label, String path) {
        Map<Integer, Pack> packs =
                packs(shelf.manifest(label)).stream().collect(Collectors.toMap(Pack::number, pack -> pack));
        return shelf.layout(packs, shelf.file(label, path));
    }

    private static List<Pack> packs(List<ManifestLine> lines) {
        return lines.stream()
                .filter(Pack.class::isInstance)
                .map(Pack.class::cast)
                .toList();
    }

    private static List<PackIndexLine> lines(byte[] content) {
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(content))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines()
                    .map(line -> PackIndexLine.read(line.getBytes(StandardCharsets.UTF_8)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BackupLabel label(BackupResult result) {
        return result.header().label();
    }
}
