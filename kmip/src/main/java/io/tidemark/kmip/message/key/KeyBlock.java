package io.tidemark.kmip.message.key;

import io.netty.buffer.Unpooled;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A key and what the message says about it. Whoever gets one closes it.
 *
 * @param algorithm null where the message does not say
 * @param material the key, or what it became when it was wrapped
 * @param wrapping null where the key is in clear
 * @param attributes those that came with the key: Cosmian sends all, PyKMIP none
 */
public record KeyBlock(
        KeyFormat format,
        @Nullable CryptographicAlgorithm algorithm,
        KeyMaterial material,
        @Nullable KeyWrapping wrapping,
        Attributes attributes)
        implements AutoCloseable {
    /** Of what a key block may hold here; an RSA key of 8192 bits wrapped has less than 5 KiB. */
    private static final int MOST_BYTES = 1 << 13;

    /** An AES key in clear, of 16, 24 or 32 bytes. The material is given. */
    public static KeyBlock aes(KeyMaterial material) {
        return new KeyBlock(KeyFormat.RAW, CryptographicAlgorithm.AES, material, null, Attributes.NONE);
    }

    /** As a Register sends it. The key's bytes in it are a copy, to be wiped when they were written. */
    public Structure item() {
        return Structure.of(Tag.KEY_BLOCK)
                .enumeration(Tag.KEY_FORMAT_TYPE, format.code())
                .add(Structure.of(Tag.KEY_VALUE).add(materialItem()).build())
                .addOptional(
                        algorithm == null
                                ? null
                                : new TtlvItem.Enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM, algorithm.code()))
                .addOptional(
                        algorithm == null || wrapping != null
                                ? null
                                : new TtlvItem.IntegerItem(Tag.CRYPTOGRAPHIC_LENGTH, material.length() * 8))
                .addOptional(wrapping == null ? null : wrapping.data())
                .build();
    }

    private TtlvItem materialItem() {
        boolean transparent = format == KeyFormat.TRANSPARENT_SYMMETRIC_KEY && wrapping == null;
        ByteString bytes = new ByteString(
                transparent ? Tag.KEY : Tag.KEY_MATERIAL, Unpooled.wrappedBuffer(material.insecureCopy()));
        return transparent ? Structure.of(Tag.KEY_MATERIAL).add(bytes).build() : bytes;
    }

    /**
     * Reads a key block that is lent; the bytes of the key leave zeros behind.
     *
     * @param asked how it was to be wrapped; null where the key was wanted in clear
     * @throws MalformedMessage where it is not wrapped as asked, or its length is another than the message says
     */
    public static KeyBlock read(Structure block, @Nullable KeyWrapping asked) {
        int code = block.enumeration(Tag.KEY_FORMAT_TYPE);
        KeyFormat format =
                KeyFormat.of(code).orElseThrow(() -> MalformedMessage.of("a key of format %d is not read here", code));
        Structure data = block.item(Tag.KEY_WRAPPING_DATA, Structure.class);
        KeyWrapping wrapping = data == null ? null : KeyWrapping.read(data);
        checkWrapping(wrapping, asked);
        TtlvItem value = block.item(Tag.KEY_VALUE);
        if (value == null) {
            throw new MalformedMessage("the key block has no key value");
        }
        ByteString bytes = bytes(value, format, wrapping);
        Attributes attributes = value instanceof Structure structure ? Attributes.read(structure) : Attributes.NONE;
        CryptographicAlgorithm algorithm = algorithm(block);
        checkLength(bytes.length(), block, wrapping, algorithm, attributes);
        return new KeyBlock(
                format, algorithm, KeyMaterial.readAndWipe(bytes.bytes(), bytes.length()), wrapping, attributes);
    }

    private static void checkWrapping(@Nullable KeyWrapping found, @Nullable KeyWrapping asked) {
        if (asked == null && found != null) {
            throw new MalformedMessage("the key is wrapped, and was wanted in clear");
        }
        if (asked != null && found == null) {
            throw new MalformedMessage("the key is in clear, and was wanted wrapped");
        }
        if (asked != null && !asked.equals(found)) {
            throw new MalformedMessage("the key is wrapped with another key or in another way than was asked for");
        }
    }

    /** A wrapped key is the key value itself (Cosmian), or the material within (PyKMIP). */
    private static ByteString bytes(TtlvItem value, KeyFormat format, @Nullable KeyWrapping wrapping) {
        if (wrapping != null && value instanceof ByteString wrapped) {
            return wrapped;
        }
        if (!(value instanceof Structure structure)) {
            throw MalformedMessage.of("the key value of a key in clear is of type %s", value.type());
        }
        boolean transparent = format == KeyFormat.TRANSPARENT_SYMMETRIC_KEY && wrapping == null;
        return transparent
                ? structure.structure(Tag.KEY_MATERIAL).required(Tag.KEY, ByteString.class)
                : structure.required(Tag.KEY_MATERIAL, ByteString.class);
    }

    private static @Nullable CryptographicAlgorithm algorithm(Structure block) {
        TtlvItem.Enumeration algorithm = block.item(Tag.CRYPTOGRAPHIC_ALGORITHM, TtlvItem.Enumeration.class);
        return algorithm == null ? null : new CryptographicAlgorithm(algorithm.value());
    }

    /** Cosmian keeps a key of 16 bytes that claims to have 256 bits: whoever used it would not know. */
    private static void checkLength(
            int bytes,
            Structure block,
            @Nullable KeyWrapping wrapping,
            @Nullable CryptographicAlgorithm algorithm,
            Attributes attributes) {
        if (bytes == 0 || bytes > MOST_BYTES) {
            throw MalformedMessage.of("a key of %d bytes; 1 to %d are read here", bytes, MOST_BYTES);
        }
        if (wrapping != null) {
            return;
        }
        checkBits(bytes, block.integerOr(Tag.CRYPTOGRAPHIC_LENGTH, bytes * 8));
        OptionalInt attribute = attributes.lengthBits();
        checkBits(bytes, attribute.orElse(bytes * 8));
        if (CryptographicAlgorithm.AES.equals(algorithm) && bytes != 16 && bytes != 24 && bytes != 32) {
            throw MalformedMessage.of("an AES key of %d bytes", bytes);
        }
        Optional<CryptographicAlgorithm> told = attributes.algorithm();
        if (algorithm != null && told.isPresent() && !told.orElseThrow().equals(algorithm)) {
            throw MalformedMessage.of(
                    "a key for %s with the attribute that it is for %s", algorithm, told.orElseThrow());
        }
    }

    private static void checkBits(int bytes, int told) {
        if (told != bytes * 8) {
            throw MalformedMessage.of("a key of %d bytes that says it has %d bits", bytes, told);
        }
    }

    @Override
    public void close() {
        material.close();
    }
}
