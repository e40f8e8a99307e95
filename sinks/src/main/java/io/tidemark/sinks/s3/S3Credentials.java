package io.tidemark.sinks.s3;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Who asks. */
public sealed interface S3Credentials {

    /**
     * Amazon's default chain: environment, web identity, the profile in {@code ~/.aws}, the container's or instance's
     * role. What expires is fetched anew in time; profile files are read again when they change.
     *
     * @param profile null for {@code AWS_PROFILE} or {@code default}
     */
    record DefaultChain(@Nullable String profile) implements S3Credentials {}

    /**
     * A key pair given by the configuration.
     *
     * @param description where it comes from, for messages: {@code file:/etc/tidemark/s3.secret}
     * @param current asked before every request, so that an exchanged file is used at once; may block, may throw
     */
    record Given(String description, Supplier<KeyPair> current) implements S3Credentials {}

    /** An access key and its secret. */
    final class KeyPair {
        private final String accessKeyId;
        private final String secret;

        public KeyPair(String accessKeyId, String secret) {
            this.accessKeyId = accessKeyId;
            this.secret = secret;
        }

        String accessKeyId() {
            return accessKeyId;
        }

        String secret() {
            return secret;
        }

        /** Without the secret. */
        @Override
        public String toString() {
            return "KeyPair[" + accessKeyId + "]";
        }
    }
}
