package io.tidemark.pipeline.keys;

import io.tidemark.crypto.AuthenticationFailed;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.crypto.keyset.FileRecipient;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.SealingKeyset;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The holder of a key file. A recipient's name is for people; its check value says whether to try the key, so that a
 * generation with many recipients costs one read of the file and one attempt.
 */
public final class FileIdentity implements Identity {
    // check values of five bytes do not meet by chance; a stranger may repeat one as often as a generation has room
    private static final int MOST_ATTEMPTS = 4;
    private static final int MOST_RECIPIENTS = 100;

    private final KeyProvider provider;

    public FileIdentity(KeyProvider provider) {
        this.provider = provider;
    }

    @Override
    public String description() {
        return "key file of provider \"" + provider.name() + "\"";
    }

    @Override
    public Mono<SealingKeyset> open(Generation generation) {
        List<FileRecipient> recipients = generation.recipients().stream()
                .filter(FileRecipient.class::isInstance)
                .map(FileRecipient.class::cast)
                .toList();
        if (recipients.isEmpty()) {
            return Mono.empty();
        }
        return Mono.usingWhen(
                provider.fetch(KeyReference.ONLY)
                        .onErrorResume(FileIdentity::isAmbiguous, several -> named(recipients)),
                key -> Mono.fromCallable(() -> open(recipients, key.bytes(), generation)),
                key -> Mono.fromRunnable(key::close));
    }

    /** Of a file with many keys the one for which a recipient was made. */
    private Mono<FetchedKey> named(List<FileRecipient> recipients) {
        return Flux.fromIterable(recipients)
                .map(FileRecipient::check)
                .distinct()
                .take(MOST_RECIPIENTS)
                .concatMap(
                        check -> provider.fetch(KeyReference.ONLY.withCheck(check))
                                .onErrorResume(FileIdentity::isAnother, another -> Mono.empty()),
                        1)
                .next()
                .switchIfEmpty(Mono.error(() ->
                        new KeyMismatch(description() + " holds none of the keys for which the generation was made")));
    }

    private static boolean isAmbiguous(Throwable failure) {
        return failure instanceof KeysFailed keys && keys.reason() == KeysFailed.Reason.AMBIGUOUS;
    }

    private static boolean isAnother(Throwable failure) {
        return failure instanceof KeysFailed keys && keys.reason() == KeysFailed.Reason.WRONG;
    }

    @Override
    public Proof proof() {
        return Proof.SHARED_KEY;
    }

    @Override
    public String toString() {
        return description();
    }

    private SealingKeyset open(List<FileRecipient> recipients, SecretBytes key, Generation generation) {
        CheckValue check = CheckValue.of(key);
        List<FileRecipient> ours = recipients.stream()
                .filter(recipient -> recipient.check().equals(check))
                .limit(MOST_ATTEMPTS)
                .toList();
        if (ours.isEmpty()) {
            throw new KeyMismatch(description() + " has check value " + check + ", generation " + generation.number()
                    + " was made for "
                    + recipients.stream()
                            .limit(MOST_ATTEMPTS)
                            .map(recipient -> recipient.check().hex())
                            .collect(Collectors.joining(", ")));
        }
        @Nullable KeyMismatch refused = null;
        for (FileRecipient recipient : ours) {
            try {
                return recipient.unwrap(key, generation.context());
            } catch (KeyMismatch mismatch) {
                refused = mismatch;
            }
        }
        throw new AuthenticationFailed(
                "generation " + generation.number() + " does not open with the key that it was made for: "
                        + "it is damaged, was moved here or is a forgery",
                refused);
    }
}
