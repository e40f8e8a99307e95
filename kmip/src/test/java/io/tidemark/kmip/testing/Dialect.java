package io.tidemark.kmip.testing;

import io.tidemark.kmip.message.ProtocolVersion;
import java.util.List;

/** In what servers differ that all mean the same, as it was measured (KMIP.md sections 4 to 8). */
public enum Dialect {
    /** Cosmian KMS 5.26: hides what is another owner's, and gives a deactivated key by Export only. */
    COSMIAN(0x37, 0x37, 0x43, 0x0A),
    /** PyKMIP 0.11: no 2.1, no Export, says whose a key is not, and gives keys in any state. */
    PYKMIP(0x01, 0x0C, 0x0C, 0x100);

    private final int noSuchKey;
    private final int notYours;
    private final int wrongState;
    private final int wrongTag;

    Dialect(int noSuchKey, int notYours, int wrongState, int wrongTag) {
        this.noSuchKey = noSuchKey;
        this.notYours = notYours;
        this.wrongState = wrongState;
        this.wrongTag = wrongTag;
    }

    List<ProtocolVersion> versions() {
        return ProtocolVersion.SUPPORTED.stream()
                .filter(version -> this == COSMIAN || !version.equals(ProtocolVersion.V2_1))
                .toList();
    }

    KmsRefusal noSuchKey(String id) {
        return new KmsRefusal(noSuchKey, "Could not locate object: " + id);
    }

    KmsRefusal notYours(String id) {
        return new KmsRefusal(notYours, "Could not locate object: " + id);
    }

    KmsRefusal wrongState(String what) {
        return new KmsRefusal(wrongState, what);
    }

    KmsRefusal destroyed(String id) {
        return this == COSMIAN ? new KmsRefusal(0x36, "DENIED") : noSuchKey(id);
    }

    KmsRefusal wrongTag(Throwable cause) {
        return new KmsRefusal(wrongTag, "the tag does not verify", cause);
    }

    boolean hasExport() {
        return this == COSMIAN;
    }

    /** Whether a Get of a deactivated key is refused. */
    boolean keepsDeactivatedKeys() {
        return this == COSMIAN;
    }

    /** Whether a Get brings the attributes along, within the key value. */
    boolean sendsAttributesWithKeys() {
        return this == COSMIAN;
    }

    /** Whether a destroyed key is still known as one. */
    boolean remembersDestroyedKeys() {
        return this == COSMIAN;
    }

    /** The identifier of the n-th object, counted from 1. */
    String identifier(int n) {
        return this == COSMIAN
                ? String.format("%08x-0c05-4a11-8000-00000000c0de", n * 0x9E3779B1)
                : Integer.toString(n);
    }
}
