package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.TlsRefused;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.operation.Create;
import io.tidemark.kmip.testing.Answerer;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Door;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.kmip.tls.TlsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** What a server can do wrong about one answer: each ends in a typed failure, and with it the connection. */
final class BrokenAnswersTest {
    private static final Duration SHORT = Duration.ofMillis(600);
    private static final Create CREATE = Create.aes(128, UsageMask.ENCRYPT, "new");

    @TempDir
    private Path directory;

    private Lab lab;
    private KmipClient client;

    @BeforeEach
    void open() {
        lab = new Lab(directory, Dialect.PYKMIP, ServerTls.good());
        client = lab.client(Lab.pool(1, 8));
        lab.hasKey(client);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** The first answer from now on. */
    private void once(Operation operation, UnaryOperator<Reply> distortion) {
        AtomicInteger left = new AtomicInteger(1);
        lab.kms.distort(operation, reply -> left.getAndDecrement() > 0 ? distortion.apply(reply) : reply);
    }

    private KmipClient impatient() {
        return lab.client(settings ->
                Lab.pool(1, 8).apply(settings).withRequestTimeout(SHORT).withDeadline(SHORT));
    }

    @Test
    void anAnswer_thatIsCutAnywhere_isAskedForAgain() {
        AtomicInteger length = new AtomicInteger();
        once(
                Operation.GET,
                reply -> reply.changed(bytes -> {
                    length.set(bytes.length);
                    return bytes;
                }));
        lab.hasKey(client);

        for (int cut : IntStream.iterate(0, n -> n < length.get(), n -> n + (n < 9 ? 3 : 31))
                .toArray()) {
            once(Operation.GET, reply -> reply.cutAt(cut));
            lab.hasKey(client);
        }
        assertThat(length.get()).isGreaterThan(200);
    }

    @Test
    void anAnswer_toWhatIsNotHarmless_isNeverAskedForAgain() {
        lab.kms.distort(Operation.CREATE, reply -> reply.cutAt(0));
        assertThat(Lab.failure(client.ask(CREATE)).kind()).isEqualTo(Kind.UNREACHABLE);
        lab.kms.distort(Operation.CREATE, reply -> Reply.resetting());
        lab.hasKey(client); // so that the connection is none that was never answered
        assertThat(Lab.failure(client.ask(CREATE)).kind()).isEqualTo(Kind.UNREACHABLE);

        assertThat(lab.kms.asked()).filteredOn(Operation.CREATE::equals).hasSize(2);
    }

    @Test
    void theFirstRequestOfAConnection_thatGetsNoAnswer_maySayThatWeWereRefused() {
        lab.server.answers(request -> Reply.closing());
        KmipClient fresh = impatient();

        KmipException failure = Lab.failure(fresh.ask(lab.get));

        assertThat(failure).isInstanceOf(TlsRefused.class).hasMessageContaining("CN=alice");
        assertThat(failure.isTransient()).isTrue();
    }

    @Test
    void aPieceOfAnswer_andThenSilence_isTooSlow() {
        lab.kms.distort(Operation.GET, reply -> reply.stallingAt(100));

        assertThat(Lab.failure(impatient().ask(lab.get)).kind()).isEqualTo(Kind.TIMED_OUT);
        lab.kms.calm();
        lab.hasKey(client);
    }

    @Test
    void aDrip_doesNotKeepAnAnswerAlive() {
        KmipClient patient = lab.client(settings -> settings.withRequestTimeout(Duration.ofSeconds(6)));
        once(Operation.CREATE, reply -> reply.dripping(Duration.ofMillis(100)));

        KmipException failure = Lab.failure(patient.ask(CREATE));

        assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(failure).hasMessageContaining("come too slowly");
    }

    @Test
    void aByteAtATime_quickly_isAnAnswer() {
        once(Operation.GET, reply -> reply.dripping(Duration.ofNanos(1)));

        lab.hasKey(client);
    }

    @Test
    void anAllowedLength_andSilence_isTooSlow() {
        once(Operation.GET, reply -> Reply.announcing((1 << 20) - 8));

        assertThat(Lab.failure(impatient().ask(lab.get)).kind()).isEqualTo(Kind.TIMED_OUT);
    }

    static List<UnaryOperator<Reply>> violations() {
        return List.of(
                reply -> Reply.announcing(0x7ffffff8),
                reply -> Reply.endless(0x7ffffff8),
                reply -> Reply.endless((1 << 20) - 8),
                reply -> reply.flipping(3),
                reply -> reply.flipping(7),
                Reply::withOtherItemIds,
                reply -> Reply.of(
                        "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest
    @MethodSource("violations")
    void whatIsNoAnswer_isAViolation_isNotAskedForAgain_andEndsItsConnection(UnaryOperator<Reply> violation) {
        once(Operation.GET, violation);

        assertThat(Lab.failure(client.ask(lab.get)).kind()).isEqualTo(Kind.PROTOCOL_VIOLATION);
        assertThat(lab.server.connections()).isEqualTo(1);
        lab.hasKey(client);
        assertThat(lab.server.connections()).isEqualTo(2);
    }

    @Test
    void bytesBehindAnAnswer_endTheConnection_andSpoilNothing() {
        once(Operation.GET, Reply::twice);
        lab.hasKey(client);
        once(Operation.GET, reply -> reply.followedBy(new byte[] {7}));
        lab.hasKey(client);
        lab.hasKey(client);

        assertThat(lab.server.connections()).isEqualTo(3);
    }

    @Test
    void answersOutOfTurn_failAllThatWasAskedOnTheConnection() {
        once(Operation.GET, Reply::outOfTurn);

        List<Kind> kinds = Flux.range(0, 2)
                .flatMap(
                        i -> client.ask(lab.get)
                                .map(key -> Lab.isKey(key) ? Kind.KEY_NOT_FOUND : Kind.NOT_PERMITTED)
                                .onErrorResume(KmipException.class, e -> reactor.core.publisher.Mono.just(e.kind())),
                        2)
                .collectList()
                .block(Lab.PATIENCE);

        assertThat(kinds).containsExactly(Kind.PROTOCOL_VIOLATION, Kind.PROTOCOL_VIOLATION);
        lab.hasKey(client);
    }

    @Test
    void aRequestThatGetsNoAnswer_takesThoseBehindItToAnotherConnection() {
        KmipClient brief =
                lab.client(settings -> Lab.pool(1, 8).apply(settings).withRequestTimeout(Duration.ofSeconds(1)));
        lab.hasKey(brief);
        once(Operation.CREATE, reply -> Reply.stalling());

        List<Object> ends = Flux.just(brief.ask(CREATE), brief.ask(lab.get).<Object>map(Lab::isKey))
                .flatMap(asked -> asked.cast(Object.class).onErrorResume(reactor.core.publisher.Mono::just), 2)
                .collectList()
                .block(Lab.PATIENCE);

        assertThat(ends).hasSize(2).contains(true);
        assertThat(ends)
                .filteredOn(KmipException.class::isInstance)
                .singleElement()
                .satisfies(failure -> {
                    assertThat(((KmipException) failure).kind()).isEqualTo(Kind.TIMED_OUT);
                    assertThat(((KmipException) failure).operation()).isEqualTo("Create");
                });
    }

    @Test
    void aSlowHandshake_isWaitedFor() {
        lab.server.door(Door.slow(Duration.ofMillis(50)));
        KmipClient other = lab.client();

        lab.hasKey(other);
    }

    @Test
    void aSilentHandshake_endsInTime() {
        lab.server.door(Door.SILENT);
        KmipClient other = lab.client(
                lab.settings().withDeadline(SHORT),
                lab.tls("client-alice.crt", TlsOptions.STANDARD.withHandshakeTimeout(Duration.ofMillis(100))));

        KmipException failure = Lab.failure(other.ask(lab.get));

        assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
        assertThat(failure).hasMessageContaining("no TLS handshake within 100 ms");
    }

    @Test
    void aServerThatShutsTheDoor_isUnreachable() {
        lab.server.door(Door.SHUT);
        KmipClient other = lab.client(settings -> settings.withDeadline(SHORT));

        assertThat(Lab.failure(other.ask(lab.get)).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    @Test
    void anotherHandshakeOfTls12_isRefused() {
        lab.server.shows(ServerTls.good().protocols("TLSv1.2"));
        KmipClient other = lab.client();
        lab.hasKey(other);
        once(Operation.GET, Reply::afterShakingHandsAgain);

        KmipException failure = Lab.failure(other.ask(lab.get));

        assertThat(failure.kind()).isEqualTo(Kind.PROTOCOL_VIOLATION);
        assertThat(failure).hasMessageContaining("another TLS handshake");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x100, 0x0A})
    void aGeneralFailure_isAskedAboutOnceMore_andNoOtherRefusal(int reason) {
        lab.kms.forgetAsked();
        lab.kms.refuse(Operation.GET, reason, "out of order");

        assertThat(Lab.failure(client.ask(lab.get)).resultReason()).hasValue(reason);
        assertThat(lab.kms.asked()).hasSize(reason == 0x100 ? 2 : 1);
    }

    @Test
    void anAnswererThatSendsNothingButHeaders_isNeverBelieved() {
        lab.server.answers(Answerer.always(PlainAnswers.hex("42007b0100000000")));

        assertThat(Lab.failure(client.ask(lab.get)).kind()).isEqualTo(Kind.PROTOCOL_VIOLATION);
    }
}
