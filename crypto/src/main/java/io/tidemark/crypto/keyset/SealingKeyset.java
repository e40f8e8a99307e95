package io.tidemark.crypto.keyset;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKeyset;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.seal.SealingKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * The sealing keys of a cluster, in the order in which they were added: the first is the root key, one is the primary,
 * all can open. Immutable; close it to wipe the keys and the JSON (copies that Tink made cannot be wiped). Any number of
 * threads may use it at once.
 */
public final class SealingKeyset implements AutoCloseable {
    private final SecretBytes json;
    private final List<SecretBytes> materials;
    private final List<SealingKey> keys;
    private final int primary;
    private final String commitment;

    SealingKeyset(SecretBytes json, List<TinkKeyset.Entry> entries) {
        this.json = json;
        this.materials = entries.stream().map(TinkKeyset.Entry::material).toList();
        this.keys = entries.stream()
                .map(entry -> SealingKey.of(entry.id(), entry.material()))
                .toList();
        this.primary = primaryOf(entries);
        this.commitment = sha256(json);
    }

    /** A new keyset with one key, drawn by Tink: a cluster's root key. */
    public static SealingKeyset create() {
        return TinkKeyset.create();
    }

    /**
     * Reads Tink's JSON form.
     *
     * @param tinkJson the cleartext keyset; the caller owns it and wipes it
     * @throws MalformedKeyset unless every key is AesGcmHkdfStreaming with 32, 32, SHA-256 and 65 536, RAW and ENABLED,
     *     and exactly one is primary
     */
    public static SealingKeyset parse(byte[] tinkJson) {
        return TinkKeyset.parse(tinkJson);
    }

    /** The same for bytes that are kept as a secret, lent. */
    public static SealingKeyset parse(SecretBytes tinkJson) {
        byte[] plain = tinkJson.copy(KeyAccess.insecure());
        try {
            return parse(plain);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** The same keys and a new one behind them, drawn by Tink, which is the primary. */
    public SealingKeyset withNewPrimary() {
        return TinkKeyset.withNewPrimary(this);
    }

    /** The keyset's plaintext, byte for byte as it was read or made; owned by this keyset. */
    public SecretBytes json() {
        return json;
    }

    /** SHA-256 of {@link #json()}, 64 lower-case hex digits. Not secret. */
    public String commitment() {
        return commitment;
    }

    /** The key that seals new objects. */
    public SealingKey primary() {
        return keys.get(primary);
    }

    /** The key made by {@code init}, from which {@link #derive} starts. */
    public SealingKey root() {
        return keys.get(0);
    }

    /** All keys, the one added last first: the order in which a reader tries them. */
    public List<SealingKey> newestFirst() {
        List<SealingKey> reversed = new ArrayList<>(keys);
        Collections.reverse(reversed);
        return List.copyOf(reversed);
    }

    /** What the root key gives for this cluster; to be closed by the caller. */
    public KeysetDerivations derive(String clusterUuid) {
        byte[] raw = materials.get(0).copy(KeyAccess.insecure());
        try {
            return new KeysetDerivations(raw, clusterUuid);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    @Override
    public void close() {
        json.close();
        materials.forEach(SecretBytes::close);
    }

    @Override
    public String toString() {
        return "SealingKeyset[" + keys.size() + " keys, primary " + primary().id() + "]";
    }

    private static int primaryOf(List<TinkKeyset.Entry> entries) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).use() == TinkKeyset.Use.PRIMARY) {
                return i;
            }
        }
        throw new MalformedKeyset("keyset has no primary key");
    }

    private static String sha256(SecretBytes json) {
        byte[] plain = json.copy(KeyAccess.insecure());
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plain));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }
}
