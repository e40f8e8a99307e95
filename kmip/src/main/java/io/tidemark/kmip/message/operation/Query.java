package io.tidemark.kmip.message.operation;

import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.RequestPayload;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Asks what the server can do and what it is. What a server lists need not work: several list operations that they always refuse. */
public record Query(List<Function> functions) implements RequestPayload<Query.Answer> {
    public Query {
        functions = List.copyOf(functions);
    }

    /**
     * What can be asked, in the order of the codes; of the answers to the later ones nothing is kept here. Source: KMIP 2.1, Query Function Enumeration.
     */
    public enum Function {
        OPERATIONS,
        OBJECTS,
        SERVER_INFORMATION,
        APPLICATION_NAMESPACES,
        EXTENSION_LIST,
        EXTENSION_MAP,
        ATTESTATION_TYPES,
        RNGS,
        VALIDATIONS,
        PROFILES,
        CAPABILITIES,
        CLIENT_REGISTRATION_METHODS,
        DEFAULTS_INFORMATION,
        STORAGE_PROTECTION_MASKS;

        int code() {
            return ordinal() + 1;
        }
    }

    /**
     * What the server says of itself; operations and types that the specification does not have are left out.
     *
     * @param vendor empty where it does not say
     * @param serverName empty where it does not say
     * @param serverVersion empty where it does not say
     */
    public record Answer(
            List<Operation> operations,
            List<ObjectType> objectTypes,
            String vendor,
            String serverName,
            String serverVersion,
            List<String> namespaces) {
        public Answer {
            operations = List.copyOf(operations);
            objectTypes = List.copyOf(objectTypes);
            namespaces = List.copyOf(namespaces);
        }
    }

    @Override
    public Operation operation() {
        return Operation.QUERY;
    }

    @Override
    public Structure payload(ProtocolVersion version) {
        return Structure.of(Tag.REQUEST_PAYLOAD)
                .addAll(functions.stream()
                        .map(function -> new TtlvItem.Enumeration(Tag.QUERY_FUNCTION, function.code()))
                        .toList())
                .build();
    }

    @Override
    public Answer read(Structure payload, ProtocolVersion version) {
        Structure server = payload.item(Tag.SERVER_INFORMATION, Structure.class);
        return new Answer(
                known(payload, Tag.OPERATION, Operation::of),
                known(payload, Tag.OBJECT_TYPE, ObjectType::of),
                text(payload, Tag.VENDOR_IDENTIFICATION),
                server == null ? "" : text(server, Tag.SERVER_NAME),
                server == null ? "" : text(server, Tag.SERVER_VERSION),
                payload.all(Tag.APPLICATION_NAMESPACE, TextString.class).stream()
                        .map(TextString::value)
                        .toList());
    }

    private static <T> List<T> known(Structure payload, Tag tag, IntFunction<Optional<T>> of) {
        return payload.all(tag, TtlvItem.Enumeration.class).stream()
                .flatMap(item -> of.apply(item.value()).stream())
                .toList();
    }

    private static String text(Structure parent, Tag tag) {
        String text = parent.textOrNull(tag);
        return text == null ? "" : text;
    }
}
