package io.tidemark.pipeline.keys.vault;

import io.tidemark.pipeline.config.KeysFailed;
import io.tidemark.pipeline.config.KeysFailed.Reason;
import io.tidemark.pipeline.config.PrivateFile;
import java.nio.file.Path;
import java.util.Arrays;

/** The token: the first word of a file that nobody else can read, as pg_tde takes it. */
final class VaultToken {
    private static final int MOST_BYTES = 16_384;

    private VaultToken() {}

    /** Reads it anew, which blocks; the caller owns and wipes it. */
    static byte[] read(Path file) {
        byte[] content;
        try {
            content = PrivateFile.read("token file", file, MOST_BYTES);
        } catch (KeysFailed failure) {
            // of the key itself nothing is known
            throw new KeysFailed(Reason.DENIED, String.valueOf(failure.getMessage()), null, failure);
        }
        try {
            int start = 0;
            while (start < content.length && isBlank(content[start])) {
                start++;
            }
            int end = start;
            while (end < content.length && !isBlank(content[end])) {
                if (content[end] < ' ' || content[end] == 0x7f) {
                    throw refused(file, "holds a token with a character that no header can have");
                }
                end++;
            }
            if (end == start) {
                throw refused(file, "holds no token");
            }
            return Arrays.copyOfRange(content, start, end);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static boolean isBlank(byte one) {
        return one == ' ' || one == '\t' || one == '\n' || one == '\r';
    }

    private static KeysFailed refused(Path file, String what) {
        return new KeysFailed(Reason.DENIED, "token file " + file + " " + what, null, null);
    }
}
