package io.tidemark.kmip.fuzz;

import io.tidemark.kmip.testing.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes what the fuzzer starts from: real answers, a file each, into the directory that is named. */
public final class Seeds {
    private Seeds() {}

    public static void main(String[] args) throws IOException {
        Path directory = Files.createDirectories(Path.of(args[0]));
        int count = 0;
        for (Recording recording : Recording.sample()) {
            if (!recording.responseHex().isEmpty()) {
                Files.write(directory.resolve("seed-" + count++), recording.response());
            }
        }
    }
}
