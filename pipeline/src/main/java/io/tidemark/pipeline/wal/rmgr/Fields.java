package io.tidemark.pipeline.wal.rmgr;

import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.RelFileLocator;
import io.tidemark.crypto.postgres.TimelineId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a C struct, one after the other, little-endian. Each says what it is, so that what does not fit has a name; all
 * numbers are unsigned where PostgreSQL's are.
 */
final class Fields {
    /** 2000-01-01, from which PostgreSQL counts. */
    private static final long EPOCH_SECONDS = 946_684_800;

    private static final long MICROSECONDS = 1_000_000;

    private final ByteBuffer in;

    /** What is there is not what the struct has. */
    static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String detail;

        /** Without a stack trace: hostile bytes shall not cost more than real ones. */
        Malformed(String detail) {
            super(detail, null, /* enableSuppression= */ false, /* writableStackTrace= */ false);
            this.detail = detail;
        }

        String detail() {
            return detail;
        }
    }

    Fields(ByteBuffer bytes) {
        this.in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    int remaining() {
        return in.remaining();
    }

    void requireEnd() {
        if (in.hasRemaining()) {
            throw new Malformed(in.remaining() + " bytes more than expected");
        }
    }

    int number(String what) {
        require(what, Integer.BYTES);
        return in.getInt();
    }

    long unsigned(String what) {
        return Integer.toUnsignedLong(number(what));
    }

    long wide(String what) {
        require(what, Long.BYTES);
        return in.getLong();
    }

    int shortNumber(String what) {
        require(what, Short.BYTES);
        return in.getShort() & 0xffff;
    }

    boolean flag(String what) {
        require(what, 1);
        return switch (in.get()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new Malformed(what + " is neither true nor false");
        };
    }

    Lsn lsn(String what) {
        return new Lsn(wide(what));
    }

    TimelineId timeline(String what) {
        int value = number(what);
        if (value == 0) {
            throw new Malformed(what + " is 0");
        }
        return new TimelineId(value);
    }

    /** A TimestampTz: microseconds. */
    Instant timestamp(String what) {
        long microseconds = wide(what);
        return Instant.ofEpochSecond(
                EPOCH_SECONDS + Math.floorDiv(microseconds, MICROSECONDS),
                Math.floorMod(microseconds, MICROSECONDS) * 1000);
    }

    /** A pg_time_t, and the seconds of a timeval: from 1970 on. */
    Instant seconds(String what) {
        long seconds = wide(what);
        if (seconds < Instant.MIN.getEpochSecond() || seconds > Instant.MAX.getEpochSecond()) {
            throw new Malformed(what + " is no time: " + seconds);
        }
        return Instant.ofEpochSecond(seconds);
    }

    RelFileLocator relation(String what) {
        long tablespace = unsigned(what);
        long database = unsigned(what);
        long number = unsigned(what);
        if (tablespace == 0 || number == 0) {
            throw new Malformed(what + " is " + tablespace + "/" + database + "/" + number);
        }
        return new RelFileLocator(tablespace, database, number);
    }

    /** As many as the number before them says, which is compared with what is there first. */
    List<RelFileLocator> relations(String what) {
        int number = count(what, 12);
        List<RelFileLocator> found = new ArrayList<>(number);
        for (int i = 0; i < number; i++) {
            found.add(relation(what));
        }
        return found;
    }

    /** How many elements follow; passes over them. */
    int passArray(String what, int bytesEach) {
        int number = count(what, bytesEach);
        skip(what, (long) number * bytesEach);
        return number;
    }

    private int count(String what, int bytesEach) {
        int number = number("number of " + what);
        if (number < 0 || (long) number * bytesEach > in.remaining()) {
            throw new Malformed(Integer.toUnsignedString(number) + " " + what + " in " + in.remaining() + " bytes");
        }
        return number;
    }

    /** Text in so many bytes, up to its first NUL, which has to be there. */
    String text(String what, int bytes) {
        require(what, bytes);
        int end = in.position();
        while (end < in.position() + bytes && in.get(end) != 0) {
            end++;
        }
        if (end == in.position() + bytes) {
            throw new Malformed(what + " does not end within " + bytes + " bytes");
        }
        // UTF-8 or whatever the database has: what is not, is replaced
        String text = StandardCharsets.UTF_8
                .decode(in.slice(in.position(), end - in.position()))
                .toString();
        in.position(in.position() + bytes);
        return text;
    }

    /** Text up to its NUL, whose length nothing says. */
    String text(String what) {
        int end = in.position();
        while (end < in.limit() && in.get(end) != 0) {
            end++;
        }
        return text(what, Math.min(end + 1, in.limit()) - in.position());
    }

    void skip(String what, long bytes) {
        require(what, bytes);
        in.position(in.position() + (int) bytes);
    }

    private void require(String what, long bytes) {
        if (bytes > in.remaining()) {
            throw new Malformed(what + " is cut off");
        }
    }
}
