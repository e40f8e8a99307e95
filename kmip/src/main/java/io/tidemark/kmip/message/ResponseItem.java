package io.tidemark.kmip.message;

import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One result as the server sent it.
 *
 * @param operation the code; null where the server did not get as far as that
 * @param id lent by the message; null where the server did not get as far as that
 * @param reason null for a success
 * @param message the server's words, empty where it has none
 * @param payload lent by the message
 */
public record ResponseItem(
        @Nullable Integer operation,
        @Nullable ByteString id,
        ResultStatus status,
        @Nullable ResultReason reason,
        String message,
        Structure payload) {
    private static final Structure NO_PAYLOAD = new Structure(Tag.RESPONSE_PAYLOAD, List.of());

    static ResponseItem read(Structure item) {
        TtlvItem.Enumeration operation = item.item(Tag.OPERATION, TtlvItem.Enumeration.class);
        int status = item.enumeration(Tag.RESULT_STATUS);
        TtlvItem.Enumeration reason = item.item(Tag.RESULT_REASON, TtlvItem.Enumeration.class);
        String message = item.textOrNull(Tag.RESULT_MESSAGE);
        Structure payload = item.item(Tag.RESPONSE_PAYLOAD, Structure.class);
        ResponseItem read = new ResponseItem(
                operation == null ? null : operation.value(),
                item.item(Tag.UNIQUE_BATCH_ITEM_ID, ByteString.class),
                ResultStatus.of(status)
                        .orElseThrow(() -> MalformedMessage.of("a result has the unknown status %d", status)),
                reason == null ? null : new ResultReason(reason.value()),
                message == null ? "" : message,
                payload == null ? NO_PAYLOAD : payload);
        if (read.status == ResultStatus.OPERATION_FAILED && reason == null) {
            throw new MalformedMessage("a result says that the operation failed and gives no reason");
        }
        return read;
    }

    public boolean isSuccess() {
        return status == ResultStatus.SUCCESS;
    }

    /** Without the server's words and without the payload. */
    @Override
    public String toString() {
        return "ResponseItem["
                + (operation == null
                        ? "?"
                        : Operation.of(operation)
                                .map(Operation::toString)
                                .orElse("0x" + Integer.toHexString(operation)))
                + ", " + status + (reason == null ? "" : ", " + reason) + "]";
    }
}
