package io.tidemark.pipeline.keys;

import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.RecoveryPrivateKey;
import io.tidemark.crypto.keyset.RecoveryRecipient;
import io.tidemark.crypto.keyset.SealingKeyset;
import java.util.List;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** The holder of a recovery key's private half, taken out of its safe; the key file is opened anew for each use. */
public final class RecoveryIdentity implements Identity {
    private static final int MOST_NAMED = 4;

    private final Mono<RecoveryPrivateKey> key;

    /** @param key cold; each subscription gives a key that the subscriber closes */
    public RecoveryIdentity(Mono<RecoveryPrivateKey> key) {
        this.key = key;
    }

    @Override
    public String description() {
        return "recovery key";
    }

    @Override
    public Mono<SealingKeyset> open(Generation generation) {
        List<RecoveryRecipient> recipients = generation.recipients().stream()
                .filter(RecoveryRecipient.class::isInstance)
                .map(RecoveryRecipient.class::cast)
                .toList();
        if (recipients.isEmpty()) {
            return Mono.empty();
        }
        return Mono.usingWhen(
                key,
                opened -> Mono.fromCallable(() -> open(recipients, opened, generation)),
                opened -> Mono.fromRunnable(opened::close));
    }

    @Override
    public Proof proof() {
        return Proof.NONE;
    }

    @Override
    public String toString() {
        return description();
    }

    private static SealingKeyset open(
            List<RecoveryRecipient> recipients, RecoveryPrivateKey key, Generation generation) {
        String id = key.publicKey().id();
        RecoveryRecipient ours = recipients.stream()
                .filter(recipient -> recipient.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new KeyMismatch("recovery key " + id + " is not among the recipients of generation "
                        + generation.number() + ", which was made for "
                        + recipients.stream()
                                .limit(MOST_NAMED)
                                .map(RecoveryRecipient::id)
                                .collect(Collectors.joining(", "))));
        try {
            return ours.unwrap(key, generation.context());
        } catch (KeyMismatch mismatch) {
            throw new AuthenticationFailed(
                    "generation " + generation.number() + " does not open with recovery key " + id
                            + ", for which it was made: it is damaged, was moved here or is a forgery",
                    mismatch);
        }
    }
}
