package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * The first 320 bytes of each key file: which principal key wraps what follows, signed with that key. {@code magic (4) ‖ padding (4) ‖ database
 * (u32) ‖ provider (i32) ‖ seconds (i64) ‖ microseconds (i64) ‖ name (256, padded with NUL) ‖ IV (16) ‖ tag (16)}; the tag covers what lies
 * between the padding and the IV. It keeps every byte, the padding's garbage too.
 *
 * <p>Source: pg_tde 2.2.0, {@code TDESignedPrincipalKeyInfo} (src/include/access/pg_tde_keys_common.h).
 */
public final class PrincipalKeyHeader {
    public static final int BYTES = 320;

    private static final int DATABASE = 8;
    private static final int PROVIDER = 12;
    private static final int SECONDS = 16;
    private static final int MICROSECONDS = 24;
    private static final int NAME = 32;
    private static final int NAME_BYTES = 256;
    private static final int IV = 288;
    private static final int TAG = 304;
    private static final long MILLION = 1_000_000;

    private final byte[] content;
    private final KeyFileVersion version;
    private final Info info;

    private PrincipalKeyHeader(byte[] content, KeyFileVersion version, Info info) {
        this.content = content;
        this.version = version;
        this.info = info;
    }

    /** @param letters what the file must begin with */
    static PrincipalKeyHeader read(byte[] content, String letters) {
        if (content.length < KeyFileVersion.MAGIC_BYTES) {
            throw new DamagedTdeFile(content.length, "key file of " + content.length + " bytes, which is cut");
        }
        KeyFileVersion version = KeyFileVersion.read(content, 0, letters);
        if (content.length < BYTES) {
            throw new DamagedTdeFile(
                    content.length, "key file that ends within its header, which has " + BYTES + " bytes");
        }
        byte[] header = Arrays.copyOf(content, BYTES);
        return new PrincipalKeyHeader(header, version, info(header));
    }

    private static Info info(byte[] header) {
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        long database = Integer.toUnsignedLong(fields.getInt(DATABASE));
        if (database == 0) {
            throw new DamagedTdeFile(DATABASE, "header for database 0, which does not exist");
        }
        if (fields.getInt(PROVIDER) == 0) {
            throw new DamagedTdeFile(PROVIDER, "header with key provider 0, which does not exist");
        }
        long seconds = fields.getLong(SECONDS);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new DamagedTdeFile(SECONDS, "header of a key from no possible time");
        }
        long microseconds = fields.getLong(MICROSECONDS);
        if (microseconds < 0 || microseconds >= MILLION) {
            throw new DamagedTdeFile(MICROSECONDS, "header with " + microseconds + " microseconds of a second");
        }
        String name = new String(Content.text(header, NAME, NAME_BYTES, NAME, "name of the principal key"), UTF_8);
        return new Info(database, fields.getInt(PROVIDER), name, Instant.ofEpochSecond(seconds, 1000 * microseconds));
    }

    /**
     * A new header, signed.
     *
     * @param principalKey lent
     * @param random for the IV of the signature: equal headers differ in it
     */
    public static PrincipalKeyHeader signed(
            KeyFileVersion version, Info info, SecretBytes principalKey, SecureRandom random) {
        byte[] iv = new byte[PrincipalKeyGcm.IV_BYTES];
        random.nextBytes(iv);
        ByteBuffer header = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put(version.magic()).putInt(0);
        header.putInt((int) info.database()).putInt(info.provider());
        header.putLong(info.created().getEpochSecond()).putLong(info.created().getNano() / 1000);
        header.put(Content.padded(info.name(), NAME_BYTES, "name of a principal key"));
        header.put(iv);
        byte[] content = header.array();
        header.put(PrincipalKeyGcm.seal(principalKey, iv, signedBytes(content), new byte[0]));
        return new PrincipalKeyHeader(content, version, info);
    }

    /**
     * Checks that this key signed the header; what follows the header was then wrapped with it.
     *
     * @param principalKey lent
     * @throws KeyMismatch for another key, and for a header that was changed, which look alike
     */
    public void verify(SecretBytes principalKey) {
        byte[] iv = Arrays.copyOfRange(content, IV, TAG);
        byte[] tag = Arrays.copyOfRange(content, TAG, BYTES);
        if (PrincipalKeyGcm.open(principalKey, iv, signedBytes(content), tag).isEmpty()) {
            throw new KeyMismatch("the key at hand did not sign the header that names principal key \"" + info.name()
                    + "\" of provider " + info.provider() + ": another key, or a changed header");
        }
    }

    private static byte[] signedBytes(byte[] header) {
        return Arrays.copyOfRange(header, DATABASE, IV);
    }

    public KeyFileVersion version() {
        return version;
    }

    public Info info() {
        return info;
    }

    /** The 320 bytes, a copy. The last 312 are the payload of pg_tde's WAL record ADD_PRINCIPAL_KEY. */
    public byte[] content() {
        return content.clone();
    }

    @Override
    public String toString() {
        return "PrincipalKeyHeader[" + version + ", " + info + "]";
    }

    /**
     * What a header says of its principal key. Believe it after {@link #verify} only.
     *
     * @param database whose key it is: its OID, {@link #DEFAULT} or {@link #SERVER}
     * @param provider negative: a global one, to be found in {@code 1664_providers}; positive: one of the database's
     * @param name the key's, 1 to 255 bytes; bytes that are no UTF-8 are replaced
     * @param created to the microsecond
     */
    public record Info(long database, int provider, String name, Instant created) {
        /** pg_default's OID stands for the key that databases without one of their own use. */
        public static final long DEFAULT = 1663;
        /** pg_global's OID stands for the key that wraps the WAL's keys. */
        public static final long SERVER = 1664;

        public Info {
            if (database < 1 || database > 0xFFFFFFFFL) {
                throw new IllegalArgumentException("no database oid: " + database);
            }
            if (provider == 0) {
                throw new IllegalArgumentException("no key provider: 0");
            }
            created = created.truncatedTo(ChronoUnit.MICROS);
        }
    }
}
