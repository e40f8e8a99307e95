package io.tidemark.kmip.tls;

import static java.util.Objects.requireNonNull;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.FilesUnusable;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * The files of one client's TLS, read again when they have changed. While they cannot be used (a renewal has replaced one of two) the
 * last good reading goes on being used, and {@link #problem()} says why.
 */
public final class TlsSource {
    private final TlsFiles files;
    private final TlsOptions options;
    private final Scheduler reading;
    private final AtomicReference<@Nullable Reading> last = new AtomicReference<>();

    /** One look at the files; at least one of the two is there. */
    private record Reading(
            FilesSnapshot snapshot,
            @Nullable KmipTls tls,
            @Nullable FilesUnusable problem) {
        /** A problem is looked at again each time, for rights change without the file changing. */
        boolean standsFor(FilesSnapshot now) {
            return problem == null && snapshot.equals(now);
        }
    }

    /** @param reading where files are read and pass phrases stretched, which blocks */
    public TlsSource(TlsFiles files, TlsOptions options, Scheduler reading) {
        this.files = files;
        this.options = options;
        this.reading = reading;
    }

    /**
     * The files as they are now: the same object as before while they have not changed. Costs a look at each of them, on the scheduler.
     * Fails with {@link FilesUnusable} where they cannot be used and never could.
     */
    public Mono<KmipTls> current() {
        return Mono.fromCallable(this::look).subscribeOn(reading);
    }

    /** Why the files as they are now are not used, though an earlier reading of them is; empty where all is well. */
    public Optional<KmipException> problem() {
        return Optional.ofNullable(last.get()).map(Reading::problem);
    }

    private KmipTls look() {
        // before the reading: what changes in between is seen the next time
        FilesSnapshot snapshot = FilesSnapshot.of(files.all());
        Reading before = last.get();
        Reading now = before != null && before.standsFor(snapshot) ? before : read(snapshot, before);
        if (!last.compareAndSet(before, now)) {
            return look(); // somebody else has read them meanwhile; there shall be one object for all
        }
        if (now.tls() == null) {
            throw requireNonNull(now.problem(), "a reading without result or problem");
        }
        return now.tls();
    }

    private Reading read(FilesSnapshot snapshot, @Nullable Reading before) {
        try {
            return new Reading(snapshot, KmipTls.read(files, options), null);
        } catch (FilesUnusable e) {
            return new Reading(snapshot, before == null ? null : before.tls(), e);
        }
    }
}
