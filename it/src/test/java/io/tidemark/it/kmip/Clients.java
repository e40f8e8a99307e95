package io.tidemark.it.kmip;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.client.KmipClient;
import io.tidemark.kmip.client.KmipHost;
import io.tidemark.kmip.client.KmipSettings;
import io.tidemark.kmip.testing.Pki;
import io.tidemark.kmip.tls.TlsFiles;
import io.tidemark.kmip.tls.TlsOptions;
import io.tidemark.kmip.tls.TlsSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Clients of key servers, which share event loops as those of one program do, and how tests wait for what they ask. */
final class Clients implements AutoCloseable {
    /** Longer than any deadline of a client's here. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final Scheduler tasks = Schedulers.newBoundedElastic(4, 1_000, "kmip-tasks");
    private final SplittableRandom jitter = new SplittableRandom(13);
    private final List<KmipClient> made = new ArrayList<>();

    static KmipHost host(KmsServer server) {
        return new KmipHost(server.host(), server.port());
    }

    /** What somebody shows: their certificate and key of the test's authority, and whom they trust. */
    static TlsFiles files(Pki pki, String who) {
        return TlsFiles.trusting(pki.file("ca.crt"))
                .with(pki.file("client-" + who + ".crt"), pki.file("client-" + who + ".key"));
    }

    /** A client of one server, with the standard settings. */
    KmipClient of(KmsServer server, String who) {
        return of(KmipSettings.of(List.of(host(server))), files(server.pki(), who));
    }

    KmipClient of(KmipSettings settings, TlsFiles files) {
        return of(settings, files, TlsOptions.STANDARD);
    }

    KmipClient of(KmipSettings settings, TlsFiles files, TlsOptions options) {
        KmipClient client =
                new KmipClient(settings, new TlsSource(files, options, tasks), loops, tasks, jitter.split());
        made.add(client);
        return client;
    }

    static <T> T now(Mono<T> asked) {
        return Objects.requireNonNull(asked.block(PATIENCE), "nothing came");
    }

    /** How it ends that has to end badly. */
    static KmipException refusal(Mono<?> asked) {
        Object answer;
        try {
            answer = asked.block(PATIENCE);
        } catch (KmipException refused) {
            return refused;
        }
        throw new AssertionError("not refused, but answered with " + answer);
    }

    @Override
    public void close() {
        made.forEach(KmipClient::close);
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        tasks.dispose();
    }
}
