package io.tidemark.kmip.client;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.KmipException.Unreachable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Goes through the hosts, from the one that answered last: what cannot be reached is passed over, what answers has answered, be it a
 * refusal. When none can be reached, they are tried again after the rest that each needs, a few times and within the deadline.
 */
final class Failover {
    /** Through all hosts. */
    static final int MOST_ROUNDS = Breaker.OPEN_AFTER;

    private final List<Host> hosts;
    private final Scheduler tasks;
    private volatile int lastGood;

    Failover(List<Host> hosts, Scheduler tasks) {
        this.hosts = List.copyOf(hosts);
        this.tasks = tasks;
    }

    /** The first answer. Fails with {@link KmipException} only. */
    <A> Mono<A> ask(String operation, Repeating repeating, Deadline deadline, Function<Host, Mono<A>> asking) {
        return Mono.defer(() -> new Search<>(operation, repeating, deadline, asking).round());
    }

    private List<Host> inTurn() {
        int first = lastGood;
        List<Host> turn = new ArrayList<>(hosts.subList(first, hosts.size()));
        turn.addAll(hosts.subList(0, first));
        return turn;
    }

    /** One way through the hosts, perhaps several times. */
    private final class Search<A> {
        private final String operation;
        private final Repeating repeating;
        private final Deadline deadline;
        private final Function<Host, Mono<A>> asking;
        private final Map<Host, KmipException> failures = new LinkedHashMap<>();
        private int rounds;

        Search(String operation, Repeating repeating, Deadline deadline, Function<Host, Mono<A>> asking) {
            this.operation = operation;
            this.repeating = repeating;
            this.deadline = deadline;
            this.asking = asking;
        }

        Mono<A> round() {
            rounds++;
            return among(inTurn());
        }

        private Mono<A> among(List<Host> left) {
            if (left.isEmpty()) {
                return again();
            }
            Host first = left.get(0);
            List<Host> others = left.subList(1, left.size());
            if (first.breaker().nanosLeft() > 0) {
                first.breaker().last().ifPresent(why -> failures.putIfAbsent(first, why));
                return among(others);
            }
            return asking.apply(first)
                    .doOnNext(answer -> answered(first))
                    .doOnError(refusal -> !(refusal instanceof Lost), refusal -> answered(first))
                    .onErrorResume(Lost.class, lost -> next(first, lost, others));
        }

        private void answered(Host host) {
            lastGood = hosts.indexOf(host);
            host.breaker().succeeded();
        }

        /** Another host may do what this one does not, where nothing is done twice by that. */
        private Mono<A> next(Host failed, Lost lost, List<Host> others) {
            KmipException failure = lost.failure();
            boolean unsent = lost.when() == Lost.When.UNSENT || lost.when() == Lost.When.ON_AN_ENDED_CONNECTION;
            boolean ofTheHost = failure.isTransient() || failure instanceof TlsRefused;
            if (lost.when() == Lost.When.NOT_TAKEN || !ofTheHost) {
                return Mono.error(failure);
            }
            if (deadline.nanosLeft() == 0) {
                // it was we who had no more patience: why it took so long was found before
                failures.putIfAbsent(failed, failure);
                return Mono.error(unsent ? all() : failure);
            }
            failures.put(failed, failure);
            failed.breaker().failed(failure);
            return unsent || repeating == Repeating.HARMLESS ? among(others) : Mono.error(failure);
        }

        private Mono<A> again() {
            long rest = hosts.stream()
                    .filter(host -> !host.breaker().isOpen())
                    .filter(host ->
                            failures.get(host) == null || failures.get(host).isTransient())
                    .mapToLong(host -> host.breaker().nanosLeft())
                    .min()
                    .orElse(Long.MAX_VALUE);
            return rounds >= MOST_ROUNDS || rest >= deadline.nanosLeft()
                    ? Mono.error(all())
                    : Mono.delay(Duration.ofNanos(rest), tasks).then(Mono.defer(this::round));
        }

        private KmipException all() {
            if (failures.isEmpty()) {
                throw new IllegalStateException("no host failed, and none answered");
            }
            List<KmipException> each = List.copyOf(failures.values());
            KmipException last = each.get(each.size() - 1);
            if (each.size() == 1) {
                return last;
            }
            String names = hosts.stream().map(host -> host.address().toString()).collect(Collectors.joining(", "));
            KmipException all = new Unreachable(
                    new Attempt(operation, names),
                    "no host answers: "
                            + each.stream().map(Throwable::getMessage).collect(Collectors.joining("; ")),
                    last.hint(),
                    last);
            each.stream().filter(one -> one != last).forEach(all::addSuppressed);
            return all;
        }
    }
}
