package io.tidemark.pipeline.postgres.message;

import io.netty.buffer.ByteBuf;
import io.tidemark.pipeline.config.PostgresFailed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message after the other: type (1 byte) ‖ length (4 bytes, itself included) ‖ body. The length is compared with the type's
 * limit before anything is kept. Where the body is not what the type says, {@link PostgresFailed} tells what and how much of it.
 */
public final class MessageReader {
    private static final int HEADER_BYTES = 5;
    private static final int LENGTH_BYTES = 4;
    private static final int MOST_COLUMNS = 1664; // PostgreSQL's own limit of a target list

    private final String where;

    /** @param where the server is, for messages */
    public MessageReader(String where) {
        this.where = where;
    }

    /** The next message, or null where it is not whole yet; bytes are consumed only with a whole message. */
    public @Nullable BackendMessage read(ByteBuf in) {
        if (in.readableBytes() < HEADER_BYTES) {
            return null;
        }
        int start = in.readerIndex();
        MessageType type = type(in.getByte(start));
        int length = in.getInt(start + 1);
        if (length < LENGTH_BYTES || length - LENGTH_BYTES > type.mostBytes()) {
            throw violation(type + " has a length of " + Integer.toUnsignedString(length) + ", the limit is "
                    + (type.mostBytes() + LENGTH_BYTES) + " bytes");
        }
        if (in.readableBytes() < 1 + length) {
            return null;
        }
        ByteBuf body = in.slice(start + HEADER_BYTES, length - LENGTH_BYTES);
        BackendMessage message;
        try {
            message = body(type, body);
        } catch (IndexOutOfBoundsException e) {
            throw violation(type + " of " + length + " bytes ends too early", e);
        }
        if (body.isReadable()) {
            message.discard();
            throw violation(type + " of " + length + " bytes has " + body.readableBytes() + " bytes too many");
        }
        in.skipBytes(1 + length);
        return message;
    }

    private MessageType type(byte code) {
        MessageType type = MessageType.of(code);
        if (type == null) {
            throw violation("a message of an unknown type, byte 0x" + Integer.toHexString(code & 0xff));
        }
        return type;
    }

    private BackendMessage body(MessageType type, ByteBuf in) {
        return switch (type) {
            case AUTHENTICATION -> authentication(in);
            case BACKEND_KEY_DATA -> new BackendMessage.BackendKeyData(in.readInt(), rest(in));
            case COMMAND_COMPLETE -> new BackendMessage.CommandComplete(text(in));
            case COPY_DATA -> new BackendMessage.CopyData(in.readRetainedSlice(in.readableBytes()));
            case COPY_DONE -> new BackendMessage.CopyDone();
            case COPY_OUT_RESPONSE -> copyOut(in);
            case DATA_ROW -> row(in);
            case EMPTY_QUERY_RESPONSE -> new BackendMessage.EmptyQueryResponse();
            case ERROR_RESPONSE -> new BackendMessage.ErrorResponse(notice(in));
            case NEGOTIATE_PROTOCOL_VERSION -> negotiation(in);
            case NOTICE_RESPONSE -> new BackendMessage.NoticeResponse(notice(in));
            case NOTIFICATION_RESPONSE -> notification(in);
            case PARAMETER_STATUS -> new BackendMessage.ParameterStatus(text(in), text(in));
            case READY_FOR_QUERY -> ready(in);
            case ROW_DESCRIPTION -> columns(in);
        };
    }

    private static BackendMessage authentication(ByteBuf in) {
        int code = in.readInt();
        if (code != BackendMessage.Authentication.SASL) {
            return new BackendMessage.Authentication(code, List.of(), rest(in));
        }
        List<String> mechanisms = new ArrayList<>();
        for (String name = text(in); !name.isEmpty(); name = text(in)) {
            mechanisms.add(name);
        }
        return new BackendMessage.Authentication(code, List.copyOf(mechanisms), Bytes.NONE);
    }

    private static BackendMessage negotiation(ByteBuf in) {
        int minor = in.readInt();
        int options = in.readInt();
        for (int i = 0; i < options; i++) {
            text(in);
        }
        return new BackendMessage.NegotiateProtocolVersion(minor);
    }

    private static BackendMessage notification(ByteBuf in) {
        in.readInt();
        text(in);
        text(in);
        return new BackendMessage.NotificationResponse();
    }

    private static BackendMessage ready(ByteBuf in) {
        in.readByte();
        return new BackendMessage.ReadyForQuery();
    }

    private static BackendMessage copyOut(ByteBuf in) {
        in.readByte();
        in.skipBytes(in.readUnsignedShort() * Short.BYTES);
        return new BackendMessage.CopyOutResponse();
    }

    private BackendMessage columns(ByteBuf in) {
        int count = count(in);
        List<String> names = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            names.add(text(in));
            in.skipBytes(18); // table, column, type, its size and modifier, format: all values come as text
        }
        return new BackendMessage.RowDescription(List.copyOf(names));
    }

    private BackendMessage row(ByteBuf in) {
        int count = count(in);
        List<byte @Nullable []> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = in.readInt();
            if (length < -1 || length > in.readableBytes()) {
                throw violation("DataRow has a value of " + Integer.toUnsignedString(length) + " bytes where "
                        + in.readableBytes() + " are left");
            }
            values.add(length < 0 ? null : array(in, length));
        }
        return new BackendMessage.DataRow(values);
    }

    private int count(ByteBuf in) {
        int count = in.readUnsignedShort();
        if (count > MOST_COLUMNS) {
            throw violation("a row of " + count + " columns, the limit is " + MOST_COLUMNS);
        }
        return count;
    }

    private static ErrorFields notice(ByteBuf in) {
        ErrorFields.Builder notice = new ErrorFields.Builder();
        for (byte field = in.readByte(); field != 0; field = in.readByte()) {
            notice.set((char) field, text(in));
        }
        return notice.build();
    }

    private static Bytes rest(ByteBuf in) {
        return new Bytes(array(in, in.readableBytes()));
    }

    private static byte[] array(ByteBuf in, int length) {
        byte[] array = new byte[length];
        in.readBytes(array);
        return array;
    }

    /** Bytes that are no UTF-8 become question marks: errors before the session has an encoding come in the server's. */
    private static String text(ByteBuf in) {
        int length = in.bytesBefore((byte) 0);
        if (length < 0) {
            throw new IndexOutOfBoundsException("a text without its end");
        }
        String text = in.toString(in.readerIndex(), length, StandardCharsets.UTF_8);
        in.skipBytes(length + 1);
        return text;
    }

    private PostgresFailed violation(String what) {
        return violation(what, null);
    }

    private PostgresFailed violation(String what, @Nullable Throwable cause) {
        return new PostgresFailed("what came from " + where + " is not PostgreSQL's protocol: " + what, cause);
    }
}
