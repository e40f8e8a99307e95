package io.tidemark.crypto.tde.relation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.postgres.ForkNumber;
import io.tidemark.crypto.tde.PageChecksum;
import io.tidemark.crypto.tde.TdeSet;
import io.tidemark.crypto.tde.keys.InternalKey;
import io.tidemark.crypto.tde.keys.RelationKeyFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of relations that servers wrote: each page opens to the one that was expected, and closes again to what lay there. */
class RelationsOfServersTest {
    private static final int PAGE = RelationCipher.PAGE_BYTES;
    private static final Pattern FILE = Pattern.compile("(\\d+)(_fsm|_vm|_init)?");

    static List<TdeSet> sets() {
        return TdeSet.all();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void relations_ofAServer_openToTheirPagesAndCloseAgain(TdeSet set) {
        RelationKeyFile keys = set.relationKeys();
        int opened = 0;
        try (SecretBytes principal = set.principalKey(keys.header().orElseThrow())) {
            for (String name : set.names("rel")) {
                byte[] file = set.file("rel/" + name);
                Optional<InternalKey> key = keys.find(1663, relation(name)).map(entry -> keys.unwrap(entry, principal));

                assertThat(key.isPresent())
                        .as("key of %s", name)
                        .isEqualTo(manifest(set, name).get("encrypted").getAsBoolean());
                if (key.isPresent()) {
                    Opened pages = open(key.get(), fork(name), file);
                    assertThat(Arrays.equals(pages.plain, set.expected(name)))
                            .as(name)
                            .isTrue();
                    assertThat(Arrays.equals(close(key.get(), fork(name), pages), file))
                            .as(name)
                            .isTrue();
                    assertZeroPages(set, name, pages);
                    key.get().close();
                    opened++;
                } else {
                    assertThat(file).isEqualTo(set.expected(name));
                }
            }
        }
        assertThat(opened).isPositive();
    }

    private static void assertZeroPages(TdeSet set, String name, Opened pages) {
        JsonObject facts = manifest(set, name);
        if (facts.has("plain_zero_blocks")) {
            List<Integer> zeros = IntStream.range(0, pages.forms.size())
                    .filter(block -> pages.forms.get(block) == PageForm.PLAIN_ZEROS)
                    .boxed()
                    .toList();
            assertThat(zeros)
                    .hasToString(
                            facts.getAsJsonArray("plain_zero_blocks").toString().replace(",", ", "));
            assertThat(pages.forms).doesNotContain(PageForm.PLAIN_AFTER_ZEROS);
        }
    }

    private static JsonObject manifest(TdeSet set, String name) {
        return set.manifest("files").stream()
                .filter(file -> file.get("path").getAsString().equals("rel/" + name))
                .findFirst()
                .orElseThrow();
    }

    /** A key that belongs to another relation, or a base IV of which a bit was changed, gives pages that say so by their checksum. */
    @ParameterizedTest
    @MethodSource("sets")
    void pages_underAnotherRelationsKeyOrAChangedBaseIv_haveNoChecksum(TdeSet set) {
        RelationKeyFile keys = set.relationKeys();
        String name = set.names("rel").get(0);
        byte[] file = set.file("rel/" + name);
        try (SecretBytes principal = set.principalKey(keys.header().orElseThrow())) {
            assertThat(PageChecksum.verifies(set.expected(name), 0, 0)).isTrue();
            for (RelationKeyFile.Entry entry : keys.entries()) {
                try (InternalKey key = keys.unwrap(entry, principal)) {
                    boolean itsOwn = entry.relation() == relation(name);
                    assertThat(PageChecksum.verifies(open(key, fork(name), file).plain, 0, 0))
                            .isEqualTo(itsOwn);
                    for (int bit = 0; itsOwn && bit < 128; bit++) {
                        byte[] iv = key.baseIv();
                        iv[bit / 8] ^= (byte) (1 << bit % 8);
                        try (InternalKey changed = InternalKey.of(key.key(), iv)) {
                            assertThat(PageChecksum.verifies(open(changed, fork(name), file).plain, 0, 0))
                                    .as("bit %d", bit)
                                    .isFalse();
                        }
                    }
                }
            }
        }
    }

    /** The whole base backup: of each file of a relation in its database either the pages verify as they are, or there is a key and they do when opened. */
    @Test
    void cluster_ofTheFixtures_hasAKeyForEachFileWhosePagesAreNotPlain() {
        assumeTrue(TdeSet.fixturesArePresent(), TdeSet.ABSENT);
        Path root = TdeSet.fixtures().resolve("cluster");
        TdeSet cluster = new TdeSet(root, "pg_tde-at-end");
        Map<String, byte[]> files = tar(TdeSet.unpacked(root.resolve("base.tar.zst")));
        RelationKeyFile keys = RelationKeyFile.read(ByteBuffer.wrap(files.get("pg_tde/5_keys")));
        int encrypted = 0;
        int plain = 0;
        try (SecretBytes principal = cluster.principalKey(keys.header().orElseThrow())) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                String name =
                        file.getKey().startsWith("base/5/") ? file.getKey().substring(7) : "";
                if (!FILE.matcher(name).matches() || file.getValue().length == 0) {
                    continue;
                }
                Optional<RelationKeyFile.Entry> entry = keys.find(1663, relation(name));
                if (entry.isEmpty()) {
                    assertPagesVerify(name, file.getValue());
                    plain++;
                    continue;
                }
                try (InternalKey key = keys.unwrap(entry.get(), principal)) {
                    Opened pages = open(key, fork(name), file.getValue());
                    assertPagesVerify(name, pages.plain);
                    assertThat(Arrays.equals(close(key, fork(name), pages), file.getValue()))
                            .as(name)
                            .isTrue();
                    encrypted++;
                }
            }
        }
        assertThat(encrypted).isEqualTo(9);
        assertThat(plain).isGreaterThan(100);
    }

    private static void assertPagesVerify(String name, byte[] file) {
        for (int block = 0; block < file.length / PAGE; block++) {
            boolean zeros = Arrays.equals(file, block * PAGE, (block + 1) * PAGE, new byte[PAGE], 0, PAGE);
            assertThat(zeros || PageChecksum.verifies(file, block * PAGE, block))
                    .as("block %d of %s", block, name)
                    .isTrue();
        }
    }

    private static Opened open(InternalKey key, ForkNumber fork, byte[] file) {
        byte[] plain = new byte[file.length];
        List<PageForm> forms = new ArrayList<>();
        try (RelationCipher cipher = new RelationCipher(key)) {
            ByteBuffer from = ByteBuffer.wrap(file);
            ByteBuffer to = ByteBuffer.wrap(plain);
            while (from.hasRemaining()) {
                forms.add(cipher.decrypt(fork, forms.size(), from, to));
            }
        }
        return new Opened(plain, forms);
    }

    private static byte[] close(InternalKey key, ForkNumber fork, Opened pages) {
        byte[] file = pages.plain.clone();
        try (RelationCipher cipher = new RelationCipher(key)) {
            for (int block = 0; block < pages.forms.size(); block++) {
                if (pages.forms.get(block) == PageForm.ENCRYPTED) {
                    ByteBuffer page = ByteBuffer.wrap(file, block * PAGE, PAGE);
                    cipher.encrypt(fork, block, page.duplicate(), page);
                }
            }
        }
        return file;
    }

    private static long relation(String name) {
        Matcher matcher = FILE.matcher(name);
        assertThat(matcher.matches()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static ForkNumber fork(String name) {
        Matcher matcher = FILE.matcher(name);
        assertThat(matcher.matches()).isTrue();
        return ForkNumber.ofSuffix(matcher.group(2) == null ? "" : matcher.group(2));
    }

    /** Regular files of a tar as PostgreSQL writes it: short names, sizes in octal. */
    private static Map<String, byte[]> tar(byte[] archive) {
        Map<String, byte[]> files = new TreeMap<>();
        for (int at = 0; archive[at] != 0; ) {
            String name = text(archive, at, 100);
            int size = Integer.parseInt(text(archive, at + 124, 11), 8);
            if (archive[at + 156] == '0') {
                files.put(name, Arrays.copyOfRange(archive, at + 512, at + 512 + size));
            }
            at += 512 + (size + 511) / 512 * 512;
        }
        return files;
    }

    private static String text(byte[] archive, int at, int length) {
        String field = new String(archive, at, length, US_ASCII);
        int end = field.indexOf('\0');
        return (end < 0 ? field : field.substring(0, end)).strip();
    }

    private static final class Opened {
        private final byte[] plain;
        private final List<PageForm> forms;

        private Opened(byte[] plain, List<PageForm> forms) {
            this.plain = plain;
            this.forms = forms;
        }
    }
}
