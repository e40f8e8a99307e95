package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import java.util.List;

/**
 * Asks which versions the server has, of those offered; none offered means all. The right question to a server of unknown version, in a
 * header of 1.1 to 1.4, and to one that may be dead.
 */
public record DiscoverVersions(List<ProtocolVersion> offered) implements RequestPayload<List<ProtocolVersion>> {
    public DiscoverVersions {
        offered = List.copyOf(offered);
    }

    @Override
    public Operation operation() {
        return Operation.DISCOVER_VERSIONS;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .addAll(offered.stream().map(ProtocolVersion::item).toList())
                .build();
    }

    @Override
    public List<ProtocolVersion> read(Structure payload, ProtocolVersion version) {
        return payload.all(Tag.PROTOCOL_VERSION, Structure.class).stream()
                .map(ProtocolVersion::read)
                .toList();
    }
}
