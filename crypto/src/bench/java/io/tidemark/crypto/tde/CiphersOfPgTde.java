package io.tidemark.crypto.tde;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.crypto.postgres.WalLocation;
import io.tidemark.crypto.postgres.WalSegmentSize;
import io.tidemark.crypto.tde.keys.InternalKey;
import io.tidemark.crypto.tde.relation.PageForm;
import io.tidemark.crypto.tde.relation.RelationCipher;
import io.tidemark.crypto.tde.wal.WalCipher;
import io.tidemark.crypto.tde.wal.WalEncryptionRange;
import io.tidemark.crypto.tde.wal.WalRangeTable;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Pages of 8 KiB and pieces of WAL of 64 KiB through pg_tde's ciphers, on heap arrays, in operations per second: a page is 8192 bytes, a
 * piece 65 536. {@code pg_tde-speed} runs it by turns with {@code openssl speed}. The pages are more than a cache holds nearby, as when a
 * relation is read: {@link #PAGES} of them, 4 MiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CiphersOfPgTde {
    private static final int PAGES = 512;
    private static final int PIECE_BYTES = 64 * 1024;
    private static final WalSegmentSize SEGMENT = WalSegmentSize.DEFAULT;

    @Param({"AES_128", "AES_256"})
    private InternalKey.Cipher cipher;

    private RelationCipher relation;
    private WalCipher wal;
    private Cipher cbc;
    private SecretKeySpec key;
    private final ByteBuffer pages = ByteBuffer.allocate(PAGES * RelationCipher.PAGE_BYTES);
    private final ByteBuffer page = ByteBuffer.allocate(RelationCipher.PAGE_BYTES);
    private final ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
    private final WalLocation[] places = new WalLocation[SEGMENT.bytes() / PIECE_BYTES];
    private final byte[] iv = new byte[16];
    private int next;

    @Setup
    public void fill() throws GeneralSecurityException {
        InternalKey drawn = InternalKey.random(cipher, new SecureRandom());
        relation = new RelationCipher(drawn);
        key = new SecretKeySpec(drawn.key().copy(KeyAccess.insecure()), "AES");
        cbc = Cipher.getInstance("AES/CBC/NoPadding");
        new Random(1).nextBytes(pages.array());
        WalLocation start = new WalLocation(TimelineId.FIRST, new Lsn(SEGMENT.bytes()));
        wal = new WalCipher(WalRangeTable.of(List.of(WalEncryptionRange.encrypted(start, drawn))), SEGMENT);
        for (int i = 0; i < places.length; i++) {
            places[i] = new WalLocation(TimelineId.FIRST, start.lsn().plus((long) i * PIECE_BYTES));
        }
    }

    @Benchmark
    public PageForm decryptPage() {
        return relation.decrypt(ForkNumber.MAIN, nextPage(), pages, page.clear());
    }

    @Benchmark
    public ByteBuffer encryptPage() {
        relation.encrypt(ForkNumber.MAIN, nextPage(), pages, page.clear());
        return page;
    }

    /** What the one above avoids: Java's CBC, started anew for each page. */
    @Benchmark
    public int decryptPageByACipherStartedAnew() throws GeneralSecurityException {
        int block = nextPage();
        iv[15] = (byte) block;
        cbc.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(iv));
        return cbc.doFinal(pages.array(), pages.position(), RelationCipher.PAGE_BYTES, page.array(), 0);
    }

    private int nextPage() {
        next = next + 1 & PAGES - 1;
        pages.position(next * RelationCipher.PAGE_BYTES);
        return next;
    }

    @Benchmark
    public ByteBuffer decryptWal() {
        next = next + 1 & places.length - 1;
        wal.decrypt(places[next], piece);
        return piece;
    }
}
