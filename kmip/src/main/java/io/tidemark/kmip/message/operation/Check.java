package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether a key may be used so; the answer repeats what of it may not.
 *
 * @param usage null for no question about it
 */
public record Check(UniqueIdentifier id, @Nullable UsageMask usage) implements RequestPayload<Check.Answer> {
    /** @param refused what the key may not be used for; null where nothing of what was asked */
    public record Answer(@Nullable UsageMask refused) {}

    @Override
    public Operation operation() {
        return Operation.CHECK;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .add(IdentifierField.of(id))
                .addOptional(
                        usage == null ? null : new TtlvItem.IntegerItem(Tag.CRYPTOGRAPHIC_USAGE_MASK, usage.bits()))
                .build();
    }

    @Override
    public Check.Answer read(Structure payload, ProtocolVersion version) {
        IdentifierField.read(payload, id);
        TtlvItem.IntegerItem refused = payload.item(Tag.CRYPTOGRAPHIC_USAGE_MASK, TtlvItem.IntegerItem.class);
        return new Answer(refused == null ? null : new UsageMask(refused.value()));
    }
}
