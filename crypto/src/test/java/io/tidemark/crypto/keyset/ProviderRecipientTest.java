package io.tidemark.crypto.keyset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.MalformedKeyset;
import io.tidemark.crypto.SecretBytes;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderRecipientTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String CLUSTER = "3f0c9a52-7b1e-4c55-9d0e-000000000001";
    private static final ProviderKey KEY = new ProviderKey("kms", "tidemark-prod", "3", null);

    private final SealingKeyset keyset = SealingKeyset.create();

    @ParameterizedTest
    @CsvSource({"KMIP, 16", "KMIP, 32", "VAULT, 16", "VAULT, 32"})
    void unwrap_theFetchedKey_opensTheKeysetAfterAWayThroughTheFile(RecipientKind kind, int bytes) {
        SecretBytes key = key(bytes, 1);
        ProviderRecipient made = ProviderRecipient.wrap(kind, "kms", KEY, key, keyset, context(1), RANDOM);

        ProviderRecipient read = (ProviderRecipient) through(made).recipients().get(0);

        assertThat(read).isEqualTo(made);
        assertThat(read.key().check()).isEqualTo(CheckValue.of(key));
        assertThat(read.unwrap(key, context(1)).commitment()).isEqualTo(keyset.commitment());
    }

    @Test
    void unwrap_anotherKeyOrGeneration_isAMismatchWithTheCheckValues() {
        ProviderRecipient made =
                ProviderRecipient.wrap(RecipientKind.VAULT, "kms", KEY, key(32, 1), keyset, context(1), RANDOM);

        assertThatThrownBy(() -> made.unwrap(key(32, 2), context(1)))
                .isInstanceOf(KeyMismatch.class)
                .hasMessageContaining(CheckValue.of(key(32, 1)).hex())
                .hasMessageContaining(CheckValue.of(key(32, 2)).hex());
        assertThatThrownBy(() -> made.unwrap(key(32, 1), context(2)))
                .isInstanceOf(KeyMismatch.class)
                .hasMessageContaining("damaged or was moved");
    }

    @Test
    void unwrap_keysetOfAnotherCommitment_isRefused() {
        KeysetContext other = new KeysetContext(CLUSTER, 1, "0".repeat(64));
        ProviderRecipient made =
                ProviderRecipient.wrap(RecipientKind.KMIP, "kms", KEY, key(16, 1), keyset, other, RANDOM);

        assertThatThrownBy(() -> made.unwrap(key(16, 1), other)).isInstanceOf(MalformedKeyset.class);
    }

    @Test
    void wrappedByServer_bytesOfTheKms_areKeptAndOpenOnlyThere() {
        byte[] wrapped = new byte[60];
        Arrays.fill(wrapped, (byte) 7);

        ProviderRecipient read = (ProviderRecipient) through(ProviderRecipient.wrappedByServer("kms", KEY, wrapped))
                .recipients()
                .get(0);

        assertThat(read.how()).isEqualTo(Wrapping.KMIP_ENCRYPT);
        assertThat(read.wrapped()).isEqualTo(wrapped);
        assertThat(read.key()).isEqualTo(KEY);
        assertThatThrownBy(() -> read.unwrap(key(32, 1), context(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ProviderRecipient.wrappedByServer("kms", KEY, new byte[27]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Generation through(ProviderRecipient recipient) {
        Generation generation = new Generation(
                1, CLUSTER, keyset.commitment(), java.time.Instant.parse("2026-11-27T02:00:00Z"), List.of(recipient));
        return Generation.parse(generation.toJson());
    }

    private KeysetContext context(int generation) {
        return new KeysetContext(CLUSTER, generation, keyset.commitment());
    }

    private static SecretBytes key(int bytes, int filling) {
        byte[] raw = new byte[bytes];
        Arrays.fill(raw, (byte) filling);
        return SecretBytes.copyOf(raw);
    }
}
