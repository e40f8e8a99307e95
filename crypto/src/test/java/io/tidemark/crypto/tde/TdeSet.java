package io.tidemark.crypto.tde;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStream;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.tde.keys.KeyRing;
import io.tidemark.crypto.tde.keys.PrincipalKeyHeader;
import io.tidemark.crypto.tde.keys.RelationKeyFile;
import io.tidemark.crypto.tde.keys.WalKeyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * What a pg_tde server wrote, and what it means: {@code src/test/resources/pg_tde} has small sets that are always there, the fixtures beside
 * the project the whole ones.
 */
public record TdeSet(Path root, String keyDirectory) {
    public static final String ABSENT =
            "the sets of pg_tde's files (shared/fixtures/pg_tde) are not beside the project";

    public static List<TdeSet> all() {
        List<TdeSet> sets = new ArrayList<>(under(bundled()));
        if (fixturesArePresent()) {
            sets.addAll(under(fixtures()));
        }
        return sets;
    }

    public static TdeSet bundled(String name) {
        return all().stream()
                .filter(set -> set.root.equals(bundled().resolve(name)))
                .findFirst()
                .orElseThrow();
    }

    public static boolean fixturesArePresent() {
        return Files.isDirectory(fixtures().resolve("basic"));
    }

    public static Path fixtures() {
        return Path.of(System.getProperty("tidemark.root", "."), "..", "shared", "fixtures", "pg_tde");
    }

    private static Path bundled() {
        URL folder = Objects.requireNonNull(TdeSet.class.getResource("/pg_tde/README.md"));
        try {
            return Objects.requireNonNull(Path.of(folder.toURI()).getParent());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<TdeSet> under(Path folder) {
        return List.of(
                new TdeSet(folder.resolve("basic"), "pg_tde"),
                new TdeSet(folder.resolve("aes256"), "pg_tde"),
                new TdeSet(folder.resolve("old-versions"), "pg_tde-2.1.2"),
                new TdeSet(folder.resolve("old-versions"), "pg_tde-migrated-by-2.2.0"));
    }

    public JsonObject manifest() {
        return JsonParser.parseString(new String(file("manifest.json"), UTF_8)).getAsJsonObject();
    }

    public List<JsonObject> manifest(String list) {
        return manifest().getAsJsonArray(list).asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    public byte[] file(String path) {
        return read(root.resolve(path));
    }

    /** What the file was opened to by pg_tde's own tools, or an independent reader. */
    public byte[] expected(String file) {
        return unpacked(root.resolve("expected").resolve(file + ".plain.zst"));
    }

    public static byte[] unpacked(Path file) {
        try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] keyFile(String name) {
        return file(keyDirectory + "/" + name);
    }

    public RelationKeyFile relationKeys() {
        return RelationKeyFile.read(ByteBuffer.wrap(keyFile("5_keys")));
    }

    public WalKeyFile walKeys() {
        return WalKeyFile.read(ByteBuffer.wrap(keyFile("wal_keys")));
    }

    public KeyRing keyRing() {
        return KeyRing.read(file("keyring.per"));
    }

    /** The key that the header names, out of the set's key ring. */
    public SecretBytes principalKey(PrincipalKeyHeader header) {
        try (KeyRing ring = keyRing()) {
            return ring.named(header.info().name()).get(0).key().duplicate();
        }
    }

    /** Names of the files in {@code rel} or {@code wal}. */
    public List<String> names(String folder) {
        return manifest("files").stream()
                .map(file -> file.get("path").getAsString())
                .filter(path -> path.startsWith(folder + "/"))
                .map(path -> path.substring(folder.length() + 1))
                .toList();
    }

    public static String sha256(SecretBytes key) {
        return sha256(key.copy(KeyAccess.insecure()));
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return root.getFileName() + "/" + keyDirectory + (root.startsWith(bundled()) ? " (bundled)" : "");
    }
}
