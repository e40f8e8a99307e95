package io.tidemark.kmip.ttlv;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of enumeration values and of the bits of masks, by the tag that they stand under. In the code and not in a file: it may be
 * needed on an event loop.
 *
 * <p>Source: KMIP 2.0 and 2.1, Enumerations and Bit Masks, which contain those of 1.0 to 1.4; names normalised as KMIP Profiles, XML
 * Encoding says.
 */
public final class EnumerationNames {
    /** A line that begins at the margin names the enumeration; {@code hex:} sets the value of the next name, which then counts up. */
    private static final String TABLE = """
            CredentialType 1: UsernameAndPassword Device Attestation OneTimePassword HashedPassword Ticket
            KeyCompressionType
                1: ECPublicKeyTypeUncompressed ECPublicKeyTypeX9_62CompressedPrime ECPublicKeyTypeX9_62CompressedChar2
                ECPublicKeyTypeX9_62Hybrid
            KeyFormatType 1: Raw Opaque PKCS_1 PKCS_8 X_509 ECPrivateKey TransparentSymmetricKey TransparentDSAPrivateKey
                TransparentDSAPublicKey TransparentRSAPrivateKey TransparentRSAPublicKey TransparentDHPrivateKey
                TransparentDHPublicKey TransparentECDSAPrivateKey TransparentECDSAPublicKey TransparentECDHPrivateKey
                TransparentECDHPublicKey TransparentECMQVPrivateKey TransparentECMQVPublicKey TransparentECPrivateKey
                TransparentECPublicKey PKCS_12
            WrappingMethod 1: Encrypt MACSign EncryptThenMACSign MACSignThenEncrypt TR_31
            RecommendedCurve
                1: P_192 K_163 B_163 P_224 K_233 B_233 P_256 K_283 B_283 P_384 K_409 B_409 P_521 K_571 B_571 SECP112R1 SECP112R2
                SECP128R1 SECP128R2 SECP160K1 SECP160R1 SECP160R2 SECP192K1 SECP224K1 SECP256K1 SECT113R1 SECT113R2 SECT131R1
                SECT131R2 SECT163R1 SECT193R1 SECT193R2 SECT239K1 ANSIX9P192V2 ANSIX9P192V3 ANSIX9P239V1 ANSIX9P239V2
                ANSIX9P239V3 ANSIX9C2PNB163V1 ANSIX9C2PNB163V2 ANSIX9C2PNB163V3 ANSIX9C2PNB176V1 ANSIX9C2TNB191V1
                ANSIX9C2TNB191V2 ANSIX9C2TNB191V3 ANSIX9C2PNB208W1 ANSIX9C2TNB239V1 ANSIX9C2TNB239V2 ANSIX9C2TNB239V3
                ANSIX9C2PNB272W1 ANSIX9C2PNB304W1 ANSIX9C2TNB359V1 ANSIX9C2PNB368W1 ANSIX9C2TNB431R1 BRAINPOOLP160R1
                BRAINPOOLP160T1 BRAINPOOLP192R1 BRAINPOOLP192T1 BRAINPOOLP224R1 BRAINPOOLP224T1 BRAINPOOLP256R1 BRAINPOOLP256T1
                BRAINPOOLP320R1 BRAINPOOLP320T1 BRAINPOOLP384R1 BRAINPOOLP384T1 BRAINPOOLP512R1 BRAINPOOLP512T1 CURVE25519
                CURVE448
            CertificateType 1: X_509 PGP
            DigitalSignatureAlgorithm
                1: MD2WithRSAEncryption MD5WithRSAEncryption SHA_1WithRSAEncryption SHA_224WithRSAEncryption
                SHA_256WithRSAEncryption SHA_384WithRSAEncryption SHA_512WithRSAEncryption RSASSA_PSS DSAWithSHA_1 DSAWithSHA224
                DSAWithSHA256 ECDSAWithSHA_1 ECDSAWithSHA224 ECDSAWithSHA256 ECDSAWithSHA384 ECDSAWithSHA512
                SHA3_256WithRSAEncryption SHA3_384WithRSAEncryption SHA3_512WithRSAEncryption
            SplitKeyMethod 1: XOR PolynomialSharingGF2_16 PolynomialSharingPrimeField PolynomialSharingGF2_8
            SecretDataType 1: Password Seed
            NameType 1: UninterpretedTextString URI
            ObjectType 1: Certificate SymmetricKey PublicKey PrivateKey SplitKey Template SecretData OpaqueObject PGPKey
                CertificateRequest
            CryptographicAlgorithm
                1: DES DES3 AES RSA DSA ECDSA HMAC_SHA1 HMAC_SHA224 HMAC_SHA256 HMAC_SHA384 HMAC_SHA512 HMAC_MD5 DH ECDH ECMQV
                Blowfish Camellia CAST5 IDEA MARS RC2 RC4 RC5 SKIPJACK Twofish EC OneTimePad ChaCha20 Poly1305 ChaCha20Poly1305
                SHA3_224 SHA3_256 SHA3_384 SHA3_512 HMAC_SHA3_224 HMAC_SHA3_256 HMAC_SHA3_384 HMAC_SHA3_512 SHAKE_128 SHAKE_256
                ARIA SEED SM2 SM3 SM4 GOSTR34_10_2012 GOSTR34_11_2012 GOSTR34_13_2015 GOST28147_89 XMSS SPHINCS_256 McEliece
                McEliece_6960119 McEliece_8192128 Ed25519 Ed448
            BlockCipherMode
                1: CBC ECB PCBC CFB OFB CTR CMAC CCM GCM CBC_MAC XTS AESKeyWrapPadding NISTKeyWrap X9_102AESKW X9_102TDKW
                X9_102AKW1 X9_102AKW2 AEAD
            PaddingMethod 1: None OAEP PKCS5 SSL3 Zeros ANSIX9_23 ISO10126 PKCS1V1_5 X9_31 PSS
            HashingAlgorithm
                1: MD2 MD4 MD5 SHA_1 SHA_224 SHA_256 SHA_384 SHA_512 RIPEMD_160 Tiger Whirlpool SHA_512_224 SHA_512_256
                SHA_3_224 SHA_3_256 SHA_3_384 SHA_3_512
            KeyRoleType
                1: BDK CVK DEK MKAC MKSMC MKSMI MKDAC MKDN MKCP MKOTH KEK MAC16609 MAC97971 MAC97972 MAC97973 MAC97974 MAC97975
                ZPK PVKIBM PVKPVV PVKOTH DUKPT IV TRKBK
            State 1: PreActive Active Deactivated Compromised Destroyed DestroyedCompromised
            RevocationReasonCode
                1: Unspecified KeyCompromise CACompromise AffiliationChanged Superseded CessationOfOperation PrivilegeWithdrawn
            LinkType
                101: CertificateLink PublicKeyLink PrivateKeyLink DerivationBaseObjectLink DerivedKeyLink ReplacementObjectLink
                ReplacedObjectLink ParentLink ChildLink PreviousLink NextLink PKCS_12CertificateLink PKCS_12PasswordLink
                WrappingKeyLink
            DerivationMethod
                1: PBKDF2 HASH HMAC ENCRYPT NIST800_108_C NIST800_108_F NIST800_108_DPI AsymmetricKey AWSSignatureVersion4 HKDF
            CertificateRequestType 1: CRMF PKCS_10 PEM PGP
            ValidityIndicator 1: Valid Invalid Unknown
            QueryFunction
                1: QueryOperations QueryObjects QueryServerInformation QueryApplicationNamespaces QueryExtensionList
                QueryExtensionMap QueryAttestationTypes QueryRNGs QueryValidations QueryProfiles QueryCapabilities
                QueryClientRegistrationMethods QueryDefaultsInformation QueryStorageProtectionMasks
            CancellationResult 1: Canceled UnableToCancel Completed Failed Unavailable
            PutFunction 1: New Replace
            Operation 1: Create CreateKeyPair Register ReKey DeriveKey Certify ReCertify Locate Check Get GetAttributes
                GetAttributeList AddAttribute ModifyAttribute DeleteAttribute ObtainLease GetUsageAllocation Activate Revoke
                Destroy Archive Recover Validate Query Cancel Poll Notify Put ReKeyKeyPair DiscoverVersions Encrypt Decrypt Sign
                SignatureVerify MAC MACVerify RNGRetrieve RNGSeed Hash CreateSplitKey JoinSplitKey Import Export Log Login
                Logout DelegatedLogin AdjustAttribute SetAttribute SetEndpointRole PKCS_11 Interop ReProvision SetDefaults
                SetConstraints GetConstraints QueryAsynchronousRequests Process Ping
            ResultStatus 0: Success OperationFailed OperationPending OperationUndone
            ResultReason
                1: ItemNotFound ResponseTooLarge AuthenticationNotSuccessful InvalidMessage OperationNotSupported MissingData
                InvalidField FeatureNotSupported OperationCanceledByRequester CryptographicFailure IllegalOperation
                PermissionDenied ObjectArchived IndexOutOfBounds ApplicationNamespaceNotSupported KeyFormatTypeNotSupported
                KeyCompressionTypeNotSupported EncodingOptionError KeyValueNotPresent AttestationRequired AttestationFailed
                Sensitive NotExtractable ObjectAlreadyExists InvalidTicket UsageLimitExceeded NumericRange InvalidDataType
                ReadOnlyAttribute MultiValuedAttribute UnsupportedAttribute AttributeInstanceNotFound AttributeNotFound
                AttributeReadOnly AttributeSingleValued BadCryptographicParameters BadPassword CodecError 28: IllegalObjectType
                IncompatibleCryptographicUsageMask InternalServerError InvalidAsynchronousCorrelationValue InvalidAttribute
                InvalidAttributeValue InvalidCorrelationValue InvalidCSR InvalidObjectType 32: KeyWrapTypeNotSupported 34:
                MissingInitializationVector NonUniqueNameAttribute ObjectDestroyed ObjectNotFound 39: NotAuthorised
                ServerLimitExceeded UnknownEnumeration UnknownMessageExtension UnknownTag UnsupportedCryptographicParameters
                UnsupportedProtocolVersion WrappingObjectArchived WrappingObjectDestroyed WrappingObjectNotFound
                WrongKeyLifecycleState ProtectionStorageUnavailable PKCS_11CodecError PKCS_11InvalidFunction
                PKCS_11InvalidInterface PrivateProtectionStorageUnavailable PublicProtectionStorageUnavailable
                UnknownObjectGroup ConstraintViolation DuplicateProcessRequest 100: GeneralFailure
            BatchErrorContinuationOption 1: Continue Stop Undo
            UsageLimitsUnit 1: Byte Object
            EncodingOption 1: NoEncoding TTLVEncoding
            ObjectGroupMember 1: GroupMemberFresh GroupMemberDefault
            AlternativeNameType
                1: UninterpretedTextString URI ObjectSerialNumber EmailAddress DNSName X_500DistinguishedName IPAddress
            KeyValueLocationType 1: UninterpretedTextString URI
            AttestationType 1: TPMQuote TCGIntegrityReport SAMLAssertion
            RNGAlgorithm 1: Unspecified FIPS186_2 DRBG NRBG ANSIX9_31 ANSIX9_62
            DRBGAlgorithm 1: Unspecified Dual_EC Hash HMAC CTR
            FIPS186Variation 1: Unspecified GPXOriginal GPXChangeNotice XOriginal XChangeNotice KOriginal KChangeNotice
            ValidationAuthorityType 1: Unspecified NISTCMVP CommonCriteria
            ValidationType 1: Unspecified Hardware Software Firmware Hybrid
            UnwrapMode 1: Unspecified Processed NotProcessed
            DestroyAction
                1: Unspecified KeyMaterialDeleted KeyMaterialShredded MetaDataDeleted MetaDataShredded Deleted Shredded
            ShreddingAlgorithm 1: Unspecified Cryptographic Unsupported
            RNGMode 1: Unspecified SharedInstantiation NonSharedInstantiation
            ClientRegistrationMethod 1: Unspecified ServerPreGenerated ServerOnDemand ClientGenerated ClientRegistered
            KeyWrapType 1: NotWrapped AsRegistered
            MaskGenerator 1: MGF1
            AdjustmentType 1: Increment Decrement Negate
            AsynchronousIndicator 1: Mandatory Optional Prohibited
            Data 1: Decrypt Encrypt Hash MACMACData RNGRetrieve SignSignatureData SignatureVerify
            EndpointRole 1: Client Server
            InteropFunction 1: Begin End Reset
            NISTKeyType
                1: PrivateSignatureKey PublicSignatureVerificationKey SymmetricAuthenticationKey PrivateAuthenticationKey
                PublicAuthenticationKey SymmetricDataEncryptionKey SymmetricKeyWrappingKey SymmetricRandomNumberGenerationKey
                SymmetricMasterKey PrivateKeyTransportKey PublicKeyTransportKey SymmetricKeyAgreementKey
                PrivateStaticKeyAgreementKey PublicStaticKeyAgreementKey PrivateEphemeralKeyAgreementKey
                PublicEphemeralKeyAgreementKey SymmetricAuthorizationKey PrivateAuthorizationKey PublicAuthorizationKey
            ProtectionLevel 1: High Low
            TicketType 1: Login
            UniqueIdentifier
                1: IDPlaceholder Certify Create CreateKeyPair CreateKeyPairPrivateKey CreateKeyPairPublicKey CreateSplitKey
                DeriveKey Import JoinSplitKey Locate Register ReKey ReCertify ReKeyKeyPair ReKeyKeyPairPrivateKey
                ReKeyKeyPairPublicKey
            ProfileName 1: BaselineServerBasicKMIPV1_2 BaselineServerTLSV1_2KMIPV1_2 BaselineClientBasicKMIPV1_2
                BaselineClientTLSV1_2KMIPV1_2 CompleteServerBasicKMIPV1_2 CompleteServerTLSV1_2KMIPV1_2
                TapeLibraryClientKMIPV1_0 TapeLibraryClientKMIPV1_1 TapeLibraryClientKMIPV1_2 TapeLibraryServerKMIPV1_0
                TapeLibraryServerKMIPV1_1 TapeLibraryServerKMIPV1_2 SymmetricKeyLifecycleClientKMIPV1_0
                SymmetricKeyLifecycleClientKMIPV1_1 SymmetricKeyLifecycleClientKMIPV1_2 SymmetricKeyLifecycleServerKMIPV1_0
                SymmetricKeyLifecycleServerKMIPV1_1 SymmetricKeyLifecycleServerKMIPV1_2 AsymmetricKeyLifecycleClientKMIPV1_0
                AsymmetricKeyLifecycleClientKMIPV1_1 AsymmetricKeyLifecycleClientKMIPV1_2 AsymmetricKeyLifecycleServerKMIPV1_0
                AsymmetricKeyLifecycleServerKMIPV1_1 AsymmetricKeyLifecycleServerKMIPV1_2 BasicCryptographicClientKMIPV1_2
                BasicCryptographicServerKMIPV1_2 AdvancedCryptographicClientKMIPV1_2 AdvancedCryptographicServerKMIPV1_2
                RNGCryptographicClientKMIPV1_2 RNGCryptographicServerKMIPV1_2 BasicSymmetricKeyFoundryClientKMIPV1_0
                IntermediateSymmetricKeyFoundryClientKMIPV1_0 AdvancedSymmetricKeyFoundryClientKMIPV1_0
                BasicSymmetricKeyFoundryClientKMIPV1_1 IntermediateSymmetricKeyFoundryClientKMIPV1_1
                AdvancedSymmetricKeyFoundryClientKMIPV1_1 BasicSymmetricKeyFoundryClientKMIPV1_2
                IntermediateSymmetricKeyFoundryClientKMIPV1_2 AdvancedSymmetricKeyFoundryClientKMIPV1_2
                SymmetricKeyFoundryServerKMIPV1_0 SymmetricKeyFoundryServerKMIPV1_1 SymmetricKeyFoundryServerKMIPV1_2
                OpaqueManagedObjectStoreClientKMIPV1_0 OpaqueManagedObjectStoreClientKMIPV1_1
                OpaqueManagedObjectStoreClientKMIPV1_2 OpaqueManagedObjectStoreServerKMIPV1_0
                OpaqueManagedObjectStoreServerKMIPV1_1 OpaqueManagedObjectStoreServerKMIPV1_2 SuiteBMinLOS_128ClientKMIPV1_0
                SuiteBMinLOS_128ClientKMIPV1_1 SuiteBMinLOS_128ClientKMIPV1_2 SuiteBMinLOS_128ServerKMIPV1_0
                SuiteBMinLOS_128ServerKMIPV1_1 SuiteBMinLOS_128ServerKMIPV1_2 SuiteBMinLOS_192ClientKMIPV1_0
                SuiteBMinLOS_192ClientKMIPV1_1 SuiteBMinLOS_192ClientKMIPV1_2 SuiteBMinLOS_192ServerKMIPV1_0
                SuiteBMinLOS_192ServerKMIPV1_1 SuiteBMinLOS_192ServerKMIPV1_2 StorageArrayWithSelfEncryptingDriveClientKMIPV1_0
                StorageArrayWithSelfEncryptingDriveClientKMIPV1_1 StorageArrayWithSelfEncryptingDriveClientKMIPV1_2
                StorageArrayWithSelfEncryptingDriveServerKMIPV1_0 StorageArrayWithSelfEncryptingDriveServerKMIPV1_1
                StorageArrayWithSelfEncryptingDriveServerKMIPV1_2 HTTPSClientKMIPV1_0 HTTPSClientKMIPV1_1 HTTPSClientKMIPV1_2
                HTTPSServerKMIPV1_0 HTTPSServerKMIPV1_1 HTTPSServerKMIPV1_2 JSONClientKMIPV1_0 JSONClientKMIPV1_1
                JSONClientKMIPV1_2 JSONServerKMIPV1_0 JSONServerKMIPV1_1 JSONServerKMIPV1_2 XMLClientKMIPV1_0 XMLClientKMIPV1_1
                XMLClientKMIPV1_2 XMLServerKMIPV1_0 XMLServerKMIPV1_1 XMLServerKMIPV1_2 BaselineServerBasicKMIPV1_3
                BaselineServerTLSV1_2KMIPV1_3 BaselineClientBasicKMIPV1_3 BaselineClientTLSV1_2KMIPV1_3
                CompleteServerBasicKMIPV1_3 CompleteServerTLSV1_2KMIPV1_3 TapeLibraryClientKMIPV1_3 TapeLibraryServerKMIPV1_3
                SymmetricKeyLifecycleClientKMIPV1_3 SymmetricKeyLifecycleServerKMIPV1_3 AsymmetricKeyLifecycleClientKMIPV1_3
                AsymmetricKeyLifecycleServerKMIPV1_3 BasicCryptographicClientKMIPV1_3 BasicCryptographicServerKMIPV1_3
                AdvancedCryptographicClientKMIPV1_3 AdvancedCryptographicServerKMIPV1_3 RNGCryptographicClientKMIPV1_3
                RNGCryptographicServerKMIPV1_3 BasicSymmetricKeyFoundryClientKMIPV1_3
                IntermediateSymmetricKeyFoundryClientKMIPV1_3 AdvancedSymmetricKeyFoundryClientKMIPV1_3
                SymmetricKeyFoundryServerKMIPV1_3 OpaqueManagedObjectStoreClientKMIPV1_3 OpaqueManagedObjectStoreServerKMIPV1_3
                SuiteBMinLOS_128ClientKMIPV1_3 SuiteBMinLOS_128ServerKMIPV1_3 SuiteBMinLOS_192ClientKMIPV1_3
                SuiteBMinLOS_192ServerKMIPV1_3 StorageArrayWithSelfEncryptingDriveClientKMIPV1_3
                StorageArrayWithSelfEncryptingDriveServerKMIPV1_3 HTTPSClientKMIPV1_3 HTTPSServerKMIPV1_3 JSONClientKMIPV1_3
                JSONServerKMIPV1_3 XMLClientKMIPV1_3 XMLServerKMIPV1_3 BaselineServerBasicKMIPV1_4 BaselineServerTLSV1_2KMIPV1_4
                BaselineClientBasicKMIPV1_4 BaselineClientTLSV1_2KMIPV1_4 CompleteServerBasicKMIPV1_4
                CompleteServerTLSV1_2KMIPV1_4 TapeLibraryClientKMIPV1_4 TapeLibraryServerKMIPV1_4
                SymmetricKeyLifecycleClientKMIPV1_4 SymmetricKeyLifecycleServerKMIPV1_4 AsymmetricKeyLifecycleClientKMIPV1_4
                AsymmetricKeyLifecycleServerKMIPV1_4 BasicCryptographicClientKMIPV1_4 BasicCryptographicServerKMIPV1_4
                AdvancedCryptographicClientKMIPV1_4 AdvancedCryptographicServerKMIPV1_4 RNGCryptographicClientKMIPV1_4
                RNGCryptographicServerKMIPV1_4 BasicSymmetricKeyFoundryClientKMIPV1_4
                IntermediateSymmetricKeyFoundryClientKMIPV1_4 AdvancedSymmetricKeyFoundryClientKMIPV1_4
                SymmetricKeyFoundryServerKMIPV1_4 OpaqueManagedObjectStoreClientKMIPV1_4 OpaqueManagedObjectStoreServerKMIPV1_4
                SuiteBMinLOS_128ClientKMIPV1_4 SuiteBMinLOS_128ServerKMIPV1_4 SuiteBMinLOS_192ClientKMIPV1_4
                SuiteBMinLOS_192ServerKMIPV1_4 StorageArrayWithSelfEncryptingDriveClientKMIPV1_4
                StorageArrayWithSelfEncryptingDriveServerKMIPV1_4 HTTPSClientKMIPV1_4 HTTPSServerKMIPV1_4 JSONClientKMIPV1_4
                JSONServerKMIPV1_4 XMLClientKMIPV1_4 XMLServerKMIPV1_4 104: CompleteServerBasic CompleteServerTLSV1_2
                TapeLibraryClient TapeLibraryServer SymmetricKeyLifecycleClient SymmetricKeyLifecycleServer
                AsymmetricKeyLifecycleClient AsymmetricKeyLifecycleServer BasicCryptographicClient BasicCryptographicServer
                AdvancedCryptographicClient AdvancedCryptographicServer RNGCryptographicClient RNGCryptographicServer
                BasicSymmetricKeyFoundryClient IntermediateSymmetricKeyFoundryClient AdvancedSymmetricKeyFoundryClient
                SymmetricKeyFoundryServer OpaqueManagedObjectStoreClient OpaqueManagedObjectStoreServer SuiteBMinLOS_128Client
                SuiteBMinLOS_128Server SuiteBMinLOS_192Client SuiteBMinLOS_192Server StorageArrayWithSelfEncryptingDriveClient
                StorageArrayWithSelfEncryptingDriveServer HTTPSClient HTTPSServer JSONClient JSONServer XMLClient XMLServer
                AESXTSClient AESXTSServer QuantumSafeClient QuantumSafeServer PKCS_11Client PKCS_11Server BaselineClient
                BaselineServer CompleteServer
            """;

    private static final Map<String, List<String>> MASKS = Map.of(
            "CryptographicUsageMask",
            List.of(
                    "Sign",
                    "Verify",
                    "Encrypt",
                    "Decrypt",
                    "WrapKey",
                    "UnwrapKey",
                    "Export",
                    "MACGenerate",
                    "MACVerify",
                    "DeriveKey",
                    "ContentCommitment",
                    "KeyAgreement",
                    "CertificateSign",
                    "CRLSign",
                    "GenerateCryptogram",
                    "ValidateCryptogram",
                    "TranslateEncrypt",
                    "TranslateDecrypt",
                    "TranslateWrap",
                    "TranslateUnwrap",
                    "Authenticate",
                    "Unrestricted",
                    "FPEEncrypt",
                    "FPEDecrypt"),
            "StorageStatusMask",
            List.of("OnlineStorage", "ArchivalStorage", "DestroyedStorage"),
            "ProtectionStorageMask",
            List.of(
                    "Software",
                    "Hardware",
                    "OnProcessor",
                    "OnSystem",
                    "OffSystem",
                    "Hypervisor",
                    "OperatingSystem",
                    "Container",
                    "OnPremises",
                    "OffPremises",
                    "SelfManaged",
                    "Outsourced",
                    "Validated",
                    "SameJurisdiction"));

    private static final Map<String, Map<Integer, String>> NAMES = parse();

    private EnumerationNames() {}

    /** The name of a value under a tag; null where the specification has none. */
    public static @Nullable String nameOf(Tag tag, int value) {
        String list = tag.equals(Tag.MASK_GENERATOR_HASHING_ALGORITHM) ? "HashingAlgorithm" : tag.toString();
        if (tag.equals(Tag.ATTRIBUTE_REFERENCE)) {
            return TagNames.nameOf(value);
        }
        return NAMES.getOrDefault(list, Map.of()).get(value);
    }

    /** The name of a value under a tag, or the value: {@code 0x80000001}. */
    public static String printed(Tag tag, int value) {
        String name = nameOf(tag, value);
        return name == null ? "0x" + HexFormat.of().withUpperCase().toHexDigits(value) : name;
    }

    /** The bits of a mask by name, with a space between them, the unknown ones in hexadecimal; null where the tag is no mask. */
    public static @Nullable String bitsOf(Tag tag, int value) {
        List<String> bits = MASKS.get(tag.toString());
        if (bits == null || value == 0) {
            return null;
        }
        StringBuilder names = new StringBuilder();
        int rest = value;
        for (int i = 0; i < bits.size(); i++) {
            if ((value & 1 << i) != 0) {
                names.append(names.isEmpty() ? "" : " ").append(bits.get(i));
                rest &= ~(1 << i);
            }
        }
        if (rest != 0) {
            names.append(names.isEmpty() ? "" : " ")
                    .append("0x" + HexFormat.of().withUpperCase().toHexDigits(rest));
        }
        return names.toString();
    }

    private static Map<String, Map<Integer, String>> parse() {
        Map<String, Map<Integer, String>> names = new HashMap<>();
        String list = "";
        StringBuilder values = new StringBuilder();
        for (String line : TABLE.split("\n")) {
            if (line.startsWith(" ")) {
                values.append(line);
                continue;
            }
            names.put(list, TagNames.parse(values.toString()));
            int end = line.indexOf(' ');
            list = end < 0 ? line : line.substring(0, end);
            values = new StringBuilder(end < 0 ? "" : line.substring(end));
        }
        names.put(list, TagNames.parse(values.toString()));
        return names;
    }
}
