package io.tidemark.pipeline.config;

import io.tidemark.pipeline.config.KeysFailed.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file with a key, a token or a private key: read only where nobody else can read it. Blocks: to be called on the files' scheduler. */
public final class PrivateFile {
    private PrivateFile() {}

    /**
     * Looks at the modes alone, for a file that somebody else reads.
     *
     * @throws UsageError where others can read it, or it belongs to somebody else; one that is missing is for who reads it to say
     */
    public static void requirePrivate(String what, Path path) {
        try {
            OwnFile.of(path).requirePrivate(what);
        } catch (IOException e) {
            return;
        }
    }

    /**
     * The content, which the caller owns and wipes.
     *
     * @param what names the file in errors, as {@code key file}
     * @param mostBytes a longer file is refused unread
     * @throws UsageError where others can read it, or it belongs to somebody else
     * @throws KeysFailed where it is missing, unreadable or too long
     */
    public static byte[] read(String what, Path path, int mostBytes) {
        try {
            OwnFile.of(path).requirePrivate(what);
            // No channel, no buffer of a reader's: the bytes stand in the one array that is handed over.
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(mostBytes + 1);
                if (content.length > mostBytes) {
                    throw new KeysFailed(what + " " + path + " is longer than " + mostBytes + " bytes");
                }
                return content;
            }
        } catch (NoSuchFileException e) {
            throw new KeysFailed(Reason.ABSENT, what + " " + path + " does not exist", null, e);
        } catch (AccessDeniedException e) {
            throw new KeysFailed(Reason.DENIED, what + " " + path + " may not be read by this user", null, e);
        } catch (IOException e) {
            throw new KeysFailed(what + " " + path + " cannot be read: " + e.getMessage(), e);
        }
    }
}
