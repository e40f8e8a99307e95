package io.tidemark.kmip.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.key.KeyBlock;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.DiscoverVersions;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.message.operation.Register;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.Frame;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import io.tidemark.kmip.ttlv.TtlvLimits;
import io.tidemark.kmip.ttlv.TtlvPrinter;
import io.tidemark.kmip.ttlv.TtlvReader;
import io.tidemark.kmip.ttlv.TtlvWriter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches: what is sent, and whose answer is whose (KMIP.md sections 0, 2, 9, 12). */
final class RequestMessageTest {
    private static final UniqueIdentifier KEY = new UniqueIdentifier("key-1");
    private static final UnpooledByteBufAllocator ON_HEAP = new UnpooledByteBufAllocator(false);
    private static final Get GET = Get.of(KEY);
    private static final RequestMessage ONE = RequestMessage.of(ProtocolVersion.V1_4, 7, GET);
    private static final RequestMessage TWO =
            new RequestMessage(ProtocolVersion.V1_4, 7, List.of(GET, Get.of(new UniqueIdentifier("key-2"))));

    @Test
    void write_ofTwoItems_saysContinueAndNamesEachItem() {
        assertThat(printed(TWO)).isEqualTo("""
                RequestMessage
                  RequestHeader
                    ProtocolVersion
                      ProtocolVersionMajor Integer 1
                      ProtocolVersionMinor Integer 4
                    BatchErrorContinuationOption Enumeration Continue
                    BatchCount Integer 2
                  BatchItem
                    Operation Enumeration Get
                    UniqueBatchItemID ByteString 0000000000000007
                    RequestPayload
                      UniqueIdentifier TextString "key-1"
                  BatchItem
                    Operation Enumeration Get
                    UniqueBatchItemID ByteString 0000000000000008
                    RequestPayload
                      UniqueIdentifier TextString "key-2"
                """);
    }

    @Test
    void write_neverSendsWhatServersTripOver() {
        assertThat(printed(ONE) + printed(TWO))
                .doesNotContain("TimeStamp", "AsynchronousIndicator", "Undo", "Authentication")
                .contains("UniqueBatchItemID");
    }

    /** Without it PyKMIP acts on the key that anybody made last, Destroy included. */
    @Test
    void identifier_thatIsEmpty_cannotBeAskedFor() {
        assertThatThrownBy(() -> new UniqueIdentifier("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UniqueIdentifier(" ")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void request_thatTheVersionDoesNotHave_isNotSent() {
        assertThatThrownBy(() -> RequestMessage.of(ProtocolVersion.V1_0, 1, new Export(KEY, null)))
                .hasMessage("Export as asked for needs KMIP 1.4, not 1.0");
        assertThatThrownBy(() -> RequestMessage.of(ProtocolVersion.V1_0, 1, new DiscoverVersions(List.of())))
                .hasMessageContaining("needs KMIP 1.1");
        assertThatThrownBy(() -> new RequestMessage(ProtocolVersion.V1_4, 1, List.of()))
                .hasMessageContaining("not 0");
        assertThatThrownBy(() -> new RequestMessage(ProtocolVersion.V1_4, 1, Collections.nCopies(17, GET)))
                .hasMessageContaining("not 17");
    }

    @Test
    void t112_write_ofAKey_leavesNoCopyButTheBuffer() {
        try (KeyMaterial key =
                KeyMaterial.copyOf("0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII))) {
            Register register = Register.aes(key, UsageMask.ENCRYPT.and(UsageMask.DECRYPT), "name");
            Structure payload = register.payload(ProtocolVersion.V2_1);
            payload.wipe();
            assertThat(material(payload).bytes().getLong(0)).isZero();

            ByteBuf message =
                    RequestMessage.of(ProtocolVersion.V2_1, 1, register).write(ON_HEAP);
            ByteBuf view = Unpooled.wrappedBuffer(message.nioBuffer());
            assertThat(message.maxCapacity()).isEqualTo(message.readableBytes());
            Frame.wipeAndRelease(message);

            assertThat(view.equals(Unpooled.buffer().writeZero(view.readableBytes())))
                    .isTrue();
            assertThat(key.matches(key)).as("the key itself is lent").isTrue();
            assertThat(register.toString()).doesNotContain("0123456789");
        }
    }

    private static ByteString material(Structure payload) {
        return payload.structure(Tag.SYMMETRIC_KEY)
                .structure(Tag.KEY_BLOCK)
                .structure(Tag.KEY_VALUE)
                .required(Tag.KEY_MATERIAL, ByteString.class);
    }

    @Test
    void results_outOfOrder_belongToTheItemsOfTheirIdentifiers() {
        List<BatchResult> results = TWO.results(response(ProtocolVersion.V1_4, success(8, "key-2"), refusal(7, 0x37)));

        assertThat(results.get(0))
                .isEqualTo(new BatchResult.Refused(ResultStatus.OPERATION_FAILED, new ResultReason(0x37), "no"));
        assertThat(((BatchResult.Success) results.get(1)).payload().text(Tag.UNIQUE_IDENTIFIER))
                .isEqualTo("key-2");
    }

    /** PyKMIP stops after a failure, whatever it was told. */
    @Test
    void results_fewerThanWereAskedFor_leaveTheOthersUnanswered() {
        List<BatchResult> results = TWO.results(response(ProtocolVersion.V1_4, refusal(7, 0x01)));

        assertThat(results.get(1)).isEqualTo(new BatchResult.Unanswered());
    }

    /** Before dispatch: neither operation nor identifier, and a header of 1.0 or of no version at all. */
    @Test
    void results_ofAMessageThatWasRefusedAsAWhole_areItsRefusal() {
        Structure whole = Structure.of(Tag.BATCH_ITEM)
                .enumeration(Tag.RESULT_STATUS, 1)
                .enumeration(Tag.RESULT_REASON, 4)
                .build();

        for (ProtocolVersion header :
                List.of(ProtocolVersion.V1_0, new ProtocolVersion(Integer.MAX_VALUE, Integer.MAX_VALUE))) {
            assertThat(TWO.results(response(header, whole)))
                    .hasSize(2)
                    .containsOnly(new BatchResult.Refused(ResultStatus.OPERATION_FAILED, new ResultReason(4), ""));
        }
    }

    @Test
    void results_thatCannotBelongToTheRequest_areRefused() {
        refused("belongs to no operation", response(ProtocolVersion.V1_4, success(9, "key-1")));
        refused("belongs to no operation", response(ProtocolVersion.V1_4, success(6, "key-1")));
        refused(
                "belongs to no operation",
                response(
                        ProtocolVersion.V1_4,
                        item(ByteString.copyOf(Tag.UNIQUE_BATCH_ITEM_ID, new byte[] {7}), 0, null)));
        refused(
                "two results for operation 1",
                response(ProtocolVersion.V1_4, success(7, "key-1"), success(7, "key-1")));
        refused(
                "3 results for 2 operations",
                response(ProtocolVersion.V1_4, success(7, "a"), success(8, "b"), success(9, "c")));
        refused("does not say which operation", response(ProtocolVersion.V1_4, item(null, 0, null)));
        refused("does not say which operation", response(ProtocolVersion.V1_4, item(null, 1, 4), success(7, "key-1")));
        refused("in KMIP 2.1", response(ProtocolVersion.V2_1, success(7, "key-1")));
    }

    @Test
    void results_ofAnotherOperation_areRefused() {
        Structure destroyed = Structure.of(Tag.BATCH_ITEM)
                .enumeration(Tag.OPERATION, Operation.DESTROY.code())
                .add(id(7))
                .enumeration(Tag.RESULT_STATUS, 0)
                .build();

        refused("the answer to Get is one to 20", response(ProtocolVersion.V1_4, destroyed));
    }

    @Test
    void results_pendingOrUndone_areNoSuccess() {
        for (int status = 2; status <= 3; status++) {
            List<BatchResult> results = ONE.results(response(ProtocolVersion.V1_4, item(id(7), status, null)));
            assertThat(results.get(0)).isInstanceOf(BatchResult.Refused.class);
        }
    }

    @Test
    void read_ofMessagesThatAreNone_refusesThem() {
        unreadable("no ResultStatus", 1, Structure.of(Tag.BATCH_ITEM).build());
        unreadable("gives no reason", 1, item(id(7), 1, null));
        unreadable("unknown status 4", 1, item(id(7), 4, null));
        unreadable(
                "announces 0 batch items, and there are 1",
                0,
                Structure.of(Tag.BATCH_ITEM).build());
        unreadable("announces 3 batch items, and there are 1", 3, success(7, "key-1"));
        unreadable(
                "more than one ResultStatus",
                1,
                Structure.of(Tag.BATCH_ITEM)
                        .enumeration(Tag.RESULT_STATUS, 1)
                        .enumeration(Tag.RESULT_STATUS, 0)
                        .build());
        assertThatThrownBy(() ->
                        ResponseMessage.read(Structure.of(Tag.RESPONSE_MESSAGE).build()))
                .hasMessage("ResponseMessage has no ResponseHeader");
    }

    @Test
    void reasons_ofEveryServer_meanTheSame() {
        assertThat(List.of(0x01, 0x37)).allMatch(code -> meaning(code) == ResultReason.Meaning.KEY_NOT_FOUND);
        assertThat(List.of(0x0B, 0x43)).allMatch(code -> meaning(code) == ResultReason.Meaning.WRONG_LIFECYCLE_STATE);
        assertThat(meaning(0x0C)).isEqualTo(ResultReason.Meaning.NOT_PERMITTED);
        assertThat(meaning(0x36)).isEqualTo(ResultReason.Meaning.KEY_DESTROYED);
        assertThat(meaning(0x7777)).isEqualTo(ResultReason.Meaning.OTHER);
        assertThat(new ResultReason(0x37)).hasToString("ObjectNotFound");
        assertThat(new ResultReason(0x8000000A)).hasToString("0x8000000A");
    }

    /** What kmip/README.md shows. */
    @Test
    void readme_example_givesTheKey() {
        Get get = Get.of(new UniqueIdentifier("38"));
        RequestMessage request = RequestMessage.of(ProtocolVersion.V1_4, 1, get);
        Structure payload = Structure.of(Tag.RESPONSE_PAYLOAD)
                .enumeration(Tag.OBJECT_TYPE, 2)
                .text(Tag.UNIQUE_IDENTIFIER, "38")
                .add(ManagedObject.symmetricKey(KeyBlock.aes(KeyMaterial.copyOf(new byte[16])))
                        .item())
                .build();
        Structure item = Structure.of(Tag.BATCH_ITEM)
                .enumeration(Tag.OPERATION, 0x0A)
                .add(id(1))
                .enumeration(Tag.RESULT_STATUS, 0)
                .add(payload)
                .build();
        ByteBuf in = Unpooled.buffer();
        TtlvWriter.write(
                Structure.of(Tag.RESPONSE_MESSAGE)
                        .add(header(ProtocolVersion.V1_4, 1))
                        .add(item)
                        .build(),
                in);

        ResponseMessage response = ResponseMessage.read(in, TtlvLimits.STANDARD);
        BatchResult result = request.results(response).get(0);

        assertThat(result).isInstanceOf(BatchResult.Success.class);
        if (result instanceof BatchResult.Success success) {
            try (ManagedObject object = get.read(success.payload(), ProtocolVersion.V1_4)) {
                assertThat(object.key().material().length()).isEqualTo(16);
            }
        }
    }

    private static ResultReason.Meaning meaning(int code) {
        return new ResultReason(code).meaning();
    }

    private static void unreadable(String says, int count, Structure item) {
        Structure message = Structure.of(Tag.RESPONSE_MESSAGE)
                .add(header(ProtocolVersion.V1_4, count))
                .add(item)
                .build();
        assertThatThrownBy(() -> ResponseMessage.read(message))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining(says);
    }

    private static void refused(String says, ResponseMessage response) {
        assertThatThrownBy(() -> TWO.results(response))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining(says);
    }

    private static ResponseMessage response(ProtocolVersion version, Structure... items) {
        return ResponseMessage.read(Structure.of(Tag.RESPONSE_MESSAGE)
                .add(header(version, items.length))
                .addAll(List.of(items))
                .build());
    }

    private static Structure header(ProtocolVersion version, int count) {
        return Structure.of(Tag.RESPONSE_HEADER)
                .add(version.item())
                .add(new TtlvItem.DateTime(Tag.TIME_STAMP, 0))
                .integer(Tag.BATCH_COUNT, count)
                .build();
    }

    private static Structure success(long id, String key) {
        return Structure.of(Tag.BATCH_ITEM)
                .enumeration(Tag.OPERATION, Operation.GET.code())
                .add(id(id))
                .enumeration(Tag.RESULT_STATUS, 0)
                .add(Structure.of(Tag.RESPONSE_PAYLOAD)
                        .text(Tag.UNIQUE_IDENTIFIER, key)
                        .build())
                .build();
    }

    private static Structure refusal(long id, int reason) {
        return Structure.of(Tag.BATCH_ITEM)
                .enumeration(Tag.OPERATION, Operation.GET.code())
                .add(id(id))
                .enumeration(Tag.RESULT_STATUS, 1)
                .enumeration(Tag.RESULT_REASON, reason)
                .text(Tag.RESULT_MESSAGE, "no")
                .build();
    }

    private static Structure item(ByteString id, int status, Integer reason) {
        return Structure.of(Tag.BATCH_ITEM)
                .addOptional(id == null ? null : new TtlvItem.Enumeration(Tag.OPERATION, Operation.GET.code()))
                .addOptional(id)
                .enumeration(Tag.RESULT_STATUS, status)
                .addOptional(reason == null ? null : new TtlvItem.Enumeration(Tag.RESULT_REASON, reason))
                .build();
    }

    private static ByteString id(long id) {
        return new ByteString(Tag.UNIQUE_BATCH_ITEM_ID, Unpooled.copyLong(id));
    }

    private static String printed(RequestMessage message) {
        ByteBuf written = message.write(ON_HEAP);
        try {
            return new TtlvPrinter(TtlvPrinter.Secrets.SHOWN).print(new TtlvReader(TtlvLimits.STANDARD).read(written));
        } finally {
            written.release();
        }
    }
}
