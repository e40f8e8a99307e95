package io.tidemark.pipeline.care.check.host;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.KeySettings;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.KeyProvider;
import io.tidemark.pipeline.keys.KeyReference;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether each configured key can be had, with the modes that a key file must have; and the recovery key's public half. */
public final class KeysProbe implements Probe.Independent {
    private final KeySettings settings;
    private final ConfiguredKeys keys;

    public KeysProbe(KeySettings settings, ConfiguredKeys keys) {
        this.settings = settings;
        this.keys = keys;
    }

    @Override
    public String name() {
        return "keys";
    }

    @Override
    public Flux<Finding> findings() {
        if (settings.providers().isEmpty() && settings.recoveryKey() == null) {
            return Flux.just(Finding.failed(
                    name(),
                    FailureKind.USAGE,
                    "no key is configured",
                    "keys.provider.box.file: /etc/tidemark/box.key"));
        }
        return Flux.concat(Flux.fromIterable(keys.providers()).concatMap(this::fetched), recipients());
    }

    private Mono<Finding> fetched(KeyProvider provider) {
        return Mono.usingWhen(
                        provider.fetch(KeyReference.ONLY),
                        key -> Mono.just(Finding.ok(
                                name(), "provider \"" + provider.name() + "\": a key of " + key.length() + " bytes")),
                        key -> Mono.fromRunnable(key::close))
                .onErrorResume(failure -> Mono.just(Finding.failed(name(), failure)));
    }

    private Mono<Finding> recipients() {
        return keys.recipients()
                .map(List::size)
                .map(count -> count == 0
                        ? Finding.warning(
                                name(),
                                "keys.recipients is empty: `tidemark keys rotate` has nobody to encrypt to",
                                "list the providers and the recovery key's public half under keys.recipients")
                        : Finding.ok(
                                name(), count + (count == 1 ? " recipient is" : " recipients are") + " configured"))
                .onErrorResume(failure -> Mono.just(Finding.failed(name(), failure)));
    }
}
