package io.tidemark.sinks.s3;

import io.tidemark.sinks.AccessRefused;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Gives the client credentials, and remembers whose they were: for messages. May block. */
final class CredentialSource implements IdentityProvider<AwsCredentialsIdentity>, AutoCloseable {
    private final AwsCredentialsProvider provider;
    private final String description;
    private volatile @Nullable AwsCredentialsIdentity last;

    CredentialSource(S3Credentials credentials) {
        if (credentials instanceof S3Credentials.Given given) {
            this.description = given.description();
            this.provider = () -> {
                S3Credentials.KeyPair pair = read(given);
                return AwsBasicCredentials.create(pair.accessKeyId(), pair.secret());
            };
        } else {
            String profile = ((S3Credentials.DefaultChain) credentials).profile();
            this.description = profile == null ? "AWS's default chain" : "AWS's default chain, profile " + profile;
            this.provider =
                    DefaultCredentialsProvider.builder().profileName(profile).build();
        }
    }

    private static S3Credentials.KeyPair read(S3Credentials.Given given) {
        try {
            return given.current().get();
        } catch (RuntimeException e) {
            throw new AccessRefused("no credentials from " + given.description() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Class<AwsCredentialsIdentity> identityType() {
        return AwsCredentialsIdentity.class;
    }

    /** At once: requests start on a thread that may block, and the client waits for the future there. */
    @Override
    public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
        try {
            AwsCredentialsIdentity found = provider.resolveCredentials();
            last = found;
            return CompletableFuture.completedFuture(found);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whose credentials were used last: {@code access key AKIA… from file:/etc/…}. Never the secret. */
    String describe() {
        AwsCredentialsIdentity known = last;
        if (known == null) {
            return "credentials of " + description;
        }
        Optional<String> chosen = known.providerName().filter(name -> !name.isBlank());
        return "access key " + known.accessKeyId() + " from " + description
                + chosen.map(name -> " (" + name + ")").orElse("");
    }

    @Override
    public void close() {
        if (provider instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }
}
