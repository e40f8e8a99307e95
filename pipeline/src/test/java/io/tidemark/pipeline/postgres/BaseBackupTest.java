package io.tidemark.pipeline.postgres;

import static io.tidemark.pipeline.postgres.testing.ServerBytes.all;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.columns;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.complete;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.copyData;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.copyDone;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.error;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.ready;
import static io.tidemark.pipeline.postgres.testing.ServerBytes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.BaseBackupCommand.CheckpointMode;
import io.tidemark.pipeline.postgres.BaseBackupCommand.ManifestChecksums;
import io.tidemark.pipeline.postgres.BaseBackupCommand.ServerVerification;
import io.tidemark.pipeline.postgres.testing.ScriptedPostgres;
import io.tidemark.pipeline.postgres.testing.ServerBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** BASE_BACKUP against a server that says what a test tells it to. Each test ends with every buffer released (BufferLeaks). */
final class BaseBackupTest {
    private static final ClientUnderTest CLIENT = new ClientUnderTest();
    private static final BaseBackupCommand COMMAND = new BaseBackupCommand(
            "it's mine", CheckpointMode.FAST, 1024, ManifestChecksums.SHA256, ServerVerification.OFF);
    private static final byte[] CONTENT = "content of an archive".getBytes(StandardCharsets.US_ASCII);

    @AfterAll
    static void end() {
        CLIENT.close();
    }

    private static String told(BaseBackupMessage message) {
        if (message instanceof BaseBackupMessage.Data data) {
            String text = data.data().toString(StandardCharsets.ISO_8859_1);
            data.data().release();
            return "Data " + text;
        }
        return message.toString();
    }

    private static Flux<String> told(PostgresConnection connection) {
        return connection.baseBackup(COMMAND).map(BaseBackupTest::told);
    }

    private static final List<String> WHOLE = List.of(
            "Begun[start=0/2000028, timeline=00000001, tablespaces=[TablespaceEntry[oid=16400, location=/srv/ts, sizeKiB=1],"
                    + " TablespaceEntry[oid=null, location=null, sizeKiB=23000]]]",
            "ArchiveBegun[name=16400.tar, tablespacePath=/srv/ts]",
            "Data content of an archive",
            "Progressed[bytesDone=512]",
            "Noticed[notice=ServerNotice[severity=WARNING, sqlState=01000, message=skipping special file, detail=null, hint=null]]",
            "ArchiveBegun[name=base.tar, tablespacePath=]",
            "Data \3",
            "ManifestBegun[]",
            "Data {}",
            "Ended[stop=0/2000100, timeline=00000001]");

    private static String expectBackup(ScriptedPostgres.Session session) throws IOException {
        session.welcome();
        return session.expectQuery();
    }

    @Test
    void wholeBackup_byteByByte_isToldInOrder_andTheSessionGoesOn() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            assertThat(expectBackup(session))
                    .isEqualTo(
                            "BASE_BACKUP ( LABEL 'it''s mine', PROGRESS, CHECKPOINT 'fast', WAIT false, MAX_RATE 1024,"
                                    + " TABLESPACE_MAP, VERIFY_CHECKSUMS false, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256' )");
            session.sendByteByByte(ServerBytes.baseBackup(CONTENT));
            assertThat(session.expectQuery()).isEqualTo("SHOW port");
            session.send(columns("port"), row("5432"), complete("SHOW"), ready());
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);

            assertThat(ClientUnderTest.await(told(connection).collectList())).isEqualTo(WHOLE);
            assertThat(ClientUnderTest.await(connection.show("port"))).isEqualTo("5432");
            ClientUnderTest.await(connection.close());
        }
    }

    @Test
    void messages_comeOneByOne_asTheyAreAskedFor() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            expectBackup(session);
            session.send(ServerBytes.baseBackup(CONTENT));
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);

            StepVerifier.Step<String> step = StepVerifier.create(told(connection), 0);
            for (String message : WHOLE) {
                step = step.thenRequest(1).expectNext(message);
            }
            step.thenRequest(1).expectComplete().verify(Duration.ofSeconds(20));
            ClientUnderTest.await(connection.close());
        }
    }

    /** Invariant 8: what nobody asks for stays in the sockets' buffers, and the server's writes stop. */
    @Test
    void withoutDemand_theServerIsSlowedDown_afterABoundedNumberOfBytes() throws Exception {
        AtomicLong sent = new AtomicLong();
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        int many = 512; // times 32 KiB: more than the sockets of any system hold
        byte[] chunk = copyData('d', new byte[32 << 10]);
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            expectBackup(session);
            session.send(ServerBytes.beforeData());
            Thread watcher = new Thread(() -> watch(sent, stuck));
            watcher.start();
            for (int i = 0; i < many; i++) {
                session.send(chunk);
                sent.incrementAndGet();
            }
            goOn.await(20, TimeUnit.SECONDS);
            session.send(ServerBytes.afterData());
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);
            AtomicLong bytes = new AtomicLong();
            CountDownLatch done = new CountDownLatch(1);
            BaseSubscriber<BaseBackupMessage> slow = new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    subscription.request(3); // Begun, ArchiveBegun, one Data
                }

                @Override
                protected void hookOnNext(BaseBackupMessage message) {
                    if (message instanceof BaseBackupMessage.Data data) {
                        bytes.addAndGet(data.data().readableBytes());
                        data.data().release();
                    }
                }

                @Override
                protected void hookOnComplete() {
                    done.countDown();
                }
            };
            connection.baseBackup(COMMAND).subscribe(slow);

            assertThat(stuck.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(sent.get()).as("chunks that the sockets took").isLessThan(many);
            assertThat(bytes.get()).isEqualTo(32 << 10);
            goOn.countDown();
            slow.requestUnbounded();
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(bytes.get()).isEqualTo(((long) many << 15) + 3);
            ClientUnderTest.await(connection.close());
        }
    }

    /** Counts down when nothing was sent for a while. */
    private static void watch(AtomicLong sent, CountDownLatch stuck) {
        long before = -1;
        try {
            for (int same = 0; same < 10; same = sent.get() == before ? same + 1 : 0) {
                before = sent.get();
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        stuck.countDown();
    }

    @Test
    void errorInMidCopy_isTheServersInWords_andTheSessionGoesOn() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            expectBackup(session);
            session.send(ServerBytes.beforeData(), copyData('d', CONTENT));
            session.send(error("ERROR", "58P01", "could not open file \"base/5/1\""), ready());
            session.expectQuery();
            session.send(columns("port"), row("5432"), complete("SHOW"), ready());
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);

            assertThatThrownBy(() -> ClientUnderTest.await(told(connection).then()))
                    .isInstanceOfSatisfying(
                            PostgresFailed.class,
                            failure -> assertThat(failure.sqlState()).contains("58P01"))
                    .hasMessageContaining("BASE_BACKUP on 127.0.0.1")
                    .hasMessageContaining("could not open file \"base/5/1\"");
            assertThat(ClientUnderTest.await(connection.show("port"))).isEqualTo("5432");
            ClientUnderTest.await(connection.close());
        }
    }

    @Test
    void refusedBackup_saysWhichRightIsMissing() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            expectBackup(session);
            session.send(error("ERROR", "42501", "must be superuser or replication role to run a backup"), ready());
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);

            assertThatThrownBy(() -> ClientUnderTest.await(told(connection).then()))
                    .isInstanceOfSatisfying(
                            PostgresFailed.class,
                            failure -> assertThat(failure.hint())
                                    .contains("let the role replicate: alter role tidemark replication"));
            ClientUnderTest.await(connection.close());
        }
    }

    /** The server goes away behind each byte of the whole answer but the last. */
    @Test
    void connectionLost_atEveryBorder_isATypedError() throws Exception {
        byte[] whole = ServerBytes.baseBackup(CONTENT);
        List<Integer> borders = new ArrayList<>();
        for (int at = 0; at < whole.length; ) {
            borders.add(at);
            borders.add(at + 3);
            at += 1 + ((whole[at + 3] & 0xff) << 8 | whole[at + 4] & 0xff);
        }
        ScriptedPostgres.Script[] scripts = borders.stream()
                .map(border -> (ScriptedPostgres.Script) session -> {
                    expectBackup(session);
                    session.send(java.util.Arrays.copyOf(whole, border));
                })
                .toArray(ScriptedPostgres.Script[]::new);
        try (ScriptedPostgres server = ScriptedPostgres.playing(scripts)) {
            for (int border : borders) {
                PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);

                assertThatThrownBy(() -> ClientUnderTest.await(told(connection).then()))
                        .as("lost behind byte " + border)
                        .isInstanceOf(PostgresFailed.class)
                        .hasMessageContaining("was lost during BASE_BACKUP");
                ClientUnderTest.await(connection.close());
            }
        }
    }

    @Test
    void silenceInMidCopy_isATypedErrorInTime() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(
                session -> {
                    expectBackup(session);
                    session.send(ServerBytes.beforeData());
                    session.expectEnd();
                },
                cancel -> assertThat(cancel.expectCancel()).containsExactly(4711, 42))) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION)
                    .within(new Patience(Duration.ofMinutes(1), Duration.ofMillis(100)));

            assertThatThrownBy(() -> ClientUnderTest.await(told(connection).then()))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("nothing came from 127.0.0.1")
                    .hasMessageContaining("during BASE_BACKUP");
            server.join();
        }
    }

    @Test
    void slowReceiver_isNotTakenForASilentServer() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(session -> {
            expectBackup(session);
            session.send(ServerBytes.baseBackup(CONTENT));
        })) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION)
                    .within(new Patience(Duration.ofSeconds(20), Duration.ofMillis(100)));

            List<String> all = ClientUnderTest.await(told(connection)
                    .concatMap(message -> Mono.just(message).delayElement(Duration.ofMillis(150)), 1)
                    .collectList());
            assertThat(all).isEqualTo(WHOLE);
            ClientUnderTest.await(connection.close());
        }
    }

    @Test
    void cancelMidway_cancelsAtTheServer_closes_andIsNeverUsedAgain() throws Exception {
        try (ScriptedPostgres server = ScriptedPostgres.playing(
                session -> {
                    expectBackup(session);
                    session.send(ServerBytes.beforeData());
                    byte[] chunk = copyData('d', new byte[32 << 10]);
                    while (true) {
                        session.send(chunk);
                    }
                },
                cancel -> assertThat(cancel.expectCancel()).containsExactly(4711, 42))) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);

            ClientUnderTest.await(told(connection).take(5).then());
            assertThatThrownBy(() -> ClientUnderTest.await(connection.show("port")))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("given up in the middle of BASE_BACKUP");
            ClientUnderTest.await(connection.close());
            server.join();
        }
    }

    static List<byte[]> wrong() {
        byte[] start = all(columns("recptr", "tli"), row("0/2000028", "1"), complete("SELECT"));
        byte[] tablespaces = all(columns("spcoid", "spclocation", "size"), row(null, null, "1"), complete("SELECT"));
        byte[] copy = all(start, tablespaces, ServerBytes.copyOut());
        byte[] archive = all(copy, ServerBytes.archive("base.tar", ""));
        return List.of(
                ready(),
                ServerBytes.copyOut(),
                all(start, ready()),
                all(start, ServerBytes.copyOut()),
                all(columns("recptr", "tli"), row("0/2000028x", "1")),
                all(columns("recptr", "tli"), row("0/2000028", "0")),
                all(columns("recptr", "tli"), row("0/2000028", null)),
                all(columns("recptr"), row("0/2000028")),
                all(start, columns("spcoid", "size"), row(null, "1")),
                all(start, columns("spcoid", "spclocation", "size"), row("oid", null, "1")),
                all(start, tablespaces, row("1")),
                all(start, tablespaces, copyData('d', CONTENT)),
                all(copy, copyData('d', CONTENT)),
                all(copy, copyData('m', new byte[0])),
                all(copy, copyData('z', CONTENT)),
                all(copy, new byte[] {'d', 0, 0, 0, 4}),
                all(copy, copyData('n', CONTENT)),
                all(copy, copyData('p', new byte[7])),
                all(archive, copyData('m', new byte[0]), copyData('m', new byte[0])),
                all(archive, copyData('m', new byte[0]), ServerBytes.archive("1.tar", "")),
                all(archive, ServerBytes.copyOut()),
                all(archive, copyDone(), copyDone()),
                all(archive, copyDone(), copyData('d', CONTENT)),
                all(archive, copyDone(), ready()),
                all(archive, row("0/1", "1")),
                all(archive, ServerBytes.emptyQuery()),
                all(archive, ServerBytes.authenticationOk()),
                all(archive, new byte[] {'d', 0x7f, 0, 0, 0}),
                all(archive, new byte[] {'d', -1, -1, -1, -1}));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void answerOutOfOrder_isRefused(byte[] answer) throws Exception {
        ScriptedPostgres.Script cancel = ScriptedPostgres.Session::expectCancel;
        try (ScriptedPostgres server = ScriptedPostgres.playing(
                session -> {
                    expectBackup(session);
                    session.send(answer);
                    session.expectEnd();
                },
                cancel)) {
            PostgresConnection connection = CLIENT.connect(server.conninfo(), SessionMode.REPLICATION);

            assertThatThrownBy(() -> ClientUnderTest.await(told(connection).then()))
                    .isInstanceOf(PostgresFailed.class)
                    .hasMessageContaining("127.0.0.1:" + server.port());
            ClientUnderTest.await(connection.close());
        }
    }
}
