package io.tidemark.pipeline.cli;

import io.tidemark.pipeline.care.kmip.DecodedMessage;
import io.tidemark.pipeline.config.UsageError;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import reactor.core.publisher.Mono;

/** {@code kmip decode}: no server is asked, and no configuration read. */
@Command(
        name = "decode",
        description =
                "Prints a KMIP message as a tree. It comes as hexadecimal (with or without 0x, colons, white space), as base64, or "
                        + "as the bytes themselves, within the limits that servers are held to. Keys, passwords and encrypted data "
                        + "are shown as lengths. Exit 4 where it is no valid TTLV, with the offset.",
        footer = {
            "tidemark kmip decode 42:00:0D:02:00:00:00:04:00:00:00:01:00:00:00:00",
            "tidemark kmip decode answer.bin",
            "xclip -o | tidemark kmip decode --json -"
        })
final class KmipDecodeCommand implements Verb {
    @Parameters(
            arity = "0..*",
            paramLabel = "HEX|FILE|-",
            description = "The message, a file that holds it, or - (as when it is left out) for standard input.")
    List<String> message = List.of();

    @Option(
            names = "--reencode",
            description =
                    "Print the bytes as hexadecimal instead, those of keys too, after encoding the tree anew has given "
                            + "exactly them; exit 4 where it has not.")
    boolean reencode;

    @Option(
            names = "--json",
            description = "KMIP's JSON encoding, as one object; with --reencode it is \"message\", beside \"hex\".")
    boolean json;

    /** Standard input; another one in tests. */
    InputStream input = new FileInputStream(FileDescriptor.in);

    @Override
    public Mono<ExitCode> run(Workbench bench) {
        return Mono.fromCallable(() -> DecodedMessage.of(input(bench.workingDirectory())))
                .subscribeOn(bench.files())
                .map(decoded -> {
                    print(bench.console().out(), decoded);
                    return ExitCode.DONE;
                });
    }

    private void print(PrintStream out, DecodedMessage decoded) {
        if (json) {
            out.println(
                    reencode
                            ? "{\"hex\":\"" + decoded.reencoded() + "\",\"message\":" + decoded.json() + "}"
                            : decoded.json());
        } else if (reencode) {
            out.println(decoded.reencoded());
        } else {
            out.print(decoded.tree());
        }
    }

    /** A file that is there counts before what its name could mean as hexadecimal. */
    private byte[] input(Path directory) {
        String given = String.join(" ", message);
        if (given.isEmpty() || given.equals("-")) {
            return read("standard input", () -> input);
        }
        Path file = file(directory, given);
        if (file != null && Files.exists(file)) {
            return read(given, () -> Files.newInputStream(file));
        }
        if (!looksLikeAMessage(given)) {
            throw new UsageError("kmip decode: no file of that name, and neither hexadecimal nor base64 of a message");
        }
        return given.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable Path file(Path directory, String name) {
        try {
            return directory.resolve(name);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** All tags begin with 42 or 54, so that base64 of a message begins with Q or V. Many a word would be base64 too. */
    private static boolean looksLikeAMessage(String given) {
        return given.matches("(?s)[0-9A-Fa-fxX:,\\s]+") || given.matches("(?s)[QV][0-9A-Za-z+/_=\\s-]{9,}");
    }

    /** What may fail while an input is opened. */
    private interface Opening {
        InputStream open() throws IOException;
    }

    /** One byte more than may be there tells that there is more. */
    private static byte[] read(String what, Opening opening) {
        // buffered, since a FileInputStream asks where it stands, which a pipe cannot say
        try (InputStream in = new BufferedInputStream(opening.open())) {
            return in.readNBytes(DecodedMessage.MOST_INPUT_BYTES + 1);
        } catch (IOException e) {
            throw new UsageError("kmip decode: " + what + " cannot be read: " + e.getMessage(), e);
        }
    }
}
