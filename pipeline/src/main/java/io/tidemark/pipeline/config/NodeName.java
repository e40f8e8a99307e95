package io.tidemark.pipeline.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The name of one data directory where none is configured: FORMAT.md, first section. */
public final class NodeName {
    private static final int HOST_CHARACTERS = 56;
    private static final int DIGEST_BYTES = 3;

    private NodeName() {}

    /**
     * The default for {@code cluster.<c>.node}.
     *
     * @param host as the machine knows itself; what follows the first dot does not count
     * @param realDataDirectory with all links resolved, so that one directory has one name
     */
    public static String of(String host, Path realDataDirectory) {
        int dot = host.indexOf('.');
        String first = (dot < 0 ? host : host.substring(0, dot)).toLowerCase(Locale.ROOT);
        StringBuilder name = new StringBuilder(HOST_CHARACTERS + 7);
        for (int i = 0; i < first.length() && name.length() < HOST_CHARACTERS; i++) {
            char c = first.charAt(i);
            name.append((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-');
        }
        return name.append('-').append(digest(realDataDirectory)).toString();
    }

    private static String digest(Path directory) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256")
                    .digest(directory.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
