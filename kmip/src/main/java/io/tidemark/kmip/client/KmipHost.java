package io.tidemark.kmip.client;

import io.netty.util.NetUtil;

/**
 * Where a key server listens.
 *
 * @param name a DNS name or an address, without brackets
 */
public record KmipHost(String name, int port) {
    /** The one that is registered for KMIP over TLS. */
    public static final int DEFAULT_PORT = 5696;

    private static final int MOST_PORT = 65535;

    /** @throws IllegalArgumentException where this can be no host or no port */
    public KmipHost {
        if (name.isEmpty() || name.codePoints().anyMatch(KmipHost::isForeign)) {
            throw new IllegalArgumentException("no host's name: \"" + name + "\"");
        }
        if (name.indexOf(':') >= 0 && !NetUtil.isValidIpV6Address(name)) {
            throw new IllegalArgumentException("no host's name and no IPv6 address: \"" + name + "\"");
        }
        if (port < 1 || port > MOST_PORT) {
            throw new IllegalArgumentException("a port is 1 to " + MOST_PORT + ", not " + port);
        }
    }

    private static boolean isForeign(int point) {
        return Character.isWhitespace(point) || Character.isISOControl(point) || "[]/@?#".indexOf(point) >= 0;
    }

    /**
     * Reads {@code kms.example.com}, {@code kms:5696}, {@code 192.0.2.1:5696}, {@code [2001:db8::1]:5696} or {@code 2001:db8::1}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static KmipHost parse(String text) {
        int bracket = text.indexOf(']');
        if (text.startsWith("[") && bracket > 0) {
            return of(text.substring(1, bracket), text.substring(bracket + 1), text);
        }
        int colon = text.indexOf(':');
        boolean portless = colon < 0 || text.indexOf(':', colon + 1) >= 0;
        return portless ? of(text, "", text) : of(text.substring(0, colon), text.substring(colon), text);
    }

    private static KmipHost of(String name, String port, String text) {
        if (port.isEmpty()) {
            return new KmipHost(name, DEFAULT_PORT);
        }
        if (!port.matches(":[0-9]{1,5}")) {
            throw new IllegalArgumentException("no host and port: \"" + text + "\"");
        }
        return new KmipHost(name, Integer.parseInt(port.substring(1)));
    }

    /** As {@link #parse} takes it, always with the port. */
    @Override
    public String toString() {
        return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
    }
}
