package io.tidemark.crypto.tde.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import io.tidemark.crypto.CryptoException;
import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.KeyMismatch;
import io.tidemark.crypto.SecretBytes;
import io.tidemark.crypto.UnknownTdeVersion;
import io.tidemark.crypto.tde.TdeSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every truncation and every flipped bit of every key file (of big ones a seeded quarter): a typed error, unless pg_tde itself cannot see it. What it cannot see is listed
 * here byte by byte; even then no key comes out that was not in the file.
 */
class DamagedKeyFilesTest {
    private static final int ALL = -1;
    private static final int SEED = 20261128;

    static List<TdeSet> sets() {
        return List.of(
                TdeSet.bundled("basic"),
                TdeSet.bundled("aes256"),
                TdeSet.all().get(2),
                TdeSet.all().get(3));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void relationKeys_withAnyBitFlipped_giveATypedErrorOrTheSameKeys(TdeSet set) {
        byte[] original = set.keyFile("5_keys");
        RelationKeyFile file = set.relationKeys();
        EntryLayout layout = EntryLayout.of(file.header().orElseThrow().version());
        BitSet unseen = new BitSet();
        unseen.set(4, 8);
        for (RelationKeyFile.Entry entry : file.entries()) {
            markUnseen(unseen, (int) entry.offset(), layout, entry.cipher());
            if (file.header().orElseThrow().version() == KeyFileVersion.TDE_3) {
                unseen.set((int) entry.offset() + 48, (int) entry.offset() + 64);
            }
        }
        try (SecretBytes principal = set.principalKey(file.header().orElseThrow())) {
            everyFlip(original, (at, changed) -> {
                Throwable thrown = catchThrowable(() -> relationKeys(changed, principal, at));
                if (unseen.get(at)) {
                    assertThat(thrown).as("byte %d", at).isNull();
                    assertThat(relationKeys(changed, principal, at)).isEqualTo(relationKeys(original, principal, at));
                } else {
                    assertTyped(thrown, at, changed.length);
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void walKeys_withAnyBitFlipped_giveATypedErrorOrNoOtherKeys(TdeSet set) {
        byte[] original = set.keyFile("wal_keys");
        WalKeyFile file = set.walKeys();
        boolean first = file.header().orElseThrow().version() == KeyFileVersion.WEK_1;
        EntryLayout layout = EntryLayout.of(file.header().orElseThrow().version());
        BitSet unseen = new BitSet();
        BitSet types = new BitSet();
        unseen.set(4, 8);
        for (WalKeyFile.Entry entry : file.entries()) {
            int at = (int) entry.offset();
            markUnseen(unseen, at, layout, entry.cipher());
            unseen.set(at + layout.place(), at + layout.place() + 16);
            types.set(at + layout.type());
            if (first) {
                unseen.set(at + 44, at + 48);
            }
        }
        try (SecretBytes principal = set.principalKey(file.header().orElseThrow())) {
            everyFlip(original, (at, changed) -> {
                Throwable thrown = catchThrowable(() -> walKeys(changed, principal, at));
                if (unseen.get(at)) {
                    assertThat(thrown).as("byte %d", at).isNull();
                    assertThat(walKeys(changed, principal, at)).isEqualTo(walKeys(original, principal, at));
                } else if (types.get(at) && thrown == null) {
                    assertThat(walKeys(changed, principal, at))
                            .as("byte %d: none, for that is how pg_tde makes a range invalid", at)
                            .isEmpty();
                } else {
                    assertTyped(thrown, at, changed.length);
                }
            });
        }
    }

    private static void markUnseen(BitSet unseen, int entry, EntryLayout layout, InternalKey.Cipher cipher) {
        unseen.set(entry + layout.baseIv(), entry + layout.baseIv() + 16);
        if (layout.knowsAes256()) {
            unseen.set(entry + layout.wrappedKey() + cipher.keyBytes(), entry + layout.bytes());
        }
    }

    private static void assertTyped(Throwable thrown, int at, int length) {
        assertThat(thrown)
                .as("byte %d", at)
                .isInstanceOfAny(DamagedTdeFile.class, KeyMismatch.class, UnknownTdeVersion.class);
        if (thrown.getClass() == DamagedTdeFile.class) {
            long offset = ((DamagedTdeFile) thrown).offset();
            assertThat(offset).as("of the damage at byte %d", at).isBetween(0L, (long) length);
            assertThat(at - offset)
                    .as("from where it is said to be, byte %d", at)
                    .isBetween(-104L, 104L);
            assertThat(thrown).hasMessageEndingWith("at byte " + offset);
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void keyFiles_cutAnywhere_giveATypedErrorOrTheEntriesBeforeTheCut(TdeSet set) {
        byte[] relations = set.keyFile("5_keys");
        byte[] wal = set.keyFile("wal_keys");
        PrincipalKeyHeader header = set.relationKeys().header().orElseThrow();
        try (SecretBytes database = set.principalKey(header);
                SecretBytes server = set.principalKey(set.walKeys().header().orElseThrow())) {
            everyCut(relations, EntryLayout.of(header.version()).bytes(), cut -> relationKeys(cut, database, ALL));
            everyCut(
                    wal,
                    EntryLayout.of(set.walKeys().header().orElseThrow().version())
                            .bytes(),
                    cut -> walKeys(cut, server, ALL));
        }
    }

    /** A cut between two entries is a shorter file, for the format has no count: the keys behind it are missing, and none is another. */
    private static void everyCut(byte[] original, int entryBytes, Reading reading) {
        List<String> all = reading.keys(original);
        for (int length = 0; length < original.length; length++) {
            byte[] cut = Arrays.copyOf(original, length);
            boolean whole = length == 0 || length >= 320 && (length - 320) % entryBytes == 0;
            if (whole) {
                List<String> keys = reading.keys(cut);
                assertThat(keys).isEqualTo(all.subList(0, keys.size()));
            } else {
                assertThat(catchThrowable(() -> reading.keys(cut)))
                        .as("length %d", length)
                        .isInstanceOf(DamagedTdeFile.class)
                        .extracting(thrown -> ((DamagedTdeFile) thrown).offset())
                        .satisfies(offset -> assertThat((long) offset).isBetween(0L, (long) cut.length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void readAsServer_ofAFileThatEndsWithinAnEntry_givesTheWholeEntries(TdeSet set) {
        byte[] relations = set.keyFile("5_keys");
        byte[] wal = set.keyFile("wal_keys");

        RelationKeyFile fewer = RelationKeyFile.readAsServer(ByteBuffer.wrap(relations, 0, relations.length - 1));
        WalKeyFile fewerRanges = WalKeyFile.readAsServer(ByteBuffer.wrap(wal, 0, wal.length - 1));

        assertThat(fewer.content()).isEqualTo(Arrays.copyOf(relations, fewer.content().length));
        assertThat(fewer.content().length).isBetween(relations.length - 96, relations.length - 1);
        assertThat(fewerRanges.entries()).hasSize(set.walKeys().entries().size() - 1);
    }

    /** Nothing in a provider file is authenticated: a changed byte is seen where it makes no sense, and else is another name or another path. */
    @ParameterizedTest
    @MethodSource("sets")
    void providers_withAnyBitFlipped_giveATypedErrorOrAreReadAsTheyStand(TdeSet set) {
        byte[] original = set.keyFile("1664_providers");
        everyFlip(original, (at, changed) -> {
            try {
                assertThat(ProviderFile.read(ByteBuffer.wrap(changed)).content())
                        .isEqualTo(changed);
            } catch (DamagedTdeFile damaged) {
                assertThat(damaged.offset()).isBetween(0L, (long) changed.length);
            }
        });
        for (int length = 1; length < original.length; length++) {
            byte[] cut = Arrays.copyOf(original, length);
            assertThat(catchThrowable(() -> ProviderFile.read(ByteBuffer.wrap(cut))))
                    .isInstanceOf(DamagedTdeFile.class);
        }
    }

    /** Of all entries, or of the one that holds this byte, or else of the first. */
    private static List<String> relationKeys(byte[] content, SecretBytes principal, int at) {
        RelationKeyFile file = RelationKeyFile.read(ByteBuffer.wrap(content));
        file.header().ifPresent(header -> header.verify(principal));
        List<String> keys = new ArrayList<>();
        for (RelationKeyFile.Entry entry : file.entries()) {
            if (!isAt(entry.offset(), at)) {
                continue;
            }
            try (InternalKey key = file.unwrap(entry, principal)) {
                keys.add(entry + " " + TdeSet.sha256(key.key()));
            }
        }
        return keys;
    }

    private static List<String> walKeys(byte[] content, SecretBytes principal, int at) {
        WalKeyFile file = WalKeyFile.read(ByteBuffer.wrap(content));
        file.header().ifPresent(header -> header.verify(principal));
        List<String> keys = new ArrayList<>();
        for (WalKeyFile.Entry entry : file.entries()) {
            if (isAt(entry.offset(), at) && entry.kind() != WalKeyFile.Kind.INVALID) {
                try (InternalKey key = file.unwrap(entry, principal)) {
                    keys.add(TdeSet.sha256(key.key()));
                }
            }
        }
        return keys;
    }

    private static boolean isAt(long entry, int at) {
        return at == ALL || Math.max(at, 320) >= entry && Math.max(at, 320) < entry + 104;
    }

    /** All of a small file; of a big one two in each byte, by a seed, and all where more effort is wanted. */
    private static void everyFlip(byte[] original, Flip flip) {
        boolean all = original.length < 800 || Integer.getInteger("tidemark.effort", 1) > 1;
        Random random = new Random(SEED);
        for (int bit = 0; bit < 8 * original.length; bit++) {
            if (!all && random.nextInt(4) != 0) {
                continue;
            }
            byte[] changed = original.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                flip.at(bit / 8, changed);
            } catch (CryptoException e) {
                fail("bit " + bit, e);
            }
        }
    }

    private interface Flip {
        void at(int at, byte[] changed);
    }

    private interface Reading {
        List<String> keys(byte[] content);
    }
}
