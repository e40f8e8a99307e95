package io.tidemark.it.recover;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.google.gson.JsonObject;
import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.FileRecipient;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.KeysetContext;
import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.keyset.RecoveryRecipient;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.seal.SealContext;
import io.tidemark.crypto.seal.SealGeometry;
import io.tidemark.crypto.seal.SealHeader;
import io.tidemark.crypto.seal.Sealer;
import io.tidemark.crypto.seal.SealingKey;
import io.tidemark.crypto.seal.SegmentPosition;
import io.tidemark.crypto.seal.Unsealer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** A root with one keyset, a file recipient and a recovery recipient, into which a test seals what it likes. */
final class TestRoot {
    static final String CLUSTER = "11111111-2222-3333-4444-555555555555";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final SealingKeyset keyset;
    private final Path keyFile;
    private final SecretBytes key;
    private final RecoveryPrivateKey recovery = RecoveryPrivateKey.generate(RANDOM);
    private final Path recoveryFile;

    TestRoot(Path temporary) {
        directory = temporary.resolve("root");
        keyset = SealingKeyset.create().withNewPrimary();
        byte[] raw = new byte[32];
        RANDOM.nextBytes(raw);
        key = SecretBytes.copyOf(raw);
        keyFile = write(temporary.resolve("box.key"), raw);
        recoveryFile = write(temporary.resolve("safe.key"), recovery.toPem().copy(KeyAccess.insecure()));
        write(
                directory.resolve("tidemark.json"),
                ("{\"format\":1,\"cluster\":\"" + CLUSTER + "\",\"repository\":\"" + "0".repeat(32)
                                + "\",\"created\":\"2026-11-27T02:00:00.000000Z\"}")
                        .getBytes(UTF_8));
        putGeneration(1, keyset);
    }

    Path directory() {
        return directory;
    }

    Path keyFile() {
        return keyFile;
    }

    Path recoveryFile() {
        return recoveryFile;
    }

    RecoveryPrivateKey recovery() {
        return recovery;
    }

    SealingKeyset keyset() {
        return keyset;
    }

    String rootHex() {
        return keyset.derive(CLUSTER).rootHex();
    }

    Path object(String name) {
        return directory.resolve(name);
    }

    /** Wraps a keyset for this root's two recipients, whatever keyset it is. */
    void putGeneration(int number, SealingKeyset wrapped) {
        KeysetContext context = new KeysetContext(CLUSTER, number, wrapped.commitment());
        putGeneration(number, wrapped, context);
    }

    void putGeneration(int number, SealingKeyset wrapped, KeysetContext context) {
        Generation generation = new Generation(
                number,
                CLUSTER,
                context.commitment(),
                Instant.parse("2026-11-27T02:00:00Z"),
                List.of(
                        FileRecipient.wrap("box", key, wrapped, context, RANDOM),
                        RecoveryRecipient.wrap("safe", recovery.publicKey(), wrapped, context)));
        putGeneration(number, generation.toJson());
    }

    void putGeneration(int number, byte[] json) {
        write(directory.resolve(String.format("keys/%08d.json", number)), json);
    }

    /** Seals a file as production code does: one frame, facts, footer. */
    void put(String name, byte[] file) {
        putContent(name, content(frames(file), facts("wal", file)));
    }

    void putContent(String name, byte[] content) {
        write(directory.resolve(name), seal(keyset, name, content));
    }

    static byte[] seal(SealingKeyset keyset, String name, byte[] content) {
        Sealer sealer = new Sealer(keyset.primary(), new SealContext(CLUSTER, name));
        ByteBuffer sealed = ByteBuffer.allocate((int) SealGeometry.sealedLength(content.length));
        sealed.put(sealer.header().bytes());
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.remaining() > sealer.nextPlaintextLength()) {
            int length = sealer.nextPlaintextLength();
            sealer.seal(rest.slice(rest.position(), length), sealed);
            rest.position(rest.position() + length);
        }
        sealer.sealLast(rest, sealed);
        return sealed.array();
    }

    /** The content of a sealed file, by whichever key opens it. */
    static byte[] unseal(SealingKeyset keyset, String cluster, String name, Path file) {
        for (SealingKey key : keyset.newestFirst()) {
            try {
                return unseal(key, new SealContext(cluster, name), read(file));
            } catch (AuthenticationFailed e) {
                // the next one
            }
        }
        throw new AssertionError(name + " opens under no key");
    }

    private static byte[] unseal(SealingKey key, SealContext context, byte[] sealed) {
        ByteBuffer rest = ByteBuffer.wrap(sealed);
        Unsealer unsealer = new Unsealer(key, context, SealHeader.parse(rest));
        ByteBuffer plain = ByteBuffer.allocate((int) SealGeometry.plainLength(sealed.length));
        long segments = SealGeometry.segmentsOfSealed(sealed.length);
        for (long segment = 0; segment < segments; segment++) {
            boolean last = segment == segments - 1;
            int length = last ? rest.remaining() : SealGeometry.sealedBytesOfSegment(segment);
            unsealer.open(
                    segment,
                    last ? SegmentPosition.LAST : SegmentPosition.MIDDLE,
                    rest.slice(rest.position(), length),
                    plain);
            rest.position(rest.position() + length);
        }
        return plain.array();
    }

    static byte[] frames(byte[]... files) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setChecksum(true).setContentSize(true).setLevel(Zstd.defaultCompressionLevel());
            for (byte[] file : files) {
                all.writeBytes(context.compress(file));
            }
        }
        return all.toByteArray();
    }

    static JsonObject facts(String kind, byte[] file) {
        JsonObject facts = new JsonObject();
        facts.addProperty("kind", kind);
        facts.addProperty("format", 1);
        facts.addProperty("written", "2026-11-27T02:00:00.000000Z");
        facts.addProperty("tool", "test");
        facts.addProperty("size", file.length);
        facts.addProperty("sha256", sha256(file));
        return facts;
    }

    static byte[] content(byte[] frames, JsonObject facts) {
        byte[] json = facts.toString().getBytes(UTF_8);
        return ByteBuffer.allocate(frames.length + 8 + json.length + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(frames)
                .putInt(0x184D2A54)
                .putInt(json.length)
                .put(json)
                .putInt(0x184D2A55)
                .putInt(8)
                .put("TDMK".getBytes(UTF_8))
                .putInt(json.length)
                .array();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static Path write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
