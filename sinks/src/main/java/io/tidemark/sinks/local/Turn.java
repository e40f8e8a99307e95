package io.tidemark.sinks.local;

import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Work on the file scheduler with something to undo. */
final class Turn {

    private Turn() {}

    /**
     * Gives {@code work} a new subject and a scheduler that runs its tasks as {@link Steps}; when it has ended, however
     * that came, {@code undo} runs there. Cold; the result's elements and errors are those of the work.
     */
    static <T, R> Flux<R> of(
            Scheduler files, Supplier<T> subject, BiFunction<T, Scheduler, Publisher<R>> work, Consumer<T> undo) {
        return Flux.usingWhen(
                Mono.fromSupplier(() -> new Held<>(Schedulers.fromExecutor(new Steps(files)), subject.get())),
                held -> work.apply(held.subject, held.steps),
                held -> held.close(undo),
                (held, error) -> held.close(undo),
                held -> held.close(undo));
    }

    private record Held<T>(Scheduler steps, T subject) {

        Mono<Void> close(Consumer<T> undo) {
            return Mono.<Void>fromRunnable(() -> undo.accept(subject)).subscribeOn(steps);
        }
    }
}
