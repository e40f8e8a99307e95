package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Ticker;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestMessage;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.ResponseItem;
import io.tidemark.kmip.message.ResponseMessage;
import io.tidemark.kmip.message.ResultStatus;
import io.tidemark.kmip.testing.Door;
import io.tidemark.kmip.tls.KmipTls;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;

/** Who waits no longer leaves nothing behind: no key, no buffer, no broken connection. */
final class CancellationTest {
    @TempDir
    private Path directory;

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab(directory);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void anAnswerThatNobodyWantsAnyMore_isRead_andItsConnectionGoesOn() throws Exception {
        KmipClient client = lab.client(Lab.pool(1, 1));
        lab.hasKey(client);
        CountDownLatch asked = new CountDownLatch(1);
        CompletableFuture<Void> released = new CompletableFuture<>();
        lab.kms.distort(Operation.GET, reply -> {
            asked.countDown();
            return reply.when(released);
        });
        AtomicInteger told = new AtomicInteger();
        Disposable waiting = client.ask(lab.get).subscribe(key -> told.incrementAndGet(), e -> told.incrementAndGet());
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        waiting.dispose();
        lab.kms.calm();
        released.complete(null);

        lab.hasKey(client);
        assertThat(told).hasValue(0);
        assertThat(lab.server.connections()).isEqualTo(1);
    }

    @Test
    void whatIsCancelledBeforeItIsSent_isNotSent() {
        lab.server.door(Door.slow(Duration.ofMillis(100)));
        KmipClient client = lab.client(Lab.pool(1, 1));
        List<Disposable> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(client.ask(lab.get, ProtocolVersion.V1_4).subscribe());
        }

        waiting.forEach(Disposable::dispose);
        lab.hasKey(client);

        assertThat(lab.kms.asked()).containsExactly(Operation.DISCOVER_VERSIONS, Operation.GET);
    }

    /** An answer with something to close, which counts. */
    private record Closing(AtomicInteger closed) implements RequestPayload<AutoCloseable> {
        @Override
        public Operation operation() {
            return Operation.GET;
        }

        @Override
        public Structure payload(ProtocolVersion version) {
            return Structure.of(Tag.REQUEST_PAYLOAD).build();
        }

        @Override
        public AutoCloseable read(Structure payload, ProtocolVersion version) {
            return closed::incrementAndGet;
        }
    }

    @Test
    void aKeyThatWasRead_andIsNotWantedAnyMore_isClosed() {
        AtomicInteger closed = new AtomicInteger();
        List<Exchange<?>> taken = new ArrayList<>();
        Disposable waiting = Exchange.of(
                        new Exchange.Question<>(
                                new Closing(closed),
                                ProtocolVersion.V1_4,
                                new Attempt("Get", "kms:5696"),
                                Deadline.in(Duration.ofSeconds(1), Ticker.systemTicker())),
                        new Exchange.Way() {
                            @Override
                            public void take(Exchange<?> exchange) {
                                taken.add(exchange);
                            }

                            @Override
                            public void cancelled(Exchange<?> exchange) {
                                taken.remove(exchange);
                            }
                        })
                .subscribe();
        Exchange<?> exchange = taken.get(0);
        RequestMessage request = exchange.message(1);
        byte[] id = ByteBuffer.allocate(8).putLong(1).array();
        ResponseMessage response = new ResponseMessage(
                ProtocolVersion.V1_4,
                List.of(new ResponseItem(
                        Operation.GET.code(),
                        ByteString.copyOf(Tag.UNIQUE_BATCH_ITEM_ID, id),
                        ResultStatus.SUCCESS,
                        null,
                        "",
                        Structure.of(Tag.RESPONSE_PAYLOAD).build())));
        KmipTls tls = Lab.answer(lab.tls().current());

        Runnable telling = exchange.read(request, response, tls);
        assertThat(closed).hasValue(0);
        waiting.dispose();
        telling.run();

        assertThat(closed).hasValue(1);
        assertThat(taken).isEmpty();
    }
}
