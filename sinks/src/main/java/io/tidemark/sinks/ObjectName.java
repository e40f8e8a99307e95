package io.tidemark.sinks;

/**
 * The name of an object, relative to the root of its store: parts joined by {@code /}, each of them
 * {@code [A-Za-z0-9][A-Za-z0-9._-]*} and at most {@value #MAX_PART} characters, {@value #MAX_LENGTH} in all.
 *
 * <p>So no name can be absolute, hold {@code .}, {@code ..} or an empty part, or hide behind a dot: what a hostile
 * manifest says is refused here ({@link InvalidName}) and never reaches a file system. Names are ASCII, therefore
 * their order as strings is their order as bytes, which is the order of {@link ObjectStore#list}.
 *
 * <p>Source: FORMAT.md section 1.
 */
public record ObjectName(String value) implements Comparable<ObjectName> {

    /** The longest name, in characters: S3 takes 1024 bytes of key, of which a prefix may want its share. */
    public static final int MAX_LENGTH = 512;

    /** The longest part, in characters: NAME_MAX of Linux file systems. */
    public static final int MAX_PART = 255;

    public ObjectName {
        check(value);
    }

    /**
     * Parses a name.
     *
     * @throws InvalidName if it is not one
     */
    public static ObjectName of(String value) {
        return new ObjectName(value);
    }

    /** This name, a slash, and {@code rest}, which may hold several parts. */
    public ObjectName child(String rest) {
        return new ObjectName(value + '/' + rest);
    }

    /** The last part. */
    public String lastPart() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** The order of the names' bytes. */
    @Override
    public int compareTo(ObjectName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** Whether {@code part} may stand between two slashes of a name. */
    public static boolean isPart(String part) {
        if (part.isEmpty() || part.length() > MAX_PART || !isAlphanumeric(part.charAt(0))) {
            return false;
        }
        for (int i = 1; i < part.length(); i++) {
            if (!isPartCharacter(part.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Checks that some name can begin so: exactly if one more letter makes a name of it.
     *
     * @param prefix of a listing; empty for all
     * @throws InvalidName if none can
     */
    public static void requirePrefix(String prefix) {
        if (prefix.length() > MAX_LENGTH) {
            throw new InvalidName("list: the prefix has " + prefix.length() + " characters", null);
        }
        if (!prefix.isEmpty() && prefix.length() < MAX_LENGTH) {
            check(prefix + 'x');
        }
    }

    private static void check(String value) {
        if (value.length() > MAX_LENGTH) {
            throw new InvalidName(
                    "object name has " + value.length() + " characters, " + MAX_LENGTH + " are allowed: "
                            + printable(value.substring(0, 64)) + "…",
                    null);
        }
        int start = 0;
        while (true) {
            int slash = value.indexOf('/', start);
            String part = slash < 0 ? value.substring(start) : value.substring(start, slash);
            if (!isPart(part)) {
                throw new InvalidName(
                        "object name " + printable(value) + " has a part that is not allowed: " + printable(part),
                        null);
            }
            if (slash < 0) {
                return;
            }
            start = slash + 1;
        }
    }

    /** Control characters would let a hostile name write on the operator's terminal. */
    private static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(c > ' ' && c < 0x7f ? c : '?');
        }
        return safe.append('"').toString();
    }

    private static boolean isPartCharacter(char c) {
        return isAlphanumeric(c) || c == '.' || c == '_' || c == '-';
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
