package io.tidemark.sinks.s3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.sinks.ByteRange;
import io.tidemark.sinks.ConditionTrial;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.InvalidName;
import io.tidemark.sinks.Leftover;
import io.tidemark.sinks.LifecycleRule;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreCapabilities;
import io.tidemark.sinks.StoreUnsuitable;
import io.tidemark.sinks.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SynchronousSink;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The keys of a bucket below one root as a store. Answers come on the file scheduler; bytes of a {@code get} come on one
 * of the client's event loops, which must not block.
 *
 * <p>In a bucket with versions a deleted object's bytes stay as a version, locked ones until their time: a lifecycle rule
 * for noncurrent versions removes them.
 *
 * <p>Source: FORMAT.md section 8.
 */
public final class S3Store implements ObjectStore {
    private static final int CONCURRENCY = 16;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private final S3Requests requests;
    private final S3Settings settings;
    private final S3Connection.Tools tools;
    private final PartPlan plan;
    private final StoreCapabilities capabilities;

    S3Store(S3Requests requests, S3Settings settings, S3Connection.Tools tools) {
        this.requests = requests;
        this.settings = settings;
        this.tools = tools;
        this.plan = new PartPlan(settings.partBytes());
        WriteOptions.Lock lock = settings.write().lock();
        this.capabilities = new StoreCapabilities(
                StoreCapabilities.Durability.SERVICE,
                CONCURRENCY,
                plan.largestObject(),
                lock == null ? Duration.ZERO : lock.retention());
    }

    /**
     * Tries what a store needs of the bucket: that it is there, and that its conditional writes are. For {@code init}.
     *
     * @param trial a name that nobody else uses
     * @return this; fails with {@link StoreUnsuitable} where the bucket is missing or overwrites
     */
    public Mono<ObjectStore> tried(ObjectName trial) {
        Mono<Void> conditions = settings.write().condition() == WriteOptions.Condition.SINGLE_WRITER
                ? Mono.empty()
                : new ConditionTrial(this)
                        .run(trial)
                        .onErrorMap(
                                StoreUnsuitable.class,
                                e -> new StoreUnsuitable(
                                        e.getMessage()
                                                + "\nHINT: two servers could destroy each other's segments there; take"
                                                + " another store, or, if one node and nobody else will ever write,"
                                                + " spell it out with the repository's s3.single-writer: <node>",
                                        e));
        return requests.requireBucket().then(conditions).thenReturn(this);
    }

    @Override
    public Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body) {
        Mono<PutOutcome> upload =
                Upload.of(requests, new Upload.Object(name, body), plan, tools.memory(), tools.partRetry());
        return settings.write().condition() == WriteOptions.Condition.IF_NONE_MATCH
                ? upload
                : stat(name).map(there -> PutOutcome.PRESENT).switchIfEmpty(upload);
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name) {
        return requests.get(name, null)
                .flatMapMany(answer -> bytes(name, answer, answer.head().contentLength()));
    }

    @Override
    public Flux<ByteBuf> get(ObjectName name, ByteRange range) {
        if (range.length() == 0) {
            return stat(name)
                    .switchIfEmpty(Mono.error(() -> missing(name)))
                    .flatMapMany(object -> range.offset() > object.sizeBytes()
                            ? Flux.error(beyond(name, range, object.sizeBytes() + ""))
                            : Flux.empty());
        }
        return requests.get(name, "bytes=" + range.offset() + "-" + (range.end() - 1))
                .onErrorMap(
                        error -> error.getCause() instanceof S3Exception answer
                                && answer.statusCode() == RANGE_NOT_SATISFIABLE,
                        error -> beyond(name, range, "fewer"))
                .flatMapMany(answer -> isExactly(range, answer.head())
                        ? bytes(name, answer, range.length())
                        : refused(name, range, answer));
    }

    private static boolean isExactly(ByteRange range, GetObjectResponse answer) {
        String said = answer.contentRange();
        return said != null && said.startsWith("bytes " + range.offset() + "-" + (range.end() - 1) + "/");
    }

    /** What came is read and thrown away: giving the answer up in its middle would cost the connection. */
    private Flux<ByteBuf> refused(ObjectName name, ByteRange range, Answer answer) {
        return answer.bytes()
                .then()
                .cast(ByteBuf.class)
                .concatWith(
                        Mono.error(() -> beyond(name, range, "(" + answer.head().contentRange() + ")")));
    }

    private Flux<ByteBuf> bytes(ObjectName name, Answer answer, @Nullable Long length) {
        if (length == null) {
            return answer.bytes()
                    .then()
                    .cast(ByteBuf.class)
                    .concatWith(Mono.error(() -> new IntegrityFailed(
                            "GetObject " + requests.where(requests.key(name)) + ": the answer has no length", null)));
        }
        AtomicLong left = new AtomicLong(length);
        return answer.bytes()
                .onErrorMap(error -> requests.whileReading(name, error))
                .<ByteBuf>handle((bytes, sink) -> {
                    int size = bytes.remaining();
                    if (left.addAndGet(-size) < 0) {
                        sink.error(otherLength(name, length));
                    } else if (size > 0) {
                        sink.next(Unpooled.wrappedBuffer(bytes));
                    }
                })
                .concatWith(Mono.defer(() -> left.get() == 0 ? Mono.empty() : Mono.error(otherLength(name, length))));
    }

    private io.tidemark.sinks.StoreUnavailable otherLength(ObjectName name, long length) {
        return new io.tidemark.sinks.StoreUnavailable(
                "GetObject " + requests.where(requests.key(name)) + ": the answer said " + length
                        + " bytes and had another length",
                null);
    }

    private ObjectMissing missing(ObjectName name) {
        return new ObjectMissing("GetObject " + requests.where(requests.key(name)) + ": no such object", null);
    }

    private IntegrityFailed beyond(ObjectName name, ByteRange range, String has) {
        return new IntegrityFailed(
                "GetObject " + requests.where(requests.key(name)) + ": " + range + " were asked for, it has " + has,
                null);
    }

    @Override
    public Mono<StoredObject> stat(ObjectName name) {
        return requests.head(name).map(answer -> new StoredObject(name, answer.contentLength(), answer.lastModified()));
    }

    @Override
    public Flux<StoredObject> list(String prefix) {
        return Flux.defer(() -> {
            ObjectName.requirePrefix(prefix);
            return requests.list(prefix, null)
                    .expand(page -> Boolean.TRUE.equals(page.isTruncated())
                            ? requests.list(prefix, page.nextContinuationToken())
                            : Mono.empty())
                    .concatMapIterable(page -> page.contents(), 1)
                    .handle(new Sorted(requests.root())::next);
        });
    }

    /** Turns keys into names, and sees to their order, on which much depends. One subscription. */
    private static final class Sorted {
        private final String root;
        private String last = "";

        Sorted(String root) {
            this.root = root;
        }

        void next(software.amazon.awssdk.services.s3.model.S3Object object, SynchronousSink<StoredObject> sink) {
            String key = object.key();
            if (key.compareTo(last) <= 0) {
                sink.error(new StoreUnsuitable(
                        "ListObjectsV2: key " + key + " came after " + last
                                + "\nHINT: this store does not sort its listings; it cannot be a repository",
                        null));
                return;
            }
            last = key;
            try {
                sink.next(new StoredObject(
                        ObjectName.of(key.substring(root.length())), object.size(), object.lastModified()));
            } catch (InvalidName notOurs) {
                // such as the folders that consoles make
                return;
            }
        }
    }

    @Override
    public Mono<Void> delete(ObjectName name) {
        return requests.delete(name);
    }

    @Override
    public Flux<Leftover> leftovers() {
        return requests.uploads(null, null)
                .expand(page -> Boolean.TRUE.equals(page.isTruncated())
                        ? requests.uploads(page.nextKeyMarker(), page.nextUploadIdMarker())
                        : Mono.empty())
                .concatMapIterable(page -> page.uploads(), 1)
                .map(upload -> new Leftover(
                        upload.key() + "\n" + upload.uploadId(),
                        "multipart upload of " + upload.key(),
                        upload.initiated()));
    }

    @Override
    public Mono<Void> discard(Leftover leftover) {
        int end = leftover.id().indexOf('\n');
        if (end < 0 || !leftover.id().startsWith(requests.root())) {
            return Mono.error(
                    () -> new InvalidName("no multipart upload of this store: " + leftover.description(), null));
        }
        return requests.abortUpload(
                leftover.id().substring(0, end), leftover.id().substring(end + 1));
    }

    @Override
    public Mono<Void> retain(ObjectName name, Instant until) {
        WriteOptions.Lock lock = settings.write().lock();
        if (lock == null) {
            return Mono.empty();
        }
        return requests.head(name)
                .switchIfEmpty(Mono.error(() -> missing(name)))
                .filter(found -> !isLocked(found, until))
                .flatMap(found -> requests.retain(name, lock, until));
    }

    /** Whether the object is locked as long already; a lock is never made shorter. */
    private static boolean isLocked(HeadObjectResponse object, Instant until) {
        return object.objectLockRetainUntilDate() != null
                && !object.objectLockRetainUntilDate().isBefore(until);
    }

    @Override
    public Flux<LifecycleRule> lifecycle() {
        return requests.lifecycle().flatMapIterable(new Lifecycle(requests.root())::of);
    }

    @Override
    public StoreCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public String location() {
        String bucket =
                requests.where(requests.root().substring(0, requests.root().length() - 1));
        return settings.endpoint() == null ? bucket : bucket + " at " + settings.endpoint();
    }

    @Override
    public String toString() {
        return "S3Store[" + location() + "]";
    }
}
