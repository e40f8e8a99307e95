package io.tidemark.it.mallory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.it.mallory.Act.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Each act of Mallory's ends in a named error or has no effect: never foreign bytes in a data directory, never a wrong
 * "absent", never a bug (invariants 2, 3 and 6).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalloryTest {
    private static final int LEAST_ACTS = 30;

    private Victim victim;
    private List<Act> acts;
    private Path golden;
    private Map<String, String> restored;

    @BeforeAll
    void live() throws IOException, SQLException {
        victim = new Victim();
        victim.live();
        Path untouched = victim.copy();
        acts = new Acts(victim, untouched.resolve("prod")).all();
        golden = victim.kept("golden");
        Victim.succeed(restore(untouched, golden));
        restored = tree(golden);
    }

    @AfterAll
    void end() {
        victim.close();
    }

    @Test
    void acts_areAsManyAsPromisedAndEachHasItsName() {
        assertThat(acts)
                .hasSizeGreaterThanOrEqualTo(LEAST_ACTS)
                .extracting(Act::name)
                .doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> act_whateverMalloryDoes_endsInANamedErrorOrHasNoEffect() {
        return acts.stream().map(act -> DynamicTest.dynamicTest(act.name(), () -> play(act)));
    }

    private void play(Act act) throws IOException {
        try {
            probe(act, victim.copy());
        } finally {
            victim.clean();
        }
    }

    private void probe(Act act, Path repository) throws IOException {
        act.meddling().on(repository.resolve("prod"));

        Path middle = victim.archived().get(victim.archived().size() / 2);
        Path next = victim.next();
        expect(act, "archive-get", act.get(), get(repository, middle));
        expect(act, "archive-get behind the end", act.after(), get(repository, next));
        expect(act, "restore", act.restore(), restored(repository));
        Probe pushed = push(repository, next);
        expect(act, "archive-push", act.push(), pushed);
        if (pushed.result() == Result.GOOD) {
            expect(act, "archive-get of what was pushed", Set.of(Result.GOOD), get(repository, next));
        }
        Bench.Answer info = victim.run(repository, "info", "--json");
        assertThat(info.exit()).as("info after %s: %s", act, info.said()).isNotEqualTo(70);
    }

    private static void expect(Act act, String what, Set<Result> allowed, Probe probe) {
        assertThat(allowed).as("%s, then %s: %s", act, what, probe.said()).contains(probe.result());
    }

    private record Probe(Result result, String said) {}

    private Probe get(Path repository, Path original) throws IOException {
        Path to = victim.fresh("got");
        Bench.Answer answer =
                victim.run(repository, "archive-get", original.getFileName().toString(), to.toString());
        return switch (answer.exit()) {
            case 0 -> {
                assertThat(to).as(answer.said()).hasSameBinaryContentAs(original);
                yield new Probe(Result.GOOD, answer.said());
            }
            case 64 -> {
                assertThat(to).doesNotExist();
                yield new Probe(Result.ABSENT, answer.said());
            }
            case 205 -> {
                assertThat(to).as("left behind in doubt").doesNotExist();
                yield named(answer);
            }
            default -> throw new AssertionError("exit " + answer.exit() + ": " + answer.said());
        };
    }

    private Probe push(Path repository, Path file) {
        Bench.Answer answer = victim.run(repository, "archive-push", file.toString());
        return answer.exit() == 0 ? new Probe(Result.GOOD, answer.said()) : named(answer);
    }

    private Bench.Answer restore(Path repository, Path to) {
        return victim.run(
                repository,
                "restore",
                "--to",
                to.toString(),
                "--backup",
                victim.backups().get(1),
                "--latest");
    }

    /** Whatever lies in the directory afterwards is what lay in the victim's, or the beginning of it. */
    private Probe restored(Path repository) throws IOException {
        Path to = victim.fresh("restored");
        Bench.Answer answer = restore(repository, to);
        if (answer.exit() == 0) {
            assertThat(tree(to)).as(answer.said()).isEqualTo(restored);
            return new Probe(Result.GOOD, answer.said());
        }
        if (Files.exists(to)) {
            for (String name : tree(to).keySet()) {
                // restore's own mark of a directory that is not finished
                if (!name.equals("tidemark.restore")) {
                    assertPartOfGolden(to, name, answer);
                }
            }
        }
        return named(answer);
    }

    private void assertPartOfGolden(Path to, String name, Bench.Answer answer) throws IOException {
        assertThat(restored).as(answer.said()).containsKey(name);
        byte[] found = Files.readAllBytes(to.resolve(name));
        byte[] whole = Files.readAllBytes(golden.resolve(name));
        assertThat(found.length).as(name).isLessThanOrEqualTo(whole.length);
        for (int i = 0; i < found.length; i++) {
            if (found[i] != whole[i] && found[i] != 0) {
                throw new AssertionError("foreign byte at " + i + " of " + name + " after " + answer.said());
            }
        }
    }

    private static Probe named(Bench.Answer answer) {
        assertThat(answer.exit()).as(answer.said()).isNotEqualTo(70);
        assertThat(answer.said()).as("an error without words").containsPattern("tidemark: .{10}");
        return new Probe(Result.NAMED, answer.said());
    }

    /** Path and SHA-256 of each file; the settings name the repository's place, which differs, and are left out. */
    private static Map<String, String> tree(Path directory) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String name = directory.relativize(file).toString();
                if (!name.equals("postgresql.auto.conf")) {
                    tree.put(name, sha256(file));
                }
            }
        }
        return tree;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
