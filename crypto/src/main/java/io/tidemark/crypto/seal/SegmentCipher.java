package io.tidemark.crypto.seal;

import static io.tidemark.crypto.seal.SealGeometry.SEGMENT_BYTES;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import com.google.crypto.tink.subtle.StreamSegmentDecrypter;
import com.google.crypto.tink.subtle.StreamSegmentEncrypter;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/**
 * Tink's streaming AEAD with the format's parameters: HKDF-SHA-256, derived keys of 32 bytes, segments of 65 536 bytes.
 * The results are declared by Tink's public interfaces, since their classes are hidden.
 */
final class SegmentCipher {
    private static final int DERIVED_KEY_BYTES = 32;

    private final AesGcmHkdfStreaming tink;

    private SegmentCipher(AesGcmHkdfStreaming tink) {
        this.tink = tink;
    }

    static SegmentCipher of(byte[] raw) {
        try {
            return new SegmentCipher(new AesGcmHkdfStreaming(raw, "HmacSha256", DERIVED_KEY_BYTES, SEGMENT_BYTES, 0));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the format's own parameters were refused", e);
        }
    }

    StreamSegmentEncrypter encrypter(SealContext context) {
        try {
            return tink.newStreamSegmentEncrypter(context.associatedData());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM or no HMAC-SHA-256", e);
        }
    }

    StreamSegmentDecrypter decrypter(SealContext context, SealHeader header) {
        try {
            StreamSegmentDecrypter decrypter = tink.newStreamSegmentDecrypter();
            ByteBuffer bytes = header.bytes();
            decrypter.init(bytes, context.associatedData());
            return decrypter;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a parsed header was refused", e);
        }
    }
}
