package io.tidemark.pipeline.postgres;

import io.netty.buffer.ByteBuf;
import io.tidemark.crypto.postgres.Lsn;
import io.tidemark.crypto.postgres.TimelineId;
import io.tidemark.pipeline.config.PostgresFailed;
import io.tidemark.pipeline.postgres.BaseBackupMessage.TablespaceEntry;
import io.tidemark.pipeline.postgres.message.BackendMessage;
import io.tidemark.pipeline.postgres.message.ErrorFields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The messages that answer BASE_BACKUP: a row with the start, rows with the tablespaces, CopyOut with archives and the manifest, a row
 * with the end. What is out of order is refused. Source: PostgreSQL 17, Streaming Replication Protocol, BASE_BACKUP.
 */
final class BaseBackupAnswer {
    private static final int MOST_TABLESPACES = 100_000;

    private final String where;
    private final List<TablespaceEntry> tablespaces = new ArrayList<>();
    private State state = State.START;
    private Content content = Content.NONE;
    private @Nullable QueryAnswer rows;
    private BaseBackupMessage.@Nullable Begun begun;

    private enum State {
        START,
        TABLESPACES,
        COPY_EXPECTED,
        COPY,
        END,
        ENDED
    }

    /** What the bytes belong to. */
    private enum Content {
        NONE,
        ARCHIVE,
        MANIFEST
    }

    BaseBackupAnswer(String where) {
        this.where = where;
    }

    /** What the message means, where it means something by itself. Takes the message; the bytes of Data are given. */
    Optional<BaseBackupMessage> next(BackendMessage message) {
        return switch (message.kind()) {
            case COLUMNS, ROW -> {
                yield row(message);
            }
            case COMMAND_COMPLETE -> {
                rows = null;
                if (state == State.TABLESPACES && !tablespaces.isEmpty()) {
                    state = State.COPY_EXPECTED;
                    yield Optional.of(begun());
                }
                yield Optional.empty();
            }
            case COPY_OUT -> {
                require(state == State.COPY_EXPECTED, message);
                state = State.COPY;
                yield Optional.empty();
            }
            case COPY_DATA -> {
                require(state == State.COPY, message);
                yield Optional.of(copied(((BackendMessage.CopyData) message).data()));
            }
            case COPY_DONE -> {
                require(state == State.COPY, message);
                state = State.END;
                yield Optional.empty();
            }
            case NOTICE -> Optional.of(noticed(((BackendMessage.NoticeResponse) message).notice()));
            case PARAMETER, NOTIFICATION, KEY_DATA -> Optional.empty();
            case AUTHENTICATION, NEGOTIATION, READY, EMPTY_QUERY, ERROR -> throw outOfOrder(message);
        };
    }

    private static BaseBackupMessage noticed(ErrorFields notice) {
        return new BaseBackupMessage.Noticed(new ServerNotice(
                notice.severity(), notice.sqlState(), notice.message(), notice.detail(), notice.hint()));
    }

    /** Throws unless all of it came. */
    void requireEnd() {
        if (state != State.ENDED) {
            throw new PostgresFailed(
                    "the base backup from " + where + " ended too early: " + state + " was where it stood");
        }
    }

    private Optional<BaseBackupMessage> row(BackendMessage message) {
        if (rows == null) {
            rows = new QueryAnswer("BASE_BACKUP on " + where);
        }
        QueryResult.Row row = rows.row(message).orElse(null);
        if (row == null) {
            return Optional.empty();
        }
        try {
            return meaning(row, message);
        } catch (IllegalArgumentException e) {
            throw new PostgresFailed(
                    "the base backup from " + where + " has a row that cannot be read: " + e.getMessage(), e);
        }
    }

    private Optional<BaseBackupMessage> meaning(QueryResult.Row row, BackendMessage message) {
        switch (state) {
            case START -> {
                begun = new BaseBackupMessage.Begun(position(row), timeline(row), List.of());
                state = State.TABLESPACES;
                return Optional.empty();
            }
            case TABLESPACES -> {
                require(tablespaces.size() < MOST_TABLESPACES, message);
                tablespaces.add(new TablespaceEntry(
                        number(row.text("spcoid")), row.text("spclocation"), number(row.text("size"))));
                return Optional.empty();
            }
            case END -> {
                state = State.ENDED;
                return Optional.of(new BaseBackupMessage.Ended(position(row), timeline(row)));
            }
            case COPY_EXPECTED, COPY, ENDED -> throw outOfOrder(message);
        }
        throw new IllegalStateException("no such state: " + state);
    }

    private static Lsn position(QueryResult.Row row) {
        return Lsn.parse(present(row, "recptr"));
    }

    private static TimelineId timeline(QueryResult.Row row) {
        return TimelineId.of(Long.parseLong(present(row, "tli")));
    }

    private static String present(QueryResult.Row row, String column) {
        String text = row.text(column);
        if (text == null) {
            throw new IllegalArgumentException(column + " is null");
        }
        return text;
    }

    private static @Nullable Long number(@Nullable String text) {
        return text == null ? null : Long.valueOf(text);
    }

    private BaseBackupMessage.Begun begun() {
        if (begun == null) {
            throw new IllegalStateException("tablespaces before the start");
        }
        return new BaseBackupMessage.Begun(begun.start(), begun.timeline(), tablespaces);
    }

    private BaseBackupMessage copied(ByteBuf data) {
        byte type = data.isReadable() ? data.readByte() : 0;
        if (type == 'd' && content != Content.NONE) {
            return new BaseBackupMessage.Data(data);
        }
        try {
            return switch (type) {
                case 'n' -> {
                    require(content != Content.MANIFEST, "an archive behind the manifest");
                    content = Content.ARCHIVE;
                    yield new BaseBackupMessage.ArchiveBegun(text(data), text(data));
                }
                case 'm' -> {
                    require(content == Content.ARCHIVE, "a manifest without an archive, or a second one");
                    content = Content.MANIFEST;
                    yield new BaseBackupMessage.ManifestBegun();
                }
                case 'p' -> {
                    require(data.readableBytes() == Long.BYTES, "a progress report of another length");
                    yield new BaseBackupMessage.Progressed(data.readLong());
                }
                case 'd' -> throw violation("data that belong to no archive");
                default -> throw violation("CopyData of type 0x" + Integer.toHexString(type & 0xff));
            };
        } finally {
            data.release();
        }
    }

    private String text(ByteBuf data) {
        int length = data.bytesBefore((byte) 0);
        require(length >= 0, "a text without its end");
        String text = data.toString(data.readerIndex(), length, StandardCharsets.UTF_8);
        data.skipBytes(length + 1);
        return text;
    }

    private void require(boolean condition, BackendMessage message) {
        if (!condition) {
            throw outOfOrder(message);
        }
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw violation(otherwise);
        }
    }

    private PostgresFailed outOfOrder(BackendMessage message) {
        message.discard();
        return violation(message.kind() + " at " + state);
    }

    private PostgresFailed violation(String what) {
        return new PostgresFailed("the base backup from " + where + " is not PostgreSQL's protocol: " + what);
    }
}
