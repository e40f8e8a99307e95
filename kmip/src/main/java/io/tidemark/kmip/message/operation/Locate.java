package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for objects by their attributes. Order means nothing, objects of other owners are silently absent, and a full answer may not be
 * all: as many as were asked for are "perhaps more".
 *
 * @param most how many identifiers may come back
 * @param offset how many to pass over; Cosmian gives the first ones again
 * @param stored null for what is not destroyed
 */
public record Locate(
        Attributes criteria, int most, int offset, @Nullable Storage stored)
        implements RequestPayload<List<UniqueIdentifier>> {
    /** Enough to tell none, one and several apart. */
    public static final int MOST = 16;

    private static final int SERVERS_MOST = 1000;

    public Locate {
        if (most < 1 || most > SERVERS_MOST || offset < 0) {
            throw new IllegalArgumentException(
                    "1 to " + SERVERS_MOST + " identifiers, not " + most + " from " + offset);
        }
    }

    /** Where to look. */
    public enum Storage {
        ONLINE(1),
        ARCHIVED(2),
        DESTROYED(4);

        private final int bits;

        Storage(int bits) {
            this.bits = bits;
        }
    }

    public static Locate of(Attributes criteria) {
        return new Locate(criteria, MOST, 0, null);
    }

    /**
     * The keys that pg_tde stored under a name: by name and type only, for their state is never the one that it should be.
     *
     * @param name as the user typed it
     */
    public static Locate pgTdeKey(String name) {
        return of(Attributes.of(Attribute.objectType(ObjectType.SYMMETRIC_KEY), Attribute.pgTdeName(name)));
    }

    @Override
    public Operation operation() {
        return Operation.LOCATE;
    }

    @Override
    public ProtocolVersion since() {
        return offset > 0 ? ProtocolVersion.V1_3 : ProtocolVersion.V1_0;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .integer(Tag.MAXIMUM_ITEMS, most)
                .addOptional(offset == 0 ? null : new TtlvItem.IntegerItem(Tag.OFFSET_ITEMS, offset))
                .addOptional(stored == null ? null : new TtlvItem.IntegerItem(Tag.STORAGE_STATUS_MASK, stored.bits))
                .addAll(criteria.criteria(version))
                .build();
    }

    @Override
    public List<UniqueIdentifier> read(Structure payload, ProtocolVersion version) {
        Set<UniqueIdentifier> found = new LinkedHashSet<>();
        for (TextString item : payload.all(Tag.UNIQUE_IDENTIFIER, TextString.class)) {
            found.add(IdentifierField.read(item));
            if (found.size() > most) {
                throw MalformedMessage.of("more than the %d identifiers that were asked for", most);
            }
        }
        return List.copyOf(found);
    }
}
