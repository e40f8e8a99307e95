package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.key.KeyFormat;
import io.tidemark.kmip.message.key.KeyWrapping;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import org.jspecify.annotations.Nullable;

/**
 * Fetches an object with its key. A key whose state does not allow it may still be had by {@link Export}.
 *
 * @param format null for the one that the server keeps it in
 * @param wrapping null for the key in clear
 */
public record Get(
        UniqueIdentifier id,
        @Nullable KeyFormat format,
        @Nullable KeyWrapping wrapping) implements RequestPayload<ManagedObject> {
    /** The key in clear, as the server keeps it. */
    public static Get of(UniqueIdentifier id) {
        return new Get(id, null, null);
    }

    public static Get wrapped(UniqueIdentifier id, KeyWrapping wrapping) {
        return new Get(id, null, wrapping);
    }

    @Override
    public Operation operation() {
        return Operation.GET;
    }

    /** Before 1.1 nothing says whether the key was wrapped alone or with its attributes, and one server leaves it open. */
    @Override
    public ProtocolVersion since() {
        return wrapping == null ? ProtocolVersion.V1_0 : ProtocolVersion.V1_1;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .add(IdentifierField.of(id))
                .addOptional(format == null ? null : new TtlvItem.Enumeration(Tag.KEY_FORMAT_TYPE, format.code()))
                .addOptional(wrapping == null ? null : wrapping.specification())
                .build();
    }

    @Override
    public ManagedObject read(Structure payload, ProtocolVersion version) {
        IdentifierField.read(payload, id);
        return ManagedObject.read(payload, wrapping);
    }
}
