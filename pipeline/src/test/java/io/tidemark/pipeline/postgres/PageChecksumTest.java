package io.tidemark.pipeline.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Against a page that PostgreSQL 17.11 wrote: block 0 of pg_database in a fresh cluster with data checksums. */
final class PageChecksumTest {
    private static final int PAGE = 8192;

    private final PageChecksum checksum = new PageChecksum(PAGE);

    @Test
    void isRight_ofPostgresOwnPage_inItsPlaceOnly() throws IOException {
        byte[] page = realPage();

        assertThat(checksum.isRight(page, 0, 0)).isTrue();
        assertThat(checksum.isRight(page, 0, 1)).isFalse();
        assertThat(checksum.isRight(page, 0, 131_072)).isFalse();
    }

    @Test
    void isRight_anywhereInAnArray_isTheSame() throws IOException {
        byte[] page = realPage();
        byte[] file = new byte[3 * PAGE + 1];
        System.arraycopy(page, 0, file, PAGE + 1, PAGE);

        assertThat(checksum.isRight(file, PAGE + 1, 0)).isTrue();
    }

    @Test
    void isRight_afterAnyByteOfTheHeaderOrEverySixtyFourthChanged_isFalse() throws IOException {
        byte[] page = realPage();

        for (int i = 0; i < PAGE; i += i < 64 ? 1 : 61) {
            byte[] changed = page.clone();
            changed[i] ^= 0x40;
            assertThat(checksum.isRight(changed, 0, 0)).as("byte %d", i).isFalse();
        }
    }

    @Test
    void isRight_ofANewPage_onlyIfItIsAllZeros() {
        byte[] page = new byte[PAGE];
        assertThat(checksum.isRight(page, 0, 7)).isTrue();
        page[PAGE - 1] = 1;

        assertThat(checksum.isRight(page, 0, 7)).isFalse();
    }

    @Test
    void of_neverGivesZero() {
        byte[] page = new byte[PAGE];
        for (int block = 0; block < 2_000; block++) {
            assertThat(checksum.of(page, 0, block)).isBetween(1, 65_535);
        }
    }

    private static byte[] realPage() throws IOException {
        try (InputStream in = PageChecksumTest.class.getResourceAsStream("/postgres/pg_database.page")) {
            byte[] page = Objects.requireNonNull(in).readAllBytes();
            return Arrays.copyOf(page, PAGE);
        }
    }
}
