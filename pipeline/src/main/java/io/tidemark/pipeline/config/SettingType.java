package io.tidemark.pipeline.config;

import io.tidemark.kmip.client.KmipHost;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What values of a setting look like. All of it by hand: regular expressions and their classes would be loaded once a WAL segment.
 */
sealed interface SettingType<T> {
    /** Empty where the text is no such value. */
    Optional<T> parse(String text);

    /** Completes "expected …". */
    String expected();

    /** An absolute path; whether it exists is found out by who uses it. */
    record AbsolutePath() implements SettingType<Path> {
        @Override
        public Optional<Path> parse(String text) {
            try {
                Path path = Path.of(text);
                return path.isAbsolute() ? Optional.of(path.normalize()) : Optional.empty();
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }

        @Override
        public String expected() {
            return "an absolute path";
        }
    }

    /**
     * A connection string. Its grammar is {@code postgres.ConnectionSettings}'; here only what may be a secret is kept out, since the
     * configuration in force is shown.
     */
    record ConnectionText() implements SettingType<String> {
        @Override
        public Optional<String> parse(String text) {
            return holdsPassword(text) ? Optional.empty() : Optional.of(text);
        }

        /** Rather once too often: no URI or keyword that libpq would take a password from passes. */
        private static boolean holdsPassword(String text) {
            String plain = withoutEscapes(text).toLowerCase(Locale.ROOT);
            for (int at = plain.indexOf("password"); at >= 0; at = plain.indexOf("password", at + 1)) {
                if (plain.substring(at + "password".length()).stripLeading().startsWith("=")) {
                    return true;
                }
            }
            int query = text.indexOf('?');
            String place = query < 0 ? text : text.substring(0, query);
            int scheme = place.indexOf("://");
            int user = scheme < 0 ? -1 : place.indexOf('@', scheme);
            return user >= 0 && place.substring(scheme + 3, user).indexOf(':') >= 0;
        }

        /** What percent signs hide, {@code pass%77ord}; a broken one stays. */
        private static String withoutEscapes(String text) {
            StringBuilder plain = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                int high =
                        text.charAt(i) == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
                plain.append(low < 0 ? text.charAt(i) : (char) (high << 4 | low));
                i += low < 0 ? 0 : 2;
            }
            return plain.toString();
        }

        @Override
        public String expected() {
            return "libpq keywords or a URI without a password (a password file or PGPASSWORD holds it)";
        }
    }

    /** Where a secret is. */
    record Secret() implements SettingType<SecretReference> {
        @Override
        public Optional<SecretReference> parse(String text) {
            return SecretReference.parse(text);
        }

        @Override
        public String expected() {
            return SecretReference.EXPECTED;
        }
    }

    /** Hex digits of either case, read as lower case. */
    record HexDigits(int count) implements SettingType<String> {
        @Override
        public Optional<String> parse(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                    return Optional.empty();
                }
            }
            return text.length() == count ? Optional.of(text.toLowerCase(Locale.ROOT)) : Optional.empty();
        }

        @Override
        public String expected() {
            return count + " hex digits";
        }
    }

    /** A word that somebody else defines: printable ASCII without blanks. */
    record Token(String what) implements SettingType<String> {
        @Override
        public Optional<String> parse(String text) {
            return isPrintable(text) ? Optional.of(text) : Optional.empty();
        }

        static boolean isPrintable(String text) {
            return !text.isEmpty() && text.length() <= 2048 && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        }

        @Override
        public String expected() {
            return what;
        }
    }

    /** First characters of keys; read with a slash at the end. */
    record KeyPrefix() implements SettingType<String> {
        private static final int MOST = 400;

        @Override
        public Optional<String> parse(String text) {
            boolean good = Token.isPrintable(text)
                    && text.length() <= MOST
                    && !text.startsWith("/")
                    && !text.contains("//")
                    && !("/" + text + "/").contains("/../")
                    && !("/" + text + "/").contains("/./");
            return good ? Optional.of(text.endsWith("/") ? text : text + "/") : Optional.empty();
        }

        @Override
        public String expected() {
            return "a prefix of keys, without a slash at its start, up to " + MOST + " characters";
        }
    }

    /** The address of a service: scheme, host, port. */
    record Endpoint() implements SettingType<URI> {
        @Override
        public Optional<URI> parse(String text) {
            try {
                URI uri = new URI(text);
                boolean good = ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                        && uri.getHost() != null
                        && uri.getRawUserInfo() == null
                        && uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
                return good ? Optional.of(uri) : Optional.empty();
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }

        @Override
        public String expected() {
            return "https://host[:port] or http://host[:port]";
        }
    }

    /** Where secrets go: TLS, or no further than this host. */
    record ServerAddress() implements SettingType<URI> {
        @Override
        public Optional<URI> parse(String text) {
            return new Endpoint()
                    .parse(text)
                    .filter(uri -> uri.getScheme().equals("https") || isThisHost(uri.getHost()));
        }

        private static boolean isThisHost(String host) {
            return host.equals("localhost") || host.equals("[::1]") || host.equals("127.0.0.1");
        }

        @Override
        public String expected() {
            return "https://host[:port], or http:// with localhost, 127.0.0.1 or [::1]";
        }
    }

    /** Names between slashes; read without slashes at the ends. */
    record MountPath() implements SettingType<String> {
        private static final int MOST = 200;

        @Override
        public Optional<String> parse(String text) {
            int start = text.startsWith("/") ? 1 : 0;
            int end = text.length() > start && text.endsWith("/") ? text.length() - 1 : text.length();
            String path = text.substring(start, end);
            boolean good = !path.isEmpty()
                    && path.length() <= MOST
                    && !("/" + path + "/").contains("//")
                    && !("/" + path + "/").contains("/../")
                    && !("/" + path + "/").contains("/./")
                    && path.chars().allMatch(MountPath::isPlain);
            return good ? Optional.of(path) : Optional.empty();
        }

        private static boolean isPlain(int character) {
            return character >= 'a' && character <= 'z'
                    || character >= 'A' && character <= 'Z'
                    || character >= '0' && character <= '9'
                    || "-_./".indexOf(character) >= 0;
        }

        @Override
        public String expected() {
            return "a path of a-z, A-Z, 0-9, -, _ and . between slashes";
        }
    }

    /** Where a KMIP server listens. */
    record KmipServer() implements SettingType<KmipHost> {
        @Override
        public Optional<KmipHost> parse(String text) {
            try {
                return Optional.of(KmipHost.parse(text));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        @Override
        public String expected() {
            return "host or host:port, an IPv6 address with a port in brackets";
        }
    }

    /** An IANA name of a cipher suite that hides and proves. */
    record CipherName() implements SettingType<String> {
        @Override
        public Optional<String> parse(String text) {
            boolean good = text.startsWith("TLS_")
                    && text.chars().allMatch(c -> c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')
                    && !text.contains("_ANON_")
                    && !text.contains("_NULL_")
                    && !text.contains("_EXPORT_");
            return good ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String expected() {
            return "the name of a cipher suite, TLS_…, with a key exchange that proves the server and with encryption";
        }
    }

    /** What pg_tde allows as a key's name. */
    record KeyName() implements SettingType<String> {
        private static final int MOST_BYTES = 255;

        @Override
        public Optional<String> parse(String text) {
            boolean good = !text.isEmpty()
                    && text.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES
                    && text.chars().noneMatch(c -> c < ' ' || c == 0x7f);
            return good ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String expected() {
            return "the name of a key, up to " + MOST_BYTES + " bytes";
        }
    }

    /** {@code [a-z0-9-]{1,63}}, for nodes. */
    record NodeText() implements SettingType<String> {
        @Override
        public Optional<String> parse(String text) {
            return Names.isNode(text) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String expected() {
            return "1 to 63 of a-z, 0-9 and -";
        }
    }

    /** The name of something that is declared elsewhere in the configuration. */
    record NameText(String of) implements SettingType<String> {
        @Override
        public Optional<String> parse(String text) {
            return Names.isName(text) ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String expected() {
            return "the name of " + of;
        }
    }

    /** One of a few words, each for one value. */
    record Choice<T>(List<Word<T>> words) implements SettingType<T> {
        record Word<T>(String text, T value) {}

        @Override
        public Optional<T> parse(String text) {
            for (Word<T> word : words) {
                if (word.text().equals(text)) {
                    return Optional.of(word.value());
                }
            }
            return Optional.empty();
        }

        @Override
        public String expected() {
            StringBuilder all = new StringBuilder();
            for (Word<T> word : words) {
                all.append(all.isEmpty() ? "" : " or ").append(word.text());
            }
            return all.toString();
        }
    }

    /** A whole number, or a word for one that is found out at start. */
    record Whole(int least, int most, Choice.@Nullable Word<Integer> word) implements SettingType<Integer> {
        @Override
        public Optional<Integer> parse(String text) {
            if (word != null && word.text().equals(text)) {
                return Optional.of(word.value());
            }
            return Quantity.digits(text)
                    .filter(n ->
                            n.compareTo(BigInteger.valueOf(least)) >= 0 && n.compareTo(BigInteger.valueOf(most)) <= 0)
                    .map(BigInteger::intValueExact);
        }

        @Override
        public String expected() {
            return (word == null ? "" : word.text() + ", or ") + "a whole number from " + least + " to " + most;
        }
    }

    /** {@code 30d}, {@code 5m}: a whole number and one unit. */
    record Time(String least, String most) implements SettingType<Duration> {
        @Override
        public Optional<Duration> parse(String text) {
            return Quantity.TIME
                    .between(text, least, most)
                    .map(milliseconds -> Duration.ofMillis(milliseconds.longValueExact()));
        }

        @Override
        public String expected() {
            return "a duration from " + least + " to " + most + ", such as 5m (" + Quantity.TIME.unitList() + ")";
        }
    }

    /** {@code 256MiB}: a whole number and one unit. */
    record Size(String least, String most) implements SettingType<Long> {
        @Override
        public Optional<Long> parse(String text) {
            return Quantity.SIZE.between(text, least, most).map(BigInteger::longValueExact);
        }

        @Override
        public String expected() {
            return "a size from " + least + " to " + most + ", such as 256MiB (" + Quantity.SIZE.unitList() + ")";
        }
    }
}
