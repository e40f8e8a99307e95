package io.tidemark.crypto.tde.keys;

import io.tidemark.crypto.DamagedTdeFile;
import io.tidemark.crypto.SecretBytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the two kinds of key files have in common: a header, then entries of one size without a count, as many as there are. A file without a
 * byte is one that has no header yet, and legal.
 */
final class KeyFileContent {
    /** What is done with bytes behind the last whole entry. */
    enum Fragment {
        REFUSED,
        /** As pg_tde does: a server that died while it appended leaves one, and writes its next entry over it. */
        IGNORED
    }

    static final KeyFileContent EMPTY = new KeyFileContent(null, List.of());

    private final @Nullable PrincipalKeyHeader header;
    private final List<KeyEntry> entries;

    private KeyFileContent(@Nullable PrincipalKeyHeader header, List<KeyEntry> entries) {
        this.header = header;
        this.entries = entries;
    }

    static KeyFileContent read(ByteBuffer lent, String letters, Fragment fragment) {
        byte[] content = Content.copy(lent);
        if (content.length == 0) {
            return EMPTY;
        }
        PrincipalKeyHeader header = PrincipalKeyHeader.read(content, letters);
        EntryLayout layout = EntryLayout.of(header.version());
        int left = (content.length - PrincipalKeyHeader.BYTES) % layout.bytes();
        if (left != 0 && fragment == Fragment.REFUSED) {
            throw new DamagedTdeFile(
                    content.length - left, "entry of " + left + " bytes, which is cut: it has " + layout.bytes());
        }
        List<KeyEntry> entries = new ArrayList<>();
        for (int at = PrincipalKeyHeader.BYTES; at + layout.bytes() <= content.length; at += layout.bytes()) {
            entries.add(KeyEntry.read(layout, content, at));
        }
        return new KeyFileContent(header, List.copyOf(entries));
    }

    static KeyFileContent of(PrincipalKeyHeader header, List<KeyEntry> entries) {
        int bytes = EntryLayout.of(header.version()).bytes();
        List<KeyEntry> placed = new ArrayList<>();
        for (KeyEntry entry : entries) {
            placed.add(entry.movedTo(PrincipalKeyHeader.BYTES + (long) bytes * placed.size()));
        }
        return new KeyFileContent(header, List.copyOf(placed));
    }

    Optional<PrincipalKeyHeader> header() {
        return Optional.ofNullable(header);
    }

    List<KeyEntry> entries() {
        return entries;
    }

    /** The header first, then the entry: so a wrong key and a changed entry are told apart. */
    InternalKey unwrap(KeyEntry entry, SecretBytes principalKey) {
        if (header == null) {
            throw new IllegalStateException("an entry of a file that has none");
        }
        header.verify(principalKey);
        return entry.unwrap(principalKey);
    }

    byte[] bytes() {
        if (header == null) {
            return new byte[0];
        }
        ByteBuffer file = ByteBuffer.allocate(PrincipalKeyHeader.BYTES
                + Math.multiplyExact(
                        entries.size(), EntryLayout.of(header.version()).bytes()));
        file.put(header.content());
        entries.forEach(entry -> entry.writeTo(file));
        return file.array();
    }
}
