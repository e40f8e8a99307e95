package io.tidemark.pipeline.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Who owns a file and who may read and write it, by the numbers that the system keeps. */
record OwnFile(Path path, int owner, int mode) {
    private static final int ROOT = 0;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int OPEN_TO_OTHERS = 0077;
    private static final int OPEN_TO_OTHERS_BUT_READABLE_BY_GROUP = 0037;

    /** Links are followed: what counts is the file that is read. */
    static OwnFile of(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:uid,mode");
        return new OwnFile(path, number(attributes, "uid"), number(attributes, "mode"));
    }

    private static int number(Map<String, Object> attributes, String name) {
        if (attributes.get(name) instanceof Integer number) {
            return number;
        }
        throw new IllegalStateException("the file system does not know a file's " + name);
    }

    /** Throws unless nobody but root and the caller could have written the file. */
    void requireTrusted(String what) {
        requireOwner(what);
        if ((mode & WRITABLE_BY_OTHERS) != 0) {
            throw new UsageError(
                    what + " " + path + " can be written by others (mode " + octal() + ")", "chmod go-w " + path);
        }
    }

    /**
     * Throws unless nobody but root and the caller can read the file. PostgreSQL's rule for its private keys: a file that belongs to root
     * may be readable by its group.
     */
    void requirePrivate(String what) {
        requireOwner(what);
        int open = owner == ROOT ? OPEN_TO_OTHERS_BUT_READABLE_BY_GROUP : OPEN_TO_OTHERS;
        if ((mode & open) != 0) {
            throw new UsageError(
                    what + " " + path + " is open to others (mode " + octal() + ")",
                    "chmod " + (owner == ROOT ? "u=rw,g=r,o= " : "u=rw,go= ") + path);
        }
    }

    private void requireOwner(String what) {
        int caller = caller();
        if (owner != ROOT && owner != caller) {
            throw new UsageError(
                    what + " " + path + " belongs to user " + owner + ", not to root or to the caller, user " + caller);
        }
    }

    private String octal() {
        String digits = Integer.toOctalString(mode & 07777);
        return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
    }

    /** The effective user, second number of the line {@code Uid:}; the owner of /proc/self is root for processes that hide. */
    static int caller() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("Uid:")) {
                    int start = line.indexOf('\t', 5) + 1;
                    return Integer.parseInt(line.substring(start, line.indexOf('\t', start)));
                }
            }
            throw new IllegalStateException("/proc/self/status has no line Uid");
        } catch (IOException e) {
            throw new UsageError("the caller's user number cannot be read from /proc/self/status: " + e, e);
        }
    }
}
