package io.tidemark.crypto;

import org.jspecify.annotations.Nullable;

/**
 * One of pg_tde's own files is not what pg_tde writes: cut, changed, or another file altogether. An integrity failure.
 * The message says what is wrong and ends with the place; the name of the file is known to the caller alone.
 */
public final class DamagedTdeFile extends CryptoException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /** @param offset in the file, of the first byte of what is wrong */
    public DamagedTdeFile(long offset, String what) {
        this(offset, what, null);
    }

    public DamagedTdeFile(long offset, String what, @Nullable Throwable cause) {
        super(what + ", at byte " + offset, cause);
        this.offset = offset;
    }

    /** Where in the file, in bytes. */
    public long offset() {
        return offset;
    }

    @Override
    public String code() {
        return "damaged-tde-file";
    }
}
