package io.tidemark.kmip.message.key;

import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.IdentifierField;
import io.tidemark.kmip.ttlv.MalformedMessage;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;

/**
 * With which key, and how, a key is wrapped; asked for in a request, told in the answer. What is wrapped are the bytes of the key alone
 * (No Encoding): without that being said, Cosmian wraps a whole structure with attributes, and PyKMIP refuses.
 *
 * @param wrappingKey which must be active and have the usage Wrap Key
 */
public record KeyWrapping(UniqueIdentifier wrappingKey, WrapMode mode) {
    private static final int ENCRYPT = 1;
    private static final int NO_ENCODING = 1;

    /** What a request asks for. */
    public Structure specification() {
        return item(Tag.KEY_WRAPPING_SPECIFICATION);
    }

    /** What stands in a key block. */
    Structure data() {
        return item(Tag.KEY_WRAPPING_DATA);
    }

    private Structure item(Tag tag) {
        return Structure.of(tag)
                .enumeration(Tag.WRAPPING_METHOD, ENCRYPT)
                .add(Structure.of(Tag.ENCRYPTION_KEY_INFORMATION)
                        .add(IdentifierField.of(wrappingKey))
                        .add(Structure.of(Tag.CRYPTOGRAPHIC_PARAMETERS)
                                .enumeration(Tag.BLOCK_CIPHER_MODE, mode.code())
                                .build())
                        .build())
                .enumeration(Tag.ENCODING_OPTION, NO_ENCODING)
                .build();
    }

    static KeyWrapping read(Structure data) {
        if (data.enumeration(Tag.WRAPPING_METHOD) != ENCRYPT) {
            throw MalformedMessage.of(
                    "the key is wrapped by method %d, not by encryption", data.enumeration(Tag.WRAPPING_METHOD));
        }
        if (data.enumerationOr(Tag.ENCODING_OPTION, 0) != NO_ENCODING) {
            throw new MalformedMessage("the key was wrapped with its attributes, not its bytes alone");
        }
        Structure information = data.structure(Tag.ENCRYPTION_KEY_INFORMATION);
        int mode = information.structure(Tag.CRYPTOGRAPHIC_PARAMETERS).enumeration(Tag.BLOCK_CIPHER_MODE);
        return new KeyWrapping(
                IdentifierField.read(information),
                WrapMode.of(mode)
                        .orElseThrow(() -> MalformedMessage.of("the key is wrapped in the unknown mode %d", mode)));
    }
}
