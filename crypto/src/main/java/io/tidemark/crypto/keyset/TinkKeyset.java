package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingKey;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig2026;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKeyset;
import io.tidemark.crypto.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keyset in Tink's own form. Tink reads and writes it; this class refuses what the format does not allow, since Tink
 * would take any streaming key, any status and, for streaming keys, any prefix.
 */
final class TinkKeyset {
    /** Keys enough for a rotation every day of a century's half; far from what a hostile file could hold. */
    static final int MAX_KEYS = 20_000;

    private static final AesGcmHkdfStreamingParameters PARAMETERS = parameters();
    private static final Configuration TINK = StreamingAeadConfig2026.get();

    /** Whether a key of the keyset seals new objects or only opens old ones. */
    enum Use {
        PRIMARY,
        OPENS_ONLY
    }

    /** One key: Tink's id, its 32 bytes (owned by the keyset made of it), its use. */
    record Entry(long id, SecretBytes material, Use use) {}

    private TinkKeyset() {}

    static SealingKeyset create() {
        return of(build(KeysetHandle.newBuilder()));
    }

    static SealingKeyset withNewPrimary(SealingKeyset old) {
        return of(build(KeysetHandle.newBuilder(handle(old.json()))));
    }

    static SealingKeyset parse(byte[] json) {
        requireShape(json);
        SecretBytes kept = SecretBytes.copyOf(json);
        return new SealingKeyset(kept, entries(handle(kept)));
    }

    private static KeysetHandle build(KeysetHandle.Builder builder) {
        try {
            return builder.setConfiguration(TINK)
                    .addEntry(KeysetHandle.generateEntryFromParameters(PARAMETERS)
                            .withRandomId()
                            .makePrimary())
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink made no key", e);
        }
    }

    private static SealingKeyset of(KeysetHandle handle) {
        try {
            byte[] json = TinkJsonProtoKeysetFormat.serializeKeyset(handle, TINK, InsecureSecretKeyAccess.get())
                    .strip()
                    .getBytes(UTF_8);
            SealingKeyset made = parse(json);
            Arrays.fill(json, (byte) 0);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink did not write its own keyset", e);
        }
    }

    private static KeysetHandle handle(SecretBytes json) {
        byte[] plain = json.copy(KeyAccess.insecure());
        try {
            return TinkJsonProtoKeysetFormat.parseKeyset(new String(plain, UTF_8), TINK, InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException | RuntimeException e) {
            // no cause: Tink's messages quote what they did not understand
            throw new MalformedKeyset(
                    "no keyset in Tink's JSON form (" + e.getClass().getSimpleName() + ")");
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    @AccessesPartialKey
    private static List<Entry> entries(KeysetHandle handle) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < handle.size(); i++) {
            KeysetHandle.Entry entry = handle.getAt(i);
            long id = Integer.toUnsignedLong(entry.getId());
            if (entry.getStatus() != KeyStatus.ENABLED) {
                throw new MalformedKeyset("key " + id + " is not ENABLED");
            }
            if (!(entry.getKey() instanceof AesGcmHkdfStreamingKey key)
                    || !key.getParameters().equals(PARAMETERS)) {
                throw new MalformedKeyset(
                        "key " + id
                                + " is not AesGcmHkdfStreaming with a 32-byte key, derived 32 bytes, SHA-256, segments of 65536");
            }
            byte[] raw = key.getInitialKeyMaterial().toByteArray(InsecureSecretKeyAccess.get());
            entries.add(new Entry(id, SecretBytes.copyOf(raw), entry.isPrimary() ? Use.PRIMARY : Use.OPENS_ONLY));
            Arrays.fill(raw, (byte) 0);
        }
        return entries;
    }

    /** What Tink does not look at: the prefix of streaming keys, ids that occur twice, fields it does not know. */
    private static void requireShape(byte[] json) {
        JsonObject keyset = StrictJson.object(json, MalformedKeyset::new);
        StrictJson.requireOnly(keyset, Set.of("primaryKeyId", "key"), MalformedKeyset::new);
        Set<String> ids = new HashSet<>();
        List<JsonElement> keys = StrictJson.array(keyset, "key", MalformedKeyset::new);
        if (keys.size() > MAX_KEYS) {
            throw new MalformedKeyset("keyset of " + keys.size() + " keys, more than " + MAX_KEYS);
        }
        for (JsonElement element : keys) {
            JsonObject key = StrictJson.asObject(element, MalformedKeyset::new);
            StrictJson.requireOnly(key, Set.of("keyData", "status", "keyId", "outputPrefixType"), MalformedKeyset::new);
            JsonObject data = StrictJson.object(key, "keyData", MalformedKeyset::new);
            StrictJson.requireOnly(data, Set.of("typeUrl", "value", "keyMaterialType"), MalformedKeyset::new);
            if (!StrictJson.string(data, "keyMaterialType", MalformedKeyset::new)
                    .equals("SYMMETRIC")) {
                throw new MalformedKeyset("a key's material is not SYMMETRIC");
            }
            String prefix = StrictJson.string(key, "outputPrefixType", MalformedKeyset::new);
            if (!prefix.equals("RAW")) {
                throw new MalformedKeyset("a key's output prefix is not RAW");
            }
            if (!ids.add(Long.toString(StrictJson.integer(key, "keyId", 0, 0xFFFFFFFFL, MalformedKeyset::new)))) {
                throw new MalformedKeyset("two keys have the same id");
            }
        }
    }

    private static AesGcmHkdfStreamingParameters parameters() {
        try {
            return AesGcmHkdfStreamingParameters.builder()
                    .setKeySizeBytes(32)
                    .setDerivedAesGcmKeySizeBytes(32)
                    .setHkdfHashType(AesGcmHkdfStreamingParameters.HashType.SHA256)
                    .setCiphertextSegmentSizeBytes(65_536)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Tink refused the format's own parameters", e);
        }
    }
}
