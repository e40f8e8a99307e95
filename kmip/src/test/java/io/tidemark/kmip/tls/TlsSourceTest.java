package io.tidemark.kmip.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.kmip.KmipException.FilesUnusable;
import io.tidemark.kmip.KmipException.Kind;
import io.tidemark.kmip.testing.Pki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Certificates are renewed under a running client (feature K7, trap T83). */
final class TlsSourceTest {
    private final Scheduler files = Schedulers.newBoundedElastic(2, 100, "files");

    @TempDir
    private Path directory;

    private Pki pki;
    private TlsSource source;

    @BeforeEach
    void start() {
        pki = Pki.in(directory);
        source = new TlsSource(
                TlsFiles.trusting(pki.file("ca.crt")).with(pki.file("client-alice.crt"), pki.file("client-alice.key")),
                TlsOptions.STANDARD,
                files);
    }

    @AfterEach
    void stop() {
        files.dispose();
    }

    private KmipTls current() {
        return source.current().block();
    }

    private static String owner(KmipTls tls) {
        return tls.clientCertificate().orElseThrow().commonName();
    }

    @Test
    void current_whileNothingChanges_isOneReading() {
        assertThat(current()).isSameAs(current());
        assertThat(source.problem()).isEmpty();
    }

    @Test
    void current_forManyAtOnce_isOneReading() {
        StepVerifier.create(reactor.core.publisher.Flux.range(0, 64)
                        .flatMap(i -> source.current(), 64)
                        .distinct(System::identityHashCode)
                        .count())
                .expectNext(1L)
                .verifyComplete();
    }

    @Test
    void renewal_ofBothFiles_isSeenAtTheNextLook() {
        KmipTls before = current();

        pki.write("client-alice.crt", "client-bob.crt");
        pki.write("client-alice.key", "client-bob.key");

        assertThat(current()).isNotSameAs(before);
        assertThat(owner(current())).isEqualTo("bob");
        assertThat(owner(before)).isEqualTo("alice");
    }

    @Test
    void renewal_thatHasReplacedOneOfTwoFiles_leavesTheOldReadingInUse_andSaysSo() {
        KmipTls before = current();

        pki.write("client-alice.crt", "client-bob.crt");

        assertThat(current()).isSameAs(before);
        assertThat(source.problem())
                .hasValueSatisfying(problem -> assertThat(problem).hasMessageContaining("another private key"));

        pki.write("client-alice.key", "client-bob.key");

        assertThat(owner(current())).isEqualTo("bob");
        assertThat(source.problem()).isEmpty();
    }

    @Test
    void files_thatCannotBeUsedAtFirst_failUntilTheyCan() throws Exception {
        Files.delete(pki.file("client-alice.key"));

        StepVerifier.create(source.current()).verifyError(FilesUnusable.class);
        StepVerifier.create(source.current())
                .verifyErrorSatisfies(
                        error -> assertThat(((FilesUnusable) error).kind()).isEqualTo(Kind.FILES_UNUSABLE));

        pki.write("client-alice.key", "client-alice.key");

        assertThat(owner(current())).isEqualTo("alice");
    }

    @Test
    void renewal_withTheSameSizeAndTimeInAnotherFile_isSeen() throws Exception {
        pki.write("client-alice.crt", "client-carol-ec.crt");
        pki.write("client-alice.key", "client-carol-ec.pkcs8.key");
        FileTime time = Files.getLastModifiedTime(pki.file("client-alice.crt"));
        current();

        pki.write("client-alice.crt", "client-bob.crt"); // both have 733 bytes
        pki.write("client-alice.key", "client-bob.key");
        Files.setLastModifiedTime(pki.file("client-alice.crt"), time);
        Files.setLastModifiedTime(pki.file("client-alice.key"), time);

        assertThat(owner(current())).isEqualTo("bob");
    }

    @Test
    void renewal_byTurningALink_isSeen() throws Exception {
        Path link = directory.resolve("trust.crt");
        Files.createSymbolicLink(link, pki.file("ca.crt"));
        TlsSource linked = new TlsSource(TlsFiles.trusting(link), TlsOptions.STANDARD, files);
        assertThat(linked.current().block().trustAnchors().get(0).commonName()).isEqualTo("TEST ONLY KMIP CA");

        Files.delete(link);
        Files.createSymbolicLink(link, pki.file("other-ca.crt"));

        assertThat(linked.current().block().trustAnchors().get(0).commonName())
                .isEqualTo("TEST ONLY other CA (not trusted)");
    }
}
