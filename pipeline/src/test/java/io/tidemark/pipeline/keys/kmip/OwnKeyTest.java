package io.tidemark.pipeline.keys.kmip;

import static io.tidemark.pipeline.keys.Await.one;
import static io.tidemark.pipeline.keys.kmip.Kms.ALICE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.ProviderKey;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyCreator.Outcome;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyWrapper.Wrapped;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

/** A key of Tidemark's own: made once and activated, whatever interrupts; and used where it is. */
final class OwnKeyTest {
    private static final EventLoops LOOPS = EventLoops.open(1);
    private static final String NAME = "tidemark-own";
    private static final KeyReference OWN = KeyReference.named(NAME);
    private static final byte[] BOUND = "tidemark:1:uuid:keys:00000001".getBytes(US_ASCII);
    private static final byte[] SECRET = "no key, but kept like one".getBytes(US_ASCII);

    @TempDir
    private Path directory;

    private Kms kms;

    private Kms kms(Dialect dialect) {
        kms = new Kms(directory, dialect, LOOPS);
        return kms;
    }

    @AfterEach
    void close() {
        kms.close();
    }

    @AfterAll
    static void end() {
        LOOPS.close().block();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void create_absentKey_makesAnActiveOneOf256BitsThatIsFound(Dialect dialect) {
        KmipKeyProvider provider = kms(dialect).provider();

        assertThat(one(provider.create(NAME))).isEqualTo(Outcome.MADE);

        String id = kms.keys.named(NAME).get(0);
        assertThat(kms.keys.state(id)).isEqualTo(State.ACTIVE);
        assertThat(kms.keys.usage(id)).isEqualTo(UsageMask.ENCRYPT.and(UsageMask.DECRYPT));
        FetchedKey fetched = one(provider.fetch(OWN));
        assertThat(fetched.bytes().copy(KeyAccess.insecure())).hasSize(32).isEqualTo(kms.keys.bytes(id));
        fetched.close();
    }

    @Test
    void create_secondTime_leavesTheKeyAsItIs() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        one(provider.create(NAME));

        assertThat(one(provider.create(NAME))).isEqualTo(Outcome.PRESENT);

        assertThat(kms.keys.named(NAME)).hasSize(1);
    }

    @Test
    void create_longName_isFoundUnderWhatIsLeftOfIt() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        String typed = "é".repeat(127);

        assertThat(one(provider.create(typed))).isEqualTo(Outcome.MADE);
        assertThat(one(provider.create(typed))).isEqualTo(Outcome.PRESENT);
        assertThat(kms.keys.ids()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"ACTIVATE", "CREATE"})
    void create_connectionLostWhileItWasDone_isFinishedByTheNextRun(Operation lost) {
        KmipKeyProvider provider = kms(Dialect.PYKMIP).provider();
        kms.keys.distort(lost, reply -> Reply.resetting());
        assertThat(failure(provider.create(NAME)).isTransient()).isTrue();
        kms.keys.calm();
        if (lost == Operation.ACTIVATE) {
            kms.keys.put(kms.keys.named(NAME).get(0), State.PRE_ACTIVE);
        }

        assertThat(one(provider.create(NAME))).isEqualTo(Outcome.PRESENT);

        assertThat(kms.keys.named(NAME))
                .singleElement()
                .satisfies(id -> assertThat(kms.keys.state(id)).isEqualTo(State.ACTIVE));
    }

    @Test
    void t54_create_serverThatDoesNotAnswerTheSearch_hasNotSaidThatThereIsNone() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        kms.keys.distort(Operation.LOCATE, reply -> Reply.resetting());

        assertThat(failure(provider.create(NAME)).reason()).isEqualTo(Reason.UNREACHABLE);

        assertThat(kms.keys.asked()).doesNotContain(Operation.CREATE);
    }

    @Test
    void t55_create_anotherMakesOneInBetween_leavesThatOneAlone() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        String[] theirs = new String[1];
        kms.keys.before(Operation.CREATE, () -> theirs[0] = kms.keys.keep(ALICE, NAME, new byte[32]));

        assertThat(one(provider.create(NAME))).isEqualTo(Outcome.PRESENT);

        assertThat(kms.keys.asked()).contains(Operation.DESTROY);
        FetchedKey fetched = one(provider.fetch(OWN));
        assertThat(fetched.id()).isEqualTo(theirs[0]);
        assertThat(kms.keys.state(theirs[0])).isEqualTo(State.ACTIVE);
        fetched.close();
    }

    @Test
    void t55_create_severalAtOnce_leaveOneKeyOrSayThatTheyWereInEachOthersWay() {
        Kms server = kms(Dialect.COSMIAN);
        for (int round = 0; round < 10; round++) {
            String name = NAME + round;
            Mono.whenDelayError(
                            server.provider().create(name).onErrorResume(KeysFailed.class, busy -> Mono.empty()),
                            server.provider().create(name).onErrorResume(KeysFailed.class, busy -> Mono.empty()),
                            server.provider().create(name).onErrorResume(KeysFailed.class, busy -> Mono.empty()))
                    .block();

            one(server.provider().create(name));

            FetchedKey fetched = one(server.provider().fetch(KeyReference.named(name)));
            assertThat(kms.keys.state(String.valueOf(fetched.id()))).isEqualTo(State.ACTIVE);
            fetched.close();
        }
    }

    @Test
    void create_retiredKeyOfThatName_isNotDoubled() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        kms.keys.put(kms.keys.keep(ALICE, NAME, new byte[32]), State.DEACTIVATED);

        KeysFailed failure = failure(provider.create(NAME));

        assertThat(failure.reason()).isEqualTo(Reason.STATE);
        assertThat(failure).hasMessageContaining("deactivated");
        assertThat(kms.keys.named(NAME)).hasSize(1);
    }

    @Test
    void t55_create_twoOfThatName_areNamedWithTheirStatesAndLeftAlone() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        String first = kms.keys.keep(ALICE, NAME, new byte[32]);
        kms.keys.put(first, State.ACTIVE);
        String second = kms.keys.keep(ALICE, NAME, new byte[32]);

        KeysFailed failure = failure(provider.create(NAME));

        assertThat(failure.reason()).isEqualTo(Reason.AMBIGUOUS);
        assertThat(failure).hasMessageContaining(first + " (active)").hasMessageContaining(second + " (pre-active)");
        assertThat(kms.keys.state(second)).isEqualTo(State.PRE_ACTIVE);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void wrap_activeKey_isOpenedByTheSameAndByNothingElse(Dialect dialect) {
        KmipKeyProvider provider = kms(dialect).provider();
        one(provider.create(NAME));
        String id = kms.keys.named(NAME).get(0);

        Wrapped wrapped = wrapped(provider);
        Wrapped again = wrapped(provider);

        assertThat(wrapped.key()).isEqualTo(new ProviderKey("under-test", NAME, id, null));
        assertThat(wrapped.bytes()).hasSize(12 + SECRET.length + 16);
        assertThat(again.bytes()).isNotEqualTo(wrapped.bytes());
        assertThat(opened(provider, KeyReference.of(wrapped.key()), wrapped.bytes()))
                .isEqualTo(SECRET);
        byte[] changed = wrapped.bytes();
        changed[20] ^= 1;
        assertThat(failure(provider.unwrap(KeyReference.of(wrapped.key()), changed, BOUND))
                        .reason())
                .isEqualTo(Reason.WRONG);
        assertThat(failure(provider.unwrap(KeyReference.of(wrapped.key()), wrapped.bytes(), SECRET))
                        .reason())
                .isEqualTo(Reason.WRONG);
        assertThat(failure(provider.unwrap(OWN, new byte[27], BOUND)).reason()).isEqualTo(Reason.WRONG);
    }

    @Test
    void wrap_keyOfPgTdesState_saysThatItIsNotActive() {
        KmipKeyProvider provider = kms(Dialect.PYKMIP).provider();
        kms.keys.keep(ALICE, NAME, new byte[32]);

        KeysFailed failure = failure(Mono.defer(() -> provider.wrap(OWN, SecretBytes.copyOf(SECRET), BOUND)));

        assertThat(failure.reason()).isEqualTo(Reason.STATE);
        assertThat(failure).hasMessageContaining("not active yet");
    }

    @Test
    void wrap_keyThatIsNotToEncryptWith_saysSoWhereTheServerWouldSayThatThereIsNone() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        one(provider.create(NAME));
        kms.keys.permit(kms.keys.named(NAME).get(0), UsageMask.WRAP_KEY);

        KeysFailed failure = failure(Mono.defer(() -> provider.wrap(OWN, SecretBytes.copyOf(SECRET), BOUND)));

        assertThat(failure.reason()).isEqualTo(Reason.DENIED);
        assertThat(failure.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("Usage Mask"));
    }

    @Test
    void wrap_keyThatMayNotLeaveItsServer_worksWhereAFetchIsDenied() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        one(provider.create(NAME));
        kms.keys.keepInside(kms.keys.named(NAME).get(0));

        Wrapped wrapped = wrapped(provider);

        assertThat(opened(provider, KeyReference.of(wrapped.key()), wrapped.bytes()))
                .isEqualTo(SECRET);
        assertThat(failure(provider.fetch(OWN)).reason()).isEqualTo(Reason.DENIED);
    }

    @Test
    void unwrap_deactivatedKey_opensWhereTheServerDoesAndSaysTheStateWhereNot() {
        KmipKeyProvider provider = kms(Dialect.PYKMIP).provider();
        one(provider.create(NAME));
        Wrapped wrapped = wrapped(provider);
        kms.keys.put(kms.keys.named(NAME).get(0), State.DEACTIVATED);

        KeysFailed failure = failure(provider.unwrap(KeyReference.of(wrapped.key()), wrapped.bytes(), BOUND));

        assertThat(failure.reason()).isEqualTo(Reason.STATE);
        assertThat(failure).hasMessageContaining("deactivated").hasMessageContaining("0x0C");
        assertThat(failure(Mono.defer(() -> provider.wrap(OWN, SecretBytes.copyOf(SECRET), BOUND)))
                        .reason())
                .isEqualTo(Reason.STATE);
    }

    @Test
    void unwrap_identifierThatIsGone_isTriedWithEachOfTheName() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        one(provider.create(NAME));
        Wrapped wrapped = wrapped(provider);
        for (int i = 0; i < 3; i++) {
            kms.keys.put(kms.keys.keep(ALICE, NAME, new byte[32]), State.ACTIVE);
        }

        assertThat(opened(provider, new KeyReference(NAME, "00000000-gone", null), wrapped.bytes()))
                .isEqualTo(SECRET);
    }

    @Test
    void t60_unwrap_destroyedKey_isLost() {
        KmipKeyProvider provider = kms(Dialect.COSMIAN).provider();
        one(provider.create(NAME));
        Wrapped wrapped = wrapped(provider);
        kms.keys.put(kms.keys.named(NAME).get(0), State.DESTROYED);

        assertThat(failure(provider.unwrap(KeyReference.of(wrapped.key()), wrapped.bytes(), BOUND))
                        .reason())
                .isEqualTo(Reason.LOST);
    }

    private static Wrapped wrapped(KmipKeyProvider provider) {
        try (SecretBytes secret = SecretBytes.copyOf(SECRET)) {
            return one(provider.wrap(OWN, secret, BOUND));
        }
    }

    private static byte[] opened(KmipKeyProvider provider, KeyReference reference, byte[] wrapped) {
        try (SecretBytes opened = one(provider.unwrap(reference, wrapped, BOUND))) {
            return opened.copy(KeyAccess.insecure());
        }
    }

    private static KeysFailed failure(Mono<?> work) {
        KeysFailed failure = catchThrowableOfType(KeysFailed.class, work::block);
        assertThat(failure).isNotNull().hasMessageContaining("under-test");
        return failure;
    }
}
