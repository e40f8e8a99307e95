package io.tidemark.kmip.message;

import io.tidemark.kmip.ttlv.Structure;

/** What came back for one item of a batch. */
public sealed interface BatchResult {
    /** @param payload lent by the message; empty where the server sent none */
    record Success(Structure payload) implements BatchResult {}

    /**
     * @param status pending and undone are no success either
     * @param message the server's words, for people: any length, any characters, perhaps an echo of what it was sent
     */
    record Refused(ResultStatus status, ResultReason reason, String message) implements BatchResult {
        /** Without the server's words. */
        @Override
        public String toString() {
            return "Refused[" + status + ", " + reason + "]";
        }
    }

    /** The server stopped before this item; nothing says whether it was looked at. */
    record Unanswered() implements BatchResult {}
}
