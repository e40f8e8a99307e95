package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.FileRecipient;
import io.tidemark.crypto.keyset.KeysetContext;
import io.tidemark.crypto.keyset.ProviderKey;
import io.tidemark.crypto.keyset.ProviderRecipient;
import io.tidemark.crypto.keyset.Recipient;
import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.crypto.keyset.RecoveryPublicKey;
import io.tidemark.crypto.keyset.RecoveryRecipient;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.crypto.keyset.Wrapping;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyWrapper;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Somebody to whom the sealing keyset is to be encrypted: one item of {@code keys.recipients}. */
public sealed interface RecipientChoice {

    /** Encrypts the keyset, lent. */
    Mono<Recipient> wrap(SealingKeyset keyset, KeysetContext context);

    /** Whether it is among those who can open a generation already. Fails as its provider does: nothing is known then. */
    Mono<Standing> standing(List<Recipient> recipients);

    /** For people: {@code key file of provider "box"}. */
    String described();

    /** Whether it can open the keyset day by day, or lies in a safe. */
    Use use();

    /** What a generation's recipients say of one who is configured. */
    enum Standing {
        /** It can open the generation. */
        RECIPIENT,
        /** One of its name can, with another key. */
        OTHER_KEY,
        ABSENT;

        private static Standing of(List<? extends Recipient> named, Predicate<Recipient> same) {
            return named.stream().anyMatch(same) ? RECIPIENT : named.isEmpty() ? ABSENT : OTHER_KEY;
        }

        private static <R extends Recipient> List<R> those(List<Recipient> all, Class<R> type, Predicate<R> condition) {
            return all.stream()
                    .filter(type::isInstance)
                    .map(type::cast)
                    .filter(condition)
                    .toList();
        }
    }

    /** What a recipient is there for. */
    enum Use {
        DAILY,
        RECOVERY
    }

    /** A key file; or one key of a file with many. */
    record OfFile(KeyProvider provider, KeyReference key, SecureRandom random) implements RecipientChoice {
        @Override
        public Mono<Recipient> wrap(SealingKeyset keyset, KeysetContext context) {
            return Mono.usingWhen(
                    provider.fetch(key),
                    fetched -> Mono.fromCallable(
                            () -> FileRecipient.wrap(provider.name(), fetched.bytes(), keyset, context, random)),
                    fetched -> Mono.fromRunnable(fetched::close));
        }

        @Override
        public Mono<Standing> standing(List<Recipient> recipients) {
            return Mono.usingWhen(
                    provider.fetch(key),
                    fetched -> Mono.fromCallable(() -> Standing.of(
                            Standing.those(
                                    recipients,
                                    FileRecipient.class,
                                    file -> file.name().equals(provider.name())
                                            || file.check().equals(fetched.check())),
                            file -> ((FileRecipient) file).check().equals(fetched.check()))),
                    fetched -> Mono.fromRunnable(fetched::close));
        }

        @Override
        public String described() {
            return (key.key() == null ? "key file" : key.described()) + " of provider \"" + provider.name() + "\"";
        }

        @Override
        public Use use() {
            return Use.DAILY;
        }
    }

    /** A key that a server keeps and gives out. */
    record OfServer(RecipientKind kind, String name, KeyProvider provider, KeyReference key, SecureRandom random)
            implements RecipientChoice {
        @Override
        public Mono<Recipient> wrap(SealingKeyset keyset, KeysetContext context) {
            return Mono.usingWhen(
                    provider.fetch(key),
                    fetched -> Mono.fromCallable(() -> wrap(fetched, keyset, context)),
                    fetched -> Mono.fromRunnable(fetched::close));
        }

        private Recipient wrap(FetchedKey fetched, SealingKeyset keyset, KeysetContext context) {
            switch (fetched.state()) {
                case NOT_KEPT, PRE_ACTIVE, ACTIVE -> {}
                case DEACTIVATED, COMPROMISED ->
                    throw new KeysFailed(
                            KeysFailed.Reason.STATE,
                            key.described() + " of provider \"" + provider.name() + "\" is "
                                    + fetched.state().word() + ": nothing new is encrypted under it",
                            "what it has closed it still opens; name another key in keys.recipients",
                            null);
            }
            String called = fetched.name() == null ? key.described() : fetched.name();
            return ProviderRecipient.wrap(
                    kind,
                    name,
                    new ProviderKey(provider.name(), called, fetched.id(), fetched.check()),
                    fetched.bytes(),
                    keyset,
                    context,
                    random);
        }

        @Override
        public Mono<Standing> standing(List<Recipient> recipients) {
            return Mono.usingWhen(
                    provider.fetch(key),
                    fetched -> Mono.fromCallable(() -> Standing.of(
                            Standing.those(
                                    recipients,
                                    ProviderRecipient.class,
                                    server -> server.kind() == kind && (isNamed(server) || isKey(server, fetched))),
                            server -> isKey((ProviderRecipient) server, fetched))),
                    fetched -> Mono.fromRunnable(fetched::close));
        }

        private boolean isNamed(ProviderRecipient server) {
            return server.key().provider().equals(provider.name())
                    && server.key().name().equals(key.key());
        }

        private static boolean isKey(ProviderRecipient server, FetchedKey fetched) {
            return fetched.check().equals(server.key().check());
        }

        @Override
        public String described() {
            return kind.word() + " " + key.described() + " of provider \"" + provider.name() + "\"";
        }

        @Override
        public Use use() {
            return Use.DAILY;
        }
    }

    /** A key that may not leave its server, which encrypts itself. */
    record AtServer(String name, KeyWrapper wrapper, KeyReference key) implements RecipientChoice {
        @Override
        public Mono<Recipient> wrap(SealingKeyset keyset, KeysetContext context) {
            return wrapper.wrap(key, keyset.json(), context.associatedData())
                    .map(wrapped -> ProviderRecipient.wrappedByServer(name, wrapped.key(), wrapped.bytes()));
        }

        /** By its name: nobody can compute a check value of a key that does not leave its server. */
        @Override
        public Mono<Standing> standing(List<Recipient> recipients) {
            return Mono.fromCallable(() -> Standing.of(
                    Standing.those(
                            recipients,
                            ProviderRecipient.class,
                            server -> server.how() != Wrapping.AES_GCM
                                    && server.key().provider().equals(wrapper.name())
                                    && server.key().name().equals(key.key())),
                    server -> true));
        }

        @Override
        public String described() {
            return key.described() + " at provider \"" + wrapper.name() + "\", which encrypts itself";
        }

        @Override
        public Use use() {
            return Use.DAILY;
        }
    }

    /** A public key whose private half lies in a safe. */
    record OfRecovery(String name, RecoveryPublicKey key) implements RecipientChoice {
        @Override
        public Mono<Recipient> wrap(SealingKeyset keyset, KeysetContext context) {
            return Mono.fromCallable(() -> RecoveryRecipient.wrap(name, key, keyset, context));
        }

        @Override
        public Mono<Standing> standing(List<Recipient> recipients) {
            return Mono.fromCallable(() -> Standing.of(
                    Standing.those(
                            recipients,
                            RecoveryRecipient.class,
                            other -> other.id().equals(key.id())),
                    other -> true));
        }

        @Override
        public String described() {
            return "recovery key " + key.id();
        }

        @Override
        public Use use() {
            return Use.RECOVERY;
        }
    }
}
