package io.tidemark.it.kmip;

import static io.tidemark.it.kmip.Clients.now;
import static io.tidemark.it.kmip.Clients.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.ProtocolViolation;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.ResponseItem;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.message.key.KeyWrapping;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.key.WrapMode;
import io.tidemark.kmip.message.operation.Get;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.testing.Recording;
import io.tidemark.kmip.ttlv.Tag;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What only servers with code of their own can show: how they wrap, and what pg_tde's own bytes do to them. */
abstract class RealKmsScenarios extends KmsScenarios {
    private static final UsageMask WRAPPING = UsageMask.WRAP_KEY.and(UsageMask.UNWRAP_KEY);

    /** Of a Date-Time named Time Stamp, before its eight bytes. */
    private static final String TIME_STAMP = "4200920900000008";

    @Test
    public final void aWrappedKey_isTheKey_onceItIsUnwrapped() {
        UniqueIdentifier wrapping = activated(WRAPPING);
        UniqueIdentifier id = created(SEALING);
        KeyWrapping how = new KeyWrapping(wrapping, WrapMode.NIST_KEY_WRAP);

        try (ManagedObject wrapped = now(alice.ask(Get.wrapped(id, how)));
                KeyMaterial kek = key(wrapping);
                KeyMaterial plain = key(id)) {
            assertThat(wrapped.key().wrapping()).isEqualTo(how);
            assertThat(wrapped.key().material().length()).isEqualTo(40);
            assertThat(unwrapped(kek, wrapped.key().material())).isEqualTo(plain.insecureCopy());
        }
    }

    @Test
    public final void aKeyThatCannotWrap_isRefused_andNothingComesInClear() {
        UniqueIdentifier id = created(SEALING);

        for (UniqueIdentifier none : List.of(created(WRAPPING), new UniqueIdentifier("999999"))) {
            KmipException refused = refusal(alice.ask(Get.wrapped(id, new KeyWrapping(none, WrapMode.NIST_KEY_WRAP))));
            assertThat(refused).isNotInstanceOf(ProtocolViolation.class);
            assertThat(refused.resultReason()).isPresent();
        }
    }

    /** Source: RFC 3394, in Java's own words. */
    private static byte[] unwrapped(KeyMaterial kek, KeyMaterial wrapped) {
        try {
            Cipher cipher = Cipher.getInstance("AES/KW/NoPadding");
            cipher.init(Cipher.UNWRAP_MODE, new SecretKeySpec(kek.insecureCopy(), "AES"));
            return cipher.unwrap(wrapped.insecureCopy(), "AES", Cipher.SECRET_KEY)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new AssertionError("what came does not unwrap", e);
        }
    }

    @Test
    public final void whatPgTdeItselfSends_isFoundByUs_preActive_withTheSameBytes() {
        List<Recording> sent = Recording.sample().stream()
                .filter(recording -> recording.peer().equals("pgtde"))
                .toList();
        Recording register = named(sent, "live-2");
        try (BareConnection postgres = BareConnection.to(server)) {
            ResponseItem located = postgres.ask(stampedNow(named(sent, "live-1")));
            assertThat(located.isSuccess()).as(located.message()).isTrue();
            assertThat(located.payload().item(Tag.UNIQUE_IDENTIFIER)).isNull();

            ResponseItem registered = postgres.ask(stampedNow(register));

            assertThat(registered.isSuccess()).as(registered.message()).isTrue();
            assertThat(postgres.ask(stampedNow(named(sent, "live-3"))).payload().text(Tag.UNIQUE_IDENTIFIER))
                    .isEqualTo(registered.payload().text(Tag.UNIQUE_IDENTIFIER));
        }

        List<UniqueIdentifier> found = now(alice.ask(Locate.pgTdeKey("k1-server")));
        assertThat(found).hasSize(1);
        assertThat(state(found.get(0))).isEqualTo(State.PRE_ACTIVE);
        try (KeyMaterial key = key(found.get(0))) {
            assertThat(register.requestHex()).contains(HexFormat.of().formatHex(key.insecureCopy()));
        }
    }

    private static Recording named(List<Recording> sent, String name) {
        return sent.stream()
                .filter(recording -> recording.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** libkmip says when it asks, and PyKMIP refuses what is a minute old. */
    private static byte[] stampedNow(Recording recording) {
        String hex = recording.requestHex();
        int at = hex.indexOf(TIME_STAMP);
        assertThat(at).isPositive();
        int from = at + TIME_STAMP.length();
        String stamp = HexFormat.of().toHexDigits(Clock.systemUTC().instant().getEpochSecond());
        return HexFormat.of().parseHex(hex.substring(0, from) + stamp + hex.substring(from + stamp.length()));
    }
}
