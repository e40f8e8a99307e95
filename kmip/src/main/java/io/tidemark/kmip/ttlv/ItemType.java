package io.tidemark.kmip.ttlv;

import org.jspecify.annotations.Nullable;

/** The types of items, in the order of their codes, under the specification's names. Source: KMIP 2.1, Item Type. */
public enum ItemType {
    STRUCTURE("Structure"),
    INTEGER("Integer"),
    LONG_INTEGER("LongInteger"),
    BIG_INTEGER("BigInteger"),
    ENUMERATION("Enumeration"),
    BOOLEAN("Boolean"),
    TEXT_STRING("TextString"),
    BYTE_STRING("ByteString"),
    DATE_TIME("DateTime"),
    INTERVAL("Interval"),
    /** From KMIP 2.0 on. */
    DATE_TIME_EXTENDED("DateTimeExtended");

    private static final ItemType[] BY_CODE = values();

    private final String printed;

    ItemType(String printed) {
        this.printed = printed;
    }

    /** The fourth byte of an item. */
    public int code() {
        return ordinal() + 1;
    }

    static @Nullable ItemType of(int code) {
        return code >= 1 && code <= BY_CODE.length ? BY_CODE[code - 1] : null;
    }

    /** The one length, in bytes, that an item of this type may announce; 0 where it varies. */
    int fixedLength() {
        return switch (this) {
            case INTEGER, ENUMERATION, INTERVAL -> 4;
            case LONG_INTEGER, BOOLEAN, DATE_TIME, DATE_TIME_EXTENDED -> 8;
            case STRUCTURE, BIG_INTEGER, TEXT_STRING, BYTE_STRING -> 0;
        };
    }

    /** As the XML and JSON encodings write it. */
    @Override
    public String toString() {
        return printed;
    }
}
