package io.tidemark.kmip.testing;

import io.netty.buffer.Unpooled;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.attribute.Attribute;
import io.tidemark.kmip.message.attribute.Attributes;
import io.tidemark.kmip.message.attribute.ObjectType;
import io.tidemark.kmip.message.attribute.State;
import io.tidemark.kmip.message.attribute.UsageMask;
import io.tidemark.kmip.ttlv.ByteString;
import io.tidemark.kmip.ttlv.Structure;
import io.tidemark.kmip.ttlv.Tag;
import io.tidemark.kmip.ttlv.TextString;
import io.tidemark.kmip.ttlv.TtlvItem;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/** What a scripted KMS does about one batch item: from the request's payload to the answer's, or a refusal. */
final class KmsOperations {
    private static final int RAW = 1;
    private static final int AES = 3;
    private static final int TAG_BYTES = KmsKey.TAG_BYTES;
    private static final int REASON_COMPROMISE = 2;

    private final Dialect dialect;
    private final SecureRandom random = new SecureRandom();
    final Map<String, KmsKey> keys = new LinkedHashMap<>();
    private int made;

    KmsOperations(Dialect dialect) {
        this.dialect = dialect;
    }

    Structure run(Operation operation, Structure payload, ProtocolVersion version, String client) {
        return switch (operation) {
            case DISCOVER_VERSIONS -> versions(payload);
            case QUERY -> query(payload);
            case LOCATE -> locate(payload, client);
            case GET -> get(payload, version, client);
            case EXPORT -> export(payload, version, client);
            case GET_ATTRIBUTES -> attributes(payload, version, client);
            case GET_ATTRIBUTE_LIST -> attributeList(payload, version, client);
            case ADD_ATTRIBUTE -> addAttribute(payload, client);
            case CREATE -> create(payload, client);
            case REGISTER -> register(payload, client);
            case ACTIVATE -> activate(payload, client);
            case REVOKE -> revoke(payload, client);
            case DESTROY -> destroy(payload, client);
            case RE_KEY -> reKey(payload, client);
            case ENCRYPT -> encrypt(payload, client);
            case DECRYPT -> decrypt(payload, client);
            default -> throw new KmsRefusal(KmsRefusal.NOT_SUPPORTED, operation + " is not supported");
        };
    }

    KmsKey add(String owner, ObjectType type, byte[] bytes, UsageMask usage) {
        KmsKey key = new KmsKey(dialect.identifier(++made), owner, type, bytes, usage);
        keys.put(key.id, key);
        return key;
    }

    private static Structure.Builder answer() {
        return Structure.of(Tag.RESPONSE_PAYLOAD);
    }

    private static Structure answer(KmsKey key) {
        return answer().text(Tag.UNIQUE_IDENTIFIER, key.id).build();
    }

    private Structure versions(Structure payload) {
        List<Structure> offered = payload.all(Tag.PROTOCOL_VERSION, Structure.class);
        List<ProtocolVersion> wanted =
                offered.stream().map(ProtocolVersion::read).toList();
        return answer().addAll(dialect.versions().stream()
                        .filter(version -> wanted.isEmpty() || wanted.contains(version))
                        .map(ProtocolVersion::item)
                        .toList())
                .build();
    }

    private Structure query(Structure payload) {
        Structure.Builder answer = answer();
        for (TtlvItem.Enumeration function : payload.all(Tag.QUERY_FUNCTION, TtlvItem.Enumeration.class)) {
            switch (function.value()) {
                case 1 ->
                    Arrays.stream(Operation.values())
                            .filter(this::isThere)
                            .forEach(operation -> answer.enumeration(Tag.OPERATION, operation.code()));
                case 2 -> answer.enumeration(Tag.OBJECT_TYPE, ObjectType.SYMMETRIC_KEY.code());
                case 3 -> answer.text(Tag.VENDOR_IDENTIFICATION, "scripted " + dialect);
                default -> {}
            }
        }
        return answer.build();
    }

    private boolean isThere(Operation operation) {
        return switch (operation) {
            case DISCOVER_VERSIONS,
                    QUERY,
                    LOCATE,
                    GET,
                    GET_ATTRIBUTES,
                    GET_ATTRIBUTE_LIST,
                    CREATE,
                    REGISTER,
                    ACTIVATE,
                    REVOKE,
                    DESTROY,
                    ENCRYPT,
                    DECRYPT -> true;
            case EXPORT, RE_KEY, ADD_ATTRIBUTE -> dialect == Dialect.COSMIAN;
            default -> false;
        };
    }

    /** The order of PyKMIP is that of age; that of Cosmian means nothing. */
    private Structure locate(Structure payload, String client) {
        Attributes wanted = Attributes.read(payload);
        List<KmsKey> hits = new ArrayList<>();
        for (KmsKey key : keys.values()) {
            if (isShown(key, wanted, client) && wanted.list().stream().allMatch(key::fits)) {
                hits.add(dialect == Dialect.COSMIAN ? 0 : hits.size(), key);
            }
        }
        int most = payload.integerOr(Tag.MAXIMUM_ITEMS, Integer.MAX_VALUE);
        return answer().addAll(hits.stream()
                        .limit(most)
                        .map(key -> TextString.of(Tag.UNIQUE_IDENTIFIER, key.id))
                        .toList())
                .build();
    }

    /** Cosmian shows what was destroyed to who asks for that state. */
    private boolean isShown(KmsKey key, Attributes wanted, String client) {
        boolean gone = key.isDestroyed()
                && !(dialect.remembersDestroyedKeys() && wanted.state().isPresent());
        return key.owner.equals(client) && !gone;
    }

    private KmsKey known(Structure payload, String client) {
        String id = payload.text(Tag.UNIQUE_IDENTIFIER);
        KmsKey key = keys.get(id);
        if (key == null || key.isDestroyed() && !dialect.remembersDestroyedKeys()) {
            throw dialect.noSuchKey(id);
        }
        if (!key.owner.equals(client)) {
            throw dialect.notYours(id);
        }
        return key;
    }

    private KmsKey alive(Structure payload, String client) {
        KmsKey key = known(payload, client);
        if (key.isDestroyed()) {
            throw dialect.destroyed(key.id);
        }
        return key;
    }

    private Structure get(Structure payload, ProtocolVersion version, String client) {
        KmsKey key = alive(payload, client);
        if (key.state == State.DEACTIVATED && dialect.keepsDeactivatedKeys()) {
            throw dialect.wrongState("DENIED");
        }
        return given(key, version, /* attributesBeside= */ false);
    }

    private Structure export(Structure payload, ProtocolVersion version, String client) {
        if (!dialect.hasExport() || !version.isAtLeast(ProtocolVersion.V2_0)) {
            throw new KmsRefusal(KmsRefusal.NOT_UNDERSTOOD, "Export is not known");
        }
        return given(alive(payload, client), version, /* attributesBeside= */ true);
    }

    private Structure given(KmsKey key, ProtocolVersion version, boolean attributesBeside) {
        if (!key.extractable) {
            throw new KmsRefusal(KmsRefusal.NOT_PERMITTED, "DENIED");
        }
        List<TtlvItem> attributes = forms(key.attributes(), version);
        boolean within = dialect.sendsAttributesWithKeys() && !attributesBeside;
        Structure value = Structure.of(Tag.KEY_VALUE)
                .add(ByteString.copyOf(Tag.KEY_MATERIAL, key.bytes))
                .addAll(within ? attributes : List.of())
                .build();
        return answer().enumeration(Tag.OBJECT_TYPE, key.type.code())
                .text(Tag.UNIQUE_IDENTIFIER, key.id)
                .addAll(attributesBeside ? attributes : List.of())
                .add(Structure.of(key.type == ObjectType.SECRET_DATA ? Tag.SECRET_DATA : Tag.SYMMETRIC_KEY)
                        .add(Structure.of(Tag.KEY_BLOCK)
                                .enumeration(Tag.KEY_FORMAT_TYPE, RAW)
                                .add(value)
                                .enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM, AES)
                                .integer(Tag.CRYPTOGRAPHIC_LENGTH, key.bytes.length * 8)
                                .build())
                        .build())
                .build();
    }

    private static List<TtlvItem> forms(Attributes attributes, ProtocolVersion version) {
        List<TtlvItem> items =
                attributes.list().stream().map(one -> one.item(version)).toList();
        return version.hasTaggedAttributes()
                ? List.of(Structure.of(Tag.ATTRIBUTES).addAll(items).build())
                : items;
    }

    private Structure attributes(Structure payload, ProtocolVersion version, String client) {
        KmsKey key = known(payload, client);
        List<String> wanted = new ArrayList<>();
        payload.all(Tag.ATTRIBUTE_NAME, TextString.class).forEach(name -> wanted.add(name.value()));
        payload.all(Tag.ATTRIBUTE_REFERENCE, TtlvItem.class).forEach(reference -> {
            if (reference instanceof TtlvItem.Enumeration tag) {
                wanted.add(new Tag(tag.value()).words());
            }
        });
        List<Attribute> found = key.attributes().list().stream()
                .filter(one -> wanted.isEmpty() || wanted.contains(one.name().toString()))
                .toList();
        return answer().text(Tag.UNIQUE_IDENTIFIER, key.id)
                .addAll(forms(new Attributes(found), version))
                .build();
    }

    private Structure attributeList(Structure payload, ProtocolVersion version, String client) {
        KmsKey key = known(payload, client);
        List<TtlvItem> names = new ArrayList<>();
        for (Attribute one : key.attributes().list()) {
            names.add(
                    version.hasTaggedAttributes()
                            ? new TtlvItem.Enumeration(
                                    Tag.ATTRIBUTE_REFERENCE, one.value().tag().code())
                            : TextString.of(Tag.ATTRIBUTE_NAME, one.name().toString()));
        }
        return answer().text(Tag.UNIQUE_IDENTIFIER, key.id)
                .addAll(names.stream().distinct().toList())
                .build();
    }

    private Structure addAttribute(Structure payload, String client) {
        if (dialect != Dialect.COSMIAN) {
            throw new KmsRefusal(KmsRefusal.NOT_UNDERSTOOD, "See server logs");
        }
        KmsKey key = alive(payload, client);
        give(key, Attributes.read(payload));
        return answer(key);
    }

    /** What a new key is told to be called, and whatever else is kept as it came. */
    private static void give(KmsKey key, Attributes attributes) {
        for (Attribute one : attributes.list()) {
            if (one.value().tag().equals(Tag.NAME) && one.value() instanceof Structure name) {
                key.names.add(name.required(Tag.NAME_VALUE, TextString.class));
            } else if (one.value().tag().equals(Tag.ATTRIBUTE_VALUE)) {
                key.others.add(one);
            }
        }
    }

    private static Attributes template(Structure payload) {
        Structure template = payload.item(Tag.TEMPLATE_ATTRIBUTE, Structure.class);
        return Attributes.read(template == null ? payload : template);
    }

    private Structure create(Structure payload, String client) {
        Attributes wanted = template(payload);
        if (payload.enumeration(Tag.OBJECT_TYPE) != ObjectType.SYMMETRIC_KEY.code()
                || wanted.algorithm().isEmpty()
                || wanted.lengthBits().isEmpty()
                || wanted.usage().isEmpty()) {
            throw new KmsRefusal(KmsRefusal.INVALID_FIELD, "type, algorithm, length and usage are needed");
        }
        byte[] bytes = new byte[wanted.lengthBits().getAsInt() / 8];
        random.nextBytes(bytes);
        KmsKey key = add(client, ObjectType.SYMMETRIC_KEY, bytes, wanted.usage().orElseThrow());
        give(key, wanted);
        return answer().enumeration(Tag.OBJECT_TYPE, key.type.code())
                .text(Tag.UNIQUE_IDENTIFIER, key.id)
                .build();
    }

    private Structure register(Structure payload, String client) {
        Attributes wanted = template(payload);
        ObjectType type = ObjectType.of(payload.enumeration(Tag.OBJECT_TYPE)).orElseThrow();
        Tag under = type == ObjectType.SECRET_DATA ? Tag.SECRET_DATA : Tag.SYMMETRIC_KEY;
        byte[] bytes = payload.structure(under)
                .structure(Tag.KEY_BLOCK)
                .structure(Tag.KEY_VALUE)
                .required(Tag.KEY_MATERIAL, ByteString.class)
                .copy();
        KmsKey key = add(client, type, bytes, wanted.usage().orElse(new UsageMask(0)));
        give(key, wanted);
        return answer(key);
    }

    private Structure activate(Structure payload, String client) {
        KmsKey key = alive(payload, client);
        if (key.state != State.PRE_ACTIVE) {
            throw dialect.wrongState("The object state is not pre-active and it cannot be activated.");
        }
        key.state = State.ACTIVE;
        return answer(key);
    }

    private Structure revoke(Structure payload, String client) {
        KmsKey key = alive(payload, client);
        int reason = payload.structure(Tag.REVOCATION_REASON).enumeration(Tag.REVOCATION_REASON_CODE);
        if (reason != REASON_COMPROMISE && key.state == State.PRE_ACTIVE && dialect == Dialect.PYKMIP) {
            throw new KmsRefusal(0x0B, "The object is not active and cannot be revoked.");
        }
        key.state = reason == REASON_COMPROMISE ? State.COMPROMISED : State.DEACTIVATED;
        return answer(key);
    }

    private Structure destroy(Structure payload, String client) {
        KmsKey key = known(payload, client);
        if (key.state == State.ACTIVE) {
            throw dialect.wrongState("DENIED");
        }
        key.state = key.state == State.COMPROMISED ? State.DESTROYED_COMPROMISED : State.DESTROYED;
        return answer(key);
    }

    /** The Name moves to the new key. */
    private Structure reKey(Structure payload, String client) {
        if (dialect != Dialect.COSMIAN) {
            throw new KmsRefusal(KmsRefusal.NOT_SUPPORTED, "ReKey operation is not supported");
        }
        KmsKey before = alive(payload, client);
        byte[] bytes = new byte[before.bytes.length];
        random.nextBytes(bytes);
        KmsKey after = add(client, before.type, bytes, before.usage);
        after.state = before.state;
        after.names.addAll(before.names);
        before.names.clear();
        return answer(after);
    }

    private Structure encrypt(Structure payload, String client) {
        KmsKey key = usable(payload, client, UsageMask.ENCRYPT);
        if (key.state != State.ACTIVE) {
            throw new KmsRefusal(KmsRefusal.NOT_PERMITTED, "the key is not active");
        }
        byte[] sealed = gcm(Cipher.ENCRYPT_MODE, key, payload, bytes(payload, Tag.DATA));
        int length = sealed.length - TAG_BYTES;
        return answer().text(Tag.UNIQUE_IDENTIFIER, key.id)
                .bytes(Tag.DATA, Unpooled.wrappedBuffer(sealed, 0, length))
                .bytes(Tag.AUTHENTICATED_ENCRYPTION_TAG, Unpooled.wrappedBuffer(sealed, length, TAG_BYTES))
                .build();
    }

    private Structure decrypt(Structure payload, String client) {
        KmsKey key = usable(payload, client, UsageMask.DECRYPT);
        boolean decrypts = key.state == State.ACTIVE || key.state == State.DEACTIVATED && dialect == Dialect.COSMIAN;
        if (!decrypts) {
            throw new KmsRefusal(KmsRefusal.NOT_PERMITTED, "the key is not active");
        }
        byte[] data = bytes(payload, Tag.DATA);
        byte[] tag = bytes(payload, Tag.AUTHENTICATED_ENCRYPTION_TAG);
        byte[] sealed = Arrays.copyOf(data, data.length + tag.length);
        System.arraycopy(tag, 0, sealed, data.length, tag.length);
        return answer().text(Tag.UNIQUE_IDENTIFIER, key.id)
                .bytes(Tag.DATA, Unpooled.wrappedBuffer(gcm(Cipher.DECRYPT_MODE, key, payload, sealed)))
                .build();
    }

    /** Cosmian says of a key with another use that there is none. */
    private KmsKey usable(Structure payload, String client, UsageMask use) {
        KmsKey key = alive(payload, client);
        if (!key.usage.allows(use)) {
            throw dialect == Dialect.COSMIAN
                    ? new KmsRefusal(0x01, "no such key for " + use)
                    : new KmsRefusal(KmsRefusal.NOT_PERMITTED, "the key is not for " + use);
        }
        return key;
    }

    private byte[] gcm(int mode, KmsKey key, Structure payload, byte[] in) {
        byte[] associated = bytes(payload, Tag.AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA);
        try {
            return key.gcm(
                    mode, bytes(payload, Tag.IV_COUNTER_NONCE), associated == null ? new byte[0] : associated, in);
        } catch (AEADBadTagException wrong) {
            throw dialect.wrongTag(wrong);
        }
    }

    private static byte @Nullable [] bytes(Structure payload, Tag tag) {
        ByteString found = payload.item(tag, ByteString.class);
        return found == null ? null : found.copy();
    }
}
