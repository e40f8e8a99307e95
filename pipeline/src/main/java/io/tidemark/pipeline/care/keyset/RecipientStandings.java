package io.tidemark.pipeline.care.keyset;

import io.tidemark.crypto.keyset.Recipient;
import io.tidemark.pipeline.keys.RecipientChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether those who are configured can open a generation. Reads only. */
public final class RecipientStandings {
    private final List<RecipientChoice> configured;

    public RecipientStandings(List<RecipientChoice> configured) {
        this.configured = List.copyOf(configured);
    }

    /**
     * One who is configured.
     *
     * @param standing null where its key cannot be had
     * @param failure why; null where it can
     */
    public record Standing(
            String described,
            RecipientChoice.@Nullable Standing standing,
            @Nullable Throwable failure) {}

    /** One for each who is configured, in that order; one whose key cannot be had is an element with its failure. */
    public Mono<List<Standing>> among(List<Recipient> recipients) {
        return Flux.fromIterable(configured)
                .concatMap(
                        choice -> choice.standing(recipients)
                                .map(standing -> new Standing(choice.described(), standing, null))
                                .onErrorResume(failure -> Mono.just(new Standing(choice.described(), null, failure))),
                        1)
                .collectList();
    }
}
