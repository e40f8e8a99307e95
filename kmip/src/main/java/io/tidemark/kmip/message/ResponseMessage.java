package io.tidemark.kmip.message;

import io.netty.buffer.ByteBuf;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvLimits;
import io.tidemark.kmip.ttlv.TtlvReader;
import java.util.List;

/**
 * What a server sent. Its payloads lend the bytes of the frame: they are read before the frame is wiped.
 *
 * @param version of the header: for what the server could not understand it may be any, also none that exists
 */
public record ResponseMessage(ProtocolVersion version, List<ResponseItem> items) {
    public ResponseMessage {
        items = List.copyOf(items);
    }

    /**
     * Reads the message that fills the frame, which is lent.
     *
     * @throws MalformedMessage where it is no TTLV, above a limit or not laid out as a response
     */
    public static ResponseMessage read(ByteBuf frame, TtlvLimits limits) {
        return read(new TtlvReader(limits).readMessage(frame, Tag.RESPONSE_MESSAGE));
    }

    /** As the other, of items that were read already. */
    public static ResponseMessage read(Structure message) {
        Structure header = message.structure(Tag.RESPONSE_HEADER);
        List<Structure> items = message.all(Tag.BATCH_ITEM, Structure.class);
        int count = header.integer(Tag.BATCH_COUNT);
        if (count != items.size()) {
            throw MalformedMessage.of("the header announces %d batch items, and there are %d", count, items.size());
        }
        return new ResponseMessage(
                ProtocolVersion.read(header.structure(Tag.PROTOCOL_VERSION)),
                items.stream().map(ResponseItem::read).toList());
    }
}
