package io.tidemark.pipeline.keys;

import static io.tidemark.pipeline.keys.Await.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.keyset.Generation;
import io.tidemark.crypto.keyset.ProviderKey;
import io.tidemark.crypto.keyset.ProviderRecipient;
import io.tidemark.crypto.keyset.Recipient;
import io.tidemark.crypto.keyset.RecipientKind;
import io.tidemark.crypto.keyset.Wrapping;
import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.keys.provider.FetchedKey;
import io.tidemark.pipeline.keys.provider.KeyProvider;
import io.tidemark.pipeline.keys.provider.KeyReference;
import io.tidemark.pipeline.keys.provider.KeyState;
import io.tidemark.pipeline.keys.provider.KeyWrapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A keyset whose recipients are keys of a server: what opens it, and what somebody who can write the bucket cannot do. */
class ServerRecipientTest {
    private final TestCluster cluster = new TestCluster(1);
    private final Server server = new Server();

    @Test
    void open_byTheFetchedKey_needsNothingButTheServer() {
        server.keys.put("tidemark-prod", filled(7));
        plant(1, choice("tidemark-prod"));

        OpenedKeyset opened = open(identity(null));

        assertThat(opened.derivations().rootHex()).isEqualTo(cluster.root());
        assertThat(opened.identity().description()).isEqualTo("vault key of provider \"kms\"");
        assertThat(server.asked).last().isEqualTo("tidemark-prod id-tidemark-prod");
        opened.close();
    }

    @Test
    void open_byTheServersOwnDecryption_needsNoKeyHere() {
        WrappingServer kms = new WrappingServer();
        plant(1, new RecipientChoice.AtServer("kms", kms, KeyReference.named("sealed-in")));

        OpenedKeyset opened = open(new ServerIdentity(RecipientKind.KMIP, server, kms));

        assertThat(recipient(1).how()).isEqualTo(Wrapping.KMIP_ENCRYPT);
        assertThat(recipient(1).key()).isEqualTo(new ProviderKey("kms", "sealed-in", "uid-1", null));
        assertThat(opened.derivations().rootHex()).isEqualTo(cluster.root());
        assertThat(server.asked).isEmpty();
        opened.close();
    }

    @Test
    void open_providerOfAnotherNameThanAtInit_isTried() {
        server.keys.put("tidemark-prod", filled(7));
        plant(1, choice("tidemark-prod"));
        Server elsewhere = new Server("other-name", server.keys);

        open(new ServerIdentity(RecipientKind.VAULT, elsewhere, null)).close();
    }

    @Test
    void wrap_statesOfTheKey_refuseOnlyWhatIsRetiredOrKnown() {
        server.keys.put("k", filled(1));
        for (KeyState state : KeyState.values()) {
            server.state = state;
            if (state == KeyState.DEACTIVATED || state == KeyState.COMPROMISED) {
                assertThatThrownBy(() -> plant(1, choice("k")))
                        .isInstanceOfSatisfying(
                                KeysFailed.class,
                                failure -> assertThat(failure.reason()).isEqualTo(Reason.STATE))
                        .hasMessageContaining(state.word());
            } else {
                plant(1, choice("k"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"UNREACHABLE", "UNTRUSTED"},
            mode = EnumSource.Mode.EXCLUDE)
    void open_forgedGenerationThatNamesAKeyWeCannotHave_isPassedOver(Reason reason) {
        server.keys.put("tidemark-prod", filled(7));
        plant(1, choice("tidemark-prod"));
        server.keys.put("bait", filled(8));
        plant(2, choice("bait"));
        server.refusals.put("bait", reason);

        OpenedKeyset opened = open(identity(null));

        assertThat(opened.generation().number()).isEqualTo(1);
        assertThat(opened.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.number()).isEqualTo(2);
            assertThat(problem.what()).contains(reason.name());
        });
        opened.close();
    }

    @Test
    void t54_open_serverAway_isAFailureAndNoOlderGenerationIsTaken() {
        server.keys.put("tidemark-prod", filled(7));
        plant(1, choice("tidemark-prod"));
        plant(2, choice("tidemark-prod"));
        server.refusals.put("tidemark-prod", Reason.UNREACHABLE);

        assertThatThrownBy(() -> open(identity(null)))
                .isInstanceOfSatisfying(
                        KeysFailed.class,
                        failure -> assertThat(failure.isTransient()).isTrue());
    }

    @Test
    void open_serverAwayAndTheRecoveryKeyThere_needsNothingButThat() {
        server.keys.put("tidemark-prod", filled(7));
        plant(1, choice("tidemark-prod"), new RecipientChoice.OfRecovery("recovery", cluster.recovery.publicKey()));
        server.refusals.put("tidemark-prod", Reason.UNREACHABLE);

        OpenedKeyset opened = one(
                cluster.recoveryAccess(RootExpectation.exactly(cluster.root())).open(cluster.store, cluster.marker));

        assertThat(opened.derivations().rootHex()).isEqualTo(cluster.root());
        opened.close();
    }

    @Test
    void open_ciphertextOfARecipientMoved_isDamageAndNotAnotherKey() {
        server.keys.put("tidemark-prod", filled(7));
        Generation other = generation(2, choice("tidemark-prod"));
        Generation moved = new Generation(1, other.cluster(), other.commitment(), other.created(), other.recipients());

        assertThatThrownBy(() -> one(identity(null).open(moved)))
                .isInstanceOf(io.tidemark.crypto.AuthenticationFailed.class)
                .hasMessageContaining("damaged, was moved here or is a forgery");
    }

    @Test
    void open_thousandsOfForgedGenerations_haveAnEndToAskingInVain() {
        ServerIdentity identity = identity(null);
        for (int number = 1; number <= 200; number++) {
            server.keys.put("bait-" + number, filled(8));
            Generation forged = generation(number, choice("bait-" + number));
            server.keys.remove("bait-" + number);

            assertThatThrownBy(() -> one(identity.open(forged))).isInstanceOf(KeyMismatch.class);
        }

        assertThat(server.asked.stream().filter(asked -> asked.contains(" id-")))
                .hasSize(64);
    }

    @Test
    void open_recipientOfTheServersOwnEncryption_isNotOursWhereWeCanOnlyFetch() {
        plant(1, new RecipientChoice.AtServer("kms", new WrappingServer(), KeyReference.named("k")));

        assertThatThrownBy(() -> open(new ServerIdentity(RecipientKind.KMIP, server, null)))
                .isInstanceOf(KeysFailed.class)
                .hasMessageContaining("none of its recipients is a key that is configured here");
    }

    private RecipientChoice choice(String key) {
        return new RecipientChoice.OfServer(
                RecipientKind.VAULT, "kms", server, KeyReference.named(key), TestCluster.RANDOM);
    }

    private ServerIdentity identity(@Nullable KeyWrapper wrapper) {
        return new ServerIdentity(RecipientKind.VAULT, server, wrapper);
    }

    private Generation generation(int number, RecipientChoice... recipients) {
        return one(new GenerationMaker(List.of(recipients), TestCluster.CLOCK, Schedulers.immediate())
                .make(cluster.keyset, cluster.marker.cluster(), number));
    }

    private void plant(int number, RecipientChoice... recipients) {
        cluster.plant(number, generation(number, recipients).toJson());
    }

    private ProviderRecipient recipient(int number) {
        Recipient first = Generation.parse(cluster.store.content(String.format("keys/%08d.json", number)))
                .recipients()
                .get(0);
        return (ProviderRecipient) first;
    }

    private OpenedKeyset open(Identity identity) {
        return one(new KeysetAccess(
                        List.of(identity),
                        RootExpectation.exactly(cluster.root()),
                        GenerationMemory.none(),
                        cluster.log)
                .open(cluster.store, cluster.marker));
    }

    private static byte[] filled(int filling) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) filling);
        return key;
    }

    /** Keys by name; refuses what it is told to. */
    private static final class Server implements KeyProvider {
        private final String name;
        private final Map<String, byte[]> keys;
        private final Map<String, Reason> refusals = new HashMap<>();
        private final List<String> asked = new ArrayList<>();
        private KeyState state = KeyState.NOT_KEPT;

        Server() {
            this("kms", new HashMap<>());
        }

        Server(String name, Map<String, byte[]> keys) {
            this.name = name;
            this.keys = keys;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Mono<FetchedKey> fetch(KeyReference reference) {
            return Mono.fromCallable(() -> {
                asked.add(reference.key() + " " + reference.uniqueIdentifier());
                byte[] key = keys.get(reference.key());
                Reason refusal = refusals.get(reference.key());
                if (key == null || refusal != null) {
                    throw new KeysFailed(refusal == null ? Reason.ABSENT : refusal, "refused: " + refusal, null, null);
                }
                return new FetchedKey(SecretBytes.copyOf(key), reference.key(), "id-" + reference.key(), state);
            });
        }
    }

    /** Keeps its key; what it makes is the secret behind an IV and before a tag, which is enough for who only carries it. */
    private static final class WrappingServer implements KeyWrapper {
        @Override
        public String name() {
            return "kms";
        }

        @Override
        public Mono<Wrapped> wrap(KeyReference key, SecretBytes secret, byte[] associatedData) {
            return Mono.fromCallable(() -> {
                byte[] plain = secret.copy(io.tidemark.crypto.KeyAccess.insecure());
                byte[] wrapped = new byte[plain.length + 28];
                System.arraycopy(plain, 0, wrapped, 12, plain.length);
                return new Wrapped(new ProviderKey(name(), String.valueOf(key.key()), "uid-1", null), wrapped);
            });
        }

        @Override
        public Mono<SecretBytes> unwrap(KeyReference key, byte[] wrapped, byte[] associatedData) {
            assertThat(key).isEqualTo(new KeyReference("sealed-in", "uid-1", null));
            return Mono.fromCallable(() -> SecretBytes.copyOf(Arrays.copyOfRange(wrapped, 12, wrapped.length - 16)));
        }
    }
}
