package io.tidemark.kmip.message;

import java.util.Optional;

/** The operations, in the order of their codes. Source: KMIP 2.1, Operation Enumeration. */
public enum Operation {
    CREATE("Create"),
    CREATE_KEY_PAIR("CreateKeyPair"),
    REGISTER("Register"),
    RE_KEY("ReKey"),
    DERIVE_KEY("DeriveKey"),
    CERTIFY("Certify"),
    RE_CERTIFY("ReCertify"),
    LOCATE("Locate"),
    CHECK("Check"),
    GET("Get"),
    GET_ATTRIBUTES("GetAttributes"),
    GET_ATTRIBUTE_LIST("GetAttributeList"),
    ADD_ATTRIBUTE("AddAttribute"),
    MODIFY_ATTRIBUTE("ModifyAttribute"),
    DELETE_ATTRIBUTE("DeleteAttribute"),
    OBTAIN_LEASE("ObtainLease"),
    GET_USAGE_ALLOCATION("GetUsageAllocation"),
    ACTIVATE("Activate"),
    REVOKE("Revoke"),
    DESTROY("Destroy"),
    ARCHIVE("Archive"),
    RECOVER("Recover"),
    VALIDATE("Validate"),
    QUERY("Query"),
    CANCEL("Cancel"),
    POLL("Poll"),
    NOTIFY("Notify"),
    PUT("Put"),
    RE_KEY_KEY_PAIR("ReKeyKeyPair"),
    DISCOVER_VERSIONS("DiscoverVersions"),
    ENCRYPT("Encrypt"),
    DECRYPT("Decrypt"),
    SIGN("Sign"),
    SIGNATURE_VERIFY("SignatureVerify"),
    MAC("MAC"),
    MAC_VERIFY("MACVerify"),
    RNG_RETRIEVE("RNGRetrieve"),
    RNG_SEED("RNGSeed"),
    HASH("Hash"),
    CREATE_SPLIT_KEY("CreateSplitKey"),
    JOIN_SPLIT_KEY("JoinSplitKey"),
    IMPORT("Import"),
    EXPORT("Export"),
    LOG("Log"),
    LOGIN("Login"),
    LOGOUT("Logout"),
    DELEGATED_LOGIN("DelegatedLogin"),
    ADJUST_ATTRIBUTE("AdjustAttribute"),
    SET_ATTRIBUTE("SetAttribute"),
    SET_ENDPOINT_ROLE("SetEndpointRole"),
    PKCS_11("PKCS_11"),
    INTEROP("Interop"),
    RE_PROVISION("ReProvision"),
    SET_DEFAULTS("SetDefaults"),
    SET_CONSTRAINTS("SetConstraints"),
    GET_CONSTRAINTS("GetConstraints"),
    QUERY_ASYNCHRONOUS_REQUESTS("QueryAsynchronousRequests"),
    PROCESS("Process"),
    PING("Ping");

    private static final Operation[] BY_CODE = values();
    private static final int LAST_OF_1_0 = PUT.code();
    private static final int LAST_OF_1_1 = DISCOVER_VERSIONS.code();
    private static final int LAST_OF_1_2 = JOIN_SPLIT_KEY.code();
    private static final int LAST_OF_1_4 = EXPORT.code();
    private static final int LAST_OF_2_0 = RE_PROVISION.code();

    private final String printed;

    Operation(String printed) {
        this.printed = printed;
    }

    /** The operation of that code; empty for one that the specification does not have. */
    public static Optional<Operation> of(int code) {
        return code >= 1 && code <= BY_CODE.length ? Optional.of(BY_CODE[code - 1]) : Optional.empty();
    }

    public int code() {
        return ordinal() + 1;
    }

    /** The first version that has it. */
    public ProtocolVersion since() {
        int code = code();
        if (code <= LAST_OF_1_0) {
            return ProtocolVersion.V1_0;
        }
        if (code <= LAST_OF_1_1) {
            return ProtocolVersion.V1_1;
        }
        if (code <= LAST_OF_1_2) {
            return ProtocolVersion.V1_2;
        }
        if (code <= LAST_OF_1_4) {
            return ProtocolVersion.V1_4;
        }
        return code <= LAST_OF_2_0 ? ProtocolVersion.V2_0 : ProtocolVersion.V2_1;
    }

    /** As the XML encoding writes it: {@code GetAttributes}. */
    @Override
    public String toString() {
        return printed;
    }
}
