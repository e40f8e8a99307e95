package io.tidemark.sinks.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.IntegrityFailed;
import io.tidemark.sinks.LifecycleRule;
import io.tidemark.sinks.ObjectBody;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.ObjectName;
import io.tidemark.sinks.PutOutcome;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreFull;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.StoreUnsuitable;
import io.tidemark.sinks.testing.s3.S3Fault;
import io.tidemark.sinks.testing.s3.S3Operation;
import io.tidemark.sinks.testing.s3.S3Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the store asks of S3, and what it makes of the answers, right and wrong ones. */
final class S3StoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectName NAME = ObjectName.of("1/wal/00000001/a");
    private static final String KEY = "p/prod/1/wal/00000001/a";
    private static final byte[] SMALL = "sealed".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private Scripted scripted;

    private S3Store playing(S3Fault... faults) {
        return playing(WriteOptions.PLAIN, faults);
    }

    private S3Store playing(WriteOptions write, S3Fault... faults) {
        scripted = new Scripted(write, faults);
        return scripted.store();
    }

    @AfterEach
    void strike() {
        if (scripted != null) {
            scripted.close();
            assertThat(scripted.memory.free()).isEqualTo(PartPlan.GREATEST_PART);
        }
    }

    // requests

    @Test
    void st3_aSmallPut_isOneConditionalRequest_withItsChecksum() {
        S3Store store = playing();

        assertThat(put(store, SMALL)).isEqualTo(PutOutcome.CREATED);

        assertThat(scripted.server.requests()).singleElement().satisfies(request -> {
            assertThat(request.operation()).isEqualTo(S3Operation.PUT_OBJECT);
            assertThat(request.key()).isEqualTo(KEY);
            assertThat(request.header("if-none-match")).isEqualTo("*");
            assertThat(request.header("x-amz-checksum-crc32c")).isNotEmpty();
            assertThat(request.header("content-length")).isEqualTo("6");
        });
    }

    @Test
    void t98_noRequest_hasTrailersOrWaitsForAContinue() {
        S3Store store = playing();
        put(store, random(PART + 1));

        assertThat(scripted.server.requests())
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.headers())
                        .doesNotContainKeys(
                                "x-amz-trailer", "expect", "transfer-encoding", "x-amz-decoded-content-length"));
    }

    @Test
    void aLongPut_goesUpInParts_completedOnCondition() {
        S3Store store = playing();
        byte[] content = random(2 * PART + 17);

        assertThat(put(store, content)).isEqualTo(PutOutcome.CREATED);

        assertThat(scripted.server.content(KEY)).isEqualTo(content);
        assertThat(operations())
                .contains(S3Operation.CREATE_MULTIPART_UPLOAD, S3Operation.COMPLETE_MULTIPART_UPLOAD)
                .doesNotContain(S3Operation.PUT_OBJECT, S3Operation.ABORT_MULTIPART_UPLOAD);
        assertThat(scripted.server.requests(S3Operation.UPLOAD_PART)).hasSize(3);
        assertThat(scripted.server.requests(S3Operation.COMPLETE_MULTIPART_UPLOAD))
                .singleElement()
                .satisfies(
                        request -> assertThat(request.header("if-none-match")).isEqualTo("*"));
    }

    @Test
    void options_areInTheRequests() {
        WriteOptions write = new WriteOptions(
                "STANDARD_IA",
                new WriteOptions.Encryption.Kms("key-1"),
                new WriteOptions.Lock(WriteOptions.Lock.Mode.COMPLIANCE, Duration.ofDays(30)),
                WriteOptions.Checksum.NONE,
                WriteOptions.Condition.IF_NONE_MATCH);
        scripted = new Scripted(write, S3Settings.Payer.REQUESTER, "bucket");

        put(scripted.store(), SMALL);
        put(scripted.store(), "long", random(PART + 1));

        for (S3Operation operation : List.of(S3Operation.PUT_OBJECT, S3Operation.CREATE_MULTIPART_UPLOAD)) {
            S3Request request = scripted.server.requests(operation).get(0);
            assertThat(request.header("x-amz-storage-class")).isEqualTo("STANDARD_IA");
            assertThat(request.header("x-amz-server-side-encryption")).isEqualTo("aws:kms");
            assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
                    .isEqualTo("key-1");
            assertThat(request.header("x-amz-object-lock-mode")).isEqualTo("COMPLIANCE");
            assertThat(request.header("x-amz-object-lock-retain-until-date")).startsWith("2026-12-27T12:00");
            assertThat(request.headers()).doesNotContainKey("x-amz-checksum-crc32c");
        }
        assertThat(scripted.server.requests())
                .allSatisfy(request ->
                        assertThat(request.header("x-amz-request-payer")).isEqualTo("requester"));
        assertThat(scripted.store().capabilities().retention()).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void t104_lifecycle_isWhatConcernsOurObjects() {
        S3Store store = playing();
        scripted.server.lifecycle("""
                <LifecycleConfiguration>
                <Rule><ID>all, in the old form</ID><Prefix></Prefix><Status>Enabled</Status>
                <Expiration><Days>30</Days></Expiration></Rule>
                <Rule><ID>ours</ID><Filter><Prefix>p/prod/1/wal/</Prefix></Filter><Status>Enabled</Status>
                <Transition><Days>7</Days><StorageClass>GLACIER</StorageClass></Transition>
                <Transition><Days>1</Days><StorageClass>STANDARD_IA</StorageClass></Transition></Rule>
                <Rule><ID>at a date</ID><Filter><And><Prefix>p/</Prefix><ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></And>
                </Filter><Status>Enabled</Status><Expiration><Date>2027-01-01T00:00:00Z</Date></Expiration></Rule>
                <Rule><ID>off</ID><Filter><Prefix></Prefix></Filter><Status>Disabled</Status>
                <Expiration><Days>1</Days></Expiration></Rule>
                <Rule><ID>for tags</ID><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Status>Enabled</Status>
                <Expiration><Days>1</Days></Expiration></Rule>
                <Rule><ID>others</ID><Filter><Prefix>p/test/</Prefix></Filter><Status>Enabled</Status>
                <Expiration><Days>1</Days></Expiration></Rule>
                <Rule><ID>harmless</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>
                <NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>
                <AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>
                <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>
                </LifecycleConfiguration>""");

        assertThat(store.lifecycle().collectList().block(PATIENCE))
                .containsExactly(
                        new LifecycleRule(
                                "all, in the old form", LifecycleRule.Effect.DELETED, "", Duration.ofDays(30)),
                        new LifecycleRule("ours", LifecycleRule.Effect.ARCHIVED, "1/wal/", Duration.ofDays(7)),
                        new LifecycleRule("at a date", LifecycleRule.Effect.DELETED, "", null));
    }

    @Test
    void t104_lifecycle_ofABucketWithoutRules_isEmpty_andARefusalIsNot() {
        S3Store store = playing();
        assertThat(store.lifecycle().collectList().block(PATIENCE)).isEmpty();

        scripted.server.play(S3Fault.any().answers(403, "AccessDenied"));

        assertThat(failure(store.lifecycle()))
                .isInstanceOf(AccessRefused.class)
                .hasMessageContaining("s3:GetLifecycleConfiguration on s3://bucket");
    }

    @Test
    void aSingleWriter_looksBeforeItWrites() {
        S3Store store = playing(
                new WriteOptions(null, null, null, WriteOptions.Checksum.CRC32C, WriteOptions.Condition.SINGLE_WRITER));

        assertThat(put(store, SMALL)).isEqualTo(PutOutcome.CREATED);
        assertThat(put(store, SMALL)).isEqualTo(PutOutcome.PRESENT);

        assertThat(scripted.server.requests(S3Operation.PUT_OBJECT))
                .singleElement()
                .satisfies(request -> assertThat(request.headers()).doesNotContainKey("if-none-match"));
    }

    @Test
    void t107_exchangedCredentials_areUsedAtOnce() {
        S3Store store = playing();
        put(store, SMALL);

        scripted.keys.set(new S3Credentials.KeyPair("AKIANEW", "another-secret"));
        put(store, "b", SMALL);

        assertThat(scripted.server.requests(S3Operation.PUT_OBJECT))
                .extracting(S3Request::accessKey)
                .containsExactly("AKIATEST", "AKIANEW");
    }

    @Test
    void t105_aLock_isExtendedAndNeverShortened() {
        S3Store store = playing(new WriteOptions(
                null,
                null,
                new WriteOptions.Lock(WriteOptions.Lock.Mode.GOVERNANCE, Duration.ofDays(30)),
                WriteOptions.Checksum.CRC32C,
                WriteOptions.Condition.IF_NONE_MATCH));
        put(store, SMALL);

        store.retain(NAME, Scripted.NOW.plus(Duration.ofDays(10))).block(PATIENCE);
        assertThat(scripted.server.requests(S3Operation.PUT_OBJECT_RETENTION)).isEmpty();

        store.retain(NAME, Scripted.NOW.plus(Duration.ofDays(40))).block(PATIENCE);
        assertThat(scripted.server.requests(S3Operation.PUT_OBJECT_RETENTION)).hasSize(1);

        assertThat(failure(store.retain(ObjectName.of("none"), Scripted.NOW))).isInstanceOf(ObjectMissing.class);
    }

    @Test
    void withoutALock_retainAsksNothing() {
        S3Store store = playing();

        store.retain(NAME, Scripted.NOW).block(PATIENCE);

        assertThat(scripted.server.requests()).isEmpty();
    }

    // puts that go wrong

    @Test
    void t99_aLostAnswer_isAnErrorThatMayPass_andTheNextPutMeetsTheObject() {
        S3Store store = playing(S3Fault.on(S3Operation.PUT_OBJECT).nth(1).losesTheAnswer());

        assertThat(failure(attempt(store, SMALL))).isInstanceOf(StoreUnavailable.class);
        assertThat(put(store, SMALL)).isEqualTo(PutOutcome.PRESENT);
    }

    @ParameterizedTest
    @CsvSource({"409, ConditionalRequestConflict", "409, OperationAborted", "500, InternalError", "400, RequestTimeout"
    })
    void aConflictOrATrouble_mayPass(int status, String code) {
        S3Store store = playing(S3Fault.on(S3Operation.PUT_OBJECT).nth(1).answers(status, code));

        StoreException failure = failure(attempt(store, SMALL));

        assertThat(failure.isTransient()).isTrue();
        assertThat(failure).hasMessageContaining(code);
        assertThat(put(store, SMALL)).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void aPartThatFails_isSentAgainAlone() {
        S3Store store = playing(
                S3Fault.on(S3Operation.UPLOAD_PART).nth(2).answers(503, "SlowDown"),
                S3Fault.on(S3Operation.UPLOAD_PART).nth(3).closesInRequestAfter(100_000));
        byte[] content = random(3 * PART);

        assertThat(put(store, content)).isEqualTo(PutOutcome.CREATED);

        assertThat(scripted.server.content(KEY)).isEqualTo(content);
        assertThat(scripted.server.requests(S3Operation.CREATE_MULTIPART_UPLOAD))
                .hasSize(1);
        assertThat(scripted.server.requests(S3Operation.UPLOAD_PART)).hasSize(5);
    }

    @Test
    void t102_partsThatStayAway_endThePut_andTheUploadIsThrownAway() {
        S3Store store = playing(S3Fault.on(S3Operation.UPLOAD_PART).from(2).answers(500, "InternalError"));

        assertThat(failure(attempt(store, random(3 * PART)))).isNotNull();

        assertThat(scripted.server.uploads()).isEmpty();
        assertThat(scripted.server.keys()).isEmpty();
    }

    @Test
    void anErrorInA200_isAnError() {
        S3Store store =
                playing(S3Fault.on(S3Operation.COMPLETE_MULTIPART_UPLOAD).nth(1).answersOkWith("InternalError"));

        StoreException failure = failure(attempt(store, random(PART + 1)));

        assertThat(failure.isTransient()).isTrue();
        assertThat(scripted.server.keys()).isEmpty();
        assertThat(scripted.server.uploads()).isEmpty();
    }

    @Test
    void aTakenName_isPresent_andItsUploadIsThrownAway() {
        S3Store store = playing();
        scripted.server.plant(KEY, SMALL);

        assertThat(put(store, random(PART + 1))).isEqualTo(PutOutcome.PRESENT);

        assertThat(scripted.server.content(KEY)).isEqualTo(SMALL);
        assertThat(scripted.server.uploads()).isEmpty();
    }

    @Test
    void aLostAnswerOfTheLastRequest_mayPass_andTheNextPutMeetsTheObject() {
        S3Store store =
                playing(S3Fault.on(S3Operation.COMPLETE_MULTIPART_UPLOAD).nth(1).losesTheAnswer());
        byte[] content = random(PART + 1);

        assertThat(failure(attempt(store, content)).isTransient()).isTrue();
        assertThat(put(store, content)).isEqualTo(PutOutcome.PRESENT);
    }

    @Test
    void partsThatWait_holdUpTheSource_withinTheMemory() throws InterruptedException {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch full = new CountDownLatch(1);
        S3Store store = playing(S3Fault.on(S3Operation.UPLOAD_PART).waitsFor(answer));
        AtomicLong read = new AtomicLong();
        long length = 40L << 20;
        long most = PartPlan.GREATEST_PART;
        ObjectBody body = ObjectBody.of(() -> Flux.<ByteBuf, Long>generate(() -> 0L, (at, sink) -> {
            if (at >= length) {
                sink.complete();
                return at;
            }
            if (read.addAndGet(1 << 16) > 4L * PART) {
                full.countDown();
            }
            sink.next(Unpooled.wrappedBuffer(new byte[1 << 16]));
            return at + (1 << 16);
        }));

        Mono<PutOutcome> put = store.putIfAbsent(NAME, body).cache();
        var running = put.subscribe();
        full.await();
        assertThat(read.get()).isLessThanOrEqualTo(most);
        answer.countDown();

        assertThat(put.block(PATIENCE)).isEqualTo(PutOutcome.CREATED);
        assertThat(scripted.server.content(KEY)).hasSize((int) length);
        running.dispose();
    }

    // errors in words

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, REFUSED, s3:PutObject",
        "403, InvalidAccessKeyId, REFUSED, AKIATEST",
        "403, SignatureDoesNotMatch, REFUSED, file:/etc/keys",
        "400, ExpiredToken, UNAVAILABLE, expired",
        "403, RequestTimeTooSkewed, UNAVAILABLE, 2026-11-27T12:00:00Z",
        "301, PermanentRedirect, UNSUITABLE, eu-central-1",
        "400, AuthorizationHeaderMalformed, UNSUITABLE, eu-central-1",
        "404, NoSuchBucket, UNSUITABLE, bucket",
        "403, InvalidObjectState, REFUSED, Glacier",
        "503, SlowDown, UNAVAILABLE, SlowDown",
        "400, BadDigest, UNAVAILABLE, changed",
        "507, InsufficientStorage, FULL, room",
        "403, QuotaExceeded, FULL, quota",
        "501, NotImplemented, UNSUITABLE, header",
        "400, EntityTooLarge, UNSUITABLE, EntityTooLarge",
    })
    void errors_sayWhatHappenedToWhom_andNoSecret(int status, String code, StoreException.Kind kind, String says) {
        S3Store store = playing(S3Fault.any()
                .answers(
                        status,
                        code,
                        Map.of("x-amz-bucket-region", "eu-central-1", "Date", "Fri, 27 Nov 2026 13:00:00 GMT")));

        StoreException failure = failure(attempt(store, SMALL));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure)
                .hasMessageContaining(says)
                .hasMessageContaining("s3://bucket/" + KEY)
                .message()
                .doesNotContain("very-secret-indeed");
    }

    @Test
    void t96_slowDown_isTold() {
        S3Store store = playing(S3Fault.any().nth(1).answers(503, "SlowDown"));

        assertThat(failure(attempt(store, SMALL)))
                .isInstanceOfSatisfying(
                        StoreUnavailable.class,
                        failure -> assertThat(failure.asksToSlowDown()).isTrue());
    }

    @Test
    void aServerThatIsNotThere_isUnavailable_andNamed() {
        S3Store store = playing();
        scripted.server.close();

        assertThat(failure(store.stat(NAME)))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(scripted.server.endpoint().toString());
    }

    @Test
    void aFullStore_isFull() {
        assertThat(failure(attempt(playing(S3Fault.any().answers(507, "InsufficientStorage")), SMALL)))
                .isInstanceOf(StoreFull.class);
    }

    // doubt is never absence

    @Test
    void anAbsentObject_isMissing_andStatAsksTheBucketToo() {
        S3Store store = playing();

        assertThat(failure(store.get(NAME))).isInstanceOf(ObjectMissing.class);
        assertThat(store.stat(NAME).blockOptional(PATIENCE)).isEmpty();
        assertThat(operations())
                .containsExactly(S3Operation.GET_OBJECT, S3Operation.HEAD_OBJECT, S3Operation.LIST_OBJECTS_V2);
    }

    @Test
    void t28_aRefusal_isNoAbsence() {
        S3Store store = playing(S3Fault.any().answers(403, "AccessDenied"));

        assertThat(failure(store.get(NAME))).isInstanceOf(AccessRefused.class).hasMessageContaining("s3:ListBucket");
        assertThat(failure(store.stat(NAME))).isInstanceOf(AccessRefused.class);
        assertThat(failure(store.list(""))).isInstanceOf(AccessRefused.class);
    }

    @Test
    void a404WithoutTheBucket_isNoAbsence() {
        scripted = new Scripted(WriteOptions.PLAIN, S3Settings.Payer.OWNER, "nobucket");

        assertThat(failure(scripted.store().stat(NAME))).isInstanceOf(StoreUnsuitable.class);
        assertThat(failure(scripted.store().get(NAME))).isInstanceOf(StoreUnsuitable.class);
    }

    @Test
    void a404OfSomebodyElses_isNoAbsence() {
        S3Store store = playing(S3Fault.on(S3Operation.GET_OBJECT).answersBody(404, "<html>not here</html>"));

        assertThat(failure(store.get(NAME))).isInstanceOf(StoreUnavailable.class);
    }

    // gets that go wrong

    @Test
    void anAnswerThatIsCutOff_isAnError() {
        S3Store store = playing(S3Fault.on(S3Operation.GET_OBJECT).closesInAnswerAfter(70_000));
        scripted.server.plant(KEY, random(200_000));

        assertThat(failure(store.get(NAME).doOnNext(ByteBuf::release))).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void anAnswerThatIsShorterThanItSays_isAnError() {
        S3Store store = playing(S3Fault.on(S3Operation.GET_OBJECT).liesAboutLength(10));
        scripted.server.plant(KEY, random(200_000));

        assertThat(failure(store.get(NAME).doOnNext(ByteBuf::release))).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void aBodyThatGivesMoreThanItSaid_isRefused() {
        S3Store store = playing();
        ObjectBody body = ObjectBody.of(() -> Flux.just(Unpooled.wrappedBuffer(new byte[10])), 9);

        assertThat(failure(store.putIfAbsent(NAME, body))).isInstanceOf(IntegrityFailed.class);
        assertThat(scripted.server.keys()).isEmpty();
    }

    @Test
    void leftovers_areListedAndDiscarded_onlyBelowTheRoot() {
        S3Store store = playing(
                S3Fault.on(S3Operation.ABORT_MULTIPART_UPLOAD).nth(1).answers(500, "InternalError"),
                S3Fault.on(S3Operation.COMPLETE_MULTIPART_UPLOAD).answers(500, "InternalError"));
        assertThat(failure(attempt(store, random(PART + 1)))).isNotNull();
        assertThat(scripted.server.uploads()).hasSize(1);

        var found = store.leftovers().collectList().block(PATIENCE);

        assertThat(found).singleElement().satisfies(leftover -> {
            assertThat(leftover.description()).contains(KEY);
            store.discard(leftover).block(PATIENCE);
            store.discard(leftover).block(PATIENCE);
        });
        assertThat(scripted.server.uploads()).isEmpty();
    }

    private static final int PART = Scripted.PART;

    private List<S3Operation> operations() {
        return scripted.server.requests().stream().map(S3Request::operation).toList();
    }

    private static PutOutcome put(S3Store store, byte[] content) {
        return Objects.requireNonNull(attempt(store, content).block(PATIENCE));
    }

    private static PutOutcome put(S3Store store, String name, byte[] content) {
        return Objects.requireNonNull(
                store.putIfAbsent(ObjectName.of(name), unsized(content)).block(PATIENCE));
    }

    private static Mono<PutOutcome> attempt(S3Store store, byte[] content) {
        return store.putIfAbsent(NAME, unsized(content));
    }

    /** As a compressed body is: nobody knows how long. */
    private static ObjectBody unsized(byte[] content) {
        return ObjectBody.of(() -> Flux.<ByteBuf, Integer>generate(() -> 0, (at, sink) -> {
            if (at >= content.length) {
                sink.complete();
                return at;
            }
            int length = Math.min(100_000, content.length - at);
            sink.next(Unpooled.wrappedBuffer(content, at, length));
            return at + length;
        }));
    }

    private static StoreException failure(Mono<?> work) {
        return failure(work.flux());
    }

    private static StoreException failure(Flux<?> work) {
        return Objects.requireNonNull(work.then(Mono.<StoreException>empty())
                .onErrorResume(StoreException.class, Mono::just)
                .onErrorResume(gaveUp -> Mono.just((StoreException) Objects.requireNonNull(gaveUp.getCause())))
                .block(PATIENCE));
    }

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }
}
