package io.tidemark.crypto.tde.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidemark.crypto.DamagedTdeFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The key providers of a database, or of all of them: {@code <database's OID>_providers}, {@code 1664_providers}. Records of 1160 bytes without
 * a header: {@code id (i32) ‖ name (128) ‖ options (1024) ‖ type (i32)}, texts padded with NUL, options in JSON. A deleted provider keeps its
 * record, so that no id is ever used again. Nothing in the file is authenticated, and nothing secret. It keeps every byte.
 *
 * <p>Source: pg_tde 2.2.0, {@code KeyringProviderRecord} (src/include/catalog/tde_keyring.h).
 */
public final class ProviderFile {
    public static final int RECORD_BYTES = 1160;

    private static final int NAME = 4;
    private static final int NAME_BYTES = 128;
    private static final int OPTIONS = NAME + NAME_BYTES;
    private static final int OPTIONS_BYTES = 1024;
    private static final int TYPE = OPTIONS + OPTIONS_BYTES;
    private static final int DELETED = 0;

    private final byte[] content;
    private final List<Provider> providers;

    private ProviderFile(byte[] content, List<Provider> providers) {
        this.content = content;
        this.providers = providers;
    }

    /**
     * @param content lent; what remains in it is the file
     * @throws DamagedTdeFile where pg_tde would not have written it, which includes options that it would not read
     */
    public static ProviderFile read(ByteBuffer content) {
        return parsed(Content.copy(content));
    }

    private static ProviderFile parsed(byte[] content) {
        int left = content.length % RECORD_BYTES;
        if (left != 0) {
            throw new DamagedTdeFile(
                    content.length - left, "record of " + left + " bytes, which is cut: it has " + RECORD_BYTES);
        }
        List<Integer> ids = new ArrayList<>();
        List<Provider> providers = new ArrayList<>();
        for (int start = 0; start < content.length; start += RECORD_BYTES) {
            int id = little(content).getInt(start);
            if (id == 0 || ids.contains(id)) {
                throw new DamagedTdeFile(
                        start, "provider " + id + (id == 0 ? ", which cannot be" : " for the second time"));
            }
            if (!ids.isEmpty() && (ids.get(0) < 0) != (id < 0)) {
                throw new DamagedTdeFile(start, "global and local providers in one file");
            }
            ids.add(id);
            if (little(content).getInt(start + TYPE) != DELETED) {
                providers.add(provider(content, start));
            }
        }
        return new ProviderFile(content, List.copyOf(providers));
    }

    private static Provider provider(byte[] content, int start) {
        int number = little(content).getInt(start + TYPE);
        Type type = Arrays.stream(Type.values())
                .filter(known -> known.number() == number)
                .findFirst()
                .orElseThrow(() -> new DamagedTdeFile(start + TYPE, "provider of type " + number));
        byte[] name = Content.text(content, start + NAME, NAME_BYTES, start + NAME, "name of the provider");
        byte[] json = Content.text(content, start + OPTIONS, OPTIONS_BYTES, start + OPTIONS, "options of the provider");
        return new Provider(
                little(content).getInt(start),
                new String(name, UTF_8),
                ProviderOptionsJson.parse(type, json, start + OPTIONS));
    }

    /** Those that are not deleted, in the order of the file. */
    public List<Provider> providers() {
        return providers;
    }

    public Optional<Provider> provider(int id) {
        return providers.stream().filter(provider -> provider.id() == id).findFirst();
    }

    /**
     * This file with the provider in the record that has its id, whether deleted or not, or in a new one.
     *
     * @throws IllegalArgumentException where its texts do not fit, or it is a global one among local ones
     */
    public ProviderFile with(Provider provider) {
        byte[] record = record(provider);
        int at = 0;
        while (at < content.length && little(content).getInt(at) != provider.id()) {
            at += RECORD_BYTES;
        }
        byte[] changed = Arrays.copyOf(content, Math.max(content.length, at + RECORD_BYTES));
        System.arraycopy(record, 0, changed, at, RECORD_BYTES);
        if ((little(changed).getInt(0) < 0) != (provider.id() < 0)) {
            throw new IllegalArgumentException("global and local providers in one file");
        }
        return parsed(changed);
    }

    private static byte[] record(Provider provider) {
        return ByteBuffer.allocate(RECORD_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(provider.id())
                .put(Content.padded(provider.name(), NAME_BYTES, "name of a provider"))
                .put(Content.padded(
                        ProviderOptionsJson.write(provider.options()), OPTIONS_BYTES, "options of a provider"))
                .putInt(provider.options().type().number())
                .array();
    }

    /** The file, byte for byte. */
    public byte[] content() {
        return content.clone();
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String toString() {
        return "ProviderFile" + providers;
    }

    /**
     * A key provider.
     *
     * @param id negative: global; positive: of one database
     * @param name 1 to 127 bytes; bytes that are no UTF-8 are replaced
     */
    public record Provider(int id, String name, Options options) {}

    /** pg_tde's kinds of providers, in its spelling. */
    public enum Type {
        FILE("file"),
        VAULT_V2("vault-v2"),
        KMIP("kmip");

        private final String spelling;

        Type(String spelling) {
            this.spelling = spelling;
        }

        int number() {
            return ordinal() + 1;
        }

        @Override
        public String toString() {
            return spelling;
        }
    }

    /** Where a provider's keys are had. Paths that are not absolute start at the data directory. */
    public sealed interface Options {
        Type type();

        /** Those that are set, by pg_tde's names. */
        Map<String, String> fields();
    }

    /** A key ring: see {@link KeyRing}. */
    public record FileOptions(String path) implements Options {
        @Override
        public Type type() {
            return Type.FILE;
        }

        @Override
        public Map<String, String> fields() {
            return Map.of("path", path);
        }
    }

    /** @param tokenPath of the file whose first word is the token */
    public record VaultOptions(
            String url,
            String mountPath,
            String tokenPath,
            @Nullable String caPath,
            @Nullable String namespace) implements Options {
        @Override
        public Type type() {
            return Type.VAULT_V2;
        }

        @Override
        public Map<String, String> fields() {
            Map<String, String> fields =
                    new TreeMap<>(Map.of("url", url, "mountPath", mountPath, "tokenPath", tokenPath));
            if (caPath != null) {
                fields.put("caPath", caPath);
            }
            if (namespace != null) {
                fields.put("namespace", namespace);
            }
            return fields;
        }
    }

    /** @param caPath PEM, as are certificate and key. pg_tde 2.2 does not enforce what it says */
    public record KmipOptions(String host, int port, String certPath, String keyPath, String caPath)
            implements Options {
        public KmipOptions {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("no port: " + port);
            }
        }

        @Override
        public Type type() {
            return Type.KMIP;
        }

        @Override
        public Map<String, String> fields() {
            return new TreeMap<>(Map.of(
                    "host",
                    host,
                    "port",
                    Integer.toString(port),
                    "certPath",
                    certPath,
                    "keyPath",
                    keyPath,
                    "caPath",
                    caPath));
        }
    }
}
