package io.tidemark.it.recover;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The frozen repository: made once by this product, never again, so that every later version must open it. Its
 * README.md tells how it was made.
 */
final class Frozen {
    static final Path HOME = Python.ROOT.resolve("it/src/test/resources/frozen");
    /** The directory that the repository names; the cluster's root lies below it. */
    static final Path REPOSITORY = HOME.resolve("repository");

    static final String CLUSTER = "frozen";
    static final Path ROOT = REPOSITORY.resolve(CLUSTER);
    static final Path KEY = HOME.resolve("box.key");
    static final Path RECOVERY_KEY = HOME.resolve("safe.key");

    private static final JsonObject EXPECTED =
            JsonParser.parseString(text(HOME.resolve("expected.json"))).getAsJsonObject();

    private Frozen() {}

    /** An object and the file in it. */
    record Item(String name, String kind, long size, String sha256) {
        @Override
        public String toString() {
            return kind + " " + name;
        }
    }

    static String uuid() {
        return EXPECTED.get("cluster").getAsString();
    }

    static String rootHex() {
        return EXPECTED.get("root").getAsString();
    }

    /** The object that was put by somebody without a key, at the name of a WAL segment. */
    static String foreign() {
        return EXPECTED.get("foreign").getAsString();
    }

    static String label() {
        return EXPECTED.get("label").getAsString();
    }

    static Stream<Item> objects() {
        return EXPECTED.getAsJsonArray("objects").asList().stream()
                .map(element -> element.getAsJsonObject())
                .map(object -> new Item(
                        object.get("name").getAsString(),
                        object.get("kind").getAsString(),
                        object.get("size").getAsLong(),
                        object.get("sha256").getAsString()));
    }

    /** The files of the data directory that was backed up: path, SHA-256. */
    static List<Item> files() {
        List<Item> files = new ArrayList<>();
        EXPECTED.getAsJsonObject("files")
                .entrySet()
                .forEach(file -> files.add(
                        new Item(file.getKey(), "file", 0, file.getValue().getAsString())));
        return files;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
