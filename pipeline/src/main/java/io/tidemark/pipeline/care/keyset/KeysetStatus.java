package io.tidemark.pipeline.care.keyset;

import io.tidemark.pipeline.keys.GenerationProblem;
import io.tidemark.pipeline.keys.GenerationStatus;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.OpenedKeyset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the keysets of a cluster's repositories are, generation by generation. Reads only. */
public final class KeysetStatus {
    private final KeysetAccess access;

    public KeysetStatus(KeysetAccess access) {
        this.access = access;
    }

    /**
     * One repository.
     *
     * @param used the generation that counts; 0 where none does
     * @param root of its keyset; null where none opens
     * @param openedBy whose key opened it; null where none opens
     * @param remembered the highest generation that this node has used here; 0 for none
     * @param generations each that was read, ascending
     * @param problems generations above the one that counts, and why they do not
     * @param failure why the repository cannot be said anything of; null where it can
     */
    public record Root(
            String name,
            String location,
            int used,
            @Nullable String uuid,
            @Nullable String root,
            @Nullable String openedBy,
            int remembered,
            List<GenerationStatus> generations,
            List<GenerationProblem> problems,
            @Nullable Throwable failure) {
        public Root {
            generations = List.copyOf(generations);
            problems = List.copyOf(problems);
        }
    }

    /** One element a repository, in the order given; a repository that fails is an element with its failure. */
    public Flux<Root> of(List<KeyRoot> roots) {
        return Flux.fromIterable(roots).concatMap(this::of, 1);
    }

    private Mono<Root> of(KeyRoot root) {
        return root.marker()
                .flatMap(marker -> access.survey(root.store(), marker)
                        .collectList()
                        .flatMap(generations -> Mono.usingWhen(
                                        access.open(root.store(), marker),
                                        opened -> Mono.just(opened(root, marker.cluster(), opened, generations)),
                                        opened -> Mono.fromRunnable(opened::close))
                                .onErrorResume(
                                        failure -> Mono.just(failed(root, marker.cluster(), generations, failure)))))
                .onErrorResume(failure -> Mono.just(failed(root, null, List.of(), failure)));
    }

    private static Root opened(KeyRoot root, String uuid, OpenedKeyset opened, List<GenerationStatus> generations) {
        return new Root(
                root.name(),
                root.store().location(),
                opened.generation().number(),
                uuid,
                opened.derivations().rootHex(),
                opened.identity().description(),
                opened.remembered(),
                generations,
                opened.problems(),
                null);
    }

    private static Root failed(
            KeyRoot root, @Nullable String uuid, List<GenerationStatus> generations, Throwable failure) {
        return new Root(root.name(), root.store().location(), 0, uuid, null, null, 0, generations, List.of(), failure);
    }
}
