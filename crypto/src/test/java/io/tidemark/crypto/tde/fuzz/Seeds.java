package io.tidemark.crypto.tde.fuzz;

import io.tidemark.crypto.tde.TdeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes what the fuzzer starts from: servers' files, into the directory that is named. */
public final class Seeds {
    private Seeds() {}

    public static void main(String[] args) throws IOException {
        Path directory = Files.createDirectories(Path.of(args[0]));
        int count = 0;
        for (byte[] file : files()) {
            Files.write(directory.resolve("seed-" + count++), file);
        }
    }

    static List<byte[]> files() {
        List<byte[]> files = new ArrayList<>();
        for (TdeSet set : TdeSet.all().subList(0, 4)) {
            files.add(set.keyFile("5_keys"));
            files.add(set.keyFile("wal_keys"));
            files.add(set.keyFile("1664_providers"));
            files.add(set.file("keyring.per"));
        }
        files.add(TdeSet.bundled("basic").keyFile("keys_version"));
        return files;
    }
}
