package io.tidemark.kmip.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Certificates and keys for tests, thrown away the day they were made, as files in a directory of the test's own. */
public final class Pki {
    /** Opens every encrypted file. */
    public static final String PASSWORD = "test-only";

    /** All of them; the README beside them says what each is. */
    public static final List<String> FILES = List.of(
            "ca.crt",
            "ca.key",
            "client-alice-legacy.p12",
            "client-alice.crt",
            "client-alice.key",
            "client-alice.p12",
            "client-alice.pkcs1.key",
            "client-alice.pkcs1enc.key",
            "client-alice.pkcs8enc-pbes1.key",
            "client-alice.pkcs8enc-scrypt.key",
            "client-alice.pkcs8enc.key",
            "client-bob.crt",
            "client-bob.key",
            "client-carol-ec.crt",
            "client-carol-ec.pkcs8.key",
            "client-carol-ec.pkcs8enc.key",
            "client-carol-ec.sec1.key",
            "client-expired.crt",
            "client-noeku.crt",
            "client-servereku.crt",
            "client-wrongca.crt",
            "other-ca.crt",
            "server-chain-missing.crt",
            "server-chain.crt",
            "server-clienteku.crt",
            "server-ec.crt",
            "server-ec.key",
            "server-expired.crt",
            "server-nosan.crt",
            "server-notyet.crt",
            "server-selfsigned.crt",
            "server-wrongca.crt",
            "server-wronghost.crt",
            "server.crt",
            "server.key",
            "truststore.p12");

    private final Path directory;

    private Pki(Path directory) {
        this.directory = directory;
    }

    /** Writes them all into a directory, the keys with mode 0600. */
    public static Pki in(Path directory) {
        Pki pki = new Pki(directory);
        for (String name : FILES) {
            pki.write(name, name);
        }
        return pki;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Puts the content of one file under a name, in one step, as a careful renewal does. */
    public void write(String name, String content) {
        try (InputStream in = Pki.class.getResourceAsStream("pki/" + content)) {
            if (in == null) {
                throw new AssertionError("there is no " + content);
            }
            Path made = Files.createTempFile(
                    directory,
                    "new",
                    null,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            // into the file as it is: a copy that replaces it would have the mode of any new file
            Files.write(made, in.readAllBytes());
            Files.move(made, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
