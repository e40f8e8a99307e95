package io.tidemark.it.mallory;

import static io.tidemark.it.mallory.Act.Result.ABSENT;
import static io.tidemark.it.mallory.Act.Result.GOOD;
import static io.tidemark.it.mallory.Act.Result.NAMED;

import io.tidemark.it.mallory.Act.Meddling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What Mallory does, each act with what may come of it. */
final class Acts {
    private final Victim victim;
    private final Path system;
    private final Path wal;
    private final Path segment;
    private final Path other;
    private final Path late;
    private final Path last;
    private final Path next;
    private final Path older;
    private final Path newer;

    /** @param root of the untouched repository: names in it are the same in each copy */
    Acts(Victim victim, Path root) throws IOException {
        this.victim = victim;
        try (Stream<Path> all = Files.list(root)) {
            system = root.relativize(
                    all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                            .findFirst()
                            .orElseThrow());
        }
        List<Path> archived = victim.archived();
        String middle = name(archived.get(archived.size() / 2));
        wal = system.resolve("wal/00000001").resolve(middle.substring(0, 16));
        segment = wal.resolve(middle);
        other = wal.resolve(name(archived.get(1)));
        late = wal.resolve(name(archived.get(archived.size() - 2)));
        last = wal.resolve(name(archived.get(archived.size() - 1)));
        next = wal.resolve(name(victim.next()));
        older = system.resolve("backup").resolve(victim.backups().get(0));
        newer = system.resolve("backup").resolve(victim.backups().get(1));
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    List<Act> all() {
        List<Act> acts = new ArrayList<>();
        acts.addAll(onWal());
        acts.addAll(onNames());
        acts.addAll(onTheRoot());
        acts.addAll(onKeys());
        acts.addAll(onBackups());
        return acts;
    }

    private List<Act> onWal() {
        return List.of(
                Act.of("a segment overwritten with noise", changed(segment, bytes -> new byte[5000]))
                        .get(NAMED)
                        .push(GOOD),
                Act.of("a segment emptied", changed(segment, bytes -> new byte[0]))
                        .get(NAMED)
                        .push(GOOD),
                Act.of("one bit of a segment's header flipped", changed(segment, bytes -> flipped(bytes, 20)))
                        .get(NAMED),
                Act.of("one bit in a segment flipped", changed(segment, bytes -> flipped(bytes, bytes.length / 2)))
                        .get(NAMED)
                        .push(GOOD),
                Act.of(
                                "one bit of a segment's last tag flipped",
                                changed(segment, bytes -> flipped(bytes, bytes.length - 1)))
                        .get(NAMED),
                Act.of("a segment cut in half", changed(segment, bytes -> Arrays.copyOf(bytes, bytes.length / 2)))
                        .get(NAMED),
                Act.of(
                                "a byte appended to a segment",
                                changed(segment, bytes -> Arrays.copyOf(bytes, bytes.length + 1)))
                        .get(NAMED),
                Act.of("two segments swapped", swapped(segment, other))
                        .get(NAMED)
                        .push(GOOD),
                Act.of("a segment replaced by an older one", copied(other, segment))
                        .get(NAMED),
                Act.of("a segment removed from the middle", removed(segment))
                        .get(NAMED)
                        .push(GOOD),
                Act.of("a segment removed between the backup and the end", removed(late))
                        .push(GOOD)
                        .restore(NAMED),
                Act.of("a segment removed and noise put beside it as a second object", root -> {
                            Path again = root.resolve(segment + ".again.0123456789abcdef");
                            Files.move(root.resolve(segment), again);
                            Files.write(again, new byte[100]);
                        })
                        .get(NAMED),
                Act.of("a partial segment of noise beside a removed one", root -> {
                            Files.delete(root.resolve(segment));
                            Files.write(root.resolve(segment + ".partial.0123456789abcdef"), new byte[100]);
                        })
                        .get(NAMED),
                Act.of("the whole WAL removed while a backup needs it", tree(system.resolve("wal")))
                        .get(NAMED),
                Act.of("the last segment withheld, which nobody can see in one repository", removed(last))
                        .get(GOOD)
                        .restore(GOOD));
    }

    private List<Act> onNames() {
        return List.of(
                Act.of("the next segment's name squatted with noise", put(next, 300))
                        .get(GOOD)
                        .push(GOOD),
                Act.of("the next segment's name squatted with an older segment", copied(other, next))
                        .get(GOOD)
                        .push(GOOD),
                Act.of(
                                "the next segment's name squatted with a directory",
                                root -> Files.createDirectory(root.resolve(next)))
                        .push(GOOD),
                Act.of("a segment replaced by a link to a file of the host", root -> {
                            Files.delete(root.resolve(segment));
                            Files.createSymbolicLink(root.resolve(segment), Path.of("/etc/passwd"));
                        })
                        .get(NAMED),
                Act.of("a directory of WAL replaced by a link out of the repository", root -> {
                            Path elsewhere = root.resolveSibling("elsewhere");
                            Files.move(root.resolve(wal), elsewhere);
                            Files.createSymbolicLink(root.resolve(wal), elsewhere);
                        })
                        .get(NAMED),
                Act.of(
                                "noise under a far later segment's name",
                                root -> Files.write(
                                        root.resolve(wal).resolve("0000000100000000000000FF"), new byte[400]))
                        .get(GOOD)
                        .after(NAMED)
                        .push(GOOD),
                Act.of("noise as the history of a new timeline", put(system.resolve("wal/00000002.history"), 200))
                        .get(GOOD)
                        .push(GOOD),
                Act.of("noise under names that nobody reads", root -> {
                            put(Path.of("index/cache"), 100).on(root);
                            put(system.resolve("rival/00000001/noise"), 100).on(root);
                            put(Path.of("readme.txt"), 100).on(root);
                        })
                        .withoutEffect(),
                Act.of("objects of a system that is not the cluster's", put(Path.of("12345/wal/00000002.history"), 80))
                        .get(GOOD)
                        .push(GOOD));
    }

    private List<Act> onTheRoot() {
        return List.of(
                Act.of("the mount gone", root -> Files.move(root, root.resolveSibling("gone")))
                        .stopsEverything(),
                Act.of("an empty directory where the repository was mounted", root -> {
                            Files.move(root, root.resolveSibling("gone"));
                            Files.createDirectory(root);
                        })
                        .stopsEverything(),
                Act.of("tidemark.json removed", removed(Path.of("tidemark.json")))
                        .stopsEverything(),
                Act.of(
                                "another cluster's uuid in tidemark.json",
                                text(
                                        Path.of("tidemark.json"),
                                        json -> json.replaceFirst(
                                                "\"cluster\":\"[0-9a-f]{8}", "\"cluster\":\"00000000")))
                        .stopsEverything(),
                Act.of(
                                "a format number of the future in tidemark.json",
                                text(Path.of("tidemark.json"), json -> json.replace("\"format\":1", "\"format\":2")))
                        .stopsEverything(),
                Act.of(
                                "a key twice in tidemark.json",
                                text(
                                        Path.of("tidemark.json"),
                                        json -> json.replace("{\"format\":1", "{\"format\":1,\"format\":1")))
                        .stopsEverything(),
                Act.of("a tidemark.json that fills the memory", put(Path.of("tidemark.json"), 5_000_000))
                        .stopsEverything(),
                Act.of(
                                "another repository's id in tidemark.json",
                                text(
                                        Path.of("tidemark.json"),
                                        json -> json.replaceFirst(
                                                "\"repository\":\"[0-9a-f]{8}", "\"repository\":\"00000000")))
                        .withoutEffect());
    }

    private List<Act> onKeys() {
        Path first = Path.of("keys/00000001.json");
        Path second = Path.of("keys/00000002.json");
        return List.of(
                Act.of("the keyset removed", tree(Path.of("keys"))).stopsEverything(),
                Act.of("the keyset overwritten with noise", changed(first, bytes -> new byte[700]))
                        .stopsEverything(),
                Act.of(
                                "the keyset replaced by Mallory's own cluster's",
                                root -> Files.copy(
                                        victim.mallorysRoot().resolve(first),
                                        root.resolve(first),
                                        StandardCopyOption.REPLACE_EXISTING))
                        .stopsEverything(),
                Act.of("a generation of noise beside the good one", put(second, 500))
                        .withoutEffect(),
                Act.of("the good generation once more under the next number", copied(first, second))
                        .withoutEffect(),
                Act.of(
                                "a generation that was forged for the recovery key",
                                root -> Forgery.generation(victim.recoveryPublicKey(), root, root.resolve(second)))
                        .withoutEffect(),
                Act.of("a generation with the highest number there is", put(Path.of("keys/99999999.json"), 500))
                        .withoutEffect(),
                Act.of("a thousand generations of noise", root -> {
                            for (int number = 2; number <= 1001; number++) {
                                Files.write(root.resolve(String.format("keys/%08d.json", number)), new byte[20]);
                            }
                        })
                        .withoutEffect());
    }

    private List<Act> onBackups() {
        Path manifest = newer.resolve("manifest");
        return List.of(
                Act.of("a manifest removed", removed(manifest)).restore(NAMED),
                Act.of("one bit of a manifest flipped", changed(manifest, bytes -> flipped(bytes, bytes.length / 2)))
                        .restore(NAMED)
                        .push(GOOD),
                Act.of(
                                "an older backup's manifest under the newer one's name",
                                copied(older.resolve("manifest"), manifest))
                        .restore(NAMED),
                Act.of(
                                "packs of two backups swapped",
                                root -> swapped(firstPack(root, older), firstPack(root, newer))
                                        .on(root))
                        .restore(NAMED),
                Act.of("a pack removed", root -> Files.delete(root.resolve(firstPack(root, newer))))
                        .restore(NAMED),
                Act.of(
                                "a pack cut short",
                                root -> changed(firstPack(root, newer), bytes -> Arrays.copyOf(bytes, bytes.length - 1))
                                        .on(root))
                        .restore(NAMED),
                Act.of(
                                "one bit of a pack flipped",
                                root -> changed(firstPack(root, newer), bytes -> flipped(bytes, bytes.length / 2))
                                        .on(root))
                        .restore(NAMED),
                Act.of(
                                "a whole backup copied under a label of the future",
                                root -> Victim.copyTree(
                                        root.resolve(newer),
                                        root.resolve(system).resolve("backup/20991231T235959Z-abcdef")))
                        .get(GOOD)
                        .push(GOOD)
                        .restore(GOOD),
                Act.of("forged tombstones of both backups", root -> {
                            for (String label : victim.backups()) {
                                put(system.resolve("tombstone").resolve(label), 90)
                                        .on(root);
                                put(system.resolve("tombstone").resolve(label + ".decision"), 90)
                                        .on(root);
                            }
                        })
                        .withoutEffect(),
                Act.of("intents of noise under the newer backup", put(newer.resolve("intent/00000099"), 90))
                        .get(GOOD)
                        .after(ABSENT)
                        .restore(GOOD));
    }

    private static Path firstPack(Path root, Path backup) throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve(backup).resolve("pack"))) {
            return root.relativize(
                    all.filter(Files::isRegularFile).sorted().findFirst().orElseThrow());
        }
    }

    private static Meddling changed(Path object, UnaryOperator<byte[]> change) {
        return root -> {
            Path file = root.resolve(object);
            byte[] bytes = change.apply(Files.readAllBytes(file));
            Files.delete(file);
            Files.write(file, bytes);
        };
    }

    private static Meddling text(Path object, UnaryOperator<String> change) {
        return changed(object, bytes -> {
            String before = new String(bytes, StandardCharsets.UTF_8);
            String after = change.apply(before);
            if (after.equals(before)) {
                throw new AssertionError("the act does nothing to " + before);
            }
            return after.getBytes(StandardCharsets.UTF_8);
        });
    }

    private static Meddling swapped(Path one, Path another) {
        return root -> {
            Path aside = root.resolveSibling("aside");
            Files.move(root.resolve(one), aside);
            Files.move(root.resolve(another), root.resolve(one));
            Files.move(aside, root.resolve(another));
        };
    }

    private static Meddling copied(Path from, Path to) {
        return root -> Files.copy(root.resolve(from), root.resolve(to), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Meddling removed(Path object) {
        return root -> Files.delete(root.resolve(object));
    }

    private static Meddling tree(Path directory) {
        return root -> Files.move(root.resolve(directory), root.resolveSibling("removed"));
    }

    private static Meddling put(Path object, int length) {
        return root -> {
            Files.createDirectories(root.resolve(object).getParent());
            Files.write(root.resolve(object), new byte[length]);
        };
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }
}
