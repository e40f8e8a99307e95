package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * Asks for nothing. From 2.1 on, and no server of the lab has it: {@link DiscoverVersions} shows that one is alive.
 */
public record Ping() implements RequestPayload<Ping.Pong> {
    /** That there was an answer is all that it says. */
    public enum Pong {
        HERE
    }

    @Override
    public Operation operation() {
        return Operation.PING;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD).build();
    }

    @Override
    public Ping.Pong read(Structure payload, ProtocolVersion version) {
        return Pong.HERE;
    }
}
