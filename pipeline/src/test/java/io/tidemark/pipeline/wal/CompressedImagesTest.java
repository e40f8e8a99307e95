package io.tidemark.pipeline.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Images of pages in each compression, as PostgreSQL 15 wrote them and its pg_waldump describes them. */
final class CompressedImagesTest {
    private static final int BLOCK_BYTES = 8192;

    @Test
    void imagesInEachCompression_areDescribedAsPgWaldumpDescribesThem() {
        ReadWal read = ReadWal.of(WalFixtures.COMPRESSED, WalFixtures.compressed());
        List<String> blocks = read.records().stream()
                .flatMap(record -> record.blocks().stream())
                .map(CompressedImagesTest::words)
                .toList();

        assertThat(blocks)
                .isEqualTo(WalFixtures.compressedDump().stream()
                        .filter(line -> line.startsWith("\tblkref"))
                        .map(String::strip)
                        .toList());
        assertThat(Stream.of("pglz", "lz4", "zstd"))
                .allSatisfy(method -> assertThat(blocks).anyMatch(block -> block.endsWith("method: " + method)));
        assertThat(read.records()).allMatch(record -> record.postgresMajor() == 15);
    }

    private static String words(BlockReference block) {
        String place = "blkref #" + block.id() + ": rel " + block.relation() + " fork "
                + (block.fork().suffix().isEmpty()
                        ? "main"
                        : block.fork().suffix().substring(1)) + " blk "
                + block.block();
        BlockImage image = block.image();
        if (image == null) {
            return place;
        }
        String hole = " (FPW); hole: offset: " + image.holeOffset() + ", length: " + image.holeLength();
        return image.compression() == BlockImage.Compression.NONE
                ? place + hole
                : place + hole + ", compression saved: " + (BLOCK_BYTES - image.holeLength() - image.length())
                        + ", method: " + image.compression().name().toLowerCase(Locale.ROOT);
    }
}
