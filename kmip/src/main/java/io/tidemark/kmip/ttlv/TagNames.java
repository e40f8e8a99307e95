package io.tidemark.kmip.ttlv;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of tags as the XML and JSON encodings write them. In the code and not in a file: it may be needed on an event loop.
 *
 * <p>Source: KMIP 2.0 and 2.1, Tag Enumeration, which contains those of 1.0 to 1.4; names normalised as KMIP Profiles, XML Encoding
 * says. From 42016A on as servers send them.
 */
final class TagNames {
    /** {@code hex:} sets the code of the name that follows; each next name has the next code. */
    private static final String TABLE = """
            420001: ActivationDate ApplicationData ApplicationNamespace ApplicationSpecificInformation ArchiveDate
            AsynchronousCorrelationValue AsynchronousIndicator Attribute AttributeIndex AttributeName AttributeValue
            Authentication BatchCount BatchErrorContinuationOption BatchItem BatchOrderOption BlockCipherMode
            CancellationResult Certificate CertificateIdentifier CertificateIssuer CertificateIssuerAlternativeName
            CertificateIssuerDistinguishedName CertificateRequest CertificateRequestType CertificateSubject
            CertificateSubjectAlternativeName CertificateSubjectDistinguishedName CertificateType CertificateValue
            CommonTemplateAttribute CompromiseDate CompromiseOccurrenceDate ContactInformation Credential CredentialType
            CredentialValue CriticalityIndicator CRTCoefficient CryptographicAlgorithm CryptographicDomainParameters
            CryptographicLength CryptographicParameters CryptographicUsageMask CustomAttribute D DeactivationDate
            DerivationData DerivationMethod DerivationParameters DestroyDate Digest DigestValue EncryptionKeyInformation G
            HashingAlgorithm InitialDate InitializationVector Issuer IterationCount IVCounterNonce J Key KeyBlock
            KeyCompressionType KeyFormatType KeyMaterial KeyPartIdentifier KeyValue KeyWrappingData KeyWrappingSpecification
            LastChangeDate LeaseTime Link LinkType LinkedObjectIdentifier MACSignature MACSignatureKeyInformation
            MaximumItems MaximumResponseSize MessageExtension Modulus Name NameType NameValue ObjectGroup ObjectType Offset
            OpaqueDataType OpaqueDataValue OpaqueObject Operation OperationPolicyName P PaddingMethod PrimeExponentP
            PrimeExponentQ PrimeFieldSize PrivateExponent PrivateKey PrivateKeyTemplateAttribute PrivateKeyUniqueIdentifier
            ProcessStartDate ProtectStopDate ProtocolVersion ProtocolVersionMajor ProtocolVersionMinor PublicExponent
            PublicKey PublicKeyTemplateAttribute PublicKeyUniqueIdentifier PutFunction Q QString Qlength QueryFunction
            RecommendedCurve ReplacedUniqueIdentifier RequestHeader RequestMessage RequestPayload ResponseHeader
            ResponseMessage ResponsePayload ResultMessage ResultReason ResultStatus RevocationMessage RevocationReason
            RevocationReasonCode KeyRoleType Salt SecretData SecretDataType SerialNumber ServerInformation SplitKey
            SplitKeyMethod SplitKeyParts SplitKeyThreshold State StorageStatusMask SymmetricKey Template TemplateAttribute
            TimeStamp UniqueBatchItemID UniqueIdentifier UsageLimits UsageLimitsCount UsageLimitsTotal UsageLimitsUnit
            Username ValidityDate ValidityIndicator VendorExtension VendorIdentification WrappingMethod X Y Password
            DeviceIdentifier EncodingOption ExtensionInformation ExtensionName ExtensionTag ExtensionType Fresh
            MachineIdentifier MediaIdentifier NetworkIdentifier ObjectGroupMember CertificateLength
            DigitalSignatureAlgorithm CertificateSerialNumber DeviceSerialNumber IssuerAlternativeName
            IssuerDistinguishedName SubjectAlternativeName SubjectDistinguishedName X_509CertificateIdentifier
            X_509CertificateIssuer X_509CertificateSubject KeyValueLocation KeyValueLocationValue KeyValueLocationType
            KeyValuePresent OriginalCreationDate PGPKey PGPKeyVersion AlternativeName AlternativeNameValue
            AlternativeNameType Data SignatureData DataLength RandomIV MACData AttestationType Nonce NonceID NonceValue
            AttestationMeasurement AttestationAssertion IVLength TagLength FixedFieldLength CounterLength
            InitialCounterValue InvocationFieldLength AttestationCapableIndicator OffsetItems LocatedItems CorrelationValue
            InitIndicator FinalIndicator RNGParameters RNGAlgorithm DRBGAlgorithm FIPS186Variation PredictionResistance
            RandomNumberGenerator ValidationInformation ValidationAuthorityType ValidationAuthorityCountry
            ValidationAuthorityURI ValidationVersionMajor ValidationVersionMinor ValidationType ValidationLevel
            ValidationCertificateIdentifier ValidationCertificateURI ValidationVendorURI ValidationProfile
            ProfileInformation ProfileName ServerURI ServerPort StreamingCapability AsynchronousCapability
            AttestationCapability UnwrapMode DestroyAction ShreddingAlgorithm RNGMode ClientRegistrationMethod
            CapabilityInformation KeyWrapType BatchUndoCapability BatchContinueCapability PKCS_12FriendlyName Description
            Comment AuthenticatedEncryptionAdditionalData AuthenticatedEncryptionTag SaltLength MaskGenerator
            MaskGeneratorHashingAlgorithm PSource TrailerField ClientCorrelationValue ServerCorrelationValue DigestedData
            CertificateSubjectCN CertificateSubjectO CertificateSubjectOU CertificateSubjectEmail CertificateSubjectC
            CertificateSubjectST CertificateSubjectL CertificateSubjectUID CertificateSubjectSerialNumber
            CertificateSubjectTitle CertificateSubjectDC CertificateSubjectDNQualifier CertificateIssuerCN
            CertificateIssuerO CertificateIssuerOU CertificateIssuerEmail CertificateIssuerC CertificateIssuerST
            CertificateIssuerL CertificateIssuerUID CertificateIssuerSerialNumber CertificateIssuerTitle CertificateIssuerDC
            CertificateIssuerDNQualifier Sensitive AlwaysSensitive Extractable NeverExtractable ReplaceExisting Attributes
            CommonAttributes PrivateKeyAttributes PublicKeyAttributes ExtensionEnumeration ExtensionAttribute
            ExtensionParentStructureTag ExtensionDescription ServerName ServerSerialNumber ServerVersion ServerLoad
            ProductName BuildLevel BuildDate ClusterInfo AlternateFailoverEndpoints ShortUniqueIdentifier 420138: Tag
            CertificateRequestUniqueIdentifier NISTKeyType AttributeReference CurrentAttribute NewAttribute 420140:
            CertificateRequestValue LogMessage ProfileVersion ProfileVersionMajor ProfileVersionMinor ProtectionLevel
            ProtectionPeriod QuantumSafe QuantumSafeCapability Ticket TicketType TicketValue RequestCount Rights Objects
            Operations Right EndpointRole DefaultsInformation ObjectDefaults Ephemeral ServerHashedPassword OneTimePassword
            HashedPassword AdjustmentType PKCS_11Interface PKCS_11Function PKCS_11InputParameters PKCS_11OutputParameters
            PKCS_11ReturnCode ProtectionStorageMask ProtectionStorageMasks InteropFunction InteropIdentifier AdjustmentValue
            CommonProtectionStorageMasks PrivateProtectionStorageMasks PublicProtectionStorageMasks 42016A: RotateInterval
            RotateAutomatic RotateOffset RotateDate RotateGeneration RotateName 420172: RotateLatest
            """;

    private static final Map<Integer, String> NAMES = parse(TABLE);
    private static final Map<String, Integer> CODES = inverted();

    private TagNames() {}

    static @Nullable String nameOf(int code) {
        return NAMES.get(code);
    }

    static @Nullable Integer codeOf(String name) {
        return CODES.get(name);
    }

    static Map<Integer, String> parse(String table) {
        Map<Integer, String> names = new HashMap<>();
        int code = 0;
        for (String word : table.strip().split("\\s+")) {
            if (word.endsWith(":")) {
                code = Integer.parseUnsignedInt(word.substring(0, word.length() - 1), 16);
            } else {
                names.put(code, word);
                code++;
            }
        }
        return names;
    }

    private static Map<String, Integer> inverted() {
        Map<String, Integer> codes = new HashMap<>();
        NAMES.forEach((code, name) -> codes.put(name, code));
        return codes;
    }
}
