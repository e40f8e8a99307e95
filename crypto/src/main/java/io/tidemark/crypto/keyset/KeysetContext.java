package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.crypto.MalformedKeyset;
import io.tidemark.crypto.SecretBytes;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What every recipient of one generation is bound to.
 *
 * @param cluster the cluster's uuid
 * @param generation 1 to 99 999 999
 * @param commitment SHA-256 of the keyset's plaintext, 64 lower-case hex digits
 */
public record KeysetContext(String cluster, int generation, String commitment) {
    static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public KeysetContext {
        if (generation < 1 || generation > Generation.MAX_NUMBER) {
            throw new IllegalArgumentException("no generation number: " + generation);
        }
        if (!SHA256.matcher(commitment).matches()) {
            throw new IllegalArgumentException("no commitment of 64 lower-case hex digits");
        }
    }

    /** {@code tidemark:1:<cluster>:keys:<generation>:<commitment>} in UTF-8; a fresh array. */
    public byte[] associatedData() {
        return String.format(Locale.ROOT, "tidemark:1:%s:keys:%08d:%s", cluster, generation, commitment)
                .getBytes(UTF_8);
    }

    /**
     * Reads the keyset that a recipient gave, and holds it against the commitment: all recipients hold the same one.
     *
     * @param json the unwrapped plaintext, lent
     * @throws MalformedKeyset where it is another keyset than the generation commits to, or none of the format
     */
    public SealingKeyset open(SecretBytes json) {
        SealingKeyset keyset = SealingKeyset.parse(json);
        if (!keyset.commitment().equals(commitment)) {
            String found = keyset.commitment();
            keyset.close();
            throw new MalformedKeyset("generation " + generation + " of cluster " + cluster + " commits to keyset "
                    + commitment + ", but a recipient holds " + found);
        }
        return keyset;
    }
}
