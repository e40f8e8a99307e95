package io.tidemark.kmip.message;

import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;

/**
 * One operation: what to ask, and how to read the answer to exactly that. Implemented by the records of {@code operation} and
 * {@code attribute}; each names the version-dependent parts of its own layout.
 *
 * @param <A> the answer; one that holds key bytes is closed by whoever gets it
 */
public interface RequestPayload<A> {
    Operation operation();

    /** The first version that this can be asked in. */
    default ProtocolVersion since() {
        return operation().since();
    }

    /**
     * The Request Payload, in the order of fields that the specification has. Every byte string in it is a copy of its own, which the
     * message wipes when it has been written.
     */
    Structure payload(ProtocolVersion version);

    /**
     * The answer. The payload is lent: what the answer keeps is copied, and key bytes leave zeros behind, so that it can be read once.
     *
     * @throws MalformedMessage where a field is missing, twice there or not of its type, where the answer is about another object than was
     *     asked for, or more than was asked for
     */
    A read(Structure payload, ProtocolVersion version);
}
