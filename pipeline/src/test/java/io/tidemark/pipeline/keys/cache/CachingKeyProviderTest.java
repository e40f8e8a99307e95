package io.tidemark.pipeline.keys.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.event.Event;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class CachingKeyProviderTest {
    private static final KeyReference KEY = KeyReference.named(ScriptedKeyProvider.NAME);
    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final Duration STALE_FOR = Duration.ofHours(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final VirtualClock clock = new VirtualClock(time);
    private final ScriptedKeyProvider behind = new ScriptedKeyProvider();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final CachingKeyProvider cache = cache(new CacheBounds(LIFETIME, STALE_FOR, 3));

    CachingKeyProviderTest() {
        behind.keys.add(filled(7));
    }

    private CachingKeyProvider cache(CacheBounds bounds) {
        return new CachingKeyProvider(behind, bounds, clock, time, new SplittableRandom(1), events::add);
    }

    @AfterEach
    void everyKeyIsWipedInTheEnd() {
        cache.close();
        assertThat(behind.allWiped()).isTrue();
        time.dispose();
    }

    @Test
    void fetch_withinTheLifetime_asksOnce() {
        requireKey(7);
        behind.keys.set(0, filled(8));
        time.advanceTimeBy(LIFETIME.dividedBy(2));

        requireKey(7);

        assertThat(behind.questions).hasSize(1);
    }

    @Test
    void fetch_afterTheLifetime_asksAgain() {
        requireKey(7);
        behind.keys.set(0, filled(8));
        time.advanceTimeBy(LIFETIME);

        requireKey(8);
    }

    @Test
    void fetch_clockSetBack_lengthensNoLifetime() {
        requireKey(7);
        behind.keys.set(0, filled(8));
        clock.set(Duration.ofDays(-1));
        time.advanceTimeBy(LIFETIME);

        requireKey(8);
    }

    @Test
    void fetch_hostThatSlept_hasNoKeyOfBefore() {
        requireKey(7);
        behind.failWith(Reason.UNREACHABLE);
        clock.set(LIFETIME.plus(STALE_FOR));

        requireFailure(Reason.UNREACHABLE);
    }

    @Test
    void fetch_withMoreParticulars_isAnsweredByTheKeyThatMeetsThem() {
        requireKey(7);
        CheckValue check = CheckValue.of(filled(7));

        one(cache.fetch(new KeyReference(KEY.key(), "uid-0", check))).close();
        one(cache.fetch(KEY.withCheck(check))).close();

        assertThat(behind.questions).hasSize(1);
    }

    @Test
    void fetch_byNameAlone_isNeverAnsweredByAKeyThatWasFoundByItsIdentifier() {
        CheckValue check = CheckValue.of(filled(7));
        one(cache.fetch(new KeyReference(KEY.key(), "uid-0", check))).close();
        behind.keys.set(0, filled(8));

        requireKey(8);
    }

    @Test
    void fetch_withTheCheckValueOfAnotherKey_leavesTheKeptOneAlone() {
        requireKey(7);

        KeysFailed failure =
                catchThrowableOfType(KeysFailed.class, () -> one(cache.fetch(KEY.withCheck(CheckValue.of(filled(9))))));
        requireKey(7);

        assertThat(failure.reason()).isEqualTo(Reason.WRONG);
        assertThat(behind.questions).hasSize(2);
        assertThat(events).isEmpty();
    }

    @Test
    void fetch_manyAtOnce_shareOneQuestion() {
        behind.hold();
        List<Taker> takers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            takers.add(fetch());
        }

        behind.questions.get(0).answer();

        assertThat(behind.questions).hasSize(1);
        assertThat(takers).allSatisfy(taker -> requireKey(taker, 7));
    }

    @Test
    void fetch_manyAtOnceInVain_allHearWhy() {
        behind.hold();
        Taker first = fetch();
        Taker second = fetch();
        behind.failWith(Reason.DENIED);

        behind.questions.get(0).answer();

        assertThat(List.of(first, second))
                .allSatisfy(taker -> assertThat(taker.failure)
                        .isInstanceOfSatisfying(
                                KeysFailed.class,
                                failed -> assertThat(failed.reason()).isEqualTo(Reason.DENIED)));
        behind.release();
        requireFailure(Reason.DENIED);
        assertThat(behind.questions).as("failures are not kept").hasSize(2);
    }

    @Test
    void cancel_ofOneWhoWaits_doesNotFailTheOthers() {
        behind.hold();
        Taker first = fetch();
        Taker second = fetch();

        first.cancel();
        behind.questions.get(0).answer();

        assertThat(behind.questions.get(0).isCancelled()).isFalse();
        assertThat(first.key).isNull();
        requireKey(second, 7);
    }

    @Test
    void cancel_ofTheLastWhoWaits_givesUpTheQuestionAndLeaksNoKey() {
        behind.hold();
        Taker first = fetch();
        Taker second = fetch();

        first.cancel();
        second.cancel();
        behind.questions.get(0).answer();

        assertThat(behind.questions.get(0).isCancelled()).isTrue();
        assertThat(behind.allWiped()).isTrue();
    }

    @Test
    void cancel_duringTheSubscription_joinsNothing() {
        behind.hold();

        cache.fetch(KEY).subscribe(new BaseSubscriber<FetchedKey>() {
            @Override
            protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {
                subscription.cancel();
            }
        });

        assertThat(behind.questions).isEmpty();
    }

    @Test
    void fetch_afterTheLastCancelled_asksAnewAndIsNotAnsweredByTheOldQuestion() {
        behind.hold();
        fetch().cancel();
        Taker next = fetch();

        behind.questions.get(0).answer();
        assertThat(next.key).as("the answer to a question that was given up").isNull();
        behind.keys.set(0, filled(8));
        behind.questions.get(1).answer();

        requireKey(next, 8);
    }

    @Test
    void cancel_ofAnOldQuestion_doesNotTouchTheNextOne() {
        behind.hold();
        Taker answered = fetch();
        behind.questions.get(0).answer();
        answered.close();
        time.advanceTimeBy(LIFETIME);
        Taker next = fetch();

        answered.cancel();
        behind.questions.get(1).answer();

        requireKey(next, 7);
    }

    @Test
    void refresh_ofAKeyThatIsUsed_comesBeforeItsEndAndNobodyWaitsForIt() {
        requireKey(7);
        requireKey(7);
        behind.keys.set(0, filled(8));
        behind.hold();
        time.advanceTimeBy(LIFETIME.minus(MOMENT));
        assertThat(behind.questions).hasSize(2);
        requireKey(7);

        behind.questions.get(1).answer();

        requireKey(8);
        time.advanceTimeBy(LIFETIME.dividedBy(2));
        requireKey(8);
        assertThat(behind.questions).hasSize(2);
    }

    @Test
    void refresh_ofAKeyThatNobodyUses_isNotAskedFor() {
        requireKey(7);

        time.advanceTimeBy(LIFETIME.plus(STALE_FOR));

        assertThat(behind.questions).hasSize(1);
        assertThat(behind.allWiped()).as("wiped without anybody asking").isTrue();
    }

    @Test
    void refresh_whoeverJoinsItAndCancels_goesOnAndLands() {
        requireKey(7);
        requireKey(7);
        behind.keys.set(0, filled(8));
        behind.hold();
        time.advanceTimeBy(LIFETIME);
        Taker joined = fetch();

        joined.cancel();
        assertThat(behind.questions.get(1).isCancelled()).isFalse();
        behind.questions.get(1).answer();

        requireKey(8);
        assertThat(joined.key).isNull();
        assertThat(behind.questions).hasSize(2);
    }

    @Test
    void refresh_joinedByTwoOfWhomOneCancels_answersTheOther() {
        requireKey(7);
        requireKey(7);
        behind.hold();
        time.advanceTimeBy(LIFETIME);
        Taker gone = fetch();
        Taker stays = fetch();

        gone.cancel();
        behind.questions.get(1).answer();

        requireKey(stays, 7);
        assertThat(behind.questions).hasSize(2);
    }

    @Test
    void t53_refreshInVain_nobodyAnswers_isToldAndTriedAgainWithinTheLifetime() {
        requireKey(7);
        requireKey(7);
        behind.failWith(Reason.UNREACHABLE);
        time.advanceTimeBy(LIFETIME.minus(MOMENT));
        int asked = behind.questions.size();

        requireKey(7);

        assertThat(asked).isGreaterThan(1);
        assertThat(codes()).containsExactly("TM-KPR-001");
    }

    @Test
    void t53_fetch_nobodyAnswersAndTheKeyIsInUse_isToldOnceAndAskedForInTheBackground() {
        requireKey(7);
        behind.failWith(Reason.UNREACHABLE);
        time.advanceTimeBy(LIFETIME);
        for (int use = 0; use < 20; use++) {
            requireKey(7);
            time.advanceTimeBy(Duration.ofSeconds(10));
        }
        behind.failWith((Throwable) null);
        behind.keys.set(0, filled(8));
        requireKey(7);
        time.advanceTimeBy(Duration.ofSeconds(30));

        requireKey(8);
        assertThat(codes()).containsExactly("TM-KPR-002");
    }

    @Test
    void t53_fetch_nobodyAnswers_goesOnWithTheKeyThatIsKeptUntilTheBoundsEnd() {
        requireKey(7);
        behind.failWith(Reason.UNREACHABLE);
        time.advanceTimeBy(LIFETIME.plus(STALE_FOR).minus(MOMENT));

        requireKey(7);
        time.advanceTimeBy(MOMENT);

        requireFailure(Reason.UNREACHABLE);
        assertThat(codes()).containsExactly("TM-KPR-002");
        assertThat(behind.allWiped()).isTrue();
    }

    @Test
    void fetch_nobodyAnsweredAMomentAgo_isNotAskedEachTime() {
        requireKey(7);
        behind.failWith(Reason.UNREACHABLE);
        time.advanceTimeBy(LIFETIME);
        requireKey(7);
        int asked = behind.questions.size();

        requireKey(7);
        requireKey(7);
        assertThat(behind.questions).hasSize(asked);
        behind.failWith((Throwable) null);
        behind.keys.set(0, filled(8));
        time.advanceTimeBy(Duration.ofSeconds(30));

        requireKey(8);
        assertThat(behind.questions).hasSize(asked + 1);
    }

    @ParameterizedTest
    @EnumSource(value = Reason.class, mode = Mode.EXCLUDE, names = "UNREACHABLE")
    void fetch_afterTheLifetime_noOtherReasonLetsAKeptKeyBeUsed(Reason reason) {
        requireKey(7);
        time.advanceTimeBy(LIFETIME);
        behind.failWith(reason);

        requireFailure(reason);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"ABSENT", "DENIED", "AMBIGUOUS", "WRONG", "STATE", "LOST"})
    void refresh_somethingSaidAgainstTheKey_wipesItAtOnce(Reason reason) {
        requireKey(7);
        requireKey(7);
        behind.failWith(reason);

        time.advanceTimeBy(LIFETIME.minus(MOMENT));

        assertThat(behind.allWiped()).isTrue();
        assertThat(codes()).containsExactly("TM-KPR-003");
        requireFailure(reason);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"ABSENT", "DENIED", "LOST"})
    void fetch_withdrawnWhileTheServerWasAway_isNotUsedOnceItIsBackAndAwayAgain(Reason reason) {
        requireKey(7);
        time.advanceTimeBy(LIFETIME);
        behind.failWith(reason);
        requireFailure(reason);
        behind.failWith(Reason.UNREACHABLE);

        requireFailure(Reason.UNREACHABLE);
    }

    @Test
    void fetch_withdrawnByItsIdentifier_isWithdrawnByItsNameToo() {
        requireKey(7);
        time.advanceTimeBy(LIFETIME);
        behind.failWith(Reason.DENIED);
        KeyReference exact = new KeyReference(KEY.key(), "uid-0", CheckValue.of(filled(7)));
        assertThat(catchThrowableOfType(KeysFailed.class, () -> one(cache.fetch(exact)))
                        .reason())
                .isEqualTo(Reason.DENIED);
        behind.failWith(Reason.UNREACHABLE);

        requireFailure(Reason.UNREACHABLE);
    }

    @Test
    void refresh_configurationAtFault_saysNothingOfTheKeyWithinItsLifetime() {
        requireKey(7);
        requireKey(7);
        behind.failWith(new UsageError("token file is open to others"));
        time.advanceTimeBy(LIFETIME.minus(MOMENT));
        requireKey(7);

        time.advanceTimeBy(MOMENT);

        assertThat(catchThrowableOfType(UsageError.class, () -> one(cache.fetch(KEY))))
                .hasMessageContaining("open to others");
    }

    @Test
    void fetch_moreKeysThanThereIsRoom_theOneUsedLongestAgoIsWiped() {
        fetchNamed("a");
        fetchNamed("b");
        fetchNamed("c");
        fetchNamed("a");
        assertThat(behind.questions).hasSize(3);

        fetchNamed("d");
        fetchNamed("a");
        fetchNamed("c");
        assertThat(behind.questions).hasSize(4);
        fetchNamed("b");

        assertThat(behind.questions).hasSize(5);
    }

    @Test
    void close_whileAQuestionIsUnderWay_failsWhoWaitsGivesItUpAndWipesWhatIsKept() {
        fetchNamed("a");
        behind.hold();
        Taker waiting = fetch();

        cache.close();
        behind.release();
        behind.questions.get(1).answer();

        assertThat(behind.questions.get(1).isCancelled()).isTrue();
        assertThat(waiting.failure).isInstanceOf(KeysFailed.class).hasMessageContaining("was closed");
        assertThat(behind.allWiped()).isTrue();
        requireFailure(Reason.UNREACHABLE);
    }

    @Test
    void fetch_afterTheTimersEnded_givesKeysAndKeepsNone() {
        time.dispose();

        requireKey(7);
        requireKey(7);

        assertThat(behind.questions).hasSize(2);
        assertThat(behind.allWiped()).isTrue();
    }

    @Test
    void fetch_providerThatEndsWithoutAnAnswer_isABugAndNotAHang() {
        CachingKeyProvider empty = new CachingKeyProvider(
                new KeyProvider() {
                    @Override
                    public String name() {
                        return "empty";
                    }

                    @Override
                    public Mono<FetchedKey> fetch(KeyReference reference) {
                        return Mono.empty();
                    }
                },
                new CacheBounds(LIFETIME, STALE_FOR, 1),
                clock,
                time,
                new SplittableRandom(1),
                events::add);

        assertThat(catchThrowableOfType(IllegalStateException.class, () -> one(empty.fetch(KEY))))
                .hasMessageContaining("neither a key nor a failure");
    }

    private Taker fetch() {
        Taker taker = new Taker();
        cache.fetch(KEY).subscribe(taker);
        return taker;
    }

    private void fetchNamed(String name) {
        one(cache.fetch(KeyReference.named(name))).close();
    }

    private void requireKey(int filling) {
        FetchedKey key = one(cache.fetch(KEY));
        assertThat(key.bytes().copy(KeyAccess.insecure())).isEqualTo(filled(filling));
        key.close();
    }

    private static void requireKey(Taker taker, int filling) {
        assertThat(taker.failure).isNull();
        assertThat(taker.key).isNotNull();
        assertThat(taker.key.bytes().copy(KeyAccess.insecure())).isEqualTo(filled(filling));
        taker.close();
    }

    private void requireFailure(Reason reason) {
        KeysFailed failure = catchThrowableOfType(KeysFailed.class, () -> one(cache.fetch(KEY)));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).isEqualTo(reason);
    }

    private List<String> codes() {
        return events.stream().map(event -> event.kind().code()).toList();
    }

    /** What hangs is a failure, not a wait. */
    private static <T> T one(Mono<T> mono) {
        return mono.block(Duration.ofSeconds(20));
    }

    private static byte[] filled(int filling) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) filling);
        return key;
    }

    private static final class Taker extends BaseSubscriber<FetchedKey> {
        private FetchedKey key;
        private Throwable failure;

        void close() {
            key.close();
        }

        @Override
        protected void hookOnNext(FetchedKey given) {
            key = given;
        }

        @Override
        protected void hookOnError(Throwable cause) {
            failure = cause;
        }
    }
}
