package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.KeyMaterial;
import io.tidemark.kmip.UniqueIdentifier;
import io.tidemark.kmip.message.Bytes;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.AddAttribute;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.AttributeName;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.CryptographicAlgorithm;
import io.tidemark.kmip.message.attribute.DeleteAttribute;
import io.tidemark.kmip.message.attribute.GetAttributeList;
import io.tidemark.kmip.message.attribute.GetAttributes;
import io.tidemark.kmip.message.attribute.ModifyAttribute;
import io.tidemark.kmip.message.attribute.SetAttribute;
import io.tidemark.kmip.message.key.KeyBlock;
import io.tidemark.kmip.message.key.KeyFormat;
import io.tidemark.kmip.message.key.KeyWrapping;
import io.tidemark.kmip.message.key.ManagedObject;
import io.tidemark.kmip.message.key.WrapMode;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The record that would have asked what was recorded; empty for what was asked in a way that is none of ours. */
final class Requests {
    private Requests() {}

    static Optional<RequestPayload<?>> of(Structure item) {
        Operation operation = Operation.of(item.enumeration(Tag.OPERATION)).orElse(null);
        Structure payload = item.item(Tag.REQUEST_PAYLOAD, Structure.class);
        if (operation == null || payload == null) {
            return Optional.empty();
        }
        String text = payload.textOrNull(Tag.UNIQUE_IDENTIFIER);
        UniqueIdentifier id = text == null || text.isEmpty() ? null : new UniqueIdentifier(text);
        return Optional.ofNullable(id == null ? withoutId(operation, payload) : withId(operation, payload, id));
    }

    private static RequestPayload<?> withoutId(Operation operation, Structure payload) {
        return switch (operation) {
            case CREATE -> new Create(template(payload));
            case REGISTER -> register(payload);
            case LOCATE ->
                new Locate(
                        Attributes.read(payload),
                        payload.integerOr(Tag.MAXIMUM_ITEMS, 1000),
                        payload.integerOr(Tag.OFFSET_ITEMS, 0),
                        null);
            case QUERY ->
                new Query(payload.all(Tag.QUERY_FUNCTION, TtlvItem.Enumeration.class).stream()
                        .map(function -> Query.Function.values()[function.value() - 1])
                        .toList());
            case DISCOVER_VERSIONS ->
                new DiscoverVersions(payload.all(Tag.PROTOCOL_VERSION, Structure.class).stream()
                        .map(ProtocolVersion::read)
                        .toList());
            case PING -> new Ping();
            default -> null;
        };
    }

    private static RequestPayload<?> withId(Operation operation, Structure payload, UniqueIdentifier id) {
        return switch (operation) {
            case GET -> get(payload, id);
            case EXPORT -> new Export(id, null);
            case ACTIVATE -> new Activate(id);
            case DESTROY -> new Destroy(id);
            case RE_KEY -> new ReKey(id);
            case CHECK -> new Check(id, null);
            case REVOKE -> revoke(payload, id);
            case GET_ATTRIBUTES -> new GetAttributes(id, names(payload));
            case GET_ATTRIBUTE_LIST -> new GetAttributeList(id);
            case ADD_ATTRIBUTE -> new AddAttribute(id, changed(payload, Tag.NEW_ATTRIBUTE));
            case SET_ATTRIBUTE ->
                payload.item(Tag.NEW_ATTRIBUTE) == null
                        ? null
                        : new SetAttribute(id, changed(payload, Tag.NEW_ATTRIBUTE));
            case MODIFY_ATTRIBUTE ->
                new ModifyAttribute(
                        id,
                        payload.item(Tag.CURRENT_ATTRIBUTE) == null ? null : changed(payload, Tag.CURRENT_ATTRIBUTE),
                        changed(payload, Tag.NEW_ATTRIBUTE));
            case DELETE_ATTRIBUTE -> delete(payload, id);
            case ENCRYPT -> isGcm(payload) ? encrypt(payload, id) : null;
            case DECRYPT ->
                isGcm(payload) && payload.item(Tag.AUTHENTICATED_ENCRYPTION_TAG) != null ? decrypt(payload, id) : null;
            default -> null;
        };
    }

    private static Attributes template(Structure payload) {
        Structure template = payload.item(Tag.TEMPLATE_ATTRIBUTE, Structure.class);
        return Attributes.read(template == null ? payload : template);
    }

    private static RequestPayload<?> register(Structure payload) {
        Structure block = payload.structure(Tag.SYMMETRIC_KEY).structure(Tag.KEY_BLOCK);
        ByteString material = block.structure(Tag.KEY_VALUE).required(Tag.KEY_MATERIAL, ByteString.class);
        boolean ours = block.item(Tag.KEY_COMPRESSION_TYPE) == null
                && block.integer(Tag.CRYPTOGRAPHIC_LENGTH) == material.length() * 8;
        return ours
                ? new Register(
                        template(payload),
                        ManagedObject.symmetricKey(new KeyBlock(
                                KeyFormat.RAW,
                                new CryptographicAlgorithm(block.enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM)),
                                KeyMaterial.copyOf(material.copy()),
                                null,
                                Attributes.NONE)))
                : null;
    }

    private static RequestPayload<?> get(Structure payload, UniqueIdentifier id) {
        Structure wrapping = payload.item(Tag.KEY_WRAPPING_SPECIFICATION, Structure.class);
        int format = payload.enumerationOr(Tag.KEY_FORMAT_TYPE, 0);
        KeyFormat asked = Arrays.stream(KeyFormat.values())
                .filter(known -> known.code() == format)
                .findFirst()
                .orElse(null);
        if (wrapping == null) {
            return new Get(id, asked, null);
        }
        Structure information = wrapping.structure(Tag.ENCRYPTION_KEY_INFORMATION);
        Structure parameters = information.item(Tag.CRYPTOGRAPHIC_PARAMETERS, Structure.class);
        int mode = parameters == null ? 0 : parameters.enumeration(Tag.BLOCK_CIPHER_MODE);
        WrapMode known = Arrays.stream(WrapMode.values())
                .filter(one -> one.code() == mode)
                .findFirst()
                .orElse(null);
        return known == null || wrapping.enumerationOr(Tag.ENCODING_OPTION, 2) != 1
                ? null
                : new Get(
                        id,
                        asked,
                        new KeyWrapping(new UniqueIdentifier(information.text(Tag.UNIQUE_IDENTIFIER)), known));
    }

    private static RequestPayload<?> revoke(Structure payload, UniqueIdentifier id) {
        Structure reason = payload.item(Tag.REVOCATION_REASON, Structure.class);
        TtlvItem.DateTime compromised = payload.item(Tag.COMPROMISE_OCCURRENCE_DATE, TtlvItem.DateTime.class);
        return reason == null
                ? null
                : new Revoke(
                        id,
                        Revoke.Reason.values()[reason.enumeration(Tag.REVOCATION_REASON_CODE) - 1],
                        Optional.ofNullable(reason.textOrNull(Tag.REVOCATION_MESSAGE))
                                .orElse(""),
                        compromised == null ? null : compromised.instant());
    }

    private static List<AttributeName> names(Structure payload) {
        List<AttributeName> names = new ArrayList<>();
        for (TextString name : payload.all(Tag.ATTRIBUTE_NAME, TextString.class)) {
            names.add(AttributeName.parse(name.value()));
        }
        for (TtlvItem.Enumeration reference : payload.all(Tag.ATTRIBUTE_REFERENCE, TtlvItem.Enumeration.class)) {
            names.add(AttributeName.of(new Tag(reference.value())));
        }
        return names;
    }

    /** In 2.x within a structure of its own, in 1.x in the payload. */
    private static Attribute changed(Structure payload, Tag field) {
        Structure own = payload.item(field, Structure.class);
        Structure list = own == null ? payload : new Structure(Tag.REQUEST_PAYLOAD, List.of(own.under(Tag.ATTRIBUTES)));
        return Attributes.read(list).list().get(0);
    }

    private static RequestPayload<?> delete(Structure payload, UniqueIdentifier id) {
        if (payload.item(Tag.CURRENT_ATTRIBUTE) != null) {
            Attribute current = changed(payload, Tag.CURRENT_ATTRIBUTE);
            return new DeleteAttribute(id, current.name(), 0, current);
        }
        Structure reference = payload.item(Tag.ATTRIBUTE_REFERENCE, Structure.class);
        AttributeName name = reference == null
                ? AttributeName.parse(payload.text(Tag.ATTRIBUTE_NAME))
                : new AttributeName(reference.text(Tag.VENDOR_IDENTIFICATION), reference.text(Tag.ATTRIBUTE_NAME));
        return new DeleteAttribute(id, name, payload.integerOr(Tag.ATTRIBUTE_INDEX, 0), null);
    }

    private static boolean isGcm(Structure payload) {
        Structure parameters = payload.item(Tag.CRYPTOGRAPHIC_PARAMETERS, Structure.class);
        ByteString nonce = payload.item(Tag.IV_COUNTER_NONCE, ByteString.class);
        return parameters != null
                && parameters.children().size() == 3
                && nonce != null
                && nonce.length() == 12
                && payload.item(Tag.INIT_INDICATOR) == null
                && payload.item(Tag.AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA) != null;
    }

    private static Bytes bytes(Structure payload, Tag tag) {
        return Bytes.of(payload.required(tag, ByteString.class));
    }

    private static RequestPayload<?> encrypt(Structure payload, UniqueIdentifier id) {
        return new Encrypt(
                id,
                KeyMaterial.copyOf(bytes(payload, Tag.DATA).toArray()),
                bytes(payload, Tag.IV_COUNTER_NONCE),
                bytes(payload, Tag.AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA));
    }

    private static RequestPayload<?> decrypt(Structure payload, UniqueIdentifier id) {
        return new Decrypt(
                id,
                bytes(payload, Tag.DATA),
                bytes(payload, Tag.IV_COUNTER_NONCE),
                bytes(payload, Tag.AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA),
                bytes(payload, Tag.AUTHENTICATED_ENCRYPTION_TAG));
    }
}
