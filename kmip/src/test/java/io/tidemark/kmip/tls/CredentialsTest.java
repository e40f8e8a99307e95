package io.tidemark.kmip.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidemark.kmip.KmipException.FilesUnusable;
import io.tidemark.kmip.testing.Pki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of certificates and keys in every form that operators have them in, and what is said of those that are of no use. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CredentialsTest {
    private static final TlsFiles.Password PASSWORD = Pki.PASSWORD::toCharArray;

    private static final List<String> WITH_ISSUER =
            List.of("server-chain.crt", "client-alice.p12", "client-alice-legacy.p12");

    private Path directory;
    private Pki pki;

    @BeforeAll
    void write(@TempDir Path made) {
        directory = made;
        pki = Pki.in(made);
    }

    static List<String> everyFile() {
        return Pki.FILES;
    }

    @ParameterizedTest
    @MethodSource("everyFile")
    void everyFile_ofThePki_isRead(String name) {
        Credentials found = Credentials.read(pki.file(name), Credentials.Wanted.CERTIFICATES_AND_KEYS, PASSWORD);

        assertThat(found.certificates()).hasSize(name.endsWith(".key") ? 0 : WITH_ISSUER.contains(name) ? 2 : 1);
        assertThat(found.keys()).hasSize(name.endsWith(".crt") || name.equals("truststore.p12") ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({
        "client-alice.crt, client-alice.key",
        "client-alice.crt, client-alice.pkcs1.key",
        "client-alice.crt, client-alice.pkcs1enc.key",
        "client-alice.crt, client-alice.pkcs8enc.key",
        "client-alice.crt, client-alice.pkcs8enc-pbes1.key",
        "client-alice.crt, client-alice.pkcs8enc-scrypt.key",
        "client-alice.crt, client-alice.p12",
        "client-alice.p12, client-alice.p12",
        "client-alice-legacy.p12, client-alice-legacy.p12",
        "client-carol-ec.crt, client-carol-ec.pkcs8.key",
        "client-carol-ec.crt, client-carol-ec.pkcs8enc.key",
        "client-carol-ec.crt, client-carol-ec.sec1.key",
        "client-bob.crt, client-bob.key",
        "client-noeku.crt, client-alice.key"
    })
    void identity_inEachForm_isAPair(String certificate, String key) {
        ClientIdentity identity = ClientIdentity.read(pki.file(certificate), pki.file(key), PASSWORD);

        assertThat(identity.facts().commonName())
                .isEqualTo(certificate
                        .replaceAll("client-(alice|bob|carol).*|.*", "$1")
                        .replaceAll("^$", "alice"));
        assertThat(identity.chain()).hasSize(WITH_ISSUER.contains(certificate) ? 2 : 1);
    }

    @Test
    void identity_inOneFileOfPem_isRead() throws Exception {
        Path both = directory.resolve("both.pem");
        Files.writeString(
                both, Files.readString(pki.file("client-alice.key")) + Files.readString(pki.file("client-alice.crt")));

        assertThat(ClientIdentity.read(both, null, TlsFiles.Password.NONE))
                .hasToString("ClientIdentity[\"CN=alice,O=TEST ONLY - throw-away keys\"]");
    }

    @Test
    void identity_whoseChainLiesUpsideDown_isTurned() throws Exception {
        String chain = Files.readString(pki.file("server-chain.crt"));
        int second = chain.lastIndexOf("-----BEGIN");
        Path turned = directory.resolve("turned.crt");
        Files.writeString(
                turned,
                chain.substring(second) + Files.readString(pki.file("client-bob.crt")) + chain.substring(0, second));

        ClientIdentity identity = ClientIdentity.read(turned, pki.file("server.key"), TlsFiles.Password.NONE);

        assertThat(identity.chain().stream().map(CertificateFacts::of).map(CertificateFacts::commonName))
                .containsExactly("localhost", "TEST ONLY KMIP intermediate CA");
    }

    @Test
    void identity_withTextAroundItsBlocks_isRead() throws Exception {
        Path wordy = directory.resolve("wordy.key");
        Files.writeString(
                wordy,
                "Bag Attributes\n    friendlyName: carol\n-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n"
                        + "-----END EC PARAMETERS-----\n" + Files.readString(pki.file("client-carol-ec.sec1.key")));

        assertThat(ClientIdentity.read(pki.file("client-carol-ec.crt"), wordy, TlsFiles.Password.NONE)
                        .facts()
                        .commonName())
                .isEqualTo("carol");
    }

    @Test
    void aDerCertificate_isRead() throws Exception {
        Path der = directory.resolve("ca.der");
        Files.write(
                der,
                TrustAnchors.read(pki.file("ca.crt"), TlsFiles.Password.NONE)
                        .certificates()
                        .get(0)
                        .getEncoded());

        assertThat(TrustAnchors.read(der, TlsFiles.Password.NONE).facts().get(0).commonName())
                .isEqualTo("TEST ONLY KMIP CA");
    }

    @Test
    void trustStore_ofKeytool_isRead() {
        TrustAnchors anchors = TrustAnchors.read(pki.file("truststore.p12"), PASSWORD);

        assertThat(anchors.facts())
                .singleElement()
                .satisfies(anchor -> assertThat(anchor.commonName()).isEqualTo("TEST ONLY KMIP CA"));
    }

    private static void unusable(ThrowingCallable call, String words) {
        FilesUnusable failure = catchThrowableOfType(FilesUnusable.class, call);

        assertThat(failure).isNotNull().hasMessageContaining(words);
        assertThat(failure.hint()).isNotBlank();
        assertThat(failure.operation()).isEqualTo("read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client-alice.pkcs1enc.key",
                "client-alice.pkcs8enc.key",
                "client-alice.pkcs8enc-pbes1.key",
                "client-alice.pkcs8enc-scrypt.key",
                "client-carol-ec.pkcs8enc.key",
                "client-alice.p12",
                "client-alice-legacy.p12",
                "truststore.p12"
            })
    void anEncryptedFile_doesNotOpenWithoutPasswordOrWithAnother(String name) {
        Credentials.Wanted keys = Credentials.Wanted.CERTIFICATES_AND_KEYS;
        boolean store = name.endsWith(".p12");

        unusable(
                () -> Credentials.read(pki.file(name), keys, TlsFiles.Password.NONE),
                store ? "does not open with the password" : "is encrypted and there is no password");
        unusable(() -> Credentials.read(pki.file(name), keys, "wrong"::toCharArray), "does not open with the password");
    }

    @Test
    void password_ofAFile_isItsFirstLine() throws Exception {
        Path password = Files.writeString(directory.resolve("password"), Pki.PASSWORD + "\nmore\n");
        TlsFiles files = TlsFiles.trusting(pki.file("ca.crt"))
                .with(pki.file("client-alice.crt"), pki.file("client-alice.pkcs8enc.key"))
                .withPasswordIn(password);

        assertThat(KmipTls.read(files, TlsOptions.STANDARD).clientCertificate())
                .hasValueSatisfying(own -> assertThat(own.commonName()).isEqualTo("alice"));
        assertThat(files.all()).contains(password);
    }

    @Test
    void filesOfNoUse_areSaidToBeWhatTheyAre() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty"), "");
        Path text = Files.writeString(directory.resolve("text"), "no certificate\n");
        Path zeros = Files.write(directory.resolve("zeros"), new byte[] {0x30, 0, 0, 0});
        Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
        Path torn = Files.writeString(
                directory.resolve("torn"), Files.readString(pki.file("ca.crt")).substring(0, 300));

        unusable(() -> trust(directory.resolve("none")), "there is no such file");
        unusable(() -> trust(empty), "it is empty");
        unusable(() -> trust(text), "it is neither PEM nor DER nor PKCS#12");
        unusable(() -> trust(zeros), "it is neither PEM nor DER nor PKCS#12");
        unusable(() -> trust(large), "it has more than 1048576 bytes");
        unusable(() -> trust(torn), "block 1 of its PEM text cannot be read");
        unusable(() -> trust(directory), "it cannot be read");
        unusable(() -> trust(pki.file("server.key")), "it holds no certificate");
    }

    private static void trust(Path file) {
        TrustAnchors.read(file, TlsFiles.Password.NONE);
    }

    @Test
    void pairs_thatAreNone_areSaid() {
        unusable(
                () -> identity("client-bob.crt", "client-alice.key"),
                "it is for another private key than that of " + pki.file("client-alice.key") + ": \"CN=bob,");
        unusable(() -> identity("client-bob.crt", "client-carol-ec.sec1.key"), "it is for another private key");
        unusable(() -> identity("client-bob.crt", "client-bob.crt"), "it holds no private key");
        unusable(() -> identity("client-bob.key", "client-bob.key"), "it holds no certificate");
    }

    private void identity(String certificate, String key) {
        ClientIdentity.read(pki.file(certificate), pki.file(key), TlsFiles.Password.NONE);
    }

    /** T112: whatever is wrong with a key's file, what is said holds nothing of it. */
    @Test
    void t112_damagedKeys_areNeverQuoted() throws Exception {
        String good = Files.readString(pki.file("client-alice.key"));
        String secret = good.lines().skip(5).findFirst().orElseThrow();
        Path damaged = directory.resolve("damaged.key");
        for (String bad : List.of(
                good.substring(0, 900),
                good.replace(secret.substring(0, 4), "!!!!"),
                good.replace("-----END PRIVATE KEY-----", "-----END"),
                good.replace("PRIVATE KEY", "EC PRIVATE KEY"),
                good.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"))) {
            Files.writeString(damaged, bad);

            FilesUnusable failure = catchThrowableOfType(
                    FilesUnusable.class, () -> ClientIdentity.read(pki.file("client-alice.crt"), damaged, PASSWORD));

            assertThat(failure).isNotNull().hasNoCause();
            for (int from = 0; from + 12 < secret.length(); from += 4) {
                assertThat(failure.getMessage() + failure.hint()).doesNotContain(secret.substring(from, from + 12));
            }
        }
    }
}
