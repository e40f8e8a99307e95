package io.tidemark.pipeline.care.check.host;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.pipeline.care.check.probe.Finding;
import io.tidemark.pipeline.care.check.probe.Probe;
import io.tidemark.pipeline.config.FailureKind;
import io.tidemark.pipeline.config.KeySettings;
import io.tidemark.pipeline.keys.ConfiguredKeys;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyWrapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether each configured key can be had, with the modes that a key file must have; and the recovery key's public half. */
public final class KeysProbe implements Probe.Independent {
    private static final byte[] NO_SECRET = "tidemark check".getBytes(StandardCharsets.US_ASCII);

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
        KeyWrapper wrapper = wanted.wrapper();
        Mono<Finding> tried = wrapper == null
                ? Mono.usingWhen(
                        wanted.provider().fetch(wanted.key()),
                        key -> Mono.just(found(wanted, key)),
                        key -> Mono.fromRunnable(key::close))
                : encrypted(wanted, wrapper);
        return tried.onErrorResume(failure -> Mono.just(Finding.failed(name(), failure)));
    }

    /** A key that stays where it is: something that is no secret is encrypted there and decrypted again. */
    private Mono<Finding> encrypted(ConfiguredKeys.WantedKey wanted, KeyWrapper wrapper) {
        return Mono.using(
                () -> SecretBytes.copyOf(NO_SECRET),
                secret -> wrapper.wrap(wanted.key(), secret, NO_SECRET)
                        .flatMap(wrapped -> Mono.usingWhen(
                                wrapper.unwrap(KeyReference.of(wrapped.key()), wrapped.bytes(), NO_SECRET),
                                opened -> Mono.just(atServer(wanted, opened.matches(secret))),
                                opened -> Mono.fromRunnable(opened::close))),
                SecretBytes::close);
    }

    private Finding atServer(ConfiguredKeys.WantedKey wanted, boolean same) {
        String text =
                "provider \"" + wanted.provider().name() + "\": " + wanted.key().described();
        return same
                ? Finding.ok(name(), text + " encrypts and decrypts at its server")
                : Finding.failed(
                        name(),
                        FailureKind.KEYS,
                        text + " decrypts to something else than was encrypted",
                        "the server is broken: do not encrypt under its keys");
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
