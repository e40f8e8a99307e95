package io.tidemark.pipeline.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.testing.ServerBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes to messages: at every split the same, and nothing hostile gets a buffer. */
final class MessageDecoderTest {
    private static final byte[] CONVERSATION = ServerBytes.all(
            ServerBytes.negotiation(),
            ServerBytes.authentication(5, new byte[] {1, 2, 3, 4}),
            ServerBytes.sasl("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"),
            ServerBytes.welcome("17.4 (Debian 17.4-1)"),
            ServerBytes.emptyQuery(),
            ServerBytes.notification(),
            ServerBytes.error("ERROR", "42501", "permission denied"),
            ServerBytes.baseBackup("hello".getBytes(StandardCharsets.US_ASCII)));

    @Test
    void conversation_splitAtEveryByte_givesTheSameMessages(ByteBufAllocator allocator) {
        List<String> whole = messages(allocator, CONVERSATION, CONVERSATION.length);

        assertThat(whole).hasSize(34).contains("ParameterStatus[name=server_version, value=17.4 (Debian 17.4-1)]");
        for (int split = 0; split <= CONVERSATION.length; split++) {
            assertThat(messages(allocator, CONVERSATION, split))
                    .as("split at " + split)
                    .isEqualTo(whole);
        }
    }

    @Test
    void conversation_byteByByte_givesTheSameMessages(ByteBufAllocator allocator) {
        EmbeddedChannel channel = channel();

        for (byte one : CONVERSATION) {
            channel.writeInbound(allocator.buffer(1).writeByte(one));
        }

        assertThat(taken(channel)).isEqualTo(messages(allocator, CONVERSATION, 0));
        assertThat(channel.finish()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "R, -1",
        "R, 0",
        "R, 3",
        "R, -2147483648",
        "R, 2147483647",
        "R, 65541",
        "d, 1048581",
        "d, 2147483647",
        "D, 8388613",
        "E, 65541",
        "N, 2147483647",
        "Z, 6",
        "c, 5",
        "K, 265",
        "T, 1048581",
        "S, 65541",
        "v, -5",
        "C, 65541",
        "H, 8197",
        "A, 3"
    })
    void hostileLength_isRefusedAtTheHeader_withTypeAndLimit(char type, int length) {
        EmbeddedChannel channel = channel();

        assertThatThrownBy(() -> channel.writeInbound(Unpooled.wrappedBuffer(ServerBytes.header(type, length))))
                .hasRootCauseInstanceOf(PostgresFailed.class)
                .rootCause()
                .hasMessageContaining("is not PostgreSQL's protocol")
                .hasMessageContaining(Integer.toUnsignedString(length))
                .hasMessageContaining("the limit is");
        assertThat(channel.finish()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(chars = {'W', 'G', 'V', 't', 'n', '1', '2', '3', 's', '\0', '\u00ff', 'Q', 'X'})
    void unknownType_isRefused(char type) {
        EmbeddedChannel channel = channel();

        assertThatThrownBy(() -> channel.writeInbound(Unpooled.wrappedBuffer(ServerBytes.header(type, 4))))
                .rootCause()
                .hasMessageContaining("unknown type, byte 0x" + Integer.toHexString(type));
        assertThat(channel.finish()).isFalse();
    }

    /** Cut short, or longer than its content: each byte of each message. */
    @Test
    void everyMessage_withAnotherLength_isRefusedOrAnotherMessage_andLeavesNoBuffer(ByteBufAllocator allocator) {
        byte[] conversation = CONVERSATION;
        int at = 0;
        int refused = 0;
        while (at < conversation.length) {
            int length = conversation[at + 3] << 8 & 0xff00 | conversation[at + 4] & 0xff;
            for (int other = Math.max(4, length - 3); other <= length + 3; other++) {
                byte[] message = new byte[other + 1];
                System.arraycopy(conversation, at, message, 0, Math.min(message.length, length + 1));
                message[3] = (byte) (other >> 8);
                message[4] = (byte) other;
                refused += refused(allocator, message);
            }
            at += length + 1;
        }
        assertThat(refused).isGreaterThan(100);
    }

    private static int refused(ByteBufAllocator allocator, byte[] message) {
        EmbeddedChannel channel = channel();
        try {
            channel.writeInbound(allocator.buffer().writeBytes(message));
            taken(channel);
            return 0;
        } catch (RuntimeException e) {
            assertThat(e).hasRootCauseMessage(rootMessage(e)).rootCause().isNotInstanceOf(NullPointerException.class);
            assertThat(rootMessage(e)).isNotNull();
            return 1;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    @Test
    void noise_endsInPostgresFailed_orInMessages(ByteBufAllocator allocator) {
        long seed = 20_261_127L;
        System.out.println("MessageDecoderTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000 * Integer.getInteger("tidemark.effort", 1); round++) {
            byte[] noise = CONVERSATION.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                noise[random.nextInt(noise.length)] = (byte) random.nextInt();
            }
            EmbeddedChannel channel = channel();
            try {
                channel.writeInbound(allocator.buffer().writeBytes(noise));
            } catch (RuntimeException e) {
                assertThat(e).cause().isInstanceOf(PostgresFailed.class);
            } finally {
                taken(channel);
                channel.finishAndReleaseAll();
            }
        }
    }

    private static EmbeddedChannel channel() {
        return new EmbeddedChannel(new MessageDecoder("db1:5432"));
    }

    private static List<String> messages(ByteBufAllocator allocator, byte[] bytes, int split) {
        EmbeddedChannel channel = channel();
        channel.writeInbound(allocator.buffer().writeBytes(bytes, 0, split));
        channel.writeInbound(allocator.buffer().writeBytes(bytes, split, bytes.length - split));
        List<String> messages = taken(channel);
        assertThat(channel.finish()).isFalse();
        return messages;
    }

    private static List<String> taken(EmbeddedChannel channel) {
        List<String> messages = new ArrayList<>();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            messages.add(printed((BackendMessage) message));
            ((BackendMessage) message).discard();
        }
        return messages;
    }

    private static String printed(BackendMessage message) {
        return switch (message.kind()) {
            case COPY_DATA -> {
                ByteBuf data = ((BackendMessage.CopyData) message).data();
                yield "CopyData " + data.toString(StandardCharsets.ISO_8859_1);
            }
            case ROW -> {
                StringBuilder row = new StringBuilder("DataRow");
                for (byte[] value : ((BackendMessage.DataRow) message).values()) {
                    row.append(' ').append(value == null ? null : new String(value, StandardCharsets.UTF_8));
                }
                yield row.toString();
            }
            default -> message.toString();
        };
    }
}
