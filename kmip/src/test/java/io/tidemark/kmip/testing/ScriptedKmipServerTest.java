package io.tidemark.kmip.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server does wrong what it is told to, and nothing else; seen by a client of the JDK that knows nothing of it. */
final class ScriptedKmipServerTest {
    /** A request and an answer with one item each, operation Get, identifiers 1122334455667788. */
    private static final byte[] GET = hex("4200780100000028" + "42000f0100000020" + "42005c05000000040000000a00000000"
            + "4200930800000008" + "1122334455667788");

    private static final byte[] ANSWER = hex("42007b0100000028" + "42000f0100000020"
            + "42005c05000000040000000a00000000" + "4200930800000008" + "1122334455667788");

    @TempDir
    private Path directory;

    private Pki pki;
    private ScriptedKmipServer server;

    @BeforeEach
    void start() {
        pki = Pki.in(directory);
        server = ScriptedKmipServer.start(
                pki, ServerTls.good().clients(ServerTls.Clients.NOT_ASKED), Answerer.always(ANSWER));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private SSLSocket connect() throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        try (InputStream in = Files.newInputStream(pki.file("ca.crt"))) {
            trust.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void ask(Socket socket) throws IOException {
        socket.getOutputStream().write(GET);
    }

    private static byte[] read(Socket socket, int bytes) throws IOException {
        return socket.getInputStream().readNBytes(bytes);
    }

    private byte[] answerTo(Reply reply, int bytes) throws Exception {
        server.answers(request -> reply);
        try (SSLSocket socket = connect()) {
            ask(socket);
            return read(socket, bytes);
        }
    }

    @Test
    void request_inPieces_isOneRequestWithItsOperationAndIdentifiers() throws Exception {
        try (SSLSocket socket = connect()) {
            for (byte one : GET) {
                socket.getOutputStream().write(one);
            }

            assertThat(read(socket, ANSWER.length)).isEqualTo(ANSWER);
        }
        assertThat(server.requests()).singleElement().satisfies(request -> {
            assertThat(request.bytes()).isEqualTo(GET);
            assertThat(request.operation()).isEqualTo(0x0A);
            assertThat(request.itemIds()).containsExactly("1122334455667788");
            assertThat(request.client()).isEmpty();
            assertThat(request).hasToString("request 1 of connection 1, 48 bytes");
        });
    }

    @Test
    void answers_toRequestsInOneWrite_comeInOrder() throws Exception {
        server.answers(request -> Reply.of(ANSWER).flipping(ANSWER.length - request.number()));
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(hex(HexFormat.of().formatHex(GET).repeat(3)));

            for (int number = 1; number <= 3; number++) {
                byte[] expected = ANSWER.clone();
                expected[ANSWER.length - number] ^= 1;
                assertThat(read(socket, ANSWER.length)).isEqualTo(expected);
            }
        }
    }

    @Test
    void cutAt_aByte_endsTheConnectionThere() throws Exception {
        assertThat(answerTo(Reply.of(ANSWER).cutAt(13), 1000)).isEqualTo(Arrays.copyOf(ANSWER, 13));
        assertThat(answerTo(Reply.closing(), 1000)).isEmpty();
        assertThat(answerTo(Reply.of(ANSWER).thenClosing(), 1000)).isEqualTo(ANSWER);
    }

    @Test
    void resetting_resets() {
        assertThatThrownBy(() -> answerTo(Reply.resetting(), 1)).hasStackTraceContaining("Connection reset");
    }

    @Test
    void bytes_thatNobodyAskedFor_followTheAnswer() throws Exception {
        assertThat(answerTo(Reply.of(ANSWER).twice(), 96)).hasSize(96).endsWith(ANSWER);
        assertThat(answerTo(Reply.of(ANSWER).followedBy(new byte[] {7}), 49)).endsWith((byte) 7);
    }

    @Test
    void itemIdentifiers_ofAnother_differFromTheRequests() throws Exception {
        byte[] expected = ANSWER.clone();
        expected[40] ^= 1;

        assertThat(answerTo(Reply.of(ANSWER).withOtherItemIds(), ANSWER.length)).isEqualTo(expected);
    }

    @Test
    void endlessLength_isAnnounced_andZerosFollow() throws Exception {
        assertThat(answerTo(Reply.announcing(0x7ffffff8), 8)).isEqualTo(hex("42007b017ffffff8"));
        assertThat(answerTo(Reply.endless(0x7ffffff8), 100_000))
                .startsWith(hex("42007b017ffffff80000"))
                .hasSize(100_000);
    }

    @Test
    void dripping_sendsAllOfIt() throws Exception {
        assertThat(answerTo(Reply.of(ANSWER).dripping(Duration.ofMillis(1)), ANSWER.length))
                .isEqualTo(ANSWER);
    }

    @Test
    void noAnswer_letsLaterRequestsHaveTheirs_andAStallDoesNot() throws Exception {
        server.answers(
                Answerer.inTurn(Reply.none(), Reply.of(ANSWER), Reply.of(ANSWER).stallingAt(3), Reply.of(ANSWER)));
        try (SSLSocket socket = connect()) {
            ask(socket);
            ask(socket);
            assertThat(read(socket, ANSWER.length)).isEqualTo(ANSWER);

            ask(socket);
            ask(socket);
            assertThat(read(socket, 3)).isEqualTo(Arrays.copyOf(ANSWER, 3));
        }
        assertThat(server.requests()).hasSize(3); // what came behind the stall was never taken
    }

    @Test
    void outOfTurn_comesAfterTheNext() throws Exception {
        server.answers(Answerer.inTurn(Reply.of(ANSWER).flipping(47).outOfTurn(), Reply.of(ANSWER)));
        try (SSLSocket socket = connect()) {
            ask(socket);
            ask(socket);

            assertThat(read(socket, ANSWER.length)).isEqualTo(ANSWER);
            assertThat(read(socket, ANSWER.length)).endsWith((byte) 0x89);
        }
    }

    @Test
    void anAnswer_thatIsHeld_comesWhenItIsLetGo() throws Exception {
        CompletableFuture<Void> released = new CompletableFuture<>();
        server.answers(request -> {
            new Thread(() -> released.complete(null)).start(); // only now: the answer cannot have gone before
            return Reply.of(ANSWER).when(released).after(Duration.ofMillis(1));
        });
        try (SSLSocket socket = connect()) {
            ask(socket);
            assertThat(read(socket, ANSWER.length)).isEqualTo(ANSWER);
        }
    }

    @Test
    void recordings_ofRealServers_arePlayedToTheSameBytes() throws Exception {
        Recording first = Recording.sample().get(0);
        server.answers(Answerer.playing(Recording.sample()));
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(first.request());

            assertThat(read(socket, first.response().length)).isEqualTo(first.response());
        }
    }

    @Test
    void restart_isOnTheSamePort_andKeepsNoConnection() throws Exception {
        int port = server.port();
        try (SSLSocket before = connect()) {
            ask(before);
            read(before, ANSWER.length);

            server.stop();

            assertThat(before.getInputStream().read()).isEqualTo(-1);
            assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        }
        server.start();
        assertThat(server.port()).isEqualTo(port);
        assertThat(answerTo(Reply.of(ANSWER), ANSWER.length)).isEqualTo(ANSWER);
        server.kill();
        assertThat(server.open()).isZero();
        assertThat(server.connections()).isEqualTo(2);
    }

    @Test
    void certificate_thatIsReplaced_isShownToLaterConnections() throws Exception {
        try (SSLSocket old = connect()) {
            old.startHandshake();
            server.shows(
                    ServerTls.good().clients(ServerTls.Clients.NOT_ASKED).showing("server-ec.crt", "server-ec.key"));
            ask(old);
            assertThat(read(old, ANSWER.length)).isEqualTo(ANSWER);
        }
        try (SSLSocket renewed = connect()) {
            X509Certificate shown = (X509Certificate) renewed.getSession().getPeerCertificates()[0];
            assertThat(shown.getPublicKey().getAlgorithm()).isEqualTo("EC");
        }
    }

    @Test
    void anAnswerer_thatFails_failsTheTest() throws Exception {
        ScriptedKmipServer failing =
                ScriptedKmipServer.start(pki, ServerTls.good().clients(ServerTls.Clients.NOT_ASKED), request -> {
                    throw new IOException("not what was expected");
                });
        server.stop();
        ScriptedKmipServer good = server;
        server = failing;
        try (SSLSocket socket = connect()) {
            ask(socket);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        server = good;

        assertThatThrownBy(failing::close).hasMessage("the script failed").hasRootCauseMessage("not what was expected");
    }
}
