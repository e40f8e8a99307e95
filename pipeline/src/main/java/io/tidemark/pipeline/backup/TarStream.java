package io.tidemark.pipeline.backup;

import io.tidemark.pipeline.config.IntegrityFailed;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One tar archive, read as it comes, cut anywhere: {@code (header 512 ‖ content ‖ zeros up to a multiple of 512)… ‖ two blocks of
 * zeros}. Holds a header at most. For one thread at a time.
 */
final class TarStream {
    private static final int BLOCK = TarEntry.HEADER_BYTES;
    private static final int END_BYTES = 2 * BLOCK;
    /** What other writers fill their last record up to. */
    private static final int MAX_END_BYTES = 20 * BLOCK;

    private final String where;
    private final ByteBuffer header = ByteBuffer.allocate(BLOCK);
    private State state = State.HEADER;
    private long contentLeft;
    private int paddingLeft;
    private long endBytes;
    private @Nullable TarEntry current;

    private enum State {
        HEADER,
        CONTENT,
        PADDING,
        END
    }

    /** What is found next in the bytes that were given. */
    enum Found {
        /** A member begins: {@link #entry}. */
        ENTRY,
        /** Content of the member lies in the buffer: {@link #contentIn} says how much. */
        CONTENT,
        /** The buffer is used up. */
        NOTHING
    }

    /** @param where names the archive in messages */
    TarStream(String where) {
        this.where = where;
    }

    /**
     * Goes on through the buffer to the next thing that matters. After {@link Found#CONTENT} the caller takes {@link #contentIn} bytes
     * out of the buffer, and says so with {@link #took}.
     *
     * @param in lent; its position moves
     * @throws IntegrityFailed where this is no archive
     */
    Found next(ByteBuffer in) {
        while (in.hasRemaining()) {
            switch (state) {
                case HEADER -> {
                    if (headerEnded(in)) {
                        return Found.ENTRY;
                    }
                }
                case CONTENT -> {
                    return Found.CONTENT;
                }
                case PADDING -> skipPadding(in);
                case END -> requireZeros(in, in.remaining());
            }
        }
        return Found.NOTHING;
    }

    /** The member that is being read. */
    TarEntry entry() {
        if (current == null) {
            throw new IllegalStateException("no member of " + where + " has begun");
        }
        return current;
    }

    /** How many of the buffer's bytes are content of the member. */
    int contentIn(ByteBuffer in) {
        return (int) Math.min(contentLeft, in.remaining());
    }

    void took(int length) {
        contentLeft -= length;
        if (contentLeft == 0) {
            state = paddingLeft > 0 ? State.PADDING : State.HEADER;
        }
    }

    /** @throws IntegrityFailed where the archive has no end */
    void requireEnd() {
        if (state != State.END || endBytes < END_BYTES) {
            throw new IntegrityFailed(where + " ends in the middle");
        }
    }

    private boolean headerEnded(ByteBuffer in) {
        int length = Math.min(header.remaining(), in.remaining());
        header.put(in.slice().limit(length));
        in.position(in.position() + length);
        if (header.hasRemaining()) {
            return false;
        }
        header.flip();
        if (isZero(header)) {
            endBytes = BLOCK;
            state = State.END;
            return false;
        }
        TarEntry entry = TarEntry.parse(header, where);
        header.clear();
        current = entry;
        contentLeft = entry.size();
        paddingLeft = (int) (-contentLeft & (BLOCK - 1));
        state = contentLeft > 0 ? State.CONTENT : State.HEADER;
        return true;
    }

    private void skipPadding(ByteBuffer in) {
        int length = Math.min(paddingLeft, in.remaining());
        in.position(in.position() + length);
        paddingLeft -= length;
        if (paddingLeft == 0) {
            state = State.HEADER;
        }
    }

    private void requireZeros(ByteBuffer in, int length) {
        if (endBytes + length > MAX_END_BYTES || !isZero(in.slice().limit(length))) {
            throw new IntegrityFailed(where + " goes on after its end");
        }
        in.position(in.position() + length);
        endBytes += length;
    }

    private static boolean isZero(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
