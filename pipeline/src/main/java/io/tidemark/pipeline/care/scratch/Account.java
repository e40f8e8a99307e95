package io.tidemark.pipeline.care.scratch;

import io.tidemark.pipeline.config.PostgresFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The operating-system user that scratch servers, and the commands that work for them, run as. PostgreSQL refuses
 * root; for root it is therefore an unprivileged user without a login, entered by {@code setpriv} (util-linux, on every
 * Debian system), and for anybody else it is the caller.
 *
 * @param uid user and group number
 * @param prefix what stands before a command so that it runs as this user; empty for the caller
 */
public record Account(int uid, List<String> prefix) {
    /** {@code nobody} on Debian; it owns no file outside what it is given. */
    private static final int UNPRIVILEGED = 65_534;

    public Account {
        prefix = List.copyOf(prefix);
    }

    /** The account for work below {@code directory}, which the caller has just made and therefore owns. */
    static Account forOwnerOf(Path directory) {
        int caller = ownerOf(directory);
        if (caller != 0) {
            return new Account(caller, List.of());
        }
        String id = Integer.toString(UNPRIVILEGED);
        return new Account(
                UNPRIVILEGED, List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs"));
    }

    /** The command line that runs {@code command} as this account. */
    public List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return all;
    }

    /** Gives a file or an empty directory to this account. */
    public void give(Path path) {
        if (prefix.isEmpty()) {
            return;
        }
        try {
            Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new PostgresFailed("cannot give " + path + " to user " + uid, e);
        }
    }

    private static int ownerOf(Path path) {
        try {
            return (Integer) Files.getAttribute(path, "unix:uid");
        } catch (IOException e) {
            throw new PostgresFailed("cannot tell who owns " + path, e);
        }
    }
}
