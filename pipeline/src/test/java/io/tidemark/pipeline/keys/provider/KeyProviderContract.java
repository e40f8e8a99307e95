package io.tidemark.pipeline.keys.provider;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/**
 * What every key provider promises; a subclass has the factory methods, and tests of what is its own. What a place cannot
 * be in, such as a file out of reach, it leaves out.
 */
public abstract class KeyProviderContract {
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

    /** Nobody answers any more. */
    protected void goAway() {
        Assumptions.abort("always within reach");
    }

    /** Whoever keeps the key refuses it to us. */
    protected void refuse() {
        Assumptions.abort("nobody is there to refuse");
    }

    /** Keeps a second key, with these bytes, under the same name. */
    protected void addNamesake(byte[] key) {
        Assumptions.abort("a name has one key");
    }

    /** As long as a provider may go on with what it knows. */
    protected void passTime() {}

    @Test
    void name_isTheConfigurations() {
        assertThat(provider().name()).isEqualTo("under-test");
    }

    @Test
    void fetch_keptKey_givesItsBytesOnceAndWhichKeyItIs() {
        StepVerifier.create(provider().fetch(reference()))
                .assertNext(key -> {
                    assertThat(key.bytes().copy(KeyAccess.insecure())).isEqualTo(keptKey());
                    assertThat(key.check()).isEqualTo(CheckValue.of(keptKey()));
                    key.close();
                })
                .verifyComplete();
    }

    @Test
    void fetch_eachSubscription_givesAHolderOfItsOwn() {
        Mono<FetchedKey> fetch = provider().fetch(reference());
        FetchedKey first = one(fetch);
        first.close();

        FetchedKey second = one(fetch);

        assertThat(second.bytes().copy(KeyAccess.insecure())).isEqualTo(keptKey());
        second.close();
    }

    @Test
    void fetch_keyReplacedMeanwhile_givesTheNewOne() {
        Mono<FetchedKey> fetch = provider().fetch(reference());
        byte[] before = keptKey();
        one(fetch).close();
        replaceKey();
        passTime();

        FetchedKey after = one(fetch);

        assertThat(after.bytes().copy(KeyAccess.insecure()))
                .isEqualTo(keptKey())
                .isNotEqualTo(before);
        after.close();
    }

    @Test
    void fetch_withTheRightCheckValue_givesTheKey() {
        FetchedKey key = one(provider().fetch(reference().withCheck(CheckValue.of(keptKey()))));

        assertThat(key.bytes().length()).isEqualTo(keptKey().length);
        key.close();
    }

    @Test
    void fetch_withAnotherCheckValue_isAnErrorThatNamesBothAndNoKey() {
        assertThatThrownBy(() -> one(provider().fetch(reference().withCheck(new CheckValue("0123456789")))))
                .isInstanceOfSatisfying(
                        KeysFailed.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.WRONG))
                .hasMessageContaining("under-test")
                .hasMessageContaining("0123456789")
                .hasMessageContaining(CheckValue.of(keptKey()).hex());
    }

    @Test
    void fetch_byTheIdentifierThatWasGiven_isTheSameKey() {
        FetchedKey first = one(provider().fetch(reference()));
        KeyReference exact = new KeyReference(reference().key(), first.id(), first.check());

        FetchedKey second = one(provider().fetch(exact));

        assertThat(second.check()).isEqualTo(first.check());
        assertThat(second.id()).isEqualTo(first.id());
        first.close();
        second.close();
    }

    @Test
    void fetch_keyRemoved_isAbsentAndNamesTheProvider() {
        KeyProvider provider = provider();
        one(provider.fetch(reference())).close();
        removeKey();
        passTime();

        requireReason(provider, Reason.ABSENT);
    }

    @Test
    void t54_fetch_nobodyAnswers_isNotTakenForAbsence() {
        KeyProvider provider = provider();
        goAway();

        requireReason(provider, Reason.UNREACHABLE);
    }

    @Test
    void fetch_refused_isToldApartFromAbsence() {
        KeyProvider provider = provider();
        refuse();

        requireReason(provider, Reason.DENIED);
    }

    @Test
    void t55_fetch_twoKeysOfOneName_areToldApartByTheCheckValueAndNeverByLuck() {
        byte[] other = new byte[32];
        other[0] = 1;
        addNamesake(other);
        KeyProvider provider = provider();

        FetchedKey ours = one(provider.fetch(reference().withCheck(CheckValue.of(keptKey()))));
        FetchedKey theirs = one(provider.fetch(reference().withCheck(CheckValue.of(other))));

        assertThat(ours.bytes().copy(KeyAccess.insecure())).isEqualTo(keptKey());
        assertThat(theirs.bytes().copy(KeyAccess.insecure())).isEqualTo(other);
        assertThatThrownBy(() -> one(provider.fetch(reference())))
                .isInstanceOfSatisfying(
                        KeysFailed.class,
                        failure -> assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS))
                .hasMessageContaining(CheckValue.of(other).hex());
        ours.close();
        theirs.close();
    }

    @Test
    void toString_ofProviderAndKey_showsNoKeyByte() {
        FetchedKey key = one(provider().fetch(reference()));

        requireNoKeyIn(key + " " + key.bytes() + " " + provider() + " " + reference());
        key.close();
    }

    private void requireReason(KeyProvider provider, Reason reason) {
        Throwable failure = catchThrowable(() -> one(provider.fetch(reference())));

        assertThat(failure)
                .isInstanceOfSatisfying(
                        KeysFailed.class, failed -> assertThat(failed.reason()).isEqualTo(reason))
                .hasMessageContaining("under-test");
        requireNoKeyIn(failure.getMessage());
    }

    /** Neither as hex digits, nor in base64, nor as they are. */
    protected final void requireNoKeyIn(String text) {
        assertThat(text)
                .doesNotContainIgnoringCase(HexFormat.of().formatHex(keptKey()))
                .doesNotContain(Base64.getEncoder().encodeToString(keptKey()))
                .doesNotContain(new String(keptKey(), StandardCharsets.ISO_8859_1));
    }
}
