package io.tidemark.kmip.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.testing.Answerer;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.testing.ScriptedKmipServer;
import io.tidemark.kmip.testing.ScriptedKms;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.kmip.tls.TlsFiles;
import io.tidemark.kmip.tls.TlsOptions;
import io.tidemark.kmip.tls.TlsSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A key server in memory with one key of alice's, and clients that are alice. */
final class Lab implements AutoCloseable {
    static final byte[] KEY = HexFormat.of().parseHex("5eed5eed00112233445566778899aabb");
    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SEED = 42;

    final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    final Scheduler tasks = Schedulers.newBoundedElastic(4, 1000, "tasks");
    final Pki pki;
    final ScriptedKms kms;
    final ScriptedKmipServer server;
    final Get get;
    private final List<ScriptedKmipServer> others = new ArrayList<>();
    private final List<KmipClient> clients = new ArrayList<>();

    Lab(Path directory) {
        this(directory, Dialect.COSMIAN, ServerTls.good());
    }

    Lab(Path directory, Dialect dialect, ServerTls tls) {
        pki = Pki.in(directory);
        kms = new ScriptedKms(dialect);
        server = ScriptedKmipServer.start(pki, tls, kms);
        get = Get.of(new UniqueIdentifier(kms.keep("alice", "tidemark-prod", KEY)));
    }

    /** One more, closed with this. */
    ScriptedKmipServer another(Answerer answerer) {
        ScriptedKmipServer other = ScriptedKmipServer.start(pki, ServerTls.good(), answerer);
        others.add(other);
        return other;
    }

    static KmipHost host(ScriptedKmipServer server) {
        return new KmipHost("localhost", server.port());
    }

    KmipSettings settings() {
        return KmipSettings.of(List.of(host(server)));
    }

    TlsSource tls() {
        return tls("client-alice.crt");
    }

    TlsSource tls(String certificate) {
        return tls(certificate, TlsOptions.STANDARD);
    }

    TlsSource tls(String certificate, TlsOptions options) {
        TlsFiles trust = TlsFiles.trusting(pki.file("ca.crt"));
        TlsFiles files =
                certificate.isEmpty() ? trust : trust.with(pki.file(certificate), pki.file("client-alice.key"));
        return new TlsSource(files, options, tasks);
    }

    KmipClient client() {
        return client(UnaryOperator.identity());
    }

    KmipClient client(UnaryOperator<KmipSettings> change) {
        return client(change.apply(settings()), tls());
    }

    /** Closed with this. */
    KmipClient client(KmipSettings settings, TlsSource tls) {
        KmipClient client = new KmipClient(settings, tls, loops, tasks, new SplittableRandom(SEED));
        clients.add(client);
        return client;
    }

    static UnaryOperator<KmipSettings> pool(int connections, int depth) {
        return settings -> settings.withPool(new PoolSettings(connections, depth, Duration.ofSeconds(30)));
    }

    static <A> A answer(Mono<A> asked) {
        return asked.blockOptional(PATIENCE).orElseThrow();
    }

    /** What went wrong; that nothing did is a failure of the test. */
    static KmipException failure(Mono<?> asked) {
        try {
            Object answer = answer(asked);
            throw new AssertionError("answered: " + answer);
        } catch (KmipException failure) {
            return failure;
        }
    }

    /** Whether it is the key of this lab; the answer is closed. */
    static boolean isKey(ManagedObject object) {
        try (object) {
            byte[] bytes = object.key().material().insecureCopy();
            return Arrays.equals(bytes, KEY);
        }
    }

    void hasKey(KmipClient client) {
        if (!isKey(answer(client.ask(get)))) {
            throw new AssertionError("another key");
        }
    }

    @Override
    public void close() {
        clients.forEach(KmipClient::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        tasks.dispose();
        others.forEach(ScriptedKmipServer::close);
        server.close();
    }
}
