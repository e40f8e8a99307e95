package io.tidemark.pipeline.keys.vault;

import io.netty.handler.ssl.SslContext;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The way to the server, by each of its addresses in turn, under one deadline. */
final class VaultTransport {
    private static final int MOST_ADDRESSES = 8;
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final VaultPlace place;
    private final VaultExchange exchange;
    private final Scheduler files;

    VaultTransport(VaultPlace place, VaultExchange exchange, Scheduler files) {
        this.place = place;
        this.exchange = exchange;
        this.files = files;
    }

    /** What came back, given; the request is lent until the end. It may arrive twice: it changes nothing the second time. */
    Mono<VaultAnswer> send(VaultRequest request) {
        return Mono.fromCallable(this::way)
                .subscribeOn(files)
                .flatMap(way -> send(request, way, 0))
                .timeout(place.deadline(), files)
                .onErrorMap(
                        TimeoutException.class,
                        late -> new KeysFailed(
                                Reason.UNREACHABLE,
                                "no answer within " + place.deadline().toMillis() + " ms",
                                null,
                                late))
                .doOnDiscard(VaultAnswer.class, VaultAnswer::close);
    }

    private Mono<VaultAnswer> send(VaultRequest request, Way way, int nth) {
        Mono<VaultAnswer> answer = exchange.run(request, way.addresses().get(nth), way.tls(), connectTimeout());
        return nth + 1 == way.addresses().size()
                ? answer
                : answer.onErrorResume(
                        failure -> failure instanceof KeysFailed keys && keys.isTransient(),
                        failure -> send(request, way, nth + 1));
    }

    private Duration connectTimeout() {
        return CONNECT.compareTo(place.deadline()) < 0 ? CONNECT : place.deadline();
    }

    private record Way(@Nullable SslContext tls, List<InetAddress> addresses) {}

    /** Blocks: for the file of certificates, and for the resolver. */
    private Way way() {
        SslContext tls = place.isTls() ? TlsWords.context(place) : null;
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(place.host()));
            return new Way(tls, addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size())));
        } catch (UnknownHostException unknown) {
            throw new KeysFailed(Reason.UNREACHABLE, "the name " + place.host() + " has no address", null, unknown);
        }
    }
}
