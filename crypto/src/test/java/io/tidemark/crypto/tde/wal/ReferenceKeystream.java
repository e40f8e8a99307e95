package io.tidemark.crypto.tde.wal;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.postgres.WalLocation;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/** pg_tde's WAL encryption once more, byte by byte, with big integers, written from its description: what the fast one is compared with. */
final class ReferenceKeystream {
    private ReferenceKeystream() {}

    /** XORs one byte after the other; ranges ascend. */
    static byte[] apply(List<WalEncryptionRange> ranges, WalLocation start, byte[] wal, long segmentBytes) {
        byte[] result = wal.clone();
        for (int i = 0; i < wal.length; i++) {
            WalLocation here = new WalLocation(start.timeline(), start.lsn().plus(i));
            WalEncryptionRange range = null;
            for (WalEncryptionRange candidate : ranges) {
                range = candidate.start().compareTo(here) <= 0 ? candidate : range;
            }
            if (range != null && range.key() != null) {
                result[i] ^= keystreamByte(range, here, segmentBytes);
            }
        }
        return result;
    }

    @SuppressWarnings("InsecureCryptoUsage")
    private static byte keystreamByte(WalEncryptionRange range, WalLocation here, long segmentBytes) {
        BigInteger lsn = new BigInteger(Long.toUnsignedString(here.lsn().value()));
        BigInteger[] place = lsn.divideAndRemainder(BigInteger.valueOf(segmentBytes));
        BigInteger counter = new BigInteger(1, range.key().baseIv())
                .clearBit(32)
                .add(BigInteger.valueOf(here.timeline().number()).shiftLeft(112))
                .add(place[0].shiftLeft(32))
                .mod(BigInteger.ONE.shiftLeft(128));
        byte[] block = new byte[16];
        for (int i = 0; i < 12; i++) {
            block[i] = counter.shiftRight(8 * (15 - i)).byteValue();
        }
        int number = place[1].intValueExact() / 16;
        for (int i = 0; i < 4; i++) {
            block[12 + i] = (byte) (number >>> 8 * i);
        }
        try {
            Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(range.key().key().copy(KeyAccess.insecure()), "AES"));
            return aes.doFinal(block)[place[1].intValueExact() % 16];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
