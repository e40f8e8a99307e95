package io.tidemark.kmip.message.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.buffer.Unpooled;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.ResponseItem;
import io.tidemark.kmip.message.ResponseMessage;
import io.tidemark.kmip.testing.Recording;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import io.tidemark.kmip.ttlv.TtlvLimits;
import io.tidemark.kmip.ttlv.TtlvReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What was recorded is asked by our records in the same bytes, and its answers are read by them. */
final class RecordedOperationsTest {
    /** Answers that are no answers: an empty batch item to an empty batch. */
    private static final Set<String> UNREADABLE = Set.of("batch-count-0");

    /** Steps whose request is out of its form on purpose: wrong counts, and in 2.0 a Locate without the Attributes that it must have. */
    private static final Set<String> NOT_ASKED_SO =
            Set.of("batch-count-0", "batch-count-too-high", "batch-count-too-low", "locate-all-of-mine 2.0");

    private final Map<String, Integer> asked = new TreeMap<>();
    private final Map<String, Integer> answered = new TreeMap<>();

    @Test
    void everyExchange_ofTheSample_isAskedAndReadByOurRecords() {
        Recording.sample().forEach(this::exchange);

        assertThat(answered.keySet())
                .contains(
                        "Get",
                        "Locate",
                        "Create",
                        "Register",
                        "GetAttributes",
                        "Encrypt",
                        "Decrypt",
                        "Export",
                        "Query",
                        "ReKey");
    }

    @Test
    void everyExchange_thatWasRecorded_isAskedAndReadByOurRecords() {
        List<Recording> all = Recording.all();
        assumeFalse(all.isEmpty(), "the recorded conversations (shared/fixtures/kmip) are not beside the project");

        all.forEach(this::exchange);

        assertThat(asked.values().stream().mapToInt(i -> i).sum())
                .as("asked: " + asked)
                .isGreaterThan(900);
        assertThat(answered.values().stream().mapToInt(i -> i).sum())
                .as("answered: " + answered)
                .isGreaterThan(600);
    }

    private void exchange(Recording recording) {
        if (recording.name().startsWith("malformed") || recording.responseHex().isEmpty()) {
            return;
        }
        Structure request = message(recording.request());
        ProtocolVersion version =
                ProtocolVersion.read(request.structure(Tag.REQUEST_HEADER).structure(Tag.PROTOCOL_VERSION));
        List<Structure> items = request.all(Tag.BATCH_ITEM, Structure.class);
        if (UNREADABLE.contains(recording.name()) && recording.peer().equals("cosmian")) {
            assertThatThrownBy(() -> ResponseMessage.read(message(recording.response())))
                    .isInstanceOf(MalformedMessage.class);
            return;
        }
        ResponseMessage response = ResponseMessage.read(message(recording.response()));
        boolean ours = !NOT_ASKED_SO.contains(recording.name())
                && !NOT_ASKED_SO.contains(recording.name() + " " + recording.version());
        for (int i = 0; i < items.size() && ours; i++) {
            Optional<RequestPayload<?>> record = Requests.of(items.get(i));
            if (record.isPresent() && version.isAtLeast(record.orElseThrow().since())) {
                compare(recording, record.orElseThrow(), items.get(i).structure(Tag.REQUEST_PAYLOAD), version);
                if (i < response.items().size()) {
                    read(recording, record.orElseThrow(), response.items().get(i), version);
                }
            }
        }
    }

    private void compare(Recording recording, RequestPayload<?> ours, Structure recorded, ProtocolVersion version) {
        Structure written = ours.payload(version);
        if (ours instanceof Locate && recorded.item(Tag.MAXIMUM_ITEMS) == null) {
            written = new Structure(
                    written.tag(),
                    written.children().subList(1, written.children().size()));
        }
        assertThat(children(written)).as(recording.toString()).isEqualTo(children(recorded));
        asked.merge(ours.operation().toString(), 1, Integer::sum);
    }

    /** Equality of records, without what a failed assertion would print of keys. */
    private static List<TtlvItem> children(Structure structure) {
        return structure.children();
    }

    private void read(Recording recording, RequestPayload<?> ours, ResponseItem item, ProtocolVersion version) {
        if (!item.isSuccess()) {
            return;
        }
        try {
            Object answer = ours.read(item.payload(), version);
            assertThat(answer).as(recording.toString()).isNotNull();
            answered.merge(ours.operation().toString(), 1, Integer::sum);
        } catch (MalformedMessage e) {
            throw new AssertionError(recording + ": " + e.getMessage(), e);
        }
    }

    private static Structure message(byte[] bytes) {
        return (Structure) new TtlvReader(TtlvLimits.STANDARD).read(Unpooled.wrappedBuffer(bytes));
    }
}
