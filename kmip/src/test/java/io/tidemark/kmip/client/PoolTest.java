package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.operation.Locate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

final class PoolTest {
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

    static void await(BooleanSupplier condition) {
        for (int step = 0; !condition.getAsBoolean(); step++) {
            assertThat(step).as("patience").isLessThan(3000);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "1, 1", "4, 8"})
    void eachOfManyRequests_getsItsOwnAnswer(int connections, int depth) {
        KmipClient client = lab.client(Lab.pool(connections, depth));
        List<UniqueIdentifier> keys = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            keys.add(new UniqueIdentifier(lab.kms.keep("alice", "key " + i, Lab.KEY)));
        }

        List<UniqueIdentifier> found = Flux.range(0, 200)
                .flatMapSequential(i -> client.ask(Locate.pgTdeKey("key " + i)).map(hits -> hits.get(0)), 200)
                .collectList()
                .block(Lab.PATIENCE);

        assertThat(found).isEqualTo(keys);
        assertThat(lab.server.connections()).isBetween(1, connections);
    }

    @Test
    void versions_areAskedForOnce_byManyAtOnce() {
        KmipClient client = lab.client();

        Long keys = Flux.range(0, 50)
                .flatMap(i -> client.ask(lab.get).map(Lab::isKey), 50)
                .filter(Boolean::booleanValue)
                .count()
                .block(Lab.PATIENCE);

        assertThat(keys).isEqualTo(50);
        assertThat(lab.kms.asked())
                .filteredOn(Operation.DISCOVER_VERSIONS::equals)
                .hasSize(1);
    }

    @Test
    void requestsThatWait_makeConnectionsUpToTheMost_thenGoBehindOthers() throws Exception {
        KmipClient client = lab.client(Lab.pool(3, 2));
        CountDownLatch three = new CountDownLatch(3);
        CompletableFuture<Void> released = new CompletableFuture<>();
        lab.kms.distort(Operation.GET, reply -> {
            three.countDown();
            return reply.when(released);
        });

        CompletableFuture<Long> all = Flux.range(0, 7)
                .flatMap(i -> client.ask(lab.get).map(Lab::isKey), 7)
                .count()
                .toFuture();
        assertThat(three.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(lab.server.open()).isEqualTo(3);
        assertThat(all).isNotDone();
        released.complete(null);

        assertThat(all.get(20, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(lab.server.connections()).isEqualTo(3);
    }

    @Test
    void anIdleConnection_isClosed_andANewOneMade() {
        KmipClient client = lab.client(settings -> settings.withPool(new PoolSettings(1, 1, Duration.ofMillis(200))));
        lab.hasKey(client);

        await(() -> lab.server.open() == 0);
        lab.hasKey(client);

        assertThat(lab.server.connections()).isEqualTo(2);
    }

    @Test
    void aConnectionThatHasDied_costsNoRequest() {
        KmipClient client = lab.client(Lab.pool(1, 1));
        for (int i = 0; i < 10; i++) {
            lab.hasKey(client);
            lab.server.dropConnections();
        }
        lab.hasKey(client);

        assertThat(lab.server.connections()).isEqualTo(11);
    }

    @Test
    void moreThanMayWait_failAtOnce() {
        KmipClient client = lab.client(Lab.pool(1, 1));
        lab.hasKey(client);
        CompletableFuture<Void> released = new CompletableFuture<>();
        lab.kms.distort(Operation.GET, reply -> reply.when(released));
        int all = Waiting.MOST + 2;

        List<Kind> failures = Flux.range(0, all)
                .flatMap(
                        i -> client.ask(lab.get)
                                .flatMap(key -> Lab.isKey(key) ? Mono.<Kind>empty() : Mono.just(Kind.KEY_NOT_FOUND))
                                .onErrorResume(KmipException.class, e -> Mono.just(e.kind())),
                        all)
                .doOnNext(kind -> released.complete(null))
                .collectList()
                .block(Lab.PATIENCE);

        assertThat(failures).containsExactly(Kind.UNREACHABLE); // all others are answered
    }

    @Test
    void aShorterDeadline_canBeGivenWithEachRequest() {
        KmipClient client = lab.client();
        lab.hasKey(client);
        lab.kms.distort(Operation.GET, reply -> reply.when(new CompletableFuture<>()));

        KmipException failure =
                Lab.failure(client.ask(lab.get).contextWrite(KmipClient.within(Duration.ofMillis(100))));

        assertThat(failure.kind()).isEqualTo(Kind.TIMED_OUT);
    }

    @Test
    void aClosedClient_endsItsConnections_andWhatIsUnderWay() throws Exception {
        KmipClient client = lab.client();
        lab.hasKey(client);
        CountDownLatch asked = new CountDownLatch(1);
        lab.kms.distort(Operation.GET, reply -> {
            asked.countDown();
            return reply.when(new CompletableFuture<>());
        });
        CompletableFuture<?> waiting = client.ask(lab.get).toFuture();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        client.close();

        assertThat(waiting)
                .failsWithin(Lab.PATIENCE)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(KmipException.Unreachable.class)
                .withMessageContaining("the client was closed");
        assertThat(Lab.failure(client.ask(lab.get))).hasMessageContaining("the client was closed");
        await(() -> lab.server.open() == 0);
    }

    @Test
    void aHundredClients_startNoThreads() {
        lab.hasKey(lab.client());
        int before = Thread.activeCount();
        List<KmipClient> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(lab.client());
        }

        Long answers = Flux.fromIterable(many)
                .flatMap(client -> client.ask(lab.get).map(Lab::isKey), 10)
                .filter(Boolean::booleanValue)
                .count()
                .block(Lab.PATIENCE);

        assertThat(answers).isEqualTo(100);
        assertThat(lab.server.open()).isEqualTo(101);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(before + 4); // those of the scheduler that is lent
    }
}
