package io.tidemark.pipeline.postgres.conninfo;

import io.tidemark.pipeline.config.UsageError;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/**
 * Reads a connection string, keywords or URI, into values by keyword. Errors never repeat a value: it may be a secret. Source:
 * PostgreSQL 17, libpq, Connection Strings.
 */
final class ConnectionText {
    private static final String WHERE = "connection string";

    private final String text;
    private final Map<Keyword, String> values = new EnumMap<>(Keyword.class);
    private int at;

    private ConnectionText(String text) {
        this.text = text;
    }

    static Map<Keyword, String> parse(String text) {
        ConnectionText reading = new ConnectionText(text);
        if (text.startsWith("postgresql://") || text.startsWith("postgres://")) {
            reading.uri();
        } else {
            reading.keywords();
        }
        return reading.values;
    }

    private void keywords() {
        skipSpace();
        while (at < text.length()) {
            int start = at;
            while (at < text.length() && text.charAt(at) != '=' && !isSpace(text.charAt(at))) {
                at++;
            }
            String name = text.substring(start, at);
            skipSpace();
            if (at == text.length() || text.charAt(at) != '=') {
                throw new UsageError(WHERE + ": no \"=\" behind the word at character " + (start + 1));
            }
            at++;
            skipSpace();
            values.put(Keyword.of(name, WHERE), value());
            skipSpace();
        }
    }

    /** Quoted or not; a backslash takes the next character as it is. */
    private String value() {
        boolean quoted = at < text.length() && text.charAt(at) == '\'';
        int start = at;
        at += quoted ? 1 : 0;
        StringBuilder value = new StringBuilder();
        while (at < text.length() && (quoted ? text.charAt(at) != '\'' : !isSpace(text.charAt(at)))) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (quoted && at++ == text.length()) {
            throw new UsageError(WHERE + ": the quote at character " + (start + 1) + " does not end");
        }
        return value.toString();
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    private void uri() {
        at = text.indexOf("://") + 3;
        int question = text.indexOf('?', at);
        String place = text.substring(at, question < 0 ? text.length() : question);
        int slash = place.indexOf('/');
        String authority = slash < 0 ? place : place.substring(0, slash);
        int user = authority.indexOf('@');
        if (user >= 0) {
            user(authority.substring(0, user));
        }
        hosts(authority.substring(user + 1));
        if (slash >= 0) {
            put(Keyword.DBNAME, place.substring(slash + 1));
        }
        if (question >= 0) {
            parameters(text.substring(question + 1));
        }
    }

    private void user(String user) {
        int colon = user.indexOf(':');
        put(Keyword.USER, colon < 0 ? user : user.substring(0, colon));
        if (colon >= 0) {
            put(Keyword.PASSWORD, user.substring(colon + 1));
        }
    }

    /** {@code host:port,[::1]:port}; where one has a port each gets one, if empty. */
    private void hosts(String list) {
        StringBuilder hosts = new StringBuilder();
        StringBuilder ports = new StringBuilder();
        for (String one : list.split(",", -1)) {
            int bracket = one.startsWith("[") ? one.indexOf(']') : 0;
            if (bracket < 0) {
                throw new UsageError(WHERE + ": an IPv6 address without its \"]\"");
            }
            int colon = one.indexOf(':', bracket);
            String host = colon < 0 ? one : one.substring(0, colon);
            if (bracket > 0 && host.length() > bracket + 1) {
                throw new UsageError(WHERE + ": something between \"]\" and \":\"");
            }
            hosts.append(hosts.isEmpty() && ports.isEmpty() ? "" : ",")
                    .append(bracket > 0 ? host.substring(1, bracket) : host);
            ports.append(ports.isEmpty() ? " " : ",").append(colon < 0 ? "" : one.substring(colon + 1));
        }
        put(Keyword.HOST, hosts.toString());
        put(Keyword.PORT, ports.substring(1));
    }

    private void parameters(String list) {
        for (String one : list.split("&")) {
            int equals = one.indexOf('=');
            if (equals < 0) {
                throw new UsageError(WHERE + ": a URI parameter without \"=\"");
            }
            String name = decoded(one.substring(0, equals));
            String value = decoded(one.substring(equals + 1));
            if (name.equals("ssl") && value.equals("true")) {
                values.put(Keyword.SSLMODE, "require");
            } else {
                values.put(Keyword.of(name, WHERE), value);
            }
        }
    }

    private void put(Keyword keyword, String encoded) {
        String value = decoded(encoded);
        if (!value.isEmpty() && !value.chars().allMatch(c -> c == ',')) {
            values.put(keyword, value);
        }
    }

    private static String decoded(String encoded) {
        byte[] in = encoded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out.put(in[i]);
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low < 0 || high == 0 && low == 0) {
                throw new UsageError(WHERE + ": \"%\" must be followed by two hex digits, and not by 00");
            }
            out.put((byte) (high << 4 | low));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(out.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new UsageError(WHERE + ": percent signs hide bytes that are no UTF-8", e);
        }
    }
}
