package io.tidemark.pipeline.keys;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What every key provider promises; a subclass has the factory methods, and tests of what is its own. */
abstract class KeyProviderContract {
    /** The bytes that the provider under test keeps; changes with {@link #replaceKey}. */
    protected abstract byte[] keptKey();

    /** The provider, whose name is {@code under-test}. */
    protected abstract KeyProvider provider();

    /** How to ask for that key. */
    protected abstract KeyReference reference();

    /** Puts another key in its place, under the same name. */
    protected abstract void replaceKey();

    /** Takes the key away. */
    protected abstract void removeKey();

    @Test
    void name_isTheConfigurations() {
        assertThat(provider().name()).isEqualTo("under-test");
    }

    @Test
    void fetch_keptKey_givesItsBytesOnce() {
        StepVerifier.create(provider().fetch(reference()))
                .assertNext(key -> {
                    assertThat(key.copy(KeyAccess.insecure())).isEqualTo(keptKey());
                    key.close();
                })
                .verifyComplete();
    }

    @Test
    void fetch_eachSubscription_givesAHolderOfItsOwn() {
        Mono<SecretBytes> fetch = provider().fetch(reference());
        SecretBytes first = one(fetch);
        first.close();

        SecretBytes second = one(fetch);

        assertThat(second.copy(KeyAccess.insecure())).isEqualTo(keptKey());
        second.close();
    }

    @Test
    void fetch_keyReplacedMeanwhile_givesTheNewOne() {
        Mono<SecretBytes> fetch = provider().fetch(reference());
        byte[] before = keptKey();
        one(fetch).close();
        replaceKey();

        SecretBytes after = one(fetch);

        assertThat(after.copy(KeyAccess.insecure())).isEqualTo(keptKey()).isNotEqualTo(before);
        after.close();
    }

    @Test
    void fetch_withTheRightCheckValue_givesTheKey() {
        SecretBytes key = one(provider().fetch(reference().withCheck(CheckValue.of(keptKey()))));

        assertThat(key.length()).isEqualTo(keptKey().length);
        key.close();
    }

    @Test
    void fetch_withAnotherCheckValue_isAnErrorThatNamesBothAndNoKey() {
        assertThatThrownBy(() -> provider()
                        .fetch(reference().withCheck(new CheckValue("0123456789")))
                        .block())
                .isInstanceOf(KeysFailed.class)
                .hasMessageContaining("under-test")
                .hasMessageContaining("0123456789")
                .hasMessageContaining(CheckValue.of(keptKey()).hex());
    }

    @Test
    void fetch_keyRemoved_isAnErrorThatNamesTheProvider() {
        removeKey();

        assertThatThrownBy(() -> provider().fetch(reference()).block())
                .isInstanceOf(KeysFailed.class)
                .hasMessageContaining("under-test");
    }

    @Test
    void toString_ofProviderAndKey_showsNoKeyByte() {
        SecretBytes key = one(provider().fetch(reference()));

        assertThat(key + " " + provider())
                .doesNotContain(java.util.HexFormat.of().formatHex(keptKey()));
        key.close();
    }
}
