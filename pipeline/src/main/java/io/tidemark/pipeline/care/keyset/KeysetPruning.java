package io.tidemark.pipeline.care.keyset;

import io.tidemark.pipeline.catalog.ObjectNames;
import io.tidemark.pipeline.config.RefusedForSafety;
import io.tidemark.pipeline.keys.GenerationStore;
import io.tidemark.pipeline.keys.KeysetAccess;
import io.tidemark.pipeline.keys.OpenedKeyset;
import java.util.Arrays;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes generations below the one that counts, once every repository has that one, byte for byte: whoever could open
 * only an older generation cannot open the repository any more. What they could open, they may have copied; and the keys
 * in it open what they sealed for as long as it exists.
 */
public final class KeysetPruning {
    private final KeysetAccess access;

    public KeysetPruning(KeysetAccess access) {
        this.access = access;
    }

    /** What is to be deleted, or was. */
    public record Pruned(int kept, List<Deletion> deletions) {
        public Pruned {
            deletions = List.copyOf(deletions);
        }
    }

    /** One generation of one repository. */
    public record Deletion(String repository, int generation) {}

    /**
     * What would go. Fails with {@link RefusedForSafety} where a repository lacks the generation that counts in another,
     * or holds other bytes under its number; and as keys and stores fail, for every repository has to be asked.
     */
    public Mono<Pruned> plan(List<KeyRoot> roots) {
        return Flux.fromIterable(roots)
                .concatMap(this::look, 1)
                .collectList()
                .map(KeysetPruning::agreed)
                .flatMap(looks -> Flux.fromIterable(looks)
                        .concatMap(
                                look -> access.numbers(look.root().store())
                                        .flatMapIterable(numbers -> numbers)
                                        .filter(number -> number < look.number())
                                        .map(number -> new Deletion(look.root().name(), number)),
                                1)
                        .collectList()
                        .map(deletions -> new Pruned(looks.get(0).number(), deletions)));
    }

    /** Plans, and deletes what the plan says; what is gone already is fine. */
    public Mono<Pruned> run(List<KeyRoot> roots) {
        return plan(roots)
                .flatMap(plan -> Flux.fromIterable(plan.deletions())
                        .concatMap(deletion -> store(roots, deletion), 1)
                        .then(Mono.just(plan)));
    }

    private static Mono<Void> store(List<KeyRoot> roots, Deletion deletion) {
        return Flux.fromIterable(roots)
                .filter(root -> root.name().equals(deletion.repository()))
                .concatMap(root -> root.store().delete(ObjectNames.generation(deletion.generation())))
                .then();
    }

    private Mono<Look> look(KeyRoot root) {
        return root.marker()
                .flatMap(marker -> Mono.usingWhen(
                        access.open(root.store(), marker),
                        opened -> GenerationStore.bytes(
                                        root.store(), opened.generation().number())
                                .map(bytes -> look(root, opened, bytes)),
                        opened -> Mono.fromRunnable(opened::close)));
    }

    private static Look look(KeyRoot root, OpenedKeyset opened, byte[] bytes) {
        // refused where this node has used a higher generation: what counts there was rolled back
        opened.sealing();
        return new Look(root, opened.generation().number(), new Text(bytes));
    }

    private static List<Look> agreed(List<Look> looks) {
        Look first = looks.get(0);
        for (Look look : looks) {
            if (look.number() != first.number() || !look.text().isSame(first.text())) {
                throw new RefusedForSafety(
                        look.root().describe() + " has keyset generation " + look.number() + ", "
                                + first.root().describe() + " has " + first.number()
                                + (look.number() == first.number() ? " with other bytes" : "")
                                + ": nothing is pruned before all have the same",
                        "`tidemark keys rotate` completes a rotation that has not reached all; `tidemark keys status` "
                                + "says which is which");
            }
        }
        return looks;
    }

    private record Look(KeyRoot root, int number, Text text) {}

    /** A generation's bytes. */
    private static final class Text {
        private final byte[] bytes;

        Text(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean isSame(Text other) {
            return Arrays.equals(bytes, other.bytes);
        }
    }
}
