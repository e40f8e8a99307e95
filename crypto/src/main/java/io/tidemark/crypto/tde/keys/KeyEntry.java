package io.tidemark.crypto.tde.keys;

import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** One entry of a key file, of either kind and any version: a wrapped key and what it is for. It keeps every byte. */
final class KeyEntry {
    private final EntryLayout layout;
    private final byte[] bytes;
    private final long offset;

    private KeyEntry(EntryLayout layout, byte[] bytes, long offset) {
        this.layout = layout;
        this.bytes = bytes;
        this.offset = offset;
    }

    /** @throws DamagedTdeFile where it names a cipher that does not exist; its type is the caller's to judge */
    static KeyEntry read(EntryLayout layout, byte[] content, int offset) {
        KeyEntry entry = new KeyEntry(layout, Arrays.copyOfRange(content, offset, offset + layout.bytes()), offset);
        int cipher = entry.cipherNumber();
        if (cipher < 0 || cipher >= InternalKey.Cipher.values().length) {
            throw entry.damaged(layout.cipher(), "entry with cipher " + Integer.toUnsignedString(cipher));
        }
        return entry;
    }

    /**
     * Wraps a key.
     *
     * @param place writes what the key is for, at its place
     * @throws IllegalArgumentException for a key of AES-256 in a version without it
     */
    static KeyEntry wrap(
            EntryLayout layout,
            int type,
            byte[] place,
            InternalKey key,
            SecretBytes principalKey,
            SecureRandom random) {
        if (key.cipher() != InternalKey.Cipher.AES_128 && !layout.knowsAes256()) {
            throw new IllegalArgumentException(
                    "key files of this version hold keys of aes_128 only, not " + key.cipher());
        }
        byte[] entryIv = new byte[PrincipalKeyGcm.IV_BYTES];
        random.nextBytes(entryIv);
        byte[] bytes = new byte[layout.bytes()];
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (layout.knowsAes256()) {
            fields.putInt(layout.cipher(), key.cipher().number());
        }
        if (layout.alwaysOne() != EntryLayout.NONE) {
            fields.putInt(layout.alwaysOne(), 1);
        }
        fields.putInt(layout.type(), type);
        fields.put(layout.place(), place);
        fields.put(layout.entryIv(), entryIv);
        fields.put(layout.baseIv(), key.baseIv());
        KeyEntry entry = new KeyEntry(layout, bytes, 0);
        entry.putWrapped(key, entryIv, principalKey);
        return entry;
    }

    private void putWrapped(InternalKey key, byte[] entryIv, SecretBytes principalKey) {
        byte[] plain = key.keyCopy();
        try {
            byte[] sealed = PrincipalKeyGcm.seal(principalKey, entryIv, authenticated(), plain);
            System.arraycopy(sealed, 0, bytes, layout.wrappedKey(), plain.length);
            System.arraycopy(sealed, plain.length, bytes, layout.tag(), PrincipalKeyGcm.TAG_BYTES);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /**
     * The key, after the header's signature was verified with the same principal key.
     *
     * @throws DamagedTdeFile where the tag does not verify: since the principal key is the right one, the entry was changed
     */
    InternalKey unwrap(SecretBytes principalKey) {
        int keyBytes = cipher().keyBytes();
        byte[] sealed = new byte[keyBytes + PrincipalKeyGcm.TAG_BYTES];
        System.arraycopy(bytes, layout.wrappedKey(), sealed, 0, keyBytes);
        System.arraycopy(bytes, layout.tag(), sealed, keyBytes, PrincipalKeyGcm.TAG_BYTES);
        byte[] entryIv = slice(layout.entryIv(), PrincipalKeyGcm.IV_BYTES);
        byte[] plain = PrincipalKeyGcm.open(principalKey, entryIv, authenticated(), sealed)
                .orElseThrow(() -> damaged(0, "entry whose wrapped key does not verify"));
        try (SecretBytes key = SecretBytes.copyOf(plain)) {
            return InternalKey.of(key, slice(layout.baseIv(), InternalKey.BASE_IV_BYTES));
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private byte[] authenticated() {
        return Arrays.copyOf(bytes, layout.authenticated());
    }

    InternalKey.Cipher cipher() {
        return InternalKey.Cipher.values()[cipherNumber()];
    }

    private int cipherNumber() {
        return layout.knowsAes256() ? number(layout.cipher()) : InternalKey.Cipher.AES_128.number();
    }

    int type() {
        return number(layout.type());
    }

    /** The unsigned number (u32) that stands so many bytes behind the beginning of the place. */
    int placeNumber(int behind) {
        return number(layout.place() + behind);
    }

    private int number(int at) {
        return fields().getInt(at);
    }

    long placeLong() {
        return fields().getLong(layout.place());
    }

    private ByteBuffer fields() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean isAllZero() {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** SHA-256, in hex, of base IV ‖ wrapped key (without the rest of its field). Not secret. */
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, layout.baseIv(), InternalKey.BASE_IV_BYTES);
            digest.update(bytes, layout.wrappedKey(), cipher().keyBytes());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Of the entry, in its file. */
    long offset() {
        return offset;
    }

    KeyEntry movedTo(long newOffset) {
        return new KeyEntry(layout, bytes, newOffset);
    }

    void writeTo(ByteBuffer file) {
        file.put(bytes);
    }

    DamagedTdeFile damagedType() {
        return damaged(layout.type(), "entry of type " + Integer.toUnsignedString(type()));
    }

    DamagedTdeFile damaged(int field, String what) {
        return new DamagedTdeFile(offset + field, what);
    }

    private byte[] slice(int at, int length) {
        return Arrays.copyOfRange(bytes, at, at + length);
    }
}
