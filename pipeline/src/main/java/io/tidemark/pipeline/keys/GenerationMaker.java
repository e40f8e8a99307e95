package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.KeysetContext;
import io.tidemark.crypto.keyset.SealingKeyset;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Makes generations: the keyset, encrypted once for each recipient. */
public final class GenerationMaker {
    private final List<RecipientChoice> recipients;
    private final Clock clock;
    private final Scheduler cpu;

    public GenerationMaker(List<RecipientChoice> recipients, Clock clock, Scheduler cpu) {
        this.recipients = List.copyOf(recipients);
        this.clock = clock;
        this.cpu = cpu;
    }

    /** Who will be able to open it. */
    public List<RecipientChoice> recipients() {
        return recipients;
    }

    /** A new generation of that number; the keyset is lent. Fails where a key cannot be had. */
    public Mono<Generation> make(SealingKeyset keyset, String cluster, int number) {
        return Mono.defer(() -> {
                    KeysetContext context = new KeysetContext(cluster, number, keyset.commitment());
                    return Flux.fromIterable(recipients)
                            .concatMap(choice -> choice.wrap(keyset, context))
                            .collectList()
                            .map(wrapped -> new Generation(
                                    number,
                                    cluster,
                                    keyset.commitment(),
                                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                                    wrapped));
                })
                .subscribeOn(cpu);
    }
}
