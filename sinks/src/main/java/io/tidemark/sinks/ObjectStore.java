package io.tidemark.sinks;

import io.netty.buffer.ByteBuf;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A place for objects: whole, immutable, named byte strings under one root. Whoever implements it promises:
 *
 * <ol>
 *   <li><b>Whole or not at all.</b> An object is visible only when all of it is there. An unfinished put (failed,
 *       cancelled, killed, cut off from power) leaves nothing that {@code get}, {@code stat} or {@code list} show.
 *   <li><b>Durable before answered.</b> When {@link #putIfAbsent} emits, the object survives loss of power, for both
 *       outcomes; the name is then readable, and listed, at once.
 *   <li><b>Nothing is overwritten.</b> Of any number of puts of one name exactly one is {@link PutOutcome#CREATED}; the
 *       store's own condition decides, there is no check before the write.
 *   <li><b>Absent means absent.</b> {@link ObjectMissing}, an empty {@link #stat} and a listing without the name are said
 *       only by a store that was there to be asked. A root that is gone, a time-out, a refusal are errors.
 *   <li><b>All or an error.</b> A {@code get} that completes has given every byte asked for, in order.
 *   <li><b>Nothing leaves the root</b>, and nothing outside comes in: no link is followed below it.
 *   <li><b>Errors are {@link StoreException}s</b>, which say whether trying again can help; errors of a body pass
 *       unchanged. A store does not retry.
 *   <li><b>Cold.</b> Methods only assemble; each subscription does the work anew. Cancelling frees buffers,
 *       files and connections.
 * </ol>
 *
 * <p>What it does not promise: that content is authentic (the seal does), that an object stays (whoever holds the
 * bucket may delete), that {@code modified} means anything.
 *
 * <p>Every implementation passes {@code io.tidemark.sinks.testing.ObjectStoreContract}.
 */
public interface ObjectStore {

    /**
     * Makes an object, unless one of that name is there.
     *
     * <p>The error does not say whether the object was made: an answer can be lost. Who needs to know puts again and
     * compares what is there with its own (FORMAT.md section 2).
     *
     * @return one outcome, after the object is durable. Fails with {@link StoreFull}, {@link AccessRefused},
     *     {@link StoreUnavailable}, {@link StoreUnsuitable}, {@link IntegrityFailed} (a body of another length than it
     *     said, something that is no directory on the way to the name), or the body's own error
     */
    Mono<PutOutcome> putIfAbsent(ObjectName name, ObjectBody body);

    /**
     * Reads a whole object.
     *
     * @return its bytes: elements are given (the receiver releases), in order, of any size above 0, none for an empty
     *     object. Cold, any number of subscribers. Reads on demand. Completes after the last byte; fails with {@link
     *     ObjectMissing}, {@link AccessRefused}, {@link StoreUnavailable} or {@link IntegrityFailed} (what lies there is
     *     no file, or became shorter), after having given any part of the bytes. Cancel closes the source; as always, an
     *     element may still arrive after it and has to be released
     */
    Flux<ByteBuf> get(ObjectName name);

    /**
     * Reads a part of an object.
     *
     * @return exactly the bytes of the range, otherwise as {@link #get(ObjectName)}; a range that reaches beyond the end
     *     is {@link IntegrityFailed} and gives no byte
     */
    Flux<ByteBuf> get(ObjectName name, ByteRange range);

    /**
     * Looks an object up.
     *
     * @return what the store says about it; empty if it is absent, for certain
     */
    Mono<StoredObject> stat(ObjectName name);

    /**
     * Lists objects.
     *
     * @param prefix the first characters of their names, not necessarily whole parts; empty for all
     * @return objects in the order of their names' bytes, in all directories below. Cold; reads on demand, with a memory
     *     bounded whatever the number of objects. An object made or deleted meanwhile may be in it or not; all others
     *     are. Fails with {@link InvalidName} if no name can begin so, {@link AccessRefused}, {@link StoreUnavailable},
     *     {@link IntegrityFailed} (what bears an object's name is neither file nor directory)
     */
    Flux<StoredObject> list(String prefix);

    /**
     * Removes an object, durably. Absent is fine.
     *
     * @return completes when the name is free
     */
    Mono<Void> delete(ObjectName name);

    /**
     * What puts that ended in nothing have left behind: temporary files, multipart uploads. They show in no other method and
     * cost space. One that is being written right now is among them.
     *
     * @return in no certain order. Cold; fails as {@link #list}
     */
    Flux<Leftover> leftovers();

    /**
     * Removes a leftover; the put that it belongs to, if one still runs, fails. Gone already is fine.
     *
     * @param leftover of this store
     */
    Mono<Void> discard(Leftover leftover);

    /**
     * Locks an object against deletion until then, where the store {@link StoreCapabilities#retention locks} at all;
     * otherwise completes without doing anything. A lock is only ever extended.
     *
     * @return fails with {@link ObjectMissing}, {@link AccessRefused}, {@link StoreUnavailable}
     */
    Mono<Void> retain(ObjectName name, Instant until);

    /**
     * What the place does to objects of this store by itself.
     *
     * @return rules that are in force, in no certain order. Fails with {@link AccessRefused} or {@link StoreUnsuitable}
     *     where the place does not say
     */
    default Flux<LifecycleRule> lifecycle() {
        return Flux.empty();
    }

    /** What this store can do. No I/O. */
    StoreCapabilities capabilities();

    /** Where the root is, for messages: {@code /var/lib/tidemark/prod}. */
    String location();
}
