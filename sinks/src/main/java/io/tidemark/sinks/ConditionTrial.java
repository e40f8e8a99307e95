package io.tidemark.sinks;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Whether a store keeps the third promise of {@link ObjectStore}: tried, never believed (trap T100). Several writers put
 * one name at once; exactly one must have created it, what is there must be that one's, and a later put must not replace
 * it.
 */
public final class ConditionTrial {
    private static final int WRITERS = 6;
    private static final int CONTENT_BYTES = 20_000;

    private final ObjectStore store;

    public ConditionTrial(ObjectStore store) {
        this.store = store;
    }

    /**
     * Tries with an object that nobody else uses, and deletes it, where that is allowed.
     *
     * @return fails with {@link StoreUnsuitable} where the store overwrites, and with the store's errors
     */
    public Mono<Void> run(ObjectName name) {
        Mono<Void> deleted = Mono.defer(() -> store.delete(name)).onErrorComplete(StoreException.class);
        return Flux.range(1, WRITERS)
                .flatMap(
                        writer -> store.putIfAbsent(name, ObjectBody.of(content(writer)))
                                .filter(outcome -> outcome == PutOutcome.CREATED)
                                .map(created -> writer),
                        WRITERS)
                .collectList()
                .flatMap(winners -> judge(name, winners))
                .onErrorResume(failed -> deleted.then(Mono.error(failed)))
                .then(deleted);
    }

    private Mono<Void> judge(ObjectName name, List<Integer> winners) {
        if (winners.size() != 1) {
            return Mono.error(unsuitable("of " + WRITERS + " writers of one name " + winners.size() + " were told that"
                    + " they had created it"));
        }
        byte[] first = content(winners.get(0));
        return store.putIfAbsent(name, ObjectBody.of(content(WRITERS + 1)))
                .flatMap(later -> later == PutOutcome.CREATED
                        ? Mono.error(unsuitable("a second put of one name went through"))
                        : store.get(name).reduceWith(() -> new Compared(first), Compared::with))
                .flatMap(compared -> compared.isEqual()
                        ? Mono.empty()
                        : Mono.error(unsuitable("the object is not the one of the writer who was told so")));
    }

    private StoreUnsuitable unsuitable(String what) {
        return new StoreUnsuitable(store.location() + " overwrites: " + what, null);
    }

    private static byte[] content(int writer) {
        byte[] content = new byte[CONTENT_BYTES + writer];
        Arrays.fill(content, (byte) writer);
        return content;
    }

    /** How far what is read agrees. */
    private static final class Compared {
        private final byte[] expected;
        private int at;
        private Verdict verdict = Verdict.EQUAL;

        private enum Verdict {
            EQUAL,
            DIFFERENT
        }

        Compared(byte[] expected) {
            this.expected = expected;
        }

        Compared with(ByteBuf buffer) {
            try {
                while (buffer.isReadable() && verdict == Verdict.EQUAL) {
                    if (at == expected.length || buffer.readByte() != expected[at++]) {
                        verdict = Verdict.DIFFERENT;
                    }
                }
                return this;
            } finally {
                ReferenceCountUtil.release(buffer);
            }
        }

        boolean isEqual() {
            return verdict == Verdict.EQUAL && at == expected.length;
        }
    }
}
