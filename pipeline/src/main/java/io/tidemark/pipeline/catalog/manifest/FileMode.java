package io.tidemark.pipeline.catalog.manifest;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The permission bits of a file, {@code 0600}: twelve bits, four octal digits in JSON. */
public record FileMode(int bits) {
    // in the order of the bits, the lowest first
    private static final PosixFilePermission[] PERMISSIONS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ
    };

    public FileMode {
        if (bits < 0 || bits > 07777) {
            throw new IllegalArgumentException("no file mode: " + bits);
        }
    }

    /** Reads four octal digits. */
    public static FileMode parse(String text) {
        if (!text.matches("[0-7]{4}")) {
            throw new IllegalArgumentException("no file mode: '" + text + "', expected such as 0600");
        }
        return new FileMode(Integer.parseInt(text, 8));
    }

    public static FileMode of(Set<PosixFilePermission> permissions) {
        int bits = 0;
        for (int i = 0; i < PERMISSIONS.length; i++) {
            bits |= permissions.contains(PERMISSIONS[i]) ? 1 << i : 0;
        }
        return new FileMode(bits);
    }

    /** The lower nine bits; set-id and sticky bits are never restored. */
    public Set<PosixFilePermission> permissions() {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < PERMISSIONS.length; i++) {
            if ((bits & 1 << i) != 0) {
                permissions.add(PERMISSIONS[i]);
            }
        }
        return permissions;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%04o", bits);
    }
}
