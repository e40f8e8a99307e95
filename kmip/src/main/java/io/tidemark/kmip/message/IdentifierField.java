package io.tidemark.kmip.message;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;

/**
 * The field that says which object: in every request that is about one (a server without it acts on whatever object was made last, by
 * anybody), and in every answer, which must be about the same.
 */
public final class IdentifierField {
    private IdentifierField() {}

    public static TextString of(UniqueIdentifier id) {
        return TextString.of(Tag.UNIQUE_IDENTIFIER, id.value());
    }

    /** The identifier that the answer brings. */
    public static UniqueIdentifier read(Structure payload) {
        return read(payload.required(Tag.UNIQUE_IDENTIFIER, TextString.class));
    }

    /** The identifier that the answer brings, which must be the one that was asked for. */
    public static UniqueIdentifier read(Structure payload, UniqueIdentifier asked) {
        UniqueIdentifier found = read(payload);
        if (!found.equals(asked)) {
            throw MalformedMessage.of("the answer is about object %s, and %s was asked for", found, asked);
        }
        return found;
    }

    /** One of several. */
    public static UniqueIdentifier read(TextString item) {
        try {
            return new UniqueIdentifier(item.value());
        } catch (IllegalArgumentException e) {
            throw new MalformedMessage("the answer's identifier is unusable: " + e.getMessage(), e);
        }
    }
}
