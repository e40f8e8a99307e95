package io.tidemark.kmip;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.KeyNotFound;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.TimedOut;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class KmipExceptionTest {
    private static final Attempt GET = new Attempt("Get", "kms.example:5696");

    @Test
    void failure_saysOperationHostWhatCameBackAndWhatToDo() {
        KmipException failure = new KeyNotFound(GET, "there is no key 17", "look with tidemark kmip locate", 0x37);

        assertThat(failure).hasMessage("Get at kms.example:5696: there is no key 17");
        assertThat(failure.host()).isEqualTo("kms.example:5696");
        assertThat(failure.operation()).isEqualTo("Get");
        assertThat(failure.hint()).isEqualTo("look with tidemark kmip locate");
        assertThat(failure.resultReason()).hasValue(0x37);
        assertThat(failure.isTransient()).isFalse();
        assertThat(failure.code()).isEqualTo("kmip-key-not-found");
    }

    @Test
    void failure_withoutAnAnswer_hasNoResultReason() {
        KmipException failure = new TimedOut(GET, "no answer within 30s", "see whether the server is well");

        assertThat(failure.resultReason()).isEmpty();
        assertThat(failure.isTransient()).isTrue();
    }

    @Test
    void kinds_areOneForEachLeaf() {
        assertThat(KmipException.class.getPermittedSubclasses()).hasSameSizeAs(Kind.values());
        assertThat(Arrays.stream(KmipException.class.getPermittedSubclasses()).map(Class::getSimpleName))
                .allSatisfy(name -> assertThat(Arrays.stream(Kind.values())
                                .map(kind -> kind.name().replace("_", "").toLowerCase(java.util.Locale.ROOT)))
                        .contains(name.toLowerCase(java.util.Locale.ROOT)));
    }

    @Test
    void quoted_wordsOfAServer_areCutAndCannotDirectATerminal() {
        assertThat(KmipException.quoted("no\n\u001b[2Jsuch \u202ekey")).isEqualTo("\"no??[2Jsuch ?key\"");
        assertThat(KmipException.quoted("x".repeat(40_000_000 / 1000))).isEqualTo("\"" + "x".repeat(256) + "…\"");
    }
}
