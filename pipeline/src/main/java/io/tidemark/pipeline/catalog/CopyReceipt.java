package io.tidemark.pipeline.catalog;

import io.tidemark.sinks.ObjectName;

/** What became of one object that was to be copied. */
public sealed interface CopyReceipt {

    ObjectName name();

    /** It is there now, durable and of the length that it has in the source. */
    record Copied(ObjectName name, long sizeBytes) implements CopyReceipt {}

    /** It was there: the same object, or the same file sealed another time. */
    record Present(ObjectName name) implements CopyReceipt {}

    /** Something else holds its name and was not touched: another file, or an object that does not open. */
    record Conflict(ObjectName name, String why) implements CopyReceipt {}

    /** The source's object opens under no key, is damaged, or has gone; nothing was made of it. */
    record Unfit(ObjectName name, String why) implements CopyReceipt {}
}
