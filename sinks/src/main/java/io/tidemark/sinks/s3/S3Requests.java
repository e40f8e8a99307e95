package io.tidemark.sinks.s3;

import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.s3.S3Failure.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.RequestPayer;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/**
 * The requests that a store makes, one method each: what goes into them, and what their errors mean. Each is cold, starts
 * on the file scheduler, and its answer comes there.
 *
 * <p>Source: Amazon S3 API Reference; FORMAT.md section 8.
 */
final class S3Requests {
    private static final String NONE = "*";
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_FOUND = 404;

    /** For what the store answers from its own books. */
    private static final Duration QUICK = Duration.ofSeconds(60);
    /** For what carries bytes, or puts many together: the connection's own time-outs see to it that something moves. */
    private static final Duration LONG = Duration.ofMinutes(30);

    private final S3AsyncClient client;
    private final S3Settings settings;
    private final String root;
    private final S3Failure failure;
    private final S3Connection.Tools tools;

    /** @param root first characters of every key */
    S3Requests(S3AsyncClient client, S3Settings settings, String root, S3Failure failure, S3Connection.Tools tools) {
        this.client = client;
        this.settings = settings;
        this.root = root;
        this.failure = failure;
        this.tools = tools;
    }

    /** The prefix of all keys. */
    String root() {
        return root;
    }

    String key(ObjectName name) {
        return root + name.value();
    }

    /** For messages. */
    String where(String key) {
        return "s3://" + settings.bucket() + "/" + key;
    }

    private <T> Mono<T> call(Asked asked, Supplier<CompletableFuture<T>> request) {
        return Mono.fromFuture(request)
                .onErrorMap(error -> failure.of(asked, error))
                .subscribeOn(tools.files())
                .publishOn(tools.files());
    }

    /** Puts the whole object in one request. */
    Mono<PutOutcome> put(ObjectName name, Part content) {
        String key = key(name);
        return onlyOnce(call(
                new Asked("s3:PutObject", where(key)),
                () -> client.putObject(
                        request -> {
                            request.bucket(settings.bucket())
                                    .key(key)
                                    .contentLength((long) content.size())
                                    .ifNoneMatch(condition())
                                    .storageClass(settings.write().storageClass())
                                    .serverSideEncryption(encryption())
                                    .ssekmsKeyId(kmsKey())
                                    .requestPayer(payer())
                                    .overrideConfiguration(within(LONG));
                            if (settings.write().checksum() == WriteOptions.Checksum.CRC32C) {
                                request.checksumCRC32C(content.checksum());
                            }
                            WriteOptions.Lock lock = settings.write().lock();
                            if (lock != null) {
                                request.objectLockMode(mode(lock)).objectLockRetainUntilDate(until(lock));
                            }
                        },
                        content.body())));
    }

    /** Begins a multipart upload; emits its id. */
    Mono<String> createUpload(ObjectName name) {
        String key = key(name);
        return call(
                        new Asked("s3:PutObject", where(key)),
                        () -> client.createMultipartUpload(request -> {
                            request.bucket(settings.bucket())
                                    .key(key)
                                    .storageClass(settings.write().storageClass())
                                    .serverSideEncryption(encryption())
                                    .ssekmsKeyId(kmsKey())
                                    .requestPayer(payer())
                                    .overrideConfiguration(within(QUICK));
                            if (settings.write().checksum() == WriteOptions.Checksum.CRC32C) {
                                request.checksumAlgorithm(ChecksumAlgorithm.CRC32_C);
                            }
                            WriteOptions.Lock lock = settings.write().lock();
                            if (lock != null) {
                                request.objectLockMode(mode(lock)).objectLockRetainUntilDate(until(lock));
                            }
                        }))
                .map(answer -> answer.uploadId());
    }

    /** Uploads one part; the same number again replaces it. */
    Mono<CompletedPart> uploadPart(ObjectName name, String upload, int number, Part content) {
        String key = key(name);
        boolean checked = settings.write().checksum() == WriteOptions.Checksum.CRC32C;
        return call(
                        new Asked("s3:PutObject", where(key) + " part " + number),
                        () -> client.uploadPart(
                                request -> {
                                    request.bucket(settings.bucket())
                                            .key(key)
                                            .uploadId(upload)
                                            .partNumber(number)
                                            .contentLength((long) content.size())
                                            .requestPayer(payer())
                                            .overrideConfiguration(within(LONG));
                                    if (checked) {
                                        request.checksumCRC32C(content.checksum());
                                    }
                                },
                                content.body()))
                .map(answer -> CompletedPart.builder()
                        .partNumber(number)
                        .eTag(answer.eTag())
                        .checksumCRC32C(checked ? content.checksum() : null)
                        .build());
    }

    /** Makes the object of its parts, unless the name is taken. An error in a 200 is one (FORMAT.md section 8). */
    Mono<PutOutcome> completeUpload(ObjectName name, String upload, List<CompletedPart> parts) {
        String key = key(name);
        return onlyOnce(call(
                new Asked("s3:PutObject", where(key)),
                () -> client.completeMultipartUpload(request -> request.bucket(settings.bucket())
                        .key(key)
                        .uploadId(upload)
                        .ifNoneMatch(condition())
                        .requestPayer(payer())
                        .multipartUpload(made -> made.parts(parts))
                        .overrideConfiguration(within(LONG)))));
    }

    /** Throws a multipart upload away; one that is not there is fine. */
    Mono<Void> abortUpload(String key, String upload) {
        return call(
                        new Asked("s3:AbortMultipartUpload", where(key)),
                        () -> client.abortMultipartUpload(request -> request.bucket(settings.bucket())
                                .key(key)
                                .uploadId(upload)
                                .requestPayer(payer())
                                .overrideConfiguration(within(QUICK))))
                .onErrorResume(
                        error -> error.getCause() instanceof S3Exception answer
                                && (answer.statusCode() == NOT_FOUND
                                        && !S3Failure.code(answer).equals("NoSuchBucket")),
                        gone -> Mono.empty())
                .then();
    }

    /** One page of unfinished uploads under the root. */
    Mono<ListMultipartUploadsResponse> uploads(@Nullable String keyMarker, @Nullable String uploadMarker) {
        return call(
                new Asked("s3:ListBucketMultipartUploads", where(root)),
                () -> client.listMultipartUploads(request -> request.bucket(settings.bucket())
                        .prefix(root)
                        .keyMarker(keyMarker)
                        .uploadIdMarker(uploadMarker)
                        .requestPayer(payer())
                        .overrideConfiguration(within(QUICK))));
    }

    /** @param range as the header has it; null for all */
    Mono<Answer> get(ObjectName name, @Nullable String range) {
        String key = key(name);
        return call(
                asksFor(key),
                () -> client.getObject(
                        request -> request.bucket(settings.bucket())
                                .key(key)
                                .range(range)
                                .requestPayer(payer())
                                .overrideConfiguration(within(QUICK)),
                        Answer.transformer()));
    }

    /** What came while a body was read. */
    Throwable whileReading(ObjectName name, Throwable error) {
        return failure.of(asksFor(key(name)), error);
    }

    private Asked asksFor(String key) {
        return new Asked("s3:GetObject", where(key));
    }

    /** Empty where there is no object, for certain: an answer to HEAD has no body that could say what is missing. */
    Mono<HeadObjectResponse> head(ObjectName name) {
        String key = key(name);
        return call(
                        asksFor(key),
                        () -> client.headObject(request -> request.bucket(settings.bucket())
                                .key(key)
                                .requestPayer(payer())
                                .overrideConfiguration(within(QUICK))))
                .onErrorResume(
                        error -> error.getCause() instanceof S3Exception answer && answer.statusCode() == NOT_FOUND,
                        missing -> requireBucket().then(Mono.empty()));
    }

    /**
     * Completes where the bucket is there and the root in it may be listed. Not by HeadBucket, which a policy that allows listings of a
     * prefix refuses.
     */
    Mono<Void> requireBucket() {
        return call(
                        new Asked("s3:ListBucket", where(root)),
                        () -> client.listObjectsV2(request -> request.bucket(settings.bucket())
                                .prefix(root)
                                .maxKeys(1)
                                .requestPayer(payer())
                                .overrideConfiguration(within(QUICK))))
                .then();
    }

    /** One page of a listing. */
    Mono<ListObjectsV2Response> list(String prefix, @Nullable String token) {
        return call(
                new Asked("s3:ListBucket", where(root + prefix)),
                () -> client.listObjectsV2(request -> request.bucket(settings.bucket())
                        .prefix(root + prefix)
                        .continuationToken(token)
                        .requestPayer(payer())
                        .overrideConfiguration(within(QUICK))));
    }

    Mono<Void> delete(ObjectName name) {
        String key = key(name);
        return call(
                        new Asked("s3:DeleteObject", where(key)),
                        () -> client.deleteObject(request -> request.bucket(settings.bucket())
                                .key(key)
                                .requestPayer(payer())
                                .overrideConfiguration(within(QUICK))))
                .onErrorResume(error -> error.getCause() instanceof NoSuchKeyException, alreadyGone -> Mono.empty())
                .then();
    }

    Mono<Void> retain(ObjectName name, WriteOptions.Lock lock, Instant until) {
        String key = key(name);
        return call(
                        new Asked("s3:PutObjectRetention", where(key)),
                        () -> client.putObjectRetention(request -> request.bucket(settings.bucket())
                                .key(key)
                                .retention(made -> made.mode(lock.mode().name()).retainUntilDate(until))
                                .requestPayer(payer())
                                .overrideConfiguration(within(QUICK))))
                .then();
    }

    /** The bucket's rules; none where it has no configuration of them. */
    Mono<List<LifecycleRule>> lifecycle() {
        return call(
                        new Asked("s3:GetLifecycleConfiguration", "s3://" + settings.bucket()),
                        () -> client.getBucketLifecycleConfiguration(
                                request -> request.bucket(settings.bucket()).overrideConfiguration(within(QUICK))))
                .map(answer -> answer.rules())
                .onErrorResume(
                        error -> error.getCause() instanceof S3Exception answer
                                && S3Failure.code(answer).equals("NoSuchLifecycleConfiguration"),
                        none -> Mono.just(List.of()));
    }

    /** 412 is the answer of the condition: an object of that name is there. */
    private static Mono<PutOutcome> onlyOnce(Mono<?> put) {
        return put.thenReturn(PutOutcome.CREATED)
                .onErrorResume(
                        StoreUnavailable.class,
                        error -> error.getCause() instanceof S3Exception answer
                                        && answer.statusCode() == PRECONDITION_FAILED
                                ? Mono.just(PutOutcome.PRESENT)
                                : Mono.error(error));
    }

    private @Nullable String condition() {
        return settings.write().condition() == WriteOptions.Condition.IF_NONE_MATCH ? NONE : null;
    }

    private @Nullable RequestPayer payer() {
        return settings.payer() == S3Settings.Payer.REQUESTER ? RequestPayer.REQUESTER : null;
    }

    private @Nullable ServerSideEncryption encryption() {
        WriteOptions.Encryption encryption = settings.write().encryption();
        if (encryption == null) {
            return null;
        }
        return encryption instanceof WriteOptions.Encryption.Kms
                ? ServerSideEncryption.AWS_KMS
                : ServerSideEncryption.AES256;
    }

    private @Nullable String kmsKey() {
        return settings.write().encryption() instanceof WriteOptions.Encryption.Kms kms ? kms.keyId() : null;
    }

    private static ObjectLockMode mode(WriteOptions.Lock lock) {
        return ObjectLockMode.valueOf(lock.mode().name());
    }

    private Instant until(WriteOptions.Lock lock) {
        return tools.clock().instant().plus(lock.retention());
    }

    private static AwsRequestOverrideConfiguration within(Duration time) {
        return AwsRequestOverrideConfiguration.builder().apiCallTimeout(time).build();
    }
}
