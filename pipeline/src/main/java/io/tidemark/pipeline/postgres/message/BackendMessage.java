package io.tidemark.pipeline.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server says. Values are copies, except the bytes of {@link CopyData}. */
public sealed interface BackendMessage {
    /** To choose by, without a case forgotten. */
    enum Kind {
        AUTHENTICATION,
        NEGOTIATION,
        KEY_DATA,
        PARAMETER,
        READY,
        COLUMNS,
        ROW,
        COMMAND_COMPLETE,
        EMPTY_QUERY,
        COPY_OUT,
        COPY_DATA,
        COPY_DONE,
        ERROR,
        NOTICE,
        NOTIFICATION
    }

    Kind kind();

    /** Lets go of the bytes of a message that nobody wants. */
    default void discard() {}

    /** Authentication in all its forms: {@code AuthenticationOk}, {@code …MD5Password}, {@code …SASL}. */
    record Authentication(int code, List<String> mechanisms, Bytes data) implements BackendMessage {
        public static final int OK = 0;
        public static final int CLEARTEXT = 3;
        public static final int MD5 = 5;
        public static final int SASL = 10;
        public static final int SASL_CONTINUE = 11;
        public static final int SASL_FINAL = 12;

        @Override
        public Kind kind() {
            return Kind.AUTHENTICATION;
        }
    }

    /** The server speaks an older minor version, or not all that was asked for. */
    record NegotiateProtocolVersion(int minor) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.NEGOTIATION;
        }
    }

    /** What a CancelRequest needs. */
    record BackendKeyData(int processId, Bytes secret) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.KEY_DATA;
        }
    }

    record ParameterStatus(String name, String value) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.PARAMETER;
        }
    }

    record ReadyForQuery() implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.READY;
        }
    }

    record RowDescription(List<String> columns) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.COLUMNS;
        }
    }

    /** @param values null where the value is NULL */
    record DataRow(List<byte @Nullable []> values) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.ROW;
        }
    }

    record CommandComplete(String tag) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.COMMAND_COMPLETE;
        }
    }

    record EmptyQueryResponse() implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.EMPTY_QUERY;
        }
    }

    record CopyOutResponse() implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.COPY_OUT;
        }
    }

    /** @param data given: who takes the message releases it */
    record CopyData(ByteBuf data) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.COPY_DATA;
        }

        @Override
        public void discard() {
            data.release();
        }
    }

    record CopyDone() implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.COPY_DONE;
        }
    }

    record ErrorResponse(ErrorFields error) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.ERROR;
        }
    }

    record NoticeResponse(ErrorFields notice) implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.NOTICE;
        }
    }

    /** Of LISTEN and NOTIFY, which this client does not use. */
    record NotificationResponse() implements BackendMessage {
        @Override
        public Kind kind() {
            return Kind.NOTIFICATION;
        }
    }
}
