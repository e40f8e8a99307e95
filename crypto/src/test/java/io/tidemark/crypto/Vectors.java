package io.tidemark.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Objects;

/** The vectors of the format, made by Google's Python tink apart from any code of ours: src/test/resources/format. */
public final class Vectors {
    private static final JsonObject ALL =
            JsonParser.parseString(new String(file("vectors.json"), UTF_8)).getAsJsonObject();

    private Vectors() {}

    public static byte[] file(String name) {
        try (InputStream stream = Objects.requireNonNull(Vectors.class.getResourceAsStream("/format/" + name), name)) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonObject all() {
        return ALL;
    }

    public static String text(String name) {
        return ALL.get(name).getAsString();
    }

    public static byte[] hex(String name) {
        return HexFormat.of().parseHex(text(name));
    }

    public static String cluster() {
        return text("cluster");
    }

    public static SecretBytes key() {
        return SecretBytes.copyOf(hex("key_hex"));
    }

    /** Content of {@code sealed-<length>.bin}: byte i = (31 i + length) mod 251. */
    public static byte[] patterned(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ((31L * i + length) % 251);
        }
        return bytes;
    }
}
