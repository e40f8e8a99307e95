package io.tidemark.pipeline.keys;

import io.tidemark.crypto.keyset.FileRecipient;
import io.tidemark.crypto.keyset.KeysetContext;
import io.tidemark.crypto.keyset.Recipient;
import io.tidemark.crypto.keyset.RecoveryPublicKey;
import io.tidemark.crypto.keyset.RecoveryRecipient;
import io.tidemark.crypto.keyset.SealingKeyset;
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

    /** A key file. */
    record OfFile(KeyProvider provider, SecureRandom random) implements RecipientChoice {
        @Override
        public Mono<Recipient> wrap(SealingKeyset keyset, KeysetContext context) {
            return Mono.usingWhen(
                    provider.fetch(KeyReference.ONLY),
                    key -> Mono.fromCallable(() -> FileRecipient.wrap(provider.name(), key, keyset, context, random)),
                    key -> Mono.fromRunnable(key::close));
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
