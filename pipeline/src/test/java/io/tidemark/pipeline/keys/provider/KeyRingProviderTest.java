package io.tidemark.pipeline.keys.provider;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

/** The provider {@code file} on a key ring as pg_tde writes it. */
class KeyRingProviderTest extends KeyProviderContract {
    @TempDir
    private Path directory;

    private KeyFiles files;
    private byte[] key = HexFormat.of().parseHex("c8c9cacbcccdcecfd0d1d2d3d4d5d6d7");
    private final byte[] other =
            HexFormat.of().parseHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf");

    @BeforeEach
    void writeRing() {
        files = new KeyFiles(directory.resolve("keyring.per"));
        files.writeRing("server-key", key, "default-key", other);
    }

    @Override
    protected byte[] keptKey() {
        return key;
    }

    @Override
    protected KeyProvider provider() {
        return new FileKeyProvider("under-test", files.path(), Schedulers.immediate());
    }

    @Override
    protected KeyReference reference() {
        return KeyReference.named("Server-Key");
    }

    @Override
    protected void replaceKey() {
        key = key.clone();
        key[0] ^= 1;
        files.writeRing("server-key", key, "default-key", other);
    }

    @Override
    protected void removeKey() {
        files.writeRing("default-key", other);
    }

    @Override
    protected void addNamesake(byte[] namesake) {
        files.writeRing("server-key", key, "default-key", other, "SERVER-KEY", namesake);
    }

    @Test
    void fetch_withoutANameButWithTheCheckValue_findsTheKey() {
        FetchedKey found = one(provider().fetch(KeyReference.ONLY.withCheck(CheckValue.of(other))));

        assertThat(found.name()).isEqualTo("default-key");
        assertThat(found.bytes().length()).isEqualTo(32);
        found.close();
    }

    @Test
    void fetch_withoutAnything_asksForANameWhereThereAreSeveral() {
        assertThatThrownBy(() -> one(provider().fetch(KeyReference.ONLY)))
                .isInstanceOfSatisfying(KeysFailed.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
                    assertThat(failure.hint()).hasValue("name one: server-key, default-key");
                });
        files.writeRing("default-key", other);
        assertThat(one(provider().fetch(KeyReference.ONLY)).check()).isEqualTo(CheckValue.of(other));
    }

    @Test
    void fetch_ringOfANewProvider_saysThatItIsEmpty() {
        files.write(new byte[0]);

        assertThatThrownBy(() -> one(provider().fetch(reference())))
                .isInstanceOfSatisfying(
                        KeysFailed.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.ABSENT))
                .hasMessageContaining("is empty");
    }
}
