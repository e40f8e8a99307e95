package io.tidemark.pipeline.care.check.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is free on a file system.
 *
 * @param freeBytes for who asks
 * @param freeInodes empty where the file system has no fixed number, or it is not told
 */
record Space(long freeBytes, long totalBytes, OptionalLong freeInodes) {
    private static final Pattern INODES = Pattern.compile("([0-9]+) ([0-9]+)");
    private static final long PATIENCE_SECONDS = 10;

    /** Blocks. */
    static Space of(Path directory) throws IOException {
        FileStore store = Files.getFileStore(directory);
        return new Space(store.getUsableSpace(), store.getTotalSpace(), inodes(directory));
    }

    /** Java does not know inodes; coreutils' stat does. What goes wrong with it says nothing about the file system. */
    private static OptionalLong inodes(Path directory) {
        try {
            Process stat = new ProcessBuilder("stat", "-f", "-c", "%d %c", directory.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                stat.getOutputStream().close();
                if (!stat.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    return OptionalLong.empty();
                }
                return parsed(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            } finally {
                stat.destroyForcibly();
            }
        } catch (IOException noSuchProgram) {
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    /** {@code free total}; a total of 0 is how btrfs says that it has no fixed number. */
    static OptionalLong parsed(String text) {
        Matcher numbers = INODES.matcher(text.strip());
        return numbers.matches() && !numbers.group(2).equals("0")
                ? OptionalLong.of(Long.parseLong(numbers.group(1)))
                : OptionalLong.empty();
    }
}
