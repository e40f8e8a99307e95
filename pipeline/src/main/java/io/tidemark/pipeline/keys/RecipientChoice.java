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
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyWrapper;
import java.security.SecureRandom;
import reactor.core.publisher.Mono;

/** Somebody to whom the sealing keyset is to be encrypted: one item of {@code keys.recipients}. */
public sealed interface RecipientChoice {

    /** Encrypts the keyset, lent. */
    Mono<Recipient> wrap(SealingKeyset keyset, KeysetContext context);

    /** Whether it can open the keyset day by day, or lies in a safe. */
    Use use();

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
        public Use use() {
            return Use.RECOVERY;
        }
    }
}
