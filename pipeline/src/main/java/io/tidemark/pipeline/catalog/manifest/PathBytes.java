package io.tidemark.pipeline.catalog.manifest;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Paths are bytes on disk, and text in a manifest: {@code %}, control bytes and bytes that are no UTF-8 stand as
 * {@code %xx}. A path has exactly one escaped form, so that two texts are two paths.
 *
 * <p>Java's own {@link Path} keeps the bytes but shows them only through the locale's character set, which loses them
 * under {@code C}; its {@code file:} URIs carry every byte, whatever the locale. Hence the detour over URIs.
 */
final class PathBytes {
    /** Linux's PATH_MAX. */
    static final int MAX_BYTES = 4096;

    private PathBytes() {}

    static String escape(byte[] raw) {
        StringBuilder text = new StringBuilder(raw.length);
        CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(raw);
        CharBuffer out = CharBuffer.allocate(raw.length);
        while (true) {
            CoderResult result = utf8.decode(in, out, /* endOfInput= */ true);
            out.flip();
            appendEscaped(text, out);
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                appendHex(text, in.get());
            }
            utf8.reset();
        }
    }

    /** @throws IllegalArgumentException where the text is not the one escaped form of some bytes */
    static byte[] unescape(String text) {
        byte[] coded = text.getBytes(StandardCharsets.UTF_8);
        byte[] raw = percentDecoded(coded);
        if (!escape(raw).equals(text)) {
            throw new IllegalArgumentException("not in its one escaped form");
        }
        return raw;
    }

    /** The bytes of a path on disk, made absolute. */
    static byte[] of(Path path) {
        Path absolute = path.toAbsolutePath();
        String text = absolute.toString();
        if (isAscii(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        byte[] raw = percentDecoded(absolute.toUri().getRawPath().getBytes(StandardCharsets.US_ASCII));
        // toUri() marks a directory by a slash at the end, which is no part of the path
        return raw.length > 1 && raw[raw.length - 1] == '/' ? Arrays.copyOf(raw, raw.length - 1) : raw;
    }

    /** The path on disk with these bytes; relative ones are taken from the root directory. */
    static Path toPath(byte[] absolute) {
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : absolute) {
            boolean plain = b == '/'
                    || b >= 'a' && b <= 'z'
                    || b >= 'A' && b <= 'Z'
                    || b >= '0' && b <= '9'
                    || b == '.'
                    || b == '_'
                    || b == '-';
            if (plain) {
                uri.append((char) b);
            } else {
                appendHex(uri, b);
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    private static void appendEscaped(StringBuilder text, CharBuffer decoded) {
        while (decoded.hasRemaining()) {
            char c = decoded.get();
            if (c == '%' || c < 0x20 || c == 0x7f) {
                appendHex(text, (byte) c);
            } else {
                text.append(c);
            }
        }
    }

    private static void appendHex(StringBuilder text, byte b) {
        text.append('%').append(Character.forDigit(b >> 4 & 0xf, 16)).append(Character.forDigit(b & 0xf, 16));
    }

    private static byte[] percentDecoded(byte[] coded) {
        byte[] raw = new byte[coded.length];
        int length = 0;
        for (int i = 0; i < coded.length; i++) {
            if (coded[i] != '%') {
                raw[length++] = coded[i];
                continue;
            }
            if (i + 2 >= coded.length) {
                throw new IllegalArgumentException("a '%' without its two hex digits");
            }
            int high = Character.digit(coded[i + 1], 16);
            int low = Character.digit(coded[i + 2], 16);
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("a '%' without its two hex digits");
            }
            raw[length++] = (byte) (high << 4 | low);
            i += 2;
        }
        return Arrays.copyOf(raw, length);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }
}
