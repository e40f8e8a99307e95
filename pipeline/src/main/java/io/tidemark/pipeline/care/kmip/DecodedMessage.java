package io.tidemark.pipeline.care.kmip;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.TtlvItem;
import io.tidemark.kmip.ttlv.TtlvJson;
import io.tidemark.kmip.ttlv.TtlvLimits;
import io.tidemark.kmip.ttlv.TtlvPrinter;
import io.tidemark.kmip.ttlv.TtlvPrinter.Secrets;
import io.tidemark.kmip.ttlv.TtlvReader;
import io.tidemark.kmip.ttlv.TtlvText;
import io.tidemark.kmip.ttlv.TtlvWriter;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A message, or any other item of TTLV, out of bytes, hexadecimal or base64; within the limits that the client holds servers to, so that
 * what is refused here is refused there. Keys, passwords and encrypted data are told by their length.
 */
public final class DecodedMessage {
    /** Of the input: the largest message, written as <code>0x42, 0x00, …</code>, has six characters a byte and some lines. */
    public static final int MOST_INPUT_BYTES = 8 * TtlvLimits.STANDARD.frameBytes();

    private final byte[] bytes;
    private final TtlvItem item;

    private DecodedMessage(byte[] bytes, TtlvItem item) {
        this.bytes = bytes;
        this.item = item;
    }

    /** @throws IntegrityFailed where it is no TTLV, saying at which offset what is wrong */
    public static DecodedMessage of(byte[] input) {
        if (input.length > MOST_INPUT_BYTES) {
            throw new IntegrityFailed("no valid TTLV: an input of more than " + MOST_INPUT_BYTES + " bytes");
        }
        try {
            byte[] bytes = TtlvText.bytes(input);
            return new DecodedMessage(bytes, new TtlvReader(TtlvLimits.STANDARD).read(Unpooled.wrappedBuffer(bytes)));
        } catch (MalformedMessage e) {
            throw new IntegrityFailed("no valid TTLV: " + e.getMessage(), e);
        }
    }

    /** An item a line, in the names of the specification. */
    public String tree() {
        return new TtlvPrinter(Secrets.HIDDEN).print(item);
    }

    /** KMIP's own JSON encoding, on one line. */
    public String json() {
        return new TtlvJson(Secrets.HIDDEN).print(item);
    }

    /**
     * What the items are when they are written anew: all bytes, those of keys too, as hexadecimal.
     *
     * @throws IntegrityFailed where that is not what was read: the message is valid, and not as a correct writer makes it
     */
    public String reencoded() {
        ByteBuf out = Unpooled.buffer(bytes.length);
        TtlvWriter.write(item, out);
        byte[] written = new byte[out.readableBytes()];
        out.readBytes(written);
        int difference = Arrays.mismatch(bytes, written);
        if (difference >= 0) {
            throw new IntegrityFailed(
                    "re-encoding does not give the same bytes: they differ from offset " + difference + " on",
                    "padding that is not zero, or a number with more leading bytes than it needs; most readers accept it");
        }
        return HexFormat.of().formatHex(written);
    }
}
