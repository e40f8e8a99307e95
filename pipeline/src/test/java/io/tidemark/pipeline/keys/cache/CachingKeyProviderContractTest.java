package io.tidemark.pipeline.keys.cache;

import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.event.EventLog;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyProviderContract;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A cache is a key provider like any other, within its bounds. */
class CachingKeyProviderContractTest extends KeyProviderContract {
    private static final CacheBounds BOUNDS = new CacheBounds(Duration.ofMinutes(5), Duration.ofHours(1), 8);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final ScriptedKeyProvider behind = new ScriptedKeyProvider();

    private byte[] key = HexFormat.of().parseHex("c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7");

    @BeforeEach
    void putKey() {
        behind.keys.add(key);
    }

    @AfterEach
    void end() {
        time.dispose();
    }

    @Override
    protected byte[] keptKey() {
        return key;
    }

    @Override
    protected KeyProvider provider() {
        return new CachingKeyProvider(
                behind, BOUNDS, new VirtualClock(time), time, new SplittableRandom(1), EventLog.silent());
    }

    @Override
    protected KeyReference reference() {
        return KeyReference.named(ScriptedKeyProvider.NAME);
    }

    @Override
    protected void replaceKey() {
        key = key.clone();
        key[0] ^= 1;
        behind.keys.set(0, key);
    }

    @Override
    protected void removeKey() {
        behind.keys.clear();
    }

    @Override
    protected void goAway() {
        behind.failWith(Reason.UNREACHABLE);
    }

    @Override
    protected void refuse() {
        behind.failWith(Reason.DENIED);
    }

    @Override
    protected void addNamesake(byte[] key) {
        behind.keys.add(key);
    }

    @Override
    protected void passTime() {
        time.advanceTimeBy(BOUNDS.lifetime());
    }
}
