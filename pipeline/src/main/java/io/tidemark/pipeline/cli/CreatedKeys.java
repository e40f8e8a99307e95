package io.tidemark.pipeline.cli;

import reactor.core.publisher.Mono;

/** Keys of Tidemark's own, made where {@code keys.recipients} names them and they are not there yet. */
final class CreatedKeys {
    private CreatedKeys() {}

    /** Says each that was made on standard error, for it stays there whatever becomes of the command. */
    static Mono<Void> tell(Workbench bench) {
        return bench.keys()
                .create()
                .doOnNext(made -> bench.console()
                        .err()
                        .println("made " + Printable.of(made.key().described()) + " at provider \""
                                + made.provider().name() + "\""))
                .then();
    }
}
