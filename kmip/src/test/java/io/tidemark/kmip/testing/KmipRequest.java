package io.tidemark.kmip.testing;

import java.util.ArrayList;
import java.util.List;

/** One message that a scripted server got. */
public final class KmipRequest {
    private static final int OPERATION = 0x42005C;
    private static final int UNIQUE_BATCH_ITEM_ID = 0x420093;

    private final byte[] bytes;
    private final int connection;
    private final int number;
    private final String client;

    KmipRequest(byte[] bytes, int connection, int number, String client) {
        this.bytes = bytes;
        this.connection = connection;
        this.number = number;
        this.client = client;
    }

    /** The whole message. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The number of its connection, counted from 1 since the server was made. */
    public int connection() {
        return connection;
    }

    /** Its number in its connection, counted from 1. */
    public int number() {
        return number;
    }

    /** The common name of the client's certificate; empty without. */
    public String client() {
        return client;
    }

    /** KMIP's number of the first item's operation; 0x0A is Get. */
    public int operation() {
        List<Integer> found = RawTtlv.find(bytes, OPERATION);
        return found.isEmpty() ? 0 : RawTtlv.int32(bytes, found.get(0) + RawTtlv.HEADER);
    }

    /** Each item's identifier, in hexadecimal and in order. */
    public List<String> itemIds() {
        List<String> ids = new ArrayList<>();
        for (int at : RawTtlv.find(bytes, UNIQUE_BATCH_ITEM_ID)) {
            ids.add(RawTtlv.hex(bytes, at));
        }
        return ids;
    }

    @Override
    public String toString() {
        return "request " + number + " of connection " + connection + ", " + bytes.length + " bytes";
    }
}
