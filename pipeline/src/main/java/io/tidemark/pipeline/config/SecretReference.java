package io.tidemark.pipeline.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Where a secret is: {@code file:/absolute/path} or {@code env:NAME}; a secret itself is never written into a setting. */
public sealed interface SecretReference {
    /** What a reference looks like, to complete "expected …". */
    String EXPECTED = "file:/absolute/path or env:NAME";

    /** The first line of a file that nobody else can read. */
    record OfFile(Path path) implements SecretReference {}

    /** A variable of the process's environment. */
    record OfEnvironment(String name) implements SecretReference {}

    static Optional<SecretReference> parse(String text) {
        try {
            if (text.startsWith("file:") && Path.of(text.substring(5)).isAbsolute()) {
                return Optional.of(new OfFile(Path.of(text.substring(5))));
            }
        } catch (InvalidPathException refused) {
            return Optional.empty();
        }
        return text.startsWith("env:") && text.length() > 4
                ? Optional.of(new OfEnvironment(text.substring(4)))
                : Optional.empty();
    }

    /**
     * The secret, which the caller owns and wipes. Blocks where it is a file.
     *
     * @param what for messages, such as {@code passphrase}
     */
    default char[] read(String what, Map<String, String> environment) {
        if (this instanceof OfEnvironment variable) {
            String value = environment.get(variable.name());
            if (value == null || value.isEmpty()) {
                throw new KeysFailed(what + ": the environment has no variable " + variable.name());
            }
            return value.toCharArray();
        }
        return SecretReference.read(what, ((OfFile) this).path());
    }

    private static char[] read(String what, Path file) {
        byte[] content = PrivateFile.read(what + " file", file, 4096);
        int end = content.length;
        if (end > 0 && content[end - 1] == '\n') {
            end--;
        }
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content, 0, end));
            char[] secret = new char[text.remaining()];
            text.get(secret);
            Arrays.fill(text.flip().array(), '\0');
            if (secret.length == 0) {
                throw new KeysFailed(what + " file " + file + " is empty");
            }
            return secret;
        } catch (CharacterCodingException refused) {
            throw new KeysFailed(what + " file " + file + " is no UTF-8", refused);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }
}
