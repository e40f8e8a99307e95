package io.tidemark.pipeline.keys;

import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyState;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** A key provider with one key of 32 equal bytes; counts how often it was asked. */
public final class TestKey implements KeyProvider {
    private final String name;
    private final byte[] key = new byte[32];
    final AtomicInteger fetches = new AtomicInteger();

    public TestKey(String name, int filling) {
        this.name = name;
        Arrays.fill(key, (byte) filling);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Mono<FetchedKey> fetch(KeyReference reference) {
        return Mono.fromCallable(() -> {
            fetches.incrementAndGet();
            CheckValue found = CheckValue.of(key);
            if (reference.check() != null && !reference.check().equals(found)) {
                throw new KeysFailed(
                        Reason.WRONG,
                        "key provider \"" + name + "\" holds another key: check value " + found,
                        null,
                        null);
            }
            return new FetchedKey(SecretBytes.copyOf(key), reference.key(), null, KeyState.NOT_KEPT);
        });
    }
}
