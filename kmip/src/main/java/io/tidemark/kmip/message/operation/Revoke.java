package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Ends the use of a key: it becomes deactivated, or compromised. A key of pg_tde that is revoked takes its database down.
 *
 * @param compromisedAt only for a compromise
 */
public record Revoke(
        UniqueIdentifier id,
        Reason reason,
        String message,
        @Nullable Instant compromisedAt) implements RequestPayload<UniqueIdentifier> {
    /** Why, in the order of the codes. Source: KMIP 2.1, Revocation Reason Code Enumeration. */
    public enum Reason {
        UNSPECIFIED,
        KEY_COMPROMISE,
        CA_COMPROMISE,
        AFFILIATION_CHANGED,
        SUPERSEDED,
        CESSATION_OF_OPERATION,
        PRIVILEGE_WITHDRAWN;

        int code() {
            return ordinal() + 1;
        }
    }

    public static Revoke because(UniqueIdentifier id, Reason reason) {
        return new Revoke(id, reason, "", null);
    }

    @Override
    public Operation operation() {
        return Operation.REVOKE;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .add(IdentifierField.of(id))
                .add(Structure.of(Tag.REVOCATION_REASON)
                        .enumeration(Tag.REVOCATION_REASON_CODE, reason.code())
                        .addOptional(message.isEmpty() ? null : TextString.of(Tag.REVOCATION_MESSAGE, message))
                        .build())
                .addOptional(
                        compromisedAt == null
                                ? null
                                : new TtlvItem.DateTime(Tag.COMPROMISE_OCCURRENCE_DATE, compromisedAt.getEpochSecond()))
                .build();
    }

    @Override
    public UniqueIdentifier read(Structure payload, ProtocolVersion version) {
        return IdentifierField.read(payload, id);
    }
}
