package io.tidemark.pipeline.care.check.host;

import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.KeySettings;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.provider.FetchedKey;
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
        return Flux.concat(Flux.fromIterable(keys.wanted()).concatMap(this::fetched), recipients());
    }

    private Mono<Finding> fetched(ConfiguredKeys.WantedKey wanted) {
        return Mono.usingWhen(
                        wanted.provider().fetch(wanted.key()),
                        key -> Mono.just(found(wanted, key)),
                        key -> Mono.fromRunnable(key::close))
                .onErrorResume(failure -> Mono.just(Finding.failed(name(), failure)));
    }

    private Finding found(ConfiguredKeys.WantedKey wanted, FetchedKey key) {
        String named = wanted.key().key() == null ? "a key" : wanted.key().described();
        String text = "provider \"" + wanted.provider().name() + "\": " + named + " of "
                + key.bytes().length() + " bytes";
        return switch (key.state()) {
            case NOT_KEPT, PRE_ACTIVE, ACTIVE -> Finding.ok(name(), text);
            case DEACTIVATED, COMPROMISED ->
                Finding.warning(
                        name(),
                        text + " is " + key.state().word() + ": nothing new is encrypted under it",
                        "name another key in keys.recipients, then `tidemark keys rotate`");
        };
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
