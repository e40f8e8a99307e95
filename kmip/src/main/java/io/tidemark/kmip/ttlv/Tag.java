package io.tidemark.kmip.ttlv;

import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an item is about: three bytes, 42xxxx the specification's, 54xxxx extensions. A tag without a name here is as good as any other.
 * The constants are those that messages of ours are made of; every name of the specification is known to {@link #named} and {@link #toString}.
 *
 * <p>Source: KMIP 2.1, Tag Enumeration.
 */
public record Tag(int code) {
    public static final Tag ACTIVATION_DATE = new Tag(0x420001);
    public static final Tag APPLICATION_NAMESPACE = new Tag(0x420003);
    public static final Tag ARCHIVE_DATE = new Tag(0x420005);
    public static final Tag ASYNCHRONOUS_INDICATOR = new Tag(0x420007);
    public static final Tag ATTRIBUTE = new Tag(0x420008);
    public static final Tag ATTRIBUTE_INDEX = new Tag(0x420009);
    public static final Tag ATTRIBUTE_NAME = new Tag(0x42000A);
    public static final Tag ATTRIBUTE_VALUE = new Tag(0x42000B);
    public static final Tag AUTHENTICATION = new Tag(0x42000C);
    public static final Tag BATCH_COUNT = new Tag(0x42000D);
    public static final Tag BATCH_ERROR_CONTINUATION_OPTION = new Tag(0x42000E);
    public static final Tag BATCH_ITEM = new Tag(0x42000F);
    public static final Tag BATCH_ORDER_OPTION = new Tag(0x420010);
    public static final Tag BLOCK_CIPHER_MODE = new Tag(0x420011);
    public static final Tag COMPROMISE_DATE = new Tag(0x420020);
    public static final Tag COMPROMISE_OCCURRENCE_DATE = new Tag(0x420021);
    public static final Tag CONTACT_INFORMATION = new Tag(0x420022);
    public static final Tag CRYPTOGRAPHIC_ALGORITHM = new Tag(0x420028);
    public static final Tag CRYPTOGRAPHIC_LENGTH = new Tag(0x42002A);
    public static final Tag CRYPTOGRAPHIC_PARAMETERS = new Tag(0x42002B);
    public static final Tag CRYPTOGRAPHIC_USAGE_MASK = new Tag(0x42002C);
    public static final Tag DEACTIVATION_DATE = new Tag(0x42002F);
    public static final Tag DESTROY_DATE = new Tag(0x420033);
    public static final Tag DIGEST = new Tag(0x420034);
    public static final Tag DIGEST_VALUE = new Tag(0x420035);
    public static final Tag ENCRYPTION_KEY_INFORMATION = new Tag(0x420036);
    public static final Tag HASHING_ALGORITHM = new Tag(0x420038);
    public static final Tag INITIAL_DATE = new Tag(0x420039);
    public static final Tag IV_COUNTER_NONCE = new Tag(0x42003D);
    public static final Tag KEY = new Tag(0x42003F);
    public static final Tag KEY_BLOCK = new Tag(0x420040);
    public static final Tag KEY_COMPRESSION_TYPE = new Tag(0x420041);
    public static final Tag KEY_FORMAT_TYPE = new Tag(0x420042);
    public static final Tag KEY_MATERIAL = new Tag(0x420043);
    public static final Tag KEY_VALUE = new Tag(0x420045);
    public static final Tag KEY_WRAPPING_DATA = new Tag(0x420046);
    public static final Tag KEY_WRAPPING_SPECIFICATION = new Tag(0x420047);
    public static final Tag LAST_CHANGE_DATE = new Tag(0x420048);
    public static final Tag LEASE_TIME = new Tag(0x420049);
    public static final Tag LINK = new Tag(0x42004A);
    public static final Tag MAC_SIGNATURE = new Tag(0x42004D);
    public static final Tag MAXIMUM_ITEMS = new Tag(0x42004F);
    public static final Tag MAXIMUM_RESPONSE_SIZE = new Tag(0x420050);
    public static final Tag NAME = new Tag(0x420053);
    public static final Tag NAME_TYPE = new Tag(0x420054);
    public static final Tag NAME_VALUE = new Tag(0x420055);
    public static final Tag OBJECT_GROUP = new Tag(0x420056);
    public static final Tag OBJECT_TYPE = new Tag(0x420057);
    public static final Tag OFFSET = new Tag(0x420058);
    public static final Tag OPERATION = new Tag(0x42005C);
    public static final Tag OPERATION_POLICY_NAME = new Tag(0x42005D);
    public static final Tag PADDING_METHOD = new Tag(0x42005F);
    public static final Tag PRIVATE_KEY = new Tag(0x420064);
    public static final Tag PROCESS_START_DATE = new Tag(0x420067);
    public static final Tag PROTECT_STOP_DATE = new Tag(0x420068);
    public static final Tag PROTOCOL_VERSION = new Tag(0x420069);
    public static final Tag PROTOCOL_VERSION_MAJOR = new Tag(0x42006A);
    public static final Tag PROTOCOL_VERSION_MINOR = new Tag(0x42006B);
    public static final Tag PUBLIC_KEY = new Tag(0x42006D);
    public static final Tag QUERY_FUNCTION = new Tag(0x420074);
    public static final Tag REQUEST_HEADER = new Tag(0x420077);
    public static final Tag REQUEST_MESSAGE = new Tag(0x420078);
    public static final Tag REQUEST_PAYLOAD = new Tag(0x420079);
    public static final Tag RESPONSE_HEADER = new Tag(0x42007A);
    public static final Tag RESPONSE_MESSAGE = new Tag(0x42007B);
    public static final Tag RESPONSE_PAYLOAD = new Tag(0x42007C);
    public static final Tag RESULT_MESSAGE = new Tag(0x42007D);
    public static final Tag RESULT_REASON = new Tag(0x42007E);
    public static final Tag RESULT_STATUS = new Tag(0x42007F);
    public static final Tag REVOCATION_MESSAGE = new Tag(0x420080);
    public static final Tag REVOCATION_REASON = new Tag(0x420081);
    public static final Tag REVOCATION_REASON_CODE = new Tag(0x420082);
    public static final Tag SECRET_DATA = new Tag(0x420085);
    public static final Tag SECRET_DATA_TYPE = new Tag(0x420086);
    public static final Tag SERVER_INFORMATION = new Tag(0x420088);
    public static final Tag STATE = new Tag(0x42008D);
    public static final Tag STORAGE_STATUS_MASK = new Tag(0x42008E);
    public static final Tag SYMMETRIC_KEY = new Tag(0x42008F);
    public static final Tag TEMPLATE_ATTRIBUTE = new Tag(0x420091);
    public static final Tag TIME_STAMP = new Tag(0x420092);
    public static final Tag UNIQUE_BATCH_ITEM_ID = new Tag(0x420093);
    public static final Tag UNIQUE_IDENTIFIER = new Tag(0x420094);
    public static final Tag USAGE_LIMITS = new Tag(0x420095);
    public static final Tag USAGE_LIMITS_COUNT = new Tag(0x420096);
    public static final Tag VENDOR_IDENTIFICATION = new Tag(0x42009D);
    public static final Tag WRAPPING_METHOD = new Tag(0x42009E);
    public static final Tag PASSWORD = new Tag(0x4200A1);
    public static final Tag ENCODING_OPTION = new Tag(0x4200A3);
    public static final Tag EXTENSION_INFORMATION = new Tag(0x4200A4);
    public static final Tag FRESH = new Tag(0x4200A8);
    public static final Tag OBJECT_GROUP_MEMBER = new Tag(0x4200AC);
    public static final Tag KEY_VALUE_PRESENT = new Tag(0x4200BB);
    public static final Tag ORIGINAL_CREATION_DATE = new Tag(0x4200BC);
    public static final Tag ALTERNATIVE_NAME = new Tag(0x4200BF);
    public static final Tag DATA = new Tag(0x4200C2);
    public static final Tag DATA_LENGTH = new Tag(0x4200C4);
    public static final Tag RANDOM_IV = new Tag(0x4200C5);
    public static final Tag TAG_LENGTH = new Tag(0x4200CE);
    public static final Tag OFFSET_ITEMS = new Tag(0x4200D4);
    public static final Tag LOCATED_ITEMS = new Tag(0x4200D5);
    public static final Tag CORRELATION_VALUE = new Tag(0x4200D6);
    public static final Tag INIT_INDICATOR = new Tag(0x4200D7);
    public static final Tag FINAL_INDICATOR = new Tag(0x4200D8);
    public static final Tag PROFILE_INFORMATION = new Tag(0x4200EB);
    public static final Tag KEY_WRAP_TYPE = new Tag(0x4200F8);
    public static final Tag DESCRIPTION = new Tag(0x4200FC);
    public static final Tag COMMENT = new Tag(0x4200FD);
    public static final Tag AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA = new Tag(0x4200FE);
    public static final Tag AUTHENTICATED_ENCRYPTION_TAG = new Tag(0x4200FF);
    public static final Tag MASK_GENERATOR_HASHING_ALGORITHM = new Tag(0x420102);
    public static final Tag CLIENT_CORRELATION_VALUE = new Tag(0x420105);
    public static final Tag SERVER_CORRELATION_VALUE = new Tag(0x420106);
    public static final Tag SENSITIVE = new Tag(0x420120);
    public static final Tag ALWAYS_SENSITIVE = new Tag(0x420121);
    public static final Tag EXTRACTABLE = new Tag(0x420122);
    public static final Tag NEVER_EXTRACTABLE = new Tag(0x420123);
    public static final Tag ATTRIBUTES = new Tag(0x420125);
    public static final Tag SERVER_NAME = new Tag(0x42012D);
    public static final Tag SERVER_VERSION = new Tag(0x42012F);
    public static final Tag SHORT_UNIQUE_IDENTIFIER = new Tag(0x420136);
    public static final Tag ATTRIBUTE_REFERENCE = new Tag(0x42013B);
    public static final Tag CURRENT_ATTRIBUTE = new Tag(0x42013C);
    public static final Tag NEW_ATTRIBUTE = new Tag(0x42013D);
    public static final Tag PROTECTION_LEVEL = new Tag(0x420145);
    public static final Tag QUANTUM_SAFE = new Tag(0x420147);
    public static final Tag ROTATE_INTERVAL = new Tag(0x42016A);
    public static final Tag ROTATE_AUTOMATIC = new Tag(0x42016B);
    public static final Tag ROTATE_OFFSET = new Tag(0x42016C);
    public static final Tag ROTATE_DATE = new Tag(0x42016D);
    public static final Tag ROTATE_GENERATION = new Tag(0x42016E);
    public static final Tag ROTATE_NAME = new Tag(0x42016F);
    public static final Tag ROTATE_LATEST = new Tag(0x420172);

    public Tag {
        if (code < 0 || code > 0xFFFFFF) {
            throw new IllegalArgumentException("no tag of three bytes: " + code);
        }
    }

    /** The tag of that name, in the spelling of the XML encoding: {@code CryptographicLength}. */
    public static Optional<Tag> named(String name) {
        return Optional.ofNullable(TagNames.codeOf(name)).map(Tag::new);
    }

    /** The tag of an attribute as KMIP 1.x names it: {@code Cryptographic Length}, {@code X.509 Certificate Subject}. */
    public static Optional<Tag> worded(String words) {
        return named(words.replace(" ", "").replaceAll("[^A-Za-z0-9]", "_"));
    }

    /** The name in words, as KMIP 1.x names attributes. */
    public String words() {
        return toString()
                .replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
                .replace("X_509", "X.509")
                .replace("PKCS_12", "PKCS#12");
    }

    /** Whether the specification has a name for it. */
    public boolean isKnown() {
        return TagNames.nameOf(code) != null;
    }

    /** The name as the XML encoding writes it, or the number as it does for unknown ones: {@code 0x42016A}. */
    @Override
    public String toString() {
        @Nullable String name = TagNames.nameOf(code);
        return name == null ? "0x" + HexFormat.of().withUpperCase().toHexDigits(code, 6) : name;
    }
}
