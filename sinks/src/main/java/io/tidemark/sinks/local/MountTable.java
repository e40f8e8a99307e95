package io.tidemark.sinks.local;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The mount table, read from the text of {@code /proc/self/mounts}: {@code device directory type options 0 0} a line,
 * blanks in names as octal escapes. Pure.
 *
 * <p>Why it is asked: a soft NFS mount answers a lost write with an error that the page cache may swallow, so that an
 * acknowledged segment can be missing (trap T110). fsync is no help against it; not using such a mount is.
 *
 * <p>Source: Linux, proc(5), fstab(5), nfs(5).
 */
final class MountTable {

    private final List<Mount> mounts;

    private MountTable(List<Mount> mounts) {
        this.mounts = mounts;
    }

    /** Lines that are not a mount are skipped: the kernel writes none. */
    static MountTable parse(String text) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String[] fields = line.trim().split("[ \t]+", -1);
            if (fields.length >= 4) {
                mounts.add(new Mount(unescaped(fields[1]), fields[2], List.of(fields[3].split(",", -1))));
            }
        }
        return new MountTable(List.copyOf(mounts));
    }

    /** The mount that an absolute, normal path without links lies on. Of two on one directory the later hides the first. */
    Optional<Mount> of(String path) {
        Mount best = null;
        for (Mount mount : mounts) {
            if (mount.covers(path) && (best == null || mount.directory.length() >= best.directory.length())) {
                best = mount;
            }
        }
        return Optional.ofNullable(best);
    }

    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        byte[] plain = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\\' && i + 3 < bytes.length && isOctal(bytes, i + 1)) {
                plain[length++] = (byte) ((bytes[i + 1] - '0') * 64 + (bytes[i + 2] - '0') * 8 + (bytes[i + 3] - '0'));
                i += 3;
            } else {
                plain[length++] = bytes[i];
            }
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean isOctal(byte[] bytes, int at) {
        for (int i = at; i < at + 3; i++) {
            if (bytes[i] < '0' || bytes[i] > '7') {
                return false;
            }
        }
        return true;
    }

    /** One line of the table. */
    record Mount(String directory, String type, List<String> options) {

        boolean covers(String path) {
            return directory.equals("/") || path.equals(directory) || path.startsWith(directory + "/");
        }

        /**
         * Why a repository must not lie here, if so. {@code softerr} gives up like {@code soft}; {@code hard} is the
         * default, and the kernel always writes which one it is.
         */
        Optional<String> objection() {
            boolean nfs = type.toLowerCase(Locale.ROOT).matches("nfs[0-9]?");
            for (String option : options) {
                if (nfs && (option.equals("soft") || option.equals("softerr"))) {
                    return Optional.of("an NFS mount with the option " + option
                            + ", which gives up on writes: what was acknowledged could be lost");
                }
            }
            return Optional.empty();
        }
    }
}
