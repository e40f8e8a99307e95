package io.tidemark.kmip.client;

import io.netty.util.concurrent.Ticker;
import io.tidemark.kmip.tls.KmipTls;
import io.tidemark.kmip.tls.TlsSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The files as they are now, looked at once in a while: a look costs a change of thread, more than the request itself. */
final class CurrentTls {
    /** A renewed certificate is seen so much later at most. */
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final TlsSource source;
    private final Ticker ticker;
    private final AtomicLong nextLook;
    private volatile @Nullable KmipTls latest;

    CurrentTls(TlsSource source, Ticker ticker) {
        this.source = source;
        this.ticker = ticker;
        this.nextLook = new AtomicLong(ticker.nanoTime());
    }

    /** The files' latest reading, of this second. */
    Mono<KmipTls> get() {
        return Mono.defer(() -> {
            KmipTls known = latest;
            long now = ticker.nanoTime();
            long due = nextLook.get();
            boolean fresh = now - due < 0 || !nextLook.compareAndSet(due, now + BETWEEN_LOOKS.toNanos());
            return known != null && fresh ? Mono.just(known) : source.current().doOnNext(read -> latest = read);
        });
    }

    /** What {@link #get} said last, to anybody. */
    KmipTls latest() {
        KmipTls known = latest;
        if (known == null) {
            throw new IllegalStateException("nobody has looked at the files yet");
        }
        return known;
    }
}
