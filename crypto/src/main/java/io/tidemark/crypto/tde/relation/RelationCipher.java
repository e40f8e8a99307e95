package io.tidemark.crypto.tde.relation;

import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.tde.keys.InternalKey;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Opens and closes pages of one relation: AES-CBC over the whole page, under an IV that is the relation's base IV with fork and block number
 * mixed in. The same page at the same place always gives the same ciphertext. All forks and files of a relation share one cipher; the
 * initialisation fork counts as the main one, over which the server copies it after a crash.
 *
 * <p>For one thread: the key is scheduled once for each direction, a page makes no object.
 *
 * <p>Source: pg_tde 2.2.0, {@code CalcBlockIv} (src/smgr/pg_tde_smgr.c).
 */
public final class RelationCipher implements AutoCloseable {
    public static final int PAGE_BYTES = 8192;
    /** Of a file of 1 GiB, the most that one of a relation's files has. */
    public static final long BLOCKS_PER_SEGMENT = 131_072;

    private static final int BYTES_THAT_TELL = 32;
    private static final long MOST_BLOCKS = 0xFFFF_FFFFL;

    private final long baseHigh;
    private final long baseLow;
    private final PageChain decryption;
    private final PageChain encryption;

    // for buffers that have no array, or the same one on both sides
    private final byte[] source = new byte[PAGE_BYTES];
    private final byte[] target = new byte[PAGE_BYTES];

    /** @param key lent: not needed afterwards */
    public RelationCipher(InternalKey key) {
        this.baseHigh = key.baseIvHigh();
        this.baseLow = key.baseIvLow();
        this.decryption = PageChain.decrypting(key);
        this.encryption = PageChain.encrypting(key);
    }

    /**
     * The number that a block has in its fork: PostgreSQL's, and the checksum's too.
     *
     * @param segment of the file, 0 for the one without a number in its name
     */
    public static long blockNumber(int segment, long blockInFile) {
        if (segment < 0 || blockInFile < 0 || blockInFile >= BLOCKS_PER_SEGMENT) {
            throw new IllegalArgumentException("no block " + blockInFile + " in segment " + segment + " of a relation");
        }
        return segment * BLOCKS_PER_SEGMENT + blockInFile;
    }

    /**
     * Opens one page.
     *
     * @param blockNumber in the whole fork, see {@link #blockNumber}
     * @param page lent; read from its position, which moves on by {@link #PAGE_BYTES}
     * @param plain lent; written likewise. It may be the same memory
     * @return how the page lay there; unless {@link PageForm#ENCRYPTED} it was handed on as it was
     */
    public PageForm decrypt(ForkNumber fork, long blockNumber, ByteBuffer page, ByteBuffer plain) {
        check(blockNumber, page, plain);
        if (beginsWithZeros(page)) {
            return handOn(page, plain);
        }
        run(decryption, fork, blockNumber, page, plain);
        return PageForm.ENCRYPTED;
    }

    /**
     * Closes one page, a page of zeros too. Which of these were plain on the origin the caller remembers, and hands them on as they are.
     *
     * @param plain lent; read from its position, which moves on by {@link #PAGE_BYTES}
     * @param page lent; written likewise. It may be the same memory
     */
    public void encrypt(ForkNumber fork, long blockNumber, ByteBuffer plain, ByteBuffer page) {
        check(blockNumber, plain, page);
        run(encryption, fork, blockNumber, plain, page);
    }

    private void run(PageChain chain, ForkNumber fork, long blockNumber, ByteBuffer from, ByteBuffer to) {
        long high = baseHigh ^ (fork == ForkNumber.INIT ? ForkNumber.MAIN : fork).number();
        long low = baseLow ^ blockNumber;
        boolean direct = from.hasArray() && to.hasArray() && from.array() != to.array();
        if (direct) {
            chain.run(
                    high,
                    low,
                    from.array(),
                    from.arrayOffset() + from.position(),
                    to.array(),
                    to.arrayOffset() + to.position());
            from.position(from.position() + PAGE_BYTES);
            to.position(to.position() + PAGE_BYTES);
        } else {
            from.get(source);
            chain.run(high, low, source, 0, target, 0);
            to.put(target);
        }
    }

    private static void check(long blockNumber, ByteBuffer from, ByteBuffer to) {
        if (blockNumber < 0 || blockNumber >= MOST_BLOCKS) {
            throw new IllegalArgumentException("no block number: " + blockNumber);
        }
        if (from.remaining() < PAGE_BYTES || to.remaining() < PAGE_BYTES) {
            throw new IllegalArgumentException(
                    "no room for a page: " + from.remaining() + " bytes to read, " + to.remaining() + " to write");
        }
    }

    private static boolean beginsWithZeros(ByteBuffer page) {
        int at = page.position();
        return (page.getLong(at) | page.getLong(at + 8) | page.getLong(at + 16) | page.getLong(at + 24)) == 0;
    }

    private PageForm handOn(ByteBuffer page, ByteBuffer plain) {
        page.get(source);
        plain.put(source);
        for (int i = BYTES_THAT_TELL; i < PAGE_BYTES; i++) {
            if (source[i] != 0) {
                return PageForm.PLAIN_AFTER_ZEROS;
            }
        }
        return PageForm.PLAIN_ZEROS;
    }

    /** Wipes what it can: the last page. */
    @Override
    public void close() {
        Arrays.fill(source, (byte) 0);
        Arrays.fill(target, (byte) 0);
        decryption.close();
        encryption.close();
    }
}
