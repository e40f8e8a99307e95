package io.tidemark.kmip.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * What a scripted server does about one request, as a value.
 *
 * <pre>{@code
 * Reply.of(answer)
 * Reply.of(answer).cutAt(100)                  100 bytes, then the end of the connection
 * Reply.of(answer).stallingAt(100)             100 bytes, then nothing, for ever
 * Reply.of(answer).dripping(Duration.ofMillis(5))
 * Reply.of(answer).outOfTurn()                 after the answer to the next request
 * Reply.of(answer).twice()                     an answer that nobody asked for
 * Reply.of(answer).withOtherItemIds()
 * Reply.of(answer).exchanging(bytes, others)
 * Reply.announcing(0x7ffffff8)                 a length, and silence
 * Reply.endless(0x7ffffff8)                    a length, and zeros without end
 * Reply.none(), Reply.closing(), Reply.resetting()
 * }</pre>
 */
public final class Reply {
    private static final int UNIQUE_BATCH_ITEM_ID = 0x420093;

    private final Turn turn;
    private final List<Step> steps;

    private Reply(Turn turn, List<Step> steps) {
        this.turn = turn;
        this.steps = List.copyOf(steps);
    }

    /** When it is played. */
    enum Turn {
        NOW,
        AFTER_THE_NEXT
    }

    /** What is done, one after the other; a stall lets nothing happen any more. */
    interface Step {
        void play(Speaker speaker, Runnable then);
    }

    /** The server's end of a connection. */
    interface Speaker {
        void send(byte[] bytes, Runnable then);

        void later(Duration delay, Runnable then);

        void close();

        void reset();

        /** Where there is TLS. */
        default void shakeHandsAgain(Runnable then) {
            throw new AssertionError("there is no handshake here");
        }
    }

    /** An answer, whole and at once. */
    public static Reply of(byte[] answer) {
        return new Reply(Turn.NOW, List.of(new Send(answer.clone())));
    }

    /** No answer; the connection stays open, and later requests are answered. PyKMIP does so when its own encoder fails. */
    public static Reply none() {
        return new Reply(Turn.NOW, List.of());
    }

    /** No answer, an orderly end. */
    public static Reply closing() {
        return new Reply(Turn.NOW, List.of((speaker, then) -> speaker.close()));
    }

    /** No answer, and the connection is reset, as by a firewall or a server that was killed. */
    public static Reply resetting() {
        return new Reply(Turn.NOW, List.of((speaker, then) -> speaker.reset()));
    }

    /** No answer, nor to any later request of this connection, which stays open. */
    public static Reply stalling() {
        return new Reply(Turn.NOW, List.of((speaker, then) -> {}));
    }

    /** The header of a response message of so many bytes, and silence. */
    public static Reply announcing(int length) {
        return of(header(length)).stallingAt(RawTtlv.HEADER);
    }

    /** The header of a response message of so many bytes, and then zeros until the client goes away. */
    public static Reply endless(int length) {
        return new Reply(Turn.NOW, List.of(new Send(header(length)), new Zeros()));
    }

    private static byte[] header(int length) {
        return new byte[] {
            0x42, 0, 0x7B, 1, (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        };
    }

    /** So many bytes of it, then the end of the connection. */
    public Reply cutAt(int bytes) {
        return new Reply(turn, List.of(new Send(Arrays.copyOf(whole(), bytes)), (speaker, then) -> speaker.close()));
    }

    /** So many bytes of it, then nothing more, ever. */
    public Reply stallingAt(int bytes) {
        return new Reply(turn, List.of(new Send(Arrays.copyOf(whole(), bytes)), (speaker, then) -> {}));
    }

    /** A byte at a time, each in a record of its own. */
    public Reply dripping(Duration each) {
        List<Step> drops = new ArrayList<>();
        for (byte drop : whole()) {
            drops.add(new Send(new byte[] {drop}));
            drops.add((speaker, then) -> speaker.later(each, then));
        }
        return new Reply(turn, drops);
    }

    /** Only after the answer to the next request of the connection. */
    public Reply outOfTurn() {
        return new Reply(Turn.AFTER_THE_NEXT, steps);
    }

    /** Twice, in one write: the second is one that nobody asked for. */
    public Reply twice() {
        byte[] once = whole();
        byte[] both = Arrays.copyOf(once, once.length * 2);
        System.arraycopy(once, 0, both, once.length, once.length);
        return new Reply(turn, List.of(new Send(both)));
    }

    /** Followed by these bytes in the same write. */
    public Reply followedBy(byte[] rubbish) {
        byte[] once = whole();
        byte[] both = Arrays.copyOf(once, once.length + rubbish.length);
        System.arraycopy(rubbish, 0, both, once.length, rubbish.length);
        return new Reply(turn, List.of(new Send(both)));
    }

    /** The lowest bit of this byte flipped. */
    public Reply flipping(int offset) {
        byte[] changed = whole().clone();
        changed[offset] ^= 1;
        return new Reply(turn, List.of(new Send(changed)));
    }

    /** What a function makes of its bytes. */
    public Reply changed(UnaryOperator<byte[]> change) {
        return new Reply(turn, List.of(new Send(change.apply(whole().clone()))));
    }

    /** Each occurrence of some bytes is exchanged for as many others: a server that mixes objects up. */
    public Reply exchanging(byte[] bytes, byte[] others) {
        byte[] changed = whole().clone();
        for (int at = 0; at + bytes.length <= changed.length; at++) {
            if (Arrays.equals(changed, at, at + bytes.length, bytes, 0, bytes.length)) {
                System.arraycopy(others, 0, changed, at, bytes.length);
            }
        }
        return new Reply(turn, List.of(new Send(changed)));
    }

    /** Each item's identifier is another one than was asked with. */
    public Reply withOtherItemIds() {
        byte[] changed = whole().clone();
        List<Integer> ids = RawTtlv.find(changed, UNIQUE_BATCH_ITEM_ID);
        if (ids.isEmpty()) {
            throw new AssertionError("the answer has no item identifiers");
        }
        for (int at : ids) {
            changed[at + RawTtlv.HEADER] ^= 1;
        }
        return new Reply(turn, List.of(new Send(changed)));
    }

    /** Not before the test says so, by completing this; how tests see what goes on at once. */
    public Reply when(CompletionStage<?> released) {
        List<Step> held = new ArrayList<>(steps);
        held.add(0, (speaker, then) -> released.whenComplete((value, error) -> speaker.later(Duration.ZERO, then)));
        return new Reply(turn, held);
    }

    /** So much later. */
    public Reply after(Duration delay) {
        List<Step> late = new ArrayList<>(steps);
        late.add(0, (speaker, then) -> speaker.later(delay, then));
        return new Reply(turn, late);
    }

    /** After another handshake, which TLS 1.2 lets a server ask for (RFC 5246, Hello Request). */
    public Reply afterShakingHandsAgain() {
        List<Step> late = new ArrayList<>(steps);
        late.add(0, Speaker::shakeHandsAgain);
        return new Reply(turn, late);
    }

    /** Then the connection ends, in order. */
    public Reply thenClosing() {
        List<Step> ended = new ArrayList<>(steps);
        ended.add((speaker, then) -> speaker.close());
        return new Reply(turn, ended);
    }

    Turn turn() {
        return turn;
    }

    void play(Speaker speaker, Runnable then) {
        play(0, speaker, then);
    }

    private void play(int step, Speaker speaker, Runnable then) {
        if (step == steps.size()) {
            then.run();
        } else {
            steps.get(step).play(speaker, () -> play(step + 1, speaker, then));
        }
    }

    private byte[] whole() {
        if (steps.size() == 1 && steps.get(0) instanceof Send send) {
            return send.bytes;
        }
        throw new AssertionError("this can be asked for of a whole answer only");
    }

    private static final class Send implements Step {
        private final byte[] bytes;

        Send(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public void play(Speaker speaker, Runnable then) {
            speaker.send(bytes, then);
        }
    }

    private static final class Zeros implements Step {
        @Override
        public void play(Speaker speaker, Runnable then) {
            speaker.send(new byte[16 << 10], () -> play(speaker, then));
        }
    }
}
