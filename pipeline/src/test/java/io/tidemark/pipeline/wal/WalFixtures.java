package io.tidemark.pipeline.wal;

import com.github.luben.zstd.Zstd;
import io.tidemark.crypto.postgres.WalSegmentName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Real segments of 1 MiB, written by PostgreSQL 17, as they were before pg_tde encrypted them. */
public final class WalFixtures {
    public static final long BASIC_SYSTEM = 7710995161739907408L;
    public static final long CLUSTER_SYSTEM = 7710995304904205752L;
    public static final List<String> BASIC = List.of(
            "00000001000000000000000A",
            "00000001000000000000000B",
            "00000001000000000000000C",
            "00000001000000000000000D");
    public static final List<String> CLUSTER = List.of("00000001000000000000000F", "000000010000000000000010");

    static final String COMPRESSED = "000000010000000000000008";

    private WalFixtures() {}

    public static byte[] basic(String segment) {
        return expand("basic-" + segment + ".plain.zst");
    }

    public static byte[] cluster(String segment) {
        return expand("cluster-" + segment + ".plain.zst");
    }

    /** Written by PostgreSQL 15 with each of its values of {@code wal_compression}, one after the other. */
    static byte[] compressed() {
        return expand("compressed-" + COMPRESSED + ".plain.zst");
    }

    /** What pg_waldump said of it with {@code --bkp-details}. */
    static List<String> compressedDump() {
        return lines("compressed-" + COMPRESSED);
    }

    /** What pg_waldump said of a segment, a line a record; its {@code custom140} is pg_tde. */
    public static List<String> basicDump(String segment) {
        return lines("basic-" + segment);
    }

    /** The start of the cluster's pg_control. */
    public static byte[] clusterControl() {
        return read("cluster-pg_control");
    }

    public static byte[] clusterBackupHistory() {
        return read("cluster-00000001000000000000000F.00000028.backup");
    }

    public static WalSegmentName name(String segment) {
        return WalSegmentName.parse(segment);
    }

    private static List<String> lines(String segment) {
        byte[] packed = read(segment + ".waldump.zst");
        return new String(Zstd.decompress(packed, 1 << 20), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static byte[] expand(String resource) {
        byte[] packed = read(resource);
        return Zstd.decompress(packed, 1 << 20);
    }

    private static byte[] read(String resource) {
        try (InputStream in = WalFixtures.class.getResourceAsStream("/wal/" + resource)) {
            if (in == null) {
                throw new IllegalStateException("no test resource " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
