package io.tidemark.pipeline.postgres.message;

import org.jspecify.annotations.Nullable;

/** The messages that a server may send to this client, each with the most that its body may hold. */
enum MessageType {
    AUTHENTICATION('R', "Authentication", 64 << 10),
    BACKEND_KEY_DATA('K', "BackendKeyData", 4 + 256),
    COMMAND_COMPLETE('C', "CommandComplete", 64 << 10),
    /** A base backup sends 32 KiB at a time, WAL 128 KiB. */
    COPY_DATA('d', "CopyData", 1 << 20),
    COPY_DONE('c', "CopyDone", 0),
    COPY_OUT_RESPONSE('H', "CopyOutResponse", 8 << 10),
    DATA_ROW('D', "DataRow", 8 << 20),
    EMPTY_QUERY_RESPONSE('I', "EmptyQueryResponse", 0),
    ERROR_RESPONSE('E', "ErrorResponse", 64 << 10),
    NEGOTIATE_PROTOCOL_VERSION('v', "NegotiateProtocolVersion", 64 << 10),
    NOTICE_RESPONSE('N', "NoticeResponse", 64 << 10),
    NOTIFICATION_RESPONSE('A', "NotificationResponse", 64 << 10),
    PARAMETER_STATUS('S', "ParameterStatus", 64 << 10),
    READY_FOR_QUERY('Z', "ReadyForQuery", 1),
    ROW_DESCRIPTION('T', "RowDescription", 1 << 20);

    private static final MessageType[] BY_CODE = new MessageType[128];

    static {
        for (MessageType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final char code;
    private final String inManual;
    private final int mostBytes;

    MessageType(char code, String inManual, int mostBytes) {
        this.code = code;
        this.inManual = inManual;
        this.mostBytes = mostBytes;
    }

    static @Nullable MessageType of(byte code) {
        return code < 0 ? null : BY_CODE[code];
    }

    /** Without the length itself. */
    int mostBytes() {
        return mostBytes;
    }

    @Override
    public String toString() {
        return inManual;
    }
}
