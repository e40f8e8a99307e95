package io.tidemark.sinks.s3;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object that is being read: what S3 says of it, and its bytes on demand, for one subscriber.
 *
 * <p>The SDK tells a connection that ends in the middle not to the subscriber of the bytes but to the transformer alone, and
 * its own ({@code toPublisher}) forgets it: the subscriber would wait for ever.
 */
record Answer(GetObjectResponse head, Flux<ByteBuffer> bytes) {

    /** For one request. */
    static AsyncResponseTransformer<GetObjectResponse, Answer> transformer() {
        return new Transformer();
    }

    private static final class Transformer implements AsyncResponseTransformer<GetObjectResponse, Answer> {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();
        private final Sinks.Empty<Void> failed = Sinks.empty();
        // set before the stream comes, both by the client
        private volatile @Nullable GetObjectResponse head;

        @Override
        public CompletableFuture<Answer> prepare() {
            return answer;
        }

        @Override
        public void onResponse(GetObjectResponse response) {
            head = response;
        }

        @Override
        public void onStream(SdkPublisher<ByteBuffer> publisher) {
            GetObjectResponse known = head;
            if (known == null) {
                answer.completeExceptionally(new IllegalStateException("bytes without an answer"));
                return;
            }
            answer.complete(new Answer(known, Flux.from(publisher).takeUntilOther(failed.asMono())));
        }

        @Override
        public void exceptionOccurred(Throwable error) {
            answer.completeExceptionally(error);
            // nobody may have subscribed yet: it is kept
            var unused = failed.tryEmitError(error);
        }
    }
}
