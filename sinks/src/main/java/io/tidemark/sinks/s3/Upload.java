package io.tidemark.sinks.s3;

import io.netty.buffer.ByteBuf;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreUnsuitable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;
import reactor.util.retry.Retry;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * One put: gathers a body whose length nobody may know into parts. If the first one holds it all it goes up in one
 * request, otherwise as a multipart upload with several parts on their way at once. A part is asked for before the bytes
 * that fill it are, so memory that is not there holds up the source and nothing else.
 *
 * <p>Everything that happens (bytes, answers, memory, cancel) is a step; steps run one after the other and none waits.
 */
final class Upload implements CoreSubscriber<ByteBuf> {
    /** Parts of one object that wait for an answer. */
    private static final int MOST_IN_FLIGHT = 4;

    private final S3Requests requests;
    private final Object object;
    private final PartPlan plan;
    private final PartMemory memory;
    private final Supplier<Retry> retry;
    private final MonoSink<PutOutcome> sink;
    private final Context context;
    private final Serial steps = new Serial();
    private final Disposable.Composite running = Disposables.composite();

    // Only steps touch what follows.
    private @Nullable Subscription source;
    private @Nullable Part current;
    private @Nullable ByteBuf rest;
    private @Nullable Mono<String> upload;
    private final TreeMap<Integer, CompletedPart> done = new TreeMap<>();
    private final List<Part> sent = new ArrayList<>();
    private int number;
    private long received;
    private State state = State.READING;
    private Wish wish = Wish.NONE;

    private enum State {
        READING,
        /** The body is at its end; parts are still on their way. */
        READ,
        /** The last request is on its way. */
        FINISHING,
        ENDED
    }

    /** Whether a part is wanted that may not be asked for yet. */
    private enum Wish {
        NONE,
        PART
    }

    /** What is put. */
    record Object(ObjectName name, ObjectBody body) {}

    private Upload(
            S3Requests requests,
            Object object,
            PartPlan plan,
            PartMemory memory,
            Supplier<Retry> retry,
            MonoSink<PutOutcome> sink) {
        this.requests = requests;
        this.object = object;
        this.plan = plan;
        this.memory = memory;
        this.retry = retry;
        this.sink = sink;
        this.context = Context.of(sink.contextView());
    }

    /** One outcome when the store has answered; on an error and on cancel what was uploaded is thrown away. */
    static Mono<PutOutcome> of(
            S3Requests requests, Object object, PartPlan plan, PartMemory memory, Supplier<Retry> retry) {
        return Mono.create(sink -> {
            Upload put = new Upload(requests, object, plan, memory, retry, sink);
            var unused = sink.onCancel(() -> put.steps.execute(put::cancel));
            put.steps.execute(put::want);
        });
    }

    @Override
    public Context currentContext() {
        return context;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        steps.execute(() -> {
            if (state == State.ENDED) {
                subscription.cancel();
            } else {
                source = subscription;
                subscription.request(1);
            }
        });
    }

    @Override
    public void onNext(ByteBuf buffer) {
        steps.execute(() -> receive(buffer));
    }

    @Override
    public void onComplete() {
        steps.execute(this::read);
    }

    @Override
    public void onError(Throwable error) {
        steps.execute(() -> fail(error));
    }

    private void want() {
        if (sent.size() >= MOST_IN_FLIGHT) {
            wish = Wish.PART;
            return;
        }
        wish = Wish.NONE;
        memory.want(capacity(), part -> steps.execute(() -> granted(part)));
    }

    private int capacity() {
        int whole = plan.bytesOf(Math.min(number + 1, PartPlan.MOST_PARTS));
        long left = object.body().sizeBytes().isPresent()
                ? object.body().sizeBytes().getAsLong() - received
                : Long.MAX_VALUE;
        // of what has a length no part need be longer; rest is received already
        long rests = rest == null ? 0 : rest.readableBytes();
        return (int) Math.max(1, Math.min(whole, left == Long.MAX_VALUE ? left : left + rests));
    }

    private void granted(Part part) {
        if (state == State.ENDED) {
            part.release();
            return;
        }
        current = part;
        ByteBuf held = rest;
        if (held != null) {
            rest = null;
            fill(part, held);
        } else {
            object.body().bytes().subscribe(this);
        }
    }

    private void receive(ByteBuf buffer) {
        Part part = current;
        if (state != State.READING) {
            buffer.release();
            return;
        }
        if (part == null) {
            buffer.release();
            fail(new IllegalStateException("the body gave bytes that nobody asked for"));
            return;
        }
        received += buffer.readableBytes();
        long said = object.body().sizeBytes().orElse(Long.MAX_VALUE);
        if (received > said) {
            buffer.release();
            fail(otherLength(said));
            return;
        }
        fill(part, buffer);
    }

    /** The buffer is given. */
    private void fill(Part part, ByteBuf buffer) {
        part.append(buffer);
        if (buffer.isReadable()) {
            rest = buffer;
            current = null;
            send(part);
            if (state != State.ENDED) {
                want();
            }
            return;
        }
        buffer.release();
        if (state == State.READ) {
            finish();
        } else if (source != null) {
            // also where the part is full: only more bytes, or the end, tell whether it is the last
            source.request(1);
        }
    }

    private void read() {
        if (state != State.READING) {
            return;
        }
        long said = object.body().sizeBytes().orElse(received);
        if (received != said) {
            fail(otherLength(said));
            return;
        }
        state = State.READ;
        source = null;
        if (rest == null && current != null) {
            finish();
        }
    }

    /** All bytes are in parts, and the current one is the last. */
    private void finish() {
        Part last = current;
        current = null;
        if (last == null) {
            return;
        }
        if (number == 0) {
            state = State.FINISHING;
            sent.add(last);
            running.add(requests.put(object.name(), last)
                    .subscribe(
                            outcome -> steps.execute(() -> {
                                last.release();
                                sent.remove(last);
                                end(outcome);
                            }),
                            this::onError));
            return;
        }
        if (last.size() > 0) {
            send(last);
        } else {
            last.release();
        }
        complete();
    }

    private void send(Part part) {
        int mine = ++number;
        sent.add(part);
        if (mine > PartPlan.MOST_PARTS) {
            fail(new StoreUnsuitable(
                    "put " + object.name() + ": it is longer than the " + plan.largestObject()
                            + " bytes that an object can have in 10 000 parts of this size"
                            + "\nHINT: a larger s3.part-size allows longer ones",
                    null));
            return;
        }
        Mono<String> begun = upload;
        if (begun == null) {
            begun = requests.createUpload(object.name()).retryWhen(retry.get()).cache();
            upload = begun;
        }
        running.add(begun.flatMap(
                        id -> requests.uploadPart(object.name(), id, mine, part).retryWhen(retry.get()))
                .subscribe(completed -> steps.execute(() -> uploaded(mine, part, completed)), this::onError));
    }

    private void uploaded(int mine, Part part, CompletedPart completed) {
        if (state == State.ENDED) {
            return;
        }
        part.release();
        sent.remove(part);
        done.put(mine, completed);
        if (wish == Wish.PART) {
            want();
        }
        complete();
    }

    private void complete() {
        Mono<String> begun = upload;
        if (state != State.READ || current != null || rest != null || !sent.isEmpty() || begun == null) {
            return;
        }
        state = State.FINISHING;
        List<CompletedPart> parts = List.copyOf(done.values());
        running.add(begun.flatMap(id -> requests.completeUpload(object.name(), id, parts)
                        // the name is taken: these parts will never be an object
                        .flatMap(outcome -> outcome == PutOutcome.CREATED
                                ? Mono.just(outcome)
                                : requests.abortUpload(requests.key(object.name()), id)
                                        .onErrorComplete()
                                        .thenReturn(outcome)))
                .subscribe(outcome -> steps.execute(() -> end(outcome)), this::onError));
    }

    private void end(PutOutcome outcome) {
        if (state != State.ENDED) {
            state = State.ENDED;
            sink.success(outcome);
        }
    }

    private void fail(Throwable error) {
        if (state == State.ENDED) {
            return;
        }
        var unused = drop().subscribe(ignored -> {}, aborting -> sink.error(error), () -> sink.error(error));
    }

    private void cancel() {
        if (state != State.ENDED) {
            var unused = drop().subscribe(ignored -> {}, ignored -> {});
        }
    }

    /** Lets go of everything; the answer comes when the store has thrown the parts away, or would not. */
    private Mono<Void> drop() {
        state = State.ENDED;
        if (source != null) {
            source.cancel();
            source = null;
        }
        if (rest != null) {
            rest.release();
            rest = null;
        }
        if (current != null) {
            current.release();
            current = null;
        }
        running.dispose();
        sent.forEach(Part::abandon);
        sent.clear();
        Mono<String> begun = upload;
        return begun == null
                ? Mono.empty()
                : begun.flatMap(id -> requests.abortUpload(requests.key(object.name()), id))
                        .onErrorComplete();
    }

    private IntegrityFailed otherLength(long said) {
        return new IntegrityFailed(
                "put " + object.name() + ": the body has " + received + " bytes and said " + said, null);
    }
}
