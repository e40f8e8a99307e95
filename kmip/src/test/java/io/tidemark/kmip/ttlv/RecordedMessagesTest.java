package io.tidemark.kmip.ttlv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.kmip.testing.Recording;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What real servers sent and were sent, in KMIP 1.0 to 2.1, is read and becomes the same bytes again. */
final class RecordedMessagesTest {
    /** Requests that were made to be no TTLV: of a type 0x0F. */
    private static final Set<String> NO_TTLV = Set.of("malformed-unknown-type");

    /**
     * Requests that are TTLV and not canonical: bytes were written over what is padding on two of the servers, whose identifiers have 36
     * bytes and 1 byte; the third one's fill 32, and what was written over them is a text.
     */
    private static final Set<String> NOT_CANONICAL =
            Set.of("malformed-nonzero-padding", "malformed-truncated-inner-length");

    @Test
    void everyMessage_ofTheSample_becomesTheSameBytesAgain() {
        assertThat(roundTrips(Recording.sample())).isGreaterThan(200);
    }

    @Test
    void everyMessage_thatWasRecorded_becomesTheSameBytesAgain() {
        List<Recording> all = Recording.all();
        assumeFalse(all.isEmpty(), "the recorded conversations (shared/fixtures/kmip) are not beside the project");
        assertThat(roundTrips(all)).isGreaterThan(2_000);
    }

    private static int roundTrips(List<Recording> recordings) {
        int messages = 0;
        for (Recording recording : recordings) {
            messages += request(recording);
            if (!recording.responseHex().isEmpty()) {
                assertThat(again(recording.response()))
                        .as("response of " + recording)
                        .isEqualTo(recording.responseHex());
                messages++;
            }
        }
        return messages;
    }

    private static int request(Recording recording) {
        byte[] request = recording.request();
        if (NO_TTLV.contains(recording.name())) {
            assertThatThrownBy(() -> again(request)).isInstanceOf(MalformedMessage.class);
        } else if (NOT_CANONICAL.contains(recording.name()) && !recording.peer().equals("gokmip")) {
            ByteBuf frame = Unpooled.wrappedBuffer(request);
            assertThat(new TtlvReader(TtlvLimits.STANDARD).read(frame)).isNotNull();
            assertThatThrownBy(() -> again(request)).hasMessageContaining("padded with other than zeros");
        } else {
            assertThat(again(request)).as("request of " + recording).isEqualTo(recording.requestHex());
        }
        return 1;
    }

    private static String again(byte[] message) {
        TtlvItem item =
                new TtlvReader(TtlvLimits.STANDARD, TtlvReader.Padding.ZEROS).read(Unpooled.wrappedBuffer(message));
        ByteBuf out = Unpooled.buffer(message.length);
        TtlvWriter.write(item, out);
        byte[] written = new byte[out.readableBytes()];
        out.readBytes(written);
        assertThat(TtlvWriter.size(item)).isEqualTo(written.length);
        return HexFormat.of().formatHex(written);
    }
}
