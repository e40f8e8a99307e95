package io.tidemark.pipeline.care.check.store;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.info.RepositoryInventory;
import io.tidemark.pipeline.care.info.RootInfo;
import io.tidemark.pipeline.care.keyset.KeyRoot;
import io.tidemark.pipeline.catalog.Repository;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.RepositoryPlace;
import io.tidemark.pipeline.config.Requirement;
import io.tidemark.pipeline.config.TidemarkException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A repository that the configuration names and that may or may not be there.
 *
 * @param root for what is asked of the keyset
 * @param opening opens it anew at each subscription, which owns what it gets
 * @param inventory what lies in it; read once, whoever asks
 */
public record CheckedRepository(
        String name,
        Requirement requirement,
        RepositoryPlace place,
        KeyRoot root,
        Mono<Repository> opening,
        Mono<RootInfo> inventory) {

    public static CheckedRepository of(
            String name, Requirement requirement, RepositoryPlace place, KeyRoot root, Mono<Repository> opening) {
        Mono<RootInfo> inventory = Mono.usingWhen(
                opening, new RepositoryInventory()::of, repository -> Mono.fromRunnable(repository::close));
        return new CheckedRepository(name, requirement, place, root, opening, inventory.cache());
    }

    /** Opens it, works on it, closes it. */
    <T> Flux<T> use(Function<Repository, Publisher<T>> work) {
        return Flux.usingWhen(opening, work, repository -> Mono.fromRunnable(repository::close));
    }

    /**
     * The same for a probe. That a repository does not open is the keyset probe's finding: the others are skipped then.
     */
    public Flux<Finding> findings(String probe, Function<Repository, Publisher<Finding>> work) {
        // not an onErrorResume behind the work: its errors are the probe's own
        return Flux.usingWhen(
                        opening.map(Opening::new).onErrorResume(failure -> Mono.just(new Opening(null))),
                        opened -> opened.repository() == null
                                ? Flux.just(Finding.skipped(probe, this + " does not open"))
                                : work.apply(opened.repository()),
                        opened -> Mono.fromRunnable(opened::close))
                .onErrorResume(failure -> Flux.just(Finding.failed(probe, failure)))
                .map(this::weighed);
    }

    /** What archiving goes on without is worth a look, no more; damage is damage. */
    public Finding weighed(Finding finding) {
        boolean damage = finding.kind() == FailureKind.INTEGRITY
                || finding.failure() instanceof TidemarkException ours && ours.kind() == FailureKind.INTEGRITY;
        return requirement == Requirement.REQUIRED || damage ? finding : finding.asWarning();
    }

    /** For messages: {@code repository "paris"}. */
    @Override
    public String toString() {
        return "repository \"" + name + "\"";
    }

    /** A repository that opened, or none. */
    private record Opening(@Nullable Repository repository) {
        void close() {
            if (repository != null) {
                repository.close();
            }
        }
    }
}
