package io.tidemark.pipeline.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.IntegrityFailed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Archives cut anywhere, and archives that are none. Headers are written by commons-compress, not by us. */
final class TarStreamTest {
    private static final long SEED = 11;

    @Test
    void next_cutAtEveryByte_findsTheSame() {
        byte[] archive = archive(member("base/1/1259", 700), member("base/1/", 0), member("PG_VERSION", 512));
        List<String> whole = read(archive, archive.length);

        for (int cut = 1; cut < 1030; cut++) {
            assertThat(read(archive, cut)).as("cut every %d bytes", cut).isEqualTo(whole);
        }
        assertThat(whole).containsExactly("FILE base/1/1259 700", "DIRECTORY base/1 0", "FILE PG_VERSION 512");
    }

    @Test
    void next_ofAnyFlippedBitInAHeader_refusesIt() {
        byte[] header = member("base/5/16432", 0);
        Random random = new Random(SEED);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = archive(header);
            int at = random.nextInt(512);
            // the checksum's last byte is a blank that nobody counts
            if (at == 155) {
                continue;
            }
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> read(damaged, 4096))
                    .as("byte %d, seed %d", at, SEED)
                    .isInstanceOf(IntegrityFailed.class);
        }
    }

    @Test
    void requireEnd_ofACutArchive_refusesItAtEveryByte() {
        byte[] archive = archive(member("PG_VERSION", 3));
        for (int length = 0; length < archive.length; length++) {
            byte[] cut = Arrays.copyOf(archive, length);
            assertThatThrownBy(() -> read(cut, 512)).as("%d bytes", length).isInstanceOf(IntegrityFailed.class);
        }
    }

    @Test
    void next_behindTheEnd_refusesMore() {
        byte[] archive = archive(member("PG_VERSION", 3));
        byte[] longer = Arrays.copyOf(archive, archive.length + 512);
        longer[archive.length + 3] = 1;
        assertThatThrownBy(() -> read(longer, 512))
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("goes on after its end");
        byte[] endless = Arrays.copyOf(archive, archive.length + 100_000);
        assertThatThrownBy(() -> read(endless, 512)).isInstanceOf(IntegrityFailed.class);
    }

    @Test
    void size_ofAFileOver8GiB_isReadFromItsBinaryForm() {
        byte[] header = ServedCluster.header("base/5/16432", 1);
        Arrays.fill(header, 124, 136, (byte) 0);
        header[124] = (byte) 0x80;
        ByteBuffer.wrap(header).putLong(128, 9L << 30);
        checksummed(header);

        assertThat(TarEntry.parse(ByteBuffer.wrap(header), "test").size()).isEqualTo(9L << 30);

        Arrays.fill(header, 125, 136, (byte) 0xff);
        checksummed(header);
        assertThatThrownBy(() -> TarEntry.parse(ByteBuffer.wrap(header), "test").size())
                .isInstanceOf(IntegrityFailed.class)
                .hasMessageContaining("62 bits");
    }

    @Test
    void kind_ofAnythingElse_isRefused() {
        for (char type : new char[] {'1', '3', 'L', 'x', 'g', 'S'}) {
            byte[] header = ServedCluster.header("base/5/16432", 0);
            header[156] = (byte) type;
            checksummed(header);
            TarEntry entry = TarEntry.parse(ByteBuffer.wrap(header), "test");
            assertThatThrownBy(entry::kind).isInstanceOf(IntegrityFailed.class).hasMessageContaining("'" + type + "'");
        }
    }

    @Test
    void name_ofPostgresOwnSpelling_isPlain() {
        assertThat(new String(entry("./pg_wal/archive_status/").name(), StandardCharsets.US_ASCII))
                .isEqualTo("pg_wal/archive_status");
        assertThat(new String(entry("pg_tblspc/").name(), StandardCharsets.US_ASCII))
                .isEqualTo("pg_tblspc");
    }

    private static TarEntry entry(String name) {
        return TarEntry.parse(ByteBuffer.wrap(ServedCluster.header(name, 0)), "test");
    }

    private static void checksummed(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        byte[] octal = String.format("%06o", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octal, 0, header, 148, octal.length);
        header[154] = 0;
    }

    private static byte[] member(String name, int size) {
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        member.writeBytes(ServedCluster.header(name, size));
        byte[] content = new byte[size];
        Arrays.fill(content, (byte) 7);
        member.writeBytes(content);
        member.writeBytes(new byte[-size & 511]);
        return member.toByteArray();
    }

    private static byte[] archive(byte[]... members) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] member : members) {
            all.writeBytes(member);
        }
        return ServedCluster.ended(all);
    }

    private static List<String> read(byte[] archive, int cut) {
        TarStream tar = new TarStream("test");
        List<String> found = new ArrayList<>();
        for (int at = 0; at < archive.length; at += cut) {
            ByteBuffer in = ByteBuffer.wrap(archive, at, Math.min(cut, archive.length - at));
            for (TarStream.Found next = tar.next(in); next != TarStream.Found.NOTHING; next = tar.next(in)) {
                if (next == TarStream.Found.ENTRY) {
                    TarEntry entry = tar.entry();
                    found.add(entry.kind() + " " + new String(entry.name(), StandardCharsets.US_ASCII) + " "
                            + entry.size());
                } else {
                    int length = tar.contentIn(in);
                    in.position(in.position() + length);
                    tar.took(length);
                }
            }
        }
        tar.requireEnd();
        return found;
    }
}
