package io.tidemark.pipeline.keys.cache;

import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One key that a cache keeps, and for how long. Guarded by the cache's lock, its bytes too. */
final class CachedKey {
    private final KeyReference reference;
    private final FetchedKey key;
    private final Instant freshUntil;
    private final Instant staleUntil;
    private final Set<CacheEvent> told = EnumSet.noneOf(CacheEvent.class);
    private final Disposable.Composite timers = Disposables.composite();
    private Instant refreshAt;
    private @Nullable Instant aloneUntil;
    private boolean expired;
    private boolean used;

    /** @param key given */
    CachedKey(KeyReference reference, FetchedKey key, Instant now, Duration refreshAfter, CacheBounds bounds) {
        this.reference = reference;
        this.key = key;
        this.refreshAt = now.plus(refreshAfter);
        this.freshUntil = now.plus(bounds.lifetime());
        this.staleUntil = now.plus(bounds.untilForgotten());
    }

    KeyReference reference() {
        return reference;
    }

    /**
     * Whether it is what the reference asks for: the very question that was asked before; or one that says more, and this
     * key is it. Which key bears a name now, only the provider knows.
     */
    boolean answers(KeyReference asked) {
        boolean exact = asked.uniqueIdentifier() != null || asked.check() != null;
        return exact ? isMeantBy(asked) : asked.equals(reference);
    }

    /** Whether what is said of the reference is said of this key. */
    boolean isMeantBy(KeyReference asked) {
        return asked.equals(reference)
                || Objects.equals(asked.key(), reference.key())
                        && (asked.uniqueIdentifier() == null
                                || asked.uniqueIdentifier().equals(key.id()))
                        && (asked.check() == null || asked.check().equals(key.check()));
    }

    /** Without asking: within its lifetime, or where nobody answered a moment ago. */
    boolean isUsable(Instant now) {
        return isFresh(now) || aloneUntil != null && now.isBefore(aloneUntil) && isUsableAlone(now);
    }

    /** Where nobody answers. */
    boolean isUsableAlone(Instant now) {
        return now.isBefore(staleUntil);
    }

    Instant staleUntil() {
        return staleUntil;
    }

    boolean isFresh(Instant now) {
        return !expired && now.isBefore(freshUntil);
    }

    boolean isRefreshDue(Instant now) {
        return !now.isBefore(refreshAt);
    }

    /** Whether it was used since this was asked last. */
    boolean takeUse() {
        boolean was = used;
        used = false;
        return was;
    }

    /** Whether it is the first time that this is to be told of it. */
    boolean isNews(CacheEvent event) {
        return told.add(event);
    }

    /** A holder for a subscriber. */
    FetchedKey use() {
        used = true;
        return key.duplicate();
    }

    void refreshAt(Instant then) {
        refreshAt = then;
    }

    /** Nobody answered, and is not asked again before. */
    void useAloneUntil(Instant then) {
        aloneUntil = then;
    }

    /** Somebody answered, if not with a key. */
    void useAloneNoMore() {
        aloneUntil = null;
    }

    /** By a timer, which no clock that is set back can mislead. */
    void expire() {
        expired = true;
    }

    /** Disposed of when the key is wiped. */
    void ownTimer(Disposable timer) {
        timers.add(timer);
    }

    void wipe() {
        timers.dispose();
        key.close();
    }
}
