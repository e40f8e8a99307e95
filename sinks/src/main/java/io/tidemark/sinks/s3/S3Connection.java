package io.tidemark.sinks.s3;

import io.tidemark.sinks.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * A client of one bucket with its connections, event loops and credentials. Opening does no I/O but read the trusted
 * certificates. Usable from any thread.
 */
public final class S3Connection implements AutoCloseable {
    private static final int LOOPS = 2;
    private static final int CONNECTIONS = 64;
    private static final int WAITING_FOR_A_CONNECTION = 10_000;
    private static final Duration NOTHING_MOVES = Duration.ofSeconds(30);
    private static final Duration CONNECTING = Duration.ofSeconds(10);

    private final S3Settings settings;
    private final CredentialSource credentials;
    private final SdkEventLoopGroup loops;
    private final SdkAsyncHttpClient http;
    private final S3AsyncClient client;
    private final Tools tools;

    /**
     * What a connection works with.
     *
     * @param memory in which parts wait; one for the whole process
     * @param files for what may block: credentials, name service
     * @param partRetry how a part of a multipart upload is sent again; asked once a part
     * @param clock for retention, and to compare with the store's
     */
    public record Tools(PartMemory memory, Scheduler files, Supplier<Retry> partRetry, Clock clock) {}

    private S3Connection(
            S3Settings settings,
            CredentialSource credentials,
            SdkEventLoopGroup loops,
            SdkAsyncHttpClient http,
            S3AsyncClient client,
            Tools tools) {
        this.settings = settings;
        this.credentials = credentials;
        this.loops = loops;
        this.http = http;
        this.client = client;
        this.tools = tools;
    }

    /**
     * Opens one; fails with {@link io.tidemark.sinks.StoreUnsuitable} where the trusted certificates cannot be read or no
     * region is known.
     */
    public static S3Connection open(S3Settings settings, S3Credentials credentials, Tools tools) {
        CredentialSource source = new CredentialSource(credentials);
        SdkEventLoopGroup loops =
                SdkEventLoopGroup.builder().numberOfThreads(LOOPS).build();
        SdkAsyncHttpClient http = http(settings, loops);
        try {
            Executor completions = new AfterAnswer(loops.eventLoopGroup(), tools.files());
            return new S3Connection(settings, source, loops, http, client(settings, source, http, completions), tools);
        } catch (RuntimeException e) {
            http.close();
            end(loops);
            throw SetUp.refused(settings, e);
        }
    }

    /**
     * The store of the keys that begin with the settings' prefix, {@code root} and a slash.
     *
     * @param root the cluster's name
     */
    public S3Store store(String root) {
        S3Requests requests = new S3Requests(
                client,
                settings,
                settings.prefix() + root + "/",
                new S3Failure(settings, credentials, tools.clock()),
                tools);
        return new S3Store(requests, settings, tools);
    }

    /** As {@link #store}, for callers that want no more than the port. */
    public ObjectStore objects(String root) {
        return store(root);
    }

    /** Ends connections and event loops; what runs fails. */
    @Override
    public void close() {
        client.close();
        http.close();
        end(loops);
        credentials.close();
    }

    private static void end(SdkEventLoopGroup loops) {
        var unused = loops.eventLoopGroup().shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }

    private static S3AsyncClient client(
            S3Settings settings, CredentialSource source, SdkAsyncHttpClient http, Executor completions) {
        S3AsyncClientBuilder builder = S3AsyncClient.builder()
                .credentialsProvider(source)
                .httpClient(http)
                .forcePathStyle(settings.addressing() == S3Settings.Addressing.PATH)
                .multipartEnabled(false)
                // checksums are ours, in headers: trailers are what many stores do not take (trap T98)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .build())
                .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .asyncConfiguration(async ->
                        async.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, completions));
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        if (settings.region() != null) {
            builder.region(Region.of(settings.region()));
        } else if (settings.endpoint() != null) {
            // what stores that have no regions expect in the signature
            builder.region(Region.US_EAST_1);
        }
        return builder.build();
    }

    private static SdkAsyncHttpClient http(S3Settings settings, SdkEventLoopGroup loops) {
        NettyNioAsyncHttpClient.Builder builder = NettyNioAsyncHttpClient.builder()
                .eventLoopGroup(loops)
                .protocol(Protocol.HTTP1_1)
                .maxConcurrency(CONNECTIONS)
                .maxPendingConnectionAcquires(WAITING_FOR_A_CONNECTION)
                .connectionAcquisitionTimeout(NOTHING_MOVES)
                .connectionTimeout(CONNECTING)
                .tlsNegotiationTimeout(CONNECTING)
                .readTimeout(NOTHING_MOVES)
                .writeTimeout(NOTHING_MOVES);
        if (settings.trust() != null) {
            builder.tlsTrustManagersProvider(SetUp.trusting(settings.trust()));
        }
        return builder.build();
    }
}
