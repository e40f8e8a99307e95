package io.tidemark.kmip.fuzz;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * TTLV once more, written from the specification without looking at the first one: recursive, on a ByteBuffer, into nodes of raw bytes.
 * What both decoders read is compared as text.
 */
final class SecondDecoder {
    private final int tag;
    private final int type;
    private final byte[] value;
    private final List<SecondDecoder> children = new ArrayList<>();

    private SecondDecoder(int tag, int type, int length) {
        this.tag = tag;
        this.type = type;
        this.value = new byte[length];
    }

    int type() {
        return type;
    }

    byte[] value() {
        return value.clone();
    }

    List<SecondDecoder> children() {
        return children;
    }

    static SecondDecoder decode(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message);
        SecondDecoder root = next(in);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("trailing bytes");
        }
        return root;
    }

    private static SecondDecoder next(ByteBuffer in) {
        int first = in.getInt();
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("length " + length);
        }
        ByteBuffer body = in.slice(in.position(), length);
        in.position(in.position() + length);
        SecondDecoder node = new SecondDecoder(first >>> 8, first & 0xFF, length);
        if (node.type == 1) {
            while (body.hasRemaining()) {
                node.children.add(next(body));
            }
        } else {
            body.get(node.value);
            while (length % 8 != 0) {
                in.get();
                length++;
            }
        }
        return node;
    }

    /** The first node of that tag, of the first parent that has one, from the top down; null where there is none. */
    SecondDecoder find(int wanted) {
        for (SecondDecoder child : children) {
            SecondDecoder found = child.tag == wanted ? child : child.find(wanted);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    String text() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** {@code (420078.1 (420077.1 …))}, values in hexadecimal. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        print(out);
        return out.toString();
    }

    private void print(StringBuilder out) {
        out.append('(').append(Integer.toHexString(tag)).append('.').append(type);
        if (type == 1) {
            children.forEach(child -> child.print(out));
        } else {
            out.append(' ').append(HexFormat.of().formatHex(value));
        }
        out.append(')');
    }
}
