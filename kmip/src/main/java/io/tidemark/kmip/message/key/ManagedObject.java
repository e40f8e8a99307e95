package io.tidemark.kmip.message.key;

import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TtlvItem;
import org.jspecify.annotations.Nullable;

/**
 * What a server keeps, where it is a key or a secret; other objects are refused by name. Whoever gets one closes it.
 *
 * @param type symmetric key or secret data
 */
public record ManagedObject(ObjectType type, KeyBlock key) implements AutoCloseable {
    private static final int PASSWORD = 1;

    public ManagedObject {
        tag(type);
    }

    public static ManagedObject symmetricKey(KeyBlock key) {
        return new ManagedObject(ObjectType.SYMMETRIC_KEY, key);
    }

    private static Tag tag(ObjectType type) {
        return switch (type) {
            case SYMMETRIC_KEY -> Tag.SYMMETRIC_KEY;
            case SECRET_DATA -> Tag.SECRET_DATA;
            default -> throw MalformedMessage.of("an object of type %s, and only keys and secrets are read here", type);
        };
    }

    /** As a Register sends it. */
    public Structure item() {
        return Structure.of(tag(type))
                .addOptional(
                        type == ObjectType.SECRET_DATA
                                ? new TtlvItem.Enumeration(Tag.SECRET_DATA_TYPE, PASSWORD)
                                : null)
                .add(key.item())
                .build();
    }

    /**
     * Reads what a Get or Export brings: the type, and the object under the tag that goes with it.
     *
     * @param asked how its key was to be wrapped; null for in clear
     */
    public static ManagedObject read(Structure payload, @Nullable KeyWrapping asked) {
        int code = payload.enumeration(Tag.OBJECT_TYPE);
        ObjectType type =
                ObjectType.of(code).orElseThrow(() -> MalformedMessage.of("an object of the unknown type %d", code));
        return new ManagedObject(
                type, KeyBlock.read(payload.structure(tag(type)).structure(Tag.KEY_BLOCK), asked));
    }

    @Override
    public void close() {
        key.close();
    }
}
