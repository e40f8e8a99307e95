package io.tidemark.pipeline.catalog.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FilePathTest {
    private static final long SEED = 20261127;

    @Test
    void t118_oddNames_haveOneEscapedFormAndComeBack() {
        assertThat(FilePath.ofBytes(bytes("a b'\"\\ü%", 0x0a, 0x7f, 0xff, 0xc3)).toString())
                .isEqualTo("a b'\"\\ü%25%0a%7f%ff%c3");
    }

    @Test
    void t118_randomBytes_comeBackFromTheirEscapedForm() {
        Random random = new Random(SEED);

        for (int i = 0; i < 2000; i++) {
            byte[] raw = new byte[1 + random.nextInt(40)];
            random.nextBytes(raw);
            for (int j = 0; j < raw.length; j++) {
                raw[j] = raw[j] == 0 || raw[j] == '/' ? (byte) 'x' : raw[j];
            }
            raw[0] = 'a';
            FilePath path = FilePath.ofBytes(raw);
            assertThat(FilePath.parse(path.toString()))
                    .as("seed %d, round %d: %s", SEED, i, Arrays.toString(raw))
                    .isEqualTo(path);
        }
    }

    @Test
    void t118_namesOnDisk_keepEveryByte(@TempDir Path root) throws Exception {
        FilePath odd = FilePath.ofBytes(bytes("d\n'\"%41 ü", 0xff, 0xfe));
        FilePath below = odd.child(FilePath.ofBytes(bytes("x", 0xc3, 0x28)));

        Files.createDirectory(odd.under(root));
        Files.writeString(below.under(root), "here");

        try (Stream<Path> found = Files.list(odd.under(root))) {
            List<FilePath> names = found.map(FilePath::nameOf).toList();
            assertThat(names).containsExactly(FilePath.ofBytes(bytes("x", 0xc3, 0x28)));
        }
        try (Stream<Path> found = Files.list(root)) {
            assertThat(found.map(FilePath::nameOf)).containsExactly(odd);
        }
    }

    @Test
    void t118_linkTargets_keepEveryByte(@TempDir Path root) throws Exception {
        FilePath odd = FilePath.ofBytes(bytes("t", 0xff));
        Path absolute = odd.under(root);
        Files.createSymbolicLink(root.resolve("absolute"), absolute);
        Files.createSymbolicLink(root.resolve("relative"), Path.of("../somewhere"));

        assertThat(LinkTarget.ofLink(root.resolve("absolute")).toPath()).isEqualTo(absolute);
        assertThat(LinkTarget.ofLink(root.resolve("absolute")).toString()).endsWith("/t%ff");
        assertThat(LinkTarget.ofLink(root.resolve("relative"))).hasToString("../somewhere");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/a", "a/", "a//b", ".", "..", "a/.", "a/../b", "./a", "%", "a%0", "%zz", "a%00", "%41", "%FF"
            })
    void parse_whatIsNoPathOrNotItsEscapedForm_isRefusedByName(String text) {
        assertThatThrownBy(() -> FilePath.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text);
    }

    @Test
    void compareTo_ordersByUnsignedBytes() {
        List<FilePath> ordered = List.of(
                FilePath.of("a"),
                FilePath.of("a-b"),
                FilePath.of("a/b"),
                FilePath.of("ab"),
                FilePath.of("ü"),
                FilePath.parse("%ff"));

        assertThat(ordered).isSorted();
    }

    @Test
    void relations_betweenPaths_areOfWholeParts() {
        FilePath base = FilePath.of("base");

        assertThat(FilePath.of("base/5").isDirectlyBelow(base)).isTrue();
        assertThat(FilePath.of("base/5/1").isDirectlyBelow(base)).isFalse();
        assertThat(FilePath.of("base/5/1").isBelow(base)).isTrue();
        assertThat(FilePath.of("base5").isBelow(base)).isFalse();
        assertThat(FilePath.of("base/5/1").name()).isEqualTo("1");
        assertThat(base.isAtTop()).isTrue();
    }

    static byte[] bytes(String text, int... more) {
        byte[] start = text.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(start, start.length + more.length);
        for (int i = 0; i < more.length; i++) {
            all[start.length + i] = (byte) more[i];
        }
        return all;
    }
}
