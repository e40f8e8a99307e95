package io.tidemark.crypto.tde.relation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.Seeds;
import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.tde.RecordedRandom;
import io.tidemark.crypto.tde.keys.InternalKey;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Pages at any block of any fork, in any order and both directions, compared with Java's CBC started anew for each page. */
class RelationCipherTest {
    private static final int PAGE = RelationCipher.PAGE_BYTES;
    private static final long LAST_BLOCK = 0xFFFF_FFFEL;

    private final RecordedRandom random = new RecordedRandom(11);

    @Test
    void encryptAndDecrypt_anyPagesInAnyOrder_areWhatCbcFromTheBeginningSays() {
        Seeds.each(20, seeded -> {
            InternalKey.Cipher length = InternalKey.Cipher.values()[seeded.nextInt(2)];
            try (InternalKey key = InternalKey.random(length, random);
                    RelationCipher cipher = new RelationCipher(key)) {
                for (int i = 0; i < 12; i++) {
                    ForkNumber fork = ForkNumber.values()[seeded.nextInt(4)];
                    long block = seeded.nextBoolean() ? seeded.nextInt(3) : seeded.nextLong() >>> 32 & LAST_BLOCK;
                    byte[] plain = Seeds.bytes(seeded, PAGE);
                    byte[] encrypted = reference(key, fork, block, plain);
                    ByteBuffer from = buffer(seeded, seeded.nextBoolean() ? plain : encrypted);
                    ByteBuffer to = seeded.nextInt(3) == 0 ? from.duplicate() : buffer(seeded, new byte[PAGE]);
                    ByteBuffer result = to.duplicate();
                    boolean encrypts = from.duplicate().equals(ByteBuffer.wrap(plain));
                    if (encrypts) {
                        cipher.encrypt(fork, block, from, to);
                    } else {
                        assertThat(cipher.decrypt(fork, block, from, to)).isEqualTo(PageForm.ENCRYPTED);
                    }
                    assertThat(result)
                            .as("%s %d", fork, block)
                            .isEqualTo(ByteBuffer.wrap(encrypts ? encrypted : plain));
                    assertThat(from.remaining() + to.remaining()).isZero();
                }
            }
        });
    }

    /** With an array or without, the page at its beginning or not. */
    private static ByteBuffer buffer(Random seeded, byte[] content) {
        int before = seeded.nextInt(3) * 5;
        ByteBuffer buffer =
                seeded.nextBoolean() ? ByteBuffer.allocate(before + PAGE) : ByteBuffer.allocateDirect(before + PAGE);
        return buffer.position(before).put(content).position(before).slice();
    }

    /** The IV as PG_TDE's description has it, in big integers; the initialisation fork counts as the main one (T79). */
    private static byte[] reference(InternalKey key, ForkNumber fork, long block, byte[] plain) {
        BigInteger tweak = BigInteger.valueOf(fork == ForkNumber.INIT ? 0 : fork.number())
                .shiftLeft(64)
                .add(BigInteger.valueOf(block));
        byte[] iv = new byte[16];
        byte[] number = new BigInteger(1, key.baseIv()).xor(tweak).toByteArray();
        for (int i = 0; i < Math.min(16, number.length); i++) {
            iv[15 - i] = number[number.length - 1 - i];
        }
        try {
            Cipher aes = Cipher.getInstance("AES/CBC/NoPadding");
            aes.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key.key().copy(KeyAccess.insecure()), "AES"),
                    new IvParameterSpec(iv));
            return aes.doFinal(plain);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Long enough for the compiler, whose own AES then does the work: other instructions than in the tests above. */
    @Test
    void encryptAndDecrypt_tensOfThousandsOfPages_stayWhatTheyWere() {
        byte[] plain = Seeds.bytes(new Random(4), PAGE);
        ByteBuffer page = ByteBuffer.allocate(PAGE);
        ByteBuffer again = ByteBuffer.allocate(PAGE);
        try (InternalKey key = InternalKey.random(InternalKey.Cipher.AES_128, random);
                RelationCipher cipher = new RelationCipher(key)) {
            for (int block = 0; block < 30_000; block++) {
                plain[block % PAGE]++;
                cipher.encrypt(ForkNumber.VM, block, ByteBuffer.wrap(plain), page.clear());
                cipher.decrypt(ForkNumber.VM, block, page.flip(), again.clear());
                if (!Arrays.equals(again.array(), plain)) {
                    throw new AssertionError("block " + block);
                }
                if (block % 1000 == 999) {
                    assertThat(page.array()).isEqualTo(reference(key, ForkNumber.VM, block, plain));
                }
            }
        }
    }

    @Test
    void t79_initFork_isEncryptedAsTheMainForkAndTheOthersAreNot() {
        byte[] plain = Seeds.bytes(new Random(1), PAGE);
        try (InternalKey key = InternalKey.random(InternalKey.Cipher.AES_128, random);
                RelationCipher cipher = new RelationCipher(key)) {
            byte[] main = encrypted(cipher, ForkNumber.MAIN, 7, plain);

            assertThat(encrypted(cipher, ForkNumber.INIT, 7, plain)).isEqualTo(main);
            assertThat(encrypted(cipher, ForkNumber.FSM, 7, plain)).isNotEqualTo(main);
            assertThat(encrypted(cipher, ForkNumber.VM, 7, plain)).isNotEqualTo(main);
            assertThat(encrypted(cipher, ForkNumber.MAIN, 8, plain)).isNotEqualTo(main);
        }
    }

    @Test
    void blockNumber_behindTheFirstGigabyte_countsOverTheWholeFork() {
        assertThat(RelationCipher.blockNumber(0, 0)).isZero();
        assertThat(RelationCipher.blockNumber(0, 131_071)).isEqualTo(131_071);
        assertThat(RelationCipher.blockNumber(1, 0)).isEqualTo(131_072);
        assertThat(RelationCipher.blockNumber(32_767, 131_070)).isEqualTo(LAST_BLOCK);
        assertThatThrownBy(() -> RelationCipher.blockNumber(0, 131_072)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RelationCipher.blockNumber(-1, 0)).isInstanceOf(IllegalArgumentException.class);

        byte[] plain = Seeds.bytes(new Random(1), PAGE);
        try (InternalKey key = InternalKey.random(InternalKey.Cipher.AES_128, random);
                RelationCipher cipher = new RelationCipher(key)) {
            byte[] second = encrypted(cipher, ForkNumber.MAIN, RelationCipher.blockNumber(1, 5), plain);

            assertThat(second).isEqualTo(reference(key, ForkNumber.MAIN, 131_077, plain));
            assertThat(second).isNotEqualTo(encrypted(cipher, ForkNumber.MAIN, 5, plain));
        }
    }

    /** T78: pages by which the server made the file longer are plain zeros; a page of zeros that was written is encrypted. */
    @Test
    void t78_pagesThatBeginWithZeros_areHandedOnAndSaidToBe() {
        try (InternalKey key = InternalKey.random(InternalKey.Cipher.AES_128, random);
                RelationCipher cipher = new RelationCipher(key)) {
            byte[] zeros = new byte[PAGE];
            byte[] encryptedZeros = encrypted(cipher, ForkNumber.MAIN, 3, zeros);
            assertThat(encryptedZeros).isEqualTo(reference(key, ForkNumber.MAIN, 3, zeros));

            assertDecrypts(cipher, encryptedZeros, PageForm.ENCRYPTED, zeros);
            assertDecrypts(cipher, zeros, PageForm.PLAIN_ZEROS, zeros);
            for (int at : new int[] {32, 100, PAGE - 1}) {
                byte[] page = new byte[PAGE];
                page[at] = 1;
                assertDecrypts(cipher, page, PageForm.PLAIN_AFTER_ZEROS, page);
            }
            for (int at = 0; at < 32; at++) {
                byte[] page = new byte[PAGE];
                page[at] = (byte) 0x80;
                assertThat(cipher.decrypt(ForkNumber.MAIN, 3, ByteBuffer.wrap(page), ByteBuffer.allocate(PAGE)))
                        .isEqualTo(PageForm.ENCRYPTED);
            }
            // and the chain of pages is not broken by those that were handed on
            assertDecrypts(cipher, encryptedZeros, PageForm.ENCRYPTED, zeros);
        }
    }

    private static void assertDecrypts(RelationCipher cipher, byte[] page, PageForm form, byte[] expected) {
        ByteBuffer plain = ByteBuffer.allocate(PAGE);
        assertThat(cipher.decrypt(ForkNumber.MAIN, 3, ByteBuffer.wrap(page), plain))
                .isEqualTo(form);
        assertThat(plain.array()).isEqualTo(expected);
    }

    /** A page that was copied while it was written: only the block behind the seam is lost. */
    @Test
    void decrypt_tornPage_losesOneBlockBehindTheSeamAndClosesToTheSameBytes() {
        byte[] before = Seeds.bytes(new Random(1), PAGE);
        byte[] after = Seeds.bytes(new Random(2), PAGE);
        try (InternalKey key = InternalKey.random(InternalKey.Cipher.AES_256, random);
                RelationCipher cipher = new RelationCipher(key)) {
            byte[] torn = encrypted(cipher, ForkNumber.MAIN, 3, after);
            System.arraycopy(encrypted(cipher, ForkNumber.MAIN, 3, before), 4096, torn, 4096, 4096);
            ByteBuffer plain = ByteBuffer.allocate(PAGE);

            cipher.decrypt(ForkNumber.MAIN, 3, ByteBuffer.wrap(torn), plain);

            assertThat(Arrays.copyOf(plain.array(), 4096)).isEqualTo(Arrays.copyOf(after, 4096));
            assertThat(Arrays.copyOfRange(plain.array(), 4112, PAGE)).isEqualTo(Arrays.copyOfRange(before, 4112, PAGE));
            assertThat(encrypted(cipher, ForkNumber.MAIN, 3, plain.array())).isEqualTo(torn);
        }
    }

    @Test
    void decrypt_withoutRoomOrAnotherBlock_isRefusedAndMovesNothing() {
        try (InternalKey key = InternalKey.random(InternalKey.Cipher.AES_128, random);
                RelationCipher cipher = new RelationCipher(key)) {
            ByteBuffer page = ByteBuffer.allocate(PAGE);
            for (ByteBuffer other : new ByteBuffer[] {ByteBuffer.allocate(PAGE - 1), ByteBuffer.allocate(0)}) {
                assertThatThrownBy(() -> cipher.decrypt(ForkNumber.MAIN, 0, page, other))
                        .isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> cipher.encrypt(ForkNumber.MAIN, 0, other, page))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            for (long block : new long[] {-1, LAST_BLOCK + 1}) {
                assertThatThrownBy(() -> cipher.decrypt(ForkNumber.MAIN, block, page, ByteBuffer.allocate(PAGE)))
                        .isInstanceOf(IllegalArgumentException.class);
            }
            assertThat(page.position()).isZero();
        }
    }

    private static byte[] encrypted(RelationCipher cipher, ForkNumber fork, long block, byte[] plain) {
        ByteBuffer page = ByteBuffer.allocate(PAGE);
        cipher.encrypt(fork, block, ByteBuffer.wrap(plain), page);
        return page.array();
    }
}
