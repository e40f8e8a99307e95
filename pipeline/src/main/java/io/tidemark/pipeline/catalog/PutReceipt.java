package io.tidemark.pipeline.catalog;

import io.tidemark.sinks.ObjectName;

/** What became of a put of a sealed object. Whichever it is, an object of that name is durable. */
public sealed interface PutReceipt {

    ObjectName name();

    /** The object is ours, of this call. */
    record Stored(ObjectName name, Facts facts) implements PutReceipt {}

    /** An object with the same file was there, read whole and found sound: nothing was written. */
    record AlreadyStored(ObjectName name, Facts facts) implements PutReceipt {}

    /** An object with another file was there, sealed with the cluster's key; it was not touched. */
    record Conflict(ObjectName name, Facts ours, Facts theirs) implements PutReceipt {}

    /**
     * What holds the name opens under no key, or is damaged.
     *
     * @param ours the facts of the file that was to be stored
     */
    record Foreign(ObjectName name, Facts ours, String why) implements PutReceipt {}
}
