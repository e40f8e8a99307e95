package io.tidemark.kmip.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What goes to a server: one or more operations, each with an identifier of its own, the failure of one not stopping the next.
 *
 * <p>Never sent: Time Stamp (a second of clock skew and PyKMIP refuses), Asynchronous Indicator (nobody implements it), Undo (nobody
 * undoes), Authentication (the identity is the certificate's).
 *
 * @param firstId the identifier of the first item, the next ones count up: never used twice on a connection, so that an answer out of
 *     turn is known as one
 */
public record RequestMessage(ProtocolVersion version, long firstId, List<RequestPayload<?>> items) {
    /** One item that a server cannot parse fails all of them. */
    public static final int MOST_ITEMS = 16;

    /** Batch Error Continuation Option, Continue: without it servers differ. */
    private static final int CONTINUE = 1;

    /** @throws IllegalArgumentException for no item, too many, or one that the version does not have */
    public RequestMessage {
        items = List.copyOf(items);
        if (items.isEmpty() || items.size() > MOST_ITEMS) {
            throw new IllegalArgumentException("a request has 1 to " + MOST_ITEMS + " items, not " + items.size());
        }
        for (RequestPayload<?> item : items) {
            if (!version.isAtLeast(item.since())) {
                throw new IllegalArgumentException(
                        item.operation() + " as asked for needs KMIP " + item.since() + ", not " + version);
            }
        }
    }

    public static RequestMessage of(ProtocolVersion version, long id, RequestPayload<?> item) {
        return new RequestMessage(version, id, List.of(item));
    }

    /**
     * The message in a buffer of exactly its size, which is given. It may hold keys: whoever sends it wipes it afterwards with
     * {@link io.tidemark.kmip.ttlv.Frame#wipeAndRelease}. No other copy stays behind.
     */
    public ByteBuf write(ByteBufAllocator allocator) {
        Structure message = message();
        try {
            return TtlvWriter.write(message, allocator);
        } finally {
            message.wipe();
        }
    }

    private Structure message() {
        Structure.Builder message = Structure.of(Tag.REQUEST_MESSAGE).add(header());
        for (int i = 0; i < items.size(); i++) {
            RequestPayload<?> item = items.get(i);
            message.add(Structure.of(Tag.BATCH_ITEM)
                    .enumeration(Tag.OPERATION, item.operation().code())
                    .bytes(Tag.UNIQUE_BATCH_ITEM_ID, id(i))
                    .add(item.payload(version))
                    .build());
        }
        return message.build();
    }

    private Structure header() {
        Structure.Builder header = Structure.of(Tag.REQUEST_HEADER).add(version.item());
        if (items.size() > 1) {
            header.enumeration(Tag.BATCH_ERROR_CONTINUATION_OPTION, CONTINUE);
        }
        return header.integer(Tag.BATCH_COUNT, items.size()).build();
    }

    private ByteBuf id(int index) {
        return Unpooled.copyLong(firstId + index);
    }

    /**
     * One result for each item, in the order of the items. A message that the server refused as a whole is the result of each.
     *
     * @throws MalformedMessage where the response cannot be the one to this request
     */
    public List<BatchResult> results(ResponseMessage response) {
        if (response.items().size() > items.size()) {
            throw MalformedMessage.of(
                    "%d results for %d operations", response.items().size(), items.size());
        }
        List<BatchResult> results = new ArrayList<>(Collections.nCopies(items.size(), new BatchResult.Unanswered()));
        for (ResponseItem item : response.items()) {
            ByteString id = item.id();
            if (id == null) {
                return refusalOfAll(response, item);
            }
            int index = indexOf(id);
            if (!(results.get(index) instanceof BatchResult.Unanswered)) {
                throw MalformedMessage.of("two results for operation %d of the batch", index + 1);
            }
            results.set(index, result(response, item, items.get(index)));
        }
        return List.copyOf(results);
    }

    /** A failure before the server looked at the items has neither operation nor identifier, and is the only one. */
    private List<BatchResult> refusalOfAll(ResponseMessage response, ResponseItem item) {
        if (item.isSuccess() || response.items().size() > 1) {
            throw new MalformedMessage("a result does not say which operation of the batch it belongs to");
        }
        return Collections.nCopies(items.size(), refused(item));
    }

    private int indexOf(ByteString id) {
        long index = id.length() == Long.BYTES ? id.bytes().getLong(0) - firstId : -1;
        if (index < 0 || index >= items.size()) {
            throw new MalformedMessage("a result belongs to no operation of the batch");
        }
        return (int) index;
    }

    private BatchResult result(ResponseMessage response, ResponseItem item, RequestPayload<?> asked) {
        Integer operation = item.operation();
        if (operation == null
                ? item.isSuccess()
                : operation != asked.operation().code()) {
            throw MalformedMessage.of(
                    "the answer to %s is one to %s", asked.operation(), operation == null ? "nothing" : operation);
        }
        if (!item.isSuccess()) {
            return refused(item);
        }
        if (!response.version().equals(version)) {
            throw MalformedMessage.of("the answer to KMIP %s is in KMIP %s", version, response.version());
        }
        return new BatchResult.Success(item.payload());
    }

    private static BatchResult refused(ResponseItem item) {
        ResultReason reason = item.reason();
        return new BatchResult.Refused(
                item.status(), reason == null ? ResultReason.GENERAL_FAILURE : reason, item.message());
    }
}
