package io.tidemark.pipeline.catalog.manifest;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Eight bytes for each whole page of a file: HMAC-SHA-256 of the plain page, cut short, under a key derived from the
 * root key. A page is taken for unchanged exactly when its eight bytes are the same (docs/FORMAT.md section 5).
 */
public final class PageList {
    /** A file of more pages than this has no list; an incremental backup takes all of it for changed. */
    public static final int MAX_PAGES = 1 << 20;

    private final byte[] digests;

    private PageList(byte[] digests) {
        this.digests = digests;
    }

    /** The digests one after the other, as many pages as there are longs. */
    public static PageList of(long... digests) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(digests.length, Long.BYTES));
        bytes.asLongBuffer().put(digests);
        return ofBytes(bytes);
    }

    /** Takes a copy of what remains of {@code digests}: eight bytes a page. */
    public static PageList ofBytes(ByteBuffer digests) {
        byte[] copy = new byte[digests.remaining()];
        digests.duplicate().get(copy);
        if (copy.length % Long.BYTES != 0) {
            throw new IllegalArgumentException("page list of " + copy.length + " bytes, expected eight a page");
        }
        return new PageList(copy);
    }

    static PageList ofBase64(String text) {
        return ofBytes(ByteBuffer.wrap(Base64.getDecoder().decode(text)));
    }

    String base64() {
        return Base64.getEncoder().encodeToString(digests);
    }

    public int size() {
        return digests.length / Long.BYTES;
    }

    /** The digest of one page, its first byte the highest. */
    public long get(int page) {
        return ByteBuffer.wrap(digests).getLong(page * Long.BYTES);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PageList list && Arrays.equals(digests, list.digests);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digests);
    }

    @Override
    public String toString() {
        return "PageList[" + size() + " pages]";
    }
}
