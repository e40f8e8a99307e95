package io.tidemark.pipeline.catalog;

import io.tidemark.pipeline.config.IntegrityFailed;
import io.tidemark.pipeline.stage.Compress;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.ObjectStore;
import io.tidemark.sinks.StoredObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Which system identifiers a root holds objects of. A major upgrade makes a new one, so that several lie under one
 * cluster rightly; two clusters that were given one root by mistake look just the same, so that a new one has to be
 * admitted by a person before the first object of it is written.
 *
 * <p>The admission is the object {@code index/system/<sysid>}: it proves nothing and may be deleted; objects of the system
 * itself admit it as well.
 */
public final class Systems {
    private static final String ADMITTED = "system/";

    private Systems() {}

    /**
     * The systems that the root holds objects of, ascending by their digits. Asks for the first object of some hundred
     * prefixes at most, whatever the number of objects; errors are the store's.
     */
    public static Flux<SystemIdentifier> of(ObjectStore store) {
        return first(store, "")
                .flatMapMany(name -> system(name)
                        .map(found -> Flux.concat(Mono.just(found), beyond(store, found.toString(), 0)))
                        .orElseGet(Flux::empty));
    }

    /**
     * Completes where objects of the system may be written to the root: it holds some already, or none of any other, or
     * the system was admitted. Otherwise {@link IntegrityFailed}.
     */
    public static Mono<Void> requireAdmitted(ObjectStore store, SystemIdentifier ours) {
        return first(store, ours + "/")
                .switchIfEmpty(store.stat(admission(ours)).map(StoredObject::name))
                // ours after all, where another archiver has put the first object since
                .switchIfEmpty(Mono.defer(() -> first(store, "")
                                .filter(name -> system(name)
                                        .filter(found -> !found.equals(ours))
                                        .isPresent()))
                        .flatMap(other ->
                                Mono.error(refused(store, ours, system(other).orElseThrow()))))
                .then();
    }

    /** The same by the host's memory, where it knows; what the store had to be asked for is remembered. */
    public static Mono<Void> requireAdmitted(Repository repository, SystemIdentifier ours, AdmissionMemory memory) {
        return memory.knows(repository.marker(), ours)
                .filter(known -> !known)
                .flatMap(unknown ->
                        requireAdmitted(repository.store(), ours).then(memory.remember(repository.marker(), ours)));
    }

    /**
     * Admits the system: puts the admission's name, whatever it holds. Completes when it is durable.
     *
     * @param tool what writes it, for its facts
     */
    public static Mono<Void> admit(
            Repository repository, SystemIdentifier system, Instant now, String tool, Scheduler cpu) {
        byte[] text = (system + "\n").getBytes(StandardCharsets.UTF_8);
        SealedBody body = SealedBody.ofBytes(
                ByteBuffer.wrap(text), digest -> Facts.of("index", digest, now, tool), new Compress(1, cpu));
        return repository.objects().put(admission(system), body).then();
    }

    /** The name whose presence admits a system. */
    public static ObjectName admission(SystemIdentifier system) {
        return ObjectNames.index(ADMITTED + system);
    }

    private static IntegrityFailed refused(ObjectStore store, SystemIdentifier ours, SystemIdentifier other) {
        return new IntegrityFailed(
                store.location() + " holds objects of system " + other + " and none of " + ours
                        + ", the system identifier of this data directory",
                "two clusters must not share one root; after a major upgrade (pg_upgrade), or after initdb on purpose, "
                        + "run `tidemark init --new-system`");
    }

    /** Systems whose digits agree with {@code found} up to {@code from}, and are higher behind. */
    private static Flux<SystemIdentifier> beyond(ObjectStore store, String found, int from) {
        List<String> prefixes = new ArrayList<>();
        // the longest first, for these are the lowest of the higher ones
        for (int position = found.length(); position >= from; position--) {
            char least = position == found.length() ? '0' : (char) (found.charAt(position) + 1);
            for (char digit = least; digit <= '9'; digit++) {
                prefixes.add(found.substring(0, position) + digit);
            }
        }
        return Flux.fromIterable(prefixes)
                .concatMap(prefix -> first(store, prefix)
                        .flatMapMany(name -> system(name)
                                .map(next ->
                                        Flux.concat(Mono.just(next), beyond(store, next.toString(), prefix.length())))
                                .orElseGet(Flux::empty)));
    }

    private static Mono<ObjectName> first(ObjectStore store, String prefix) {
        return store.list(prefix).next().map(StoredObject::name);
    }

    private static Optional<SystemIdentifier> system(ObjectName name) {
        int slash = name.value().indexOf('/');
        String part = slash < 0 ? "" : name.value().substring(0, slash);
        return SystemIdentifier.isDecimal(part) ? Optional.of(SystemIdentifier.parse(part)) : Optional.empty();
    }
}
