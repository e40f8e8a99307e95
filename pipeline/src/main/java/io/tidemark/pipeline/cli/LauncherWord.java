package io.tidemark.pipeline.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The last act of the process, by which the launcher believes an exit code of 0, "absent" or "warning" (CLI.md, The launcher): one word and the
 * launcher's nonce on a descriptor that only the two know. The launcher gives both as
 * {@code -Dtidemark.launcher.descriptor=3 -Dtidemark.launcher.nonce=…}; without them nobody waits for a word.
 */
public final class LauncherWord {
    private static final LauncherWord NOBODY_WAITS = new LauncherWord(null, "");

    private final @Nullable Path descriptor;
    private final String nonce;

    private LauncherWord(@Nullable Path descriptor, String nonce) {
        this.descriptor = descriptor;
        this.nonce = nonce;
    }

    public static LauncherWord ofThisProcess() {
        String number = System.getProperty("tidemark.launcher.descriptor", "");
        String nonce = System.getProperty("tidemark.launcher.nonce", "");
        if (number.isEmpty() || nonce.isEmpty()) {
            return NOBODY_WAITS;
        }
        return new LauncherWord(Path.of("/proc/self/fd/" + number), nonce);
    }

    /** Says the code's word if it has one. An error means that the launcher will not believe the code. */
    public void say(ExitCode code) throws IOException {
        if (descriptor == null) {
            return;
        }
        if (code == ExitCode.DONE) {
            write(descriptor, "DONE ");
        } else if (code == ExitCode.ABSENT) {
            write(descriptor, "ABSENT ");
        } else if (code == ExitCode.WARNING) {
            write(descriptor, "WARNING ");
        }
    }

    /** Asks the launcher to start the program again with all libraries; false where nobody waits. */
    public boolean askForMore() throws IOException {
        if (descriptor == null) {
            return false;
        }
        write(descriptor, "MORE ");
        return true;
    }

    private void write(Path to, String word) throws IOException {
        try (OutputStream stream = Files.newOutputStream(to, StandardOpenOption.WRITE)) {
            stream.write((word + nonce + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
