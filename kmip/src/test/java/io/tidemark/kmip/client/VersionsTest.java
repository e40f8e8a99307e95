package io.tidemark.kmip.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Ticker;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.KmipException.Attempt;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.KmipException.ServerRefused;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.operation.Export;
import io.tidemark.kmip.message.operation.Locate;
import io.tidemark.kmip.message.operation.Ping;
import io.tidemark.kmip.testing.Dialect;
import io.tidemark.kmip.testing.ServerTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

final class VersionsTest {
    private static final Attempt ATTEMPT = new Attempt("DiscoverVersions", "kms:5696");

    @TempDir
    private Path directory;

    private Lab lab;

    @AfterEach
    void close() {
        if (lab != null) {
            lab.close();
        }
    }

    private static ProtocolVersion version(String text) {
        return new ProtocolVersion(text.charAt(0) - '0', text.charAt(2) - '0');
    }

    private static List<ProtocolVersion> versions(String texts) {
        return Stream.of(texts.split(" ")).map(VersionsTest::version).toList();
    }

    /** What one server says, header by header: a list, or the reason of its refusal. */
    private static Versions of(List<ProtocolVersion> headers, Object... says) {
        return new Versions(ATTEMPT, (question, header) -> {
            headers.add(header);
            Object said = says[headers.size() - 1];
            return said instanceof String list
                    ? Mono.just(list.isEmpty() ? List.of() : versions(list))
                    : Mono.error(new ServerRefused(ATTEMPT, "no", "none", (Integer) said));
        });
    }

    private static List<ProtocolVersion> common(Versions versions) {
        return Lab.answer(
                versions.common(Deadline.in(Duration.ofSeconds(20), Ticker.systemTicker()), Schedulers.parallel()));
    }

    @ParameterizedTest
    @CsvSource({
        "2.1 2.0 1.4 1.3 1.2 1.1 1.0, 1.4",
        "2.0 1.4 1.0, 1.4",
        "1.0 1.1 1.2, 1.2",
        "1.0, 1.0",
        "2.0 2.1 3.0, 2.1",
    })
    void fromWhatAServerLists_14IsTaken_orTheNearestBelow_orTheNewest(String lists, String expected) {
        List<ProtocolVersion> headers = new ArrayList<>();

        assertThat(Versions.usual(common(of(headers, lists)))).isEqualTo(version(expected));
        assertThat(headers).containsExactly(ProtocolVersion.V1_4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "3.0 4.0"})
    void noVersionInCommon_isSaid(String lists) {
        Mono<?> asked = Mono.fromCallable(() -> common(of(new ArrayList<>(), lists)));

        assertThat(Lab.failure(asked))
                .isInstanceOf(ServerRefused.class)
                .hasMessageContaining("no version of KMIP in common");
    }

    @Test
    void anOldServer_isAskedIn11_andThenTakenFor10() {
        List<ProtocolVersion> headers = new ArrayList<>();
        assertThat(common(of(headers, 0x04, "1.2 1.1"))).isEqualTo(versions("1.2 1.1"));
        assertThat(headers).isEqualTo(versions("1.4 1.1"));

        headers.clear();
        assertThat(common(of(headers, 0x04, 0x05))).isEqualTo(versions("1.0"));
    }

    @Test
    void anotherRefusal_isNoAnswerToTheQuestion() {
        Versions versions = of(new ArrayList<>(), 0x03, "1.4");

        assertThat(Lab.failure(Mono.fromCallable(() -> common(versions))).resultReason())
                .hasValue(0x03);
        assertThat(common(versions)).isEqualTo(versions("1.4")); // a failure is not remembered
    }

    @Test
    void theAnswer_isRememberedUntilItIsForgotten() {
        List<ProtocolVersion> headers = new ArrayList<>();
        Versions versions = of(headers, "1.4", "1.3");
        common(versions);
        assertThat(common(versions)).isEqualTo(versions("1.4"));

        versions.forget();

        assertThat(common(versions)).isEqualTo(versions("1.3"));
        assertThat(headers).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void requests_goOutIn14_andInANewerVersionWhereTheyNeedIt(Dialect dialect) {
        lab = new Lab(directory, dialect, ServerTls.good());
        KmipClient client = lab.client();

        assertThat(Lab.answer(client.version())).isEqualTo(ProtocolVersion.V1_4);
        lab.hasKey(client);
        if (dialect == Dialect.COSMIAN) {
            // this server does not know the operation: what counts is that it was asked in 2.1
            assertThat(Lab.failure(client.ask(new Ping())).kind()).isEqualTo(Kind.SERVER_REFUSED);
        } else {
            assertThat(Lab.failure(client.ask(new Ping())))
                    .hasMessageContaining("needs KMIP 2.1, and the server has 2.0, 1.4, 1.3, 1.2, 1.1, 1.0");
        }

        assertThat(lab.kms.asked().stream().filter(Operation.DISCOVER_VERSIONS::equals))
                .hasSize(1);
    }

    @Test
    void aVersionThatIsAskedFor_isTheOneThatIsSpoken_orRefusedUnsent() {
        lab = new Lab(directory);
        KmipClient client = lab.client();
        Locate locate = Locate.of(io.tidemark.kmip.message.attribute.Attributes.of(Attribute.name("tidemark-prod")));

        assertThat(Lab.answer(client.ask(locate, ProtocolVersion.V2_1))).hasSize(1);
        assertThat(Lab.answer(client.ask(locate, ProtocolVersion.V1_0))).hasSize(1);
        KmipException failure = Lab.failure(client.ask(new Export(lab.get.id(), null), ProtocolVersion.V1_2));

        assertThat(failure).hasMessageContaining("it needs KMIP 1.4, and 1.2 was asked for");
        assertThat(lab.server.requests()).hasSize(2);
    }
}
