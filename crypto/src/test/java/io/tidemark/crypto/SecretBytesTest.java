package io.tidemark.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class SecretBytesTest {
    @Test
    void copyOf_anArrayThatIsWipedLater_keepsItsOwn() {
        byte[] mine = {1, 2, 3};
        SecretBytes secret = SecretBytes.copyOf(mine);

        mine[0] = 0;

        assertThat(secret.copy(KeyAccess.insecure())).containsExactly(1, 2, 3);
    }

    @Test
    void copy_changedByItsOwner_changesNothingInside() {
        SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});

        secret.copy(KeyAccess.insecure())[0] = 9;

        assertThat(secret.copy(KeyAccess.insecure())).containsExactly(1, 2, 3);
    }

    @Test
    void close_makesEveryLaterUseABug() {
        SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});
        SecretBytes other = secret.duplicate();

        secret.close();
        secret.close();

        assertThatIllegalStateException().isThrownBy(() -> secret.copy(KeyAccess.insecure()));
        assertThatIllegalStateException().isThrownBy(() -> secret.matches(other));
        assertThatIllegalStateException().isThrownBy(() -> other.matches(secret));
        assertThatIllegalStateException().isThrownBy(secret::duplicate);
        assertThat(other.copy(KeyAccess.insecure())).containsExactly(1, 2, 3);
    }

    @Test
    void toString_tellsTheLengthAndNothingElse() {
        assertThat(SecretBytes.copyOf(new byte[32])).hasToString("SecretBytes[32]");
    }

    @Test
    void matches_comparesContent() {
        SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2, 3});

        assertThat(secret.matches(SecretBytes.copyOf(new byte[] {1, 2, 3}))).isTrue();
        assertThat(secret.matches(SecretBytes.copyOf(new byte[] {1, 2, 4}))).isFalse();
        assertThat(secret.matches(SecretBytes.copyOf(new byte[] {1, 2}))).isFalse();
    }
}
