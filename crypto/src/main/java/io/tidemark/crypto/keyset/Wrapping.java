package io.tidemark.crypto.keyset;

/** How a keyset is encrypted to a recipient; the words of the file. */
public enum Wrapping {
    /** IV (12) ‖ ciphertext ‖ tag (16) under a key that was fetched. */
    AES_GCM("aes-gcm"),
    /** The same bytes, made by the KMS with a key that may not leave it. */
    KMIP_ENCRYPT("kmip-encrypt"),
    /** enc (32) ‖ ciphertext ‖ tag (16) to a public key. */
    HPKE("hpke");

    private final String word;

    Wrapping(String word) {
        this.word = word;
    }

    /** The word in the file. */
    public String word() {
        return word;
    }
}
