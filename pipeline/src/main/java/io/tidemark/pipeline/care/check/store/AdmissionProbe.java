package io.tidemark.pipeline.care.check.store;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Known;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.catalog.SystemIdentifier;
import io.tidemark.pipeline.catalog.Systems;
import io.tidemark.pipeline.config.IntegrityFailed;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether each repository takes objects of this cluster's system: two clusters must not share a root. */
public final class AdmissionProbe implements Probe.Independent {
    private final Mono<SystemIdentifier> system;
    private final List<CheckedRepository> repositories;

    /** @param system of the server, or of the data directory; empty where neither is known */
    public AdmissionProbe(Mono<SystemIdentifier> system, List<CheckedRepository> repositories) {
        this.system = system;
        this.repositories = List.copyOf(repositories);
    }

    @Override
    public String name() {
        return "system";
    }

    @Override
    public Flux<Finding> findings() {
        return Known.ofAnother(system)
                .flatMapMany(known -> known.isEmpty()
                        ? Flux.just(Finding.skipped(name(), "no server and no data directory say which system this is"))
                        : Flux.fromIterable(repositories).concatMap(repository -> of(repository, known.get()), 1));
    }

    private Flux<Finding> of(CheckedRepository repository, SystemIdentifier known) {
        return Systems.requireAdmitted(repository.root().store(), known)
                .thenReturn(Finding.ok(name(), repository + " takes system " + known))
                .onErrorResume(IntegrityFailed.class, refused -> Mono.just(Finding.failed(name(), refused)))
                .onErrorResume(notThere -> Mono.just(Finding.skipped(name(), repository + " cannot be listed")))
                .flux();
    }
}
