package io.tidemark.pipeline.keys.kmip;

import static io.tidemark.pipeline.keys.Await.one;
import static io.tidemark.pipeline.keys.kmip.Kms.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.keyset.CheckValue;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.Reply;
import io.tidemark.kmip.testing.ServerTls;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.config.UsageError;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyProviderContract;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyState;
import io.tidemark.pipeline.postgres.wire.EventLoops;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

/** Fetching keys, from a server as Cosmian is; where PyKMIP differs, that too. */
class KmipKeyProviderTest extends KeyProviderContract {
    private static final EventLoops LOOPS = EventLoops.open(1);
    private static final String NAME = "tidemark-prod";
    private static final KeyReference KEY = KeyReference.named(NAME);

    @TempDir
    private Path directory;

    private Kms kms;
    private byte[] key = HexFormat.of().parseHex("c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7");
    private String id;

    @BeforeEach
    void start() {
        kms = new Kms(directory, Dialect.COSMIAN, LOOPS);
        id = kms.keys.keep(ALICE, NAME, key);
    }

    @AfterEach
    void close() {
        kms.close();
    }

    @AfterAll
    static void end() {
        LOOPS.close().block();
    }

    @Override
    protected byte[] keptKey() {
        return key;
    }

    @Override
    protected KeyProvider provider() {
        return kms.provider();
    }

    @Override
    protected KeyReference reference() {
        return KEY;
    }

    @Override
    protected void replaceKey() {
        key = key.clone();
        key[0] ^= 1;
        kms.keys.rename(id, "as it was before");
        id = kms.keys.keep(ALICE, NAME, key);
    }

    @Override
    protected void removeKey() {
        kms.keys.forget(id);
    }

    @Override
    protected void goAway() {
        kms.server.stop();
    }

    @Override
    protected void refuse() {
        kms.keys.refuse(Operation.GET, 0x0C, "DENIED");
    }

    @Override
    protected void addNamesake(byte[] other) {
        kms.keys.keep(ALICE, NAME, other);
    }

    @Test
    void fetch_byName_asksByNameAndTypeAndNeverByState() {
        one(provider().fetch(KEY)).close();

        assertThat(kms.keys.asked())
                .filteredOn(operation -> operation != Operation.DISCOVER_VERSIONS)
                .containsExactly(Operation.LOCATE, Operation.GET);
    }

    @ParameterizedTest
    @EnumSource(
            value = State.class,
            names = {"PRE_ACTIVE", "ACTIVE", "COMPROMISED"})
    void fetch_keyOfPgTdeInAnyLiveState_saysInWhich(State state) {
        kms.keys.put(id, state);

        FetchedKey fetched = one(provider().fetch(KEY));

        assertThat(fetched.state().name()).isEqualTo(state.name());
        assertThat(fetched.id()).isEqualTo(id);
        assertThat(fetched.name()).isEqualTo(NAME);
        fetched.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void fetch_keyOfEitherLength_isWhole(int bytes) {
        byte[] other = Arrays.copyOf(key, bytes);
        kms.keys.keep(ALICE, "other", other);

        FetchedKey fetched = one(provider().fetch(KeyReference.named("other")));

        assertThat(fetched.bytes().copy(KeyAccess.insecure())).isEqualTo(other);
        fetched.close();
    }

    @Test
    void fetch_keyThatIsNoneOfOurs_isWrongAndNotFitted() {
        kms.keys.keep(ALICE, "of-24-bytes", new byte[24]);
        String secret = kms.keys.keepSecretData(ALICE, "password", new byte[32]);

        assertThat(failure(KeyReference.named("of-24-bytes"), Reason.WRONG)).hasMessageContaining("24 bytes");
        assertThat(failure(new KeyReference(null, secret, null), Reason.WRONG)).hasMessageContaining("no AES key");
        assertThat(failure(KeyReference.named("password"), Reason.ABSENT)).hasMessageContaining("password");
    }

    @Test
    void t58_fetch_deactivatedKey_comesByExportWithAWarning() {
        kms.keys.put(id, State.DEACTIVATED);

        FetchedKey fetched = one(provider().fetch(KEY));

        assertThat(fetched.bytes().copy(KeyAccess.insecure())).isEqualTo(key);
        assertThat(fetched.state()).isEqualTo(KeyState.DEACTIVATED);
        assertThat(kms.keys.asked()).contains(Operation.GET, Operation.EXPORT);
        assertThat(kms.events).singleElement().satisfies(event -> {
            assertThat(event.kind().code()).isEqualTo("TM-KEY-008");
            assertThat(event.toString()).contains(NAME);
            requireNoKeyIn(event.toString());
        });
        fetched.close();
    }

    @Test
    void t58_fetch_deactivatedKeyThatIsNotExportedEither_saysItsStateAndTheReason() {
        kms.keys.put(id, State.DEACTIVATED);
        kms.keys.refuse(Operation.EXPORT, 0x04, "no such thing");

        assertThat(failure(KEY, Reason.STATE)).hasMessageContaining("0x43").hasMessageContaining(NAME);
    }

    @Test
    void fetch_compromisedKey_isUsableWithOneWarning() {
        kms.keys.put(id, State.COMPROMISED);
        KeyProvider provider = provider();

        one(provider.fetch(KEY)).close();
        one(provider.fetch(KEY)).close();

        assertThat(kms.events)
                .singleElement()
                .satisfies(event -> assertThat(event.kind().code()).isEqualTo("TM-KEY-007"));
    }

    @Test
    void t60_fetch_destroyedKey_isAPlainStatementOfLoss() {
        CheckValue check = CheckValue.of(key);
        kms.keys.put(id, State.DESTROYED);

        assertThat(failure(KEY, Reason.LOST)).hasMessageContaining("nobody can give it back");
        assertThat(failure(new KeyReference(NAME, id, check), Reason.LOST)).hasMessageContaining("was destroyed");
        assertThat(failure(new KeyReference(null, id, null), Reason.LOST).hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("recovery key"));
    }

    @Test
    void t60_fetch_destroyedKeyOfAServerThatForgets_isAbsent() {
        inPyKmip(pykmip -> {
            String gone = pykmip.keys.keep(ALICE, NAME, key);
            pykmip.keys.put(gone, State.DESTROYED);

            failure(pykmip.provider(), KEY, Reason.ABSENT);
        });
    }

    @Test
    void fetch_keyOfAnotherOwner_looksAbsentAndItIsSaidWhoAsks() {
        kms.keys.keep("bob", "of-bob", key);

        KeysFailed hidden = failure(KeyReference.named("of-bob"), Reason.ABSENT);

        assertThat(hidden.hint())
                .hasValueSatisfying(hint -> assertThat(hint)
                        .contains("another owner")
                        .contains("\"alice\"")
                        .contains("client-alice.crt"));
    }

    @Test
    void fetch_keyOfAnotherOwnerByItsIdentifier_isAbsentHereAndDeniedThere() {
        String hidden = kms.keys.keep("bob", "of-bob", key);

        failure(new KeyReference(null, hidden, null), Reason.ABSENT);
        inPyKmip(pykmip -> {
            String told = pykmip.keys.keep("bob", "of-bob", key);

            KeysFailed denied = failure(pykmip.provider(), new KeyReference(null, told, null), Reason.DENIED);

            assertThat(denied).hasMessageContaining("0x0C");
        });
    }

    @Test
    void t59_fetch_sensitiveKey_saysHowItCanBeUsedAllTheSame() {
        kms.keys.refuse(Operation.GET, 0x16, "sensitive");

        assertThat(failure(KEY, Reason.DENIED).hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("how: encrypt"));
    }

    @Test
    void t55_fetch_namesakes_areNamedWithIdentifiersAndCheckValues() {
        byte[] other = new byte[32];
        String second = kms.keys.keep(ALICE, NAME, other);

        assertThat(failure(KEY, Reason.AMBIGUOUS))
                .hasMessageContaining(id)
                .hasMessageContaining(second)
                .hasMessageContaining(CheckValue.of(key).hex())
                .hasMessageContaining(CheckValue.of(other).hex());
    }

    @Test
    void t55_fetch_namesakesWithoutTheOneThatIsWanted_areWrongAndAllNamed() {
        kms.keys.keep(ALICE, NAME, new byte[32]);

        assertThat(failure(KEY.withCheck(new CheckValue("0123456789")), Reason.WRONG))
                .hasMessageContaining("0123456789")
                .hasMessageContaining("2 keys");
    }

    @Test
    void t55_fetch_oneKeyRegisteredTwice_isOneKeyWhateverTheOrder() {
        kms.keys.keep(ALICE, NAME, key);
        kms.keys.keep(ALICE, NAME, key);

        FetchedKey fetched = one(provider().fetch(KEY));

        assertThat(fetched.check()).isEqualTo(CheckValue.of(key));
        assertThat(fetched.id())
                .isEqualTo(kms.keys.ids().stream().sorted().findFirst().orElseThrow());
        fetched.close();
    }

    @Test
    void t55_fetch_namesakeThatCannotBeCompared_leavesItUndecidedUnlessTheCheckValueFits() {
        String destroyedMeanwhile = kms.keys.keep(ALICE, NAME, new byte[32]);
        kms.keys.keepInside(destroyedMeanwhile);

        assertThat(failure(KEY, Reason.AMBIGUOUS)).hasMessageContaining("not given out");
        one(provider().fetch(KEY.withCheck(CheckValue.of(key)))).close();
    }

    @Test
    void t55_fetch_moreNamesakesThanAreAskedFor_areSaidToBePerhapsMore() {
        for (int i = 1; i <= 20; i++) {
            kms.keys.keep(ALICE, NAME, filled(i));
        }

        assertThat(failure(KEY, Reason.AMBIGUOUS)).hasMessageContaining("16 or more keys");
    }

    @Test
    void t56_fetch_serverThatAnswersWithAnotherObject_isNotBelieved() {
        String other = kms.keys.keep(ALICE, "other", new byte[32]);
        mixUp(Operation.GET, other);

        failure(new KeyReference(null, id, null), Reason.UNUSABLE);
    }

    @Test
    void t56_fetch_serverThatPassesOverTheName_isCaughtByTheNameOfWhatItFound() {
        mixUp(Operation.LOCATE, kms.keys.keep(ALICE, "other", new byte[32]));

        assertThat(failure(KEY, Reason.WRONG)).hasMessageContaining("is called \"other\"");
        inPyKmip(pykmip -> {
            String ours = pykmip.keys.keep(ALICE, NAME, key);
            String other = pykmip.keys.keep(ALICE, "other", new byte[32]);
            pykmip.keys.distort(Operation.LOCATE, reply -> reply.exchanging(ascii(ours), ascii(other)));

            failure(pykmip.provider(), KEY, Reason.WRONG);
        });
    }

    private void mixUp(Operation operation, String other) {
        kms.keys.distort(operation, reply -> reply.exchanging(ascii(id), ascii(other)));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void t57_fetch_reKeyedName_isAnotherKeyByNameAndTheSameByIdentifier() {
        KeyReference exact = new KeyReference(NAME, id, CheckValue.of(key));
        kms.keys.rename(id, "moved away");
        kms.keys.keep(ALICE, NAME, new byte[32]);

        FetchedKey fetched = one(provider().fetch(exact));

        assertThat(fetched.id()).isEqualTo(id);
        assertThat(failure(KEY.withCheck(CheckValue.of(key)), Reason.WRONG).hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("re-keyed"));
        fetched.close();
    }

    @Test
    void fetch_identifierThatIsGoneOrAnotherKeys_fallsBackToTheCheckValueUnderTheName() {
        KeyReference gone = new KeyReference(NAME, "00000000-no-such", CheckValue.of(key));
        String reused = kms.keys.keep(ALICE, "another", new byte[32]);
        KeyReference ofAnother = new KeyReference(NAME, reused, CheckValue.of(key));
        KeyReference impossible = new KeyReference(NAME, "x".repeat(500), CheckValue.of(key));

        for (KeyReference reference : new KeyReference[] {gone, ofAnother, impossible}) {
            FetchedKey fetched = one(provider().fetch(reference));

            assertThat(fetched.id()).isEqualTo(id);
            fetched.close();
        }
    }

    @Test
    void fetch_longNameOfPgTde_isCutWhereItsLibraryCuts() {
        String typed = "é".repeat(124) + "abc€€€";
        byte[] cut = Arrays.copyOf(typed.getBytes(StandardCharsets.UTF_8), 250);
        String stored = kms.keys.keepNamed(ALICE, cut, key);

        FetchedKey fetched = one(provider().fetch(KeyReference.named(typed)));

        assertThat(fetched.id()).isEqualTo(stored);
        fetched.close();
    }

    @Test
    void fetch_fromPyKmip_asksForTheStateThatItDoesNotSend() {
        inPyKmip(pykmip -> {
            String there = pykmip.keys.keep(ALICE, NAME, key);
            pykmip.keys.put(there, State.DEACTIVATED);

            FetchedKey fetched = one(pykmip.provider().fetch(KEY));

            assertThat(fetched.state()).isEqualTo(KeyState.DEACTIVATED);
            assertThat(pykmip.keys.asked()).contains(Operation.GET_ATTRIBUTES).doesNotContain(Operation.EXPORT);
            fetched.close();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "cut", "closing", "resetting"})
    void t54_fetch_serverThatIsAway_neverMeansThatThereIsNoKey(String how) {
        kms.keys.distort(Operation.GET, reply -> switch (how) {
            case "cut" -> reply.cutAt(40);
            case "closing" -> Reply.closing();
            default -> Reply.resetting();
        });
        if (how.equals("stopped")) {
            kms.server.kill();
        }

        KeysFailed away = failure(KEY, Reason.UNREACHABLE);

        assertThat(away.isTransient()).isTrue();
        assertThat(away.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("it is not lost"));
    }

    @Test
    void fetch_serverThatNeverAnswers_endsByTheDeadline() {
        kms.keys.distort(Operation.GET, reply -> Reply.none());
        KmipKeyProvider hurried =
                kms.provider(kms.settings("client-alice.crt", "client-alice.key", Duration.ofMillis(900)));

        failure(hurried, KEY, Reason.UNREACHABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "0x100, UNUSABLE", "0x04, UNUSABLE", "0x05, UNUSABLE", "0x37, ABSENT", "0x01, ABSENT", "0x36, LOST",
        "0x0C, DENIED", "0x17, DENIED", "0x03, DENIED", "0x0B, STATE", "0x43, STATE", "0x80001234, UNUSABLE"
    })
    void fetch_refusals_areToldApartBySetsOfReasonsAndTheNumberIsKept(String number, Reason reason) {
        int code = Integer.parseUnsignedInt(number.substring(2), 16);
        kms.keys.refuse(Operation.GET, code, "no");
        kms.keys.refuse(Operation.EXPORT, code, "no");

        KeysFailed failure = failure(new KeyReference(null, id, null), reason);

        if (reason != Reason.LOST && code != 0x03) {
            assertThat(failure).hasMessageContaining(number);
        }
    }

    @Test
    void fetch_serverThatEchoesKeysAndTerminalCodes_isQuotedWithCare() {
        kms.keys.refuse(Operation.GET, 0x100, "\u001b[2J" + "x".repeat(5000));

        assertThat(failure(KEY, Reason.UNUSABLE).getMessage())
                .doesNotContain("\u001b")
                .hasSizeLessThan(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server-expired.crt", "server-wronghost.crt", "server-nosan.crt", "server-wrongca.crt"})
    void t82_fetch_serverThatPgTdeWouldBelieve_isUntrustedHere(String certificate) {
        kms.server.shows(ServerTls.good().showing(certificate));

        KeysFailed untrusted = failure(KEY, Reason.UNTRUSTED);

        assertThat(untrusted.hint()).isPresent();
        assertThat(kms.keys.asked()).isEmpty();
    }

    @Test
    void t83_fetch_expiredClientCertificate_isDeniedWithItsDate() {
        KmipKeyProvider expired =
                kms.provider(kms.settings("client-expired.crt", "client-alice.key", Duration.ofSeconds(30)));

        assertThat(failure(expired, KEY, Reason.DENIED)).hasMessageContaining("2021-01-01");
    }

    @Test
    void t64_fetch_privateKeyThatOthersRead_isAFaultOfTheConfigurationAndNobodyIsAsked() throws IOException {
        Files.setPosixFilePermissions(kms.pki.file("client-alice.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(catchThrowableOfType(UsageError.class, () -> one(provider().fetch(KEY))))
                .hasMessageContaining("under-test")
                .hasMessageContaining("open to others");
        assertThat(kms.server.connections()).isZero();
    }

    @Test
    void t64_fetch_filesThatARestoredHostLacks_areNamed() throws IOException {
        Files.delete(kms.pki.file("client-alice.key"));

        assertThat(catchThrowableOfType(UsageError.class, () -> one(provider().fetch(KEY))))
                .hasMessageContaining("client-alice.key")
                .hasMessageContaining("under-test");
    }

    @Test
    void k7_fetch_certificateRenewedMeanwhile_isUsedWithoutARestart() {
        kms.keys.keep("bob", "of-bob", key);
        KmipKeyProvider provider = provider("client-alice");
        one(provider.fetch(KEY)).close();
        kms.pki.write("client-alice.crt", "client-bob.crt");
        kms.pki.write("client-alice.key", "client-bob.key");

        // the files are looked at so and so often
        FetchedKey fetched = one(
                provider.fetch(KeyReference.named("of-bob")).retryWhen(Retry.fixedDelay(600, Duration.ofMillis(100))));

        fetched.close();
    }

    private KmipKeyProvider provider(String client) {
        return kms.provider(kms.settings(client));
    }

    @Test
    void fetch_cancelledBeforeTheAnswer_leavesNothingBehind() {
        CompletableFuture<Void> asked = new CompletableFuture<Void>().orTimeout(60, TimeUnit.SECONDS);
        CompletableFuture<Void> released = new CompletableFuture<>();
        kms.keys.before(Operation.GET, () -> asked.complete(null));
        kms.keys.distort(Operation.GET, reply -> reply.when(released));

        StepVerifier.create(provider().fetch(KEY))
                .then(asked::join)
                .thenCancel()
                .verify();
        released.complete(null);

        kms.keys.calm();
        one(provider().fetch(KEY)).close();
    }

    private interface InPyKmip {
        void run(Kms pykmip);
    }

    private void inPyKmip(InPyKmip test) {
        try (Kms pykmip = new Kms(directory, Dialect.PYKMIP, LOOPS)) {
            test.run(pykmip);
        }
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private KeysFailed failure(KeyReference reference, Reason reason) {
        return failure(provider(), reference, reason);
    }

    private KeysFailed failure(KeyProvider provider, KeyReference reference, Reason reason) {
        KeysFailed failure = catchThrowableOfType(KeysFailed.class, () -> one(provider.fetch(reference)));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
        assertThat(failure).hasMessageContaining("under-test");
        requireNoKeyIn(failure.getMessage() + failure.hint().orElse(""));
        return failure;
    }
}
