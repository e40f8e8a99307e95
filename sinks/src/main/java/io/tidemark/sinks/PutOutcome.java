package io.tidemark.sinks;

/** What a conditional put met. Both mean that an object of that name is now durable. */
public enum PutOutcome {
    /** The object is the one that was put, whole. */
    CREATED,

    /**
     * An object of that name was there and was not touched. Nothing is said about its content: it may be this
     * writer's own, of an attempt whose answer was lost, another writer's of the same content, or a stranger's.
     */
    PRESENT
}
