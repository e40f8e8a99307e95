package io.tidemark.pipeline.postgres.conninfo;

import io.tidemark.pipeline.config.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Passwords by host, port, database and user, one a line: {@code db1:5432:*:tidemark:secret}. Source: PostgreSQL 17, libpq, The
 * Password File.
 */
public final class PasswordFile {
    private static final long MOST_BYTES = 1 << 20;
    private static final int OPEN_TO_OTHERS = 0077;

    private final Path file;

    public PasswordFile(Path file) {
        this.file = file;
    }

    /** The first line's that fits. Blocks. Empty where there is no such line or no file; an error where others can read it. */
    public Optional<String> password(HostAddress host, String database, String user) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        for (String line : lines()) {
            List<String> fields = line.startsWith("#") ? List.of() : fields(line);
            if (fields.size() == 5
                    && fits(fields.get(0), host.inPasswordFile())
                    && fits(fields.get(1), Integer.toString(host.port()))
                    && fits(fields.get(2), database)
                    && fits(fields.get(3), user)) {
                return Optional.of(unescaped(fields.get(4)));
            }
        }
        return Optional.empty();
    }

    private List<String> lines() {
        try {
            if (Files.getAttribute(file, "unix:mode") instanceof Integer mode && (mode & OPEN_TO_OTHERS) != 0) {
                throw new UsageError("password file " + file + " is open to others", "chmod u=rw,go= " + file);
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new UsageError("password file " + file + " is longer than " + MOST_BYTES + " bytes");
            }
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UsageError("password file " + file + " cannot be read: " + e, e);
        }
    }

    /** The four to match and the rest, as written. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < line.length() && fields.size() < 4; i++) {
            if (line.charAt(i) == '\\') {
                i++;
            } else if (line.charAt(i) == ':') {
                fields.add(line.substring(start, i));
                start = i + 1;
            }
        }
        fields.add(line.substring(start));
        return fields;
    }

    private static boolean fits(String field, String value) {
        return field.equals("*") || unescaped(field).equals(value);
    }

    private static String unescaped(String field) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 1 < field.length()) {
                i++;
            }
            plain.append(field.charAt(i));
        }
        return plain.toString();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
