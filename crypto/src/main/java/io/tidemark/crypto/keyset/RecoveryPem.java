package io.tidemark.crypto.keyset;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidemark.crypto.KeyAccess;
import io.tidemark.crypto.MalformedKey;
import io.tidemark.crypto.SecretBytes;
import java.io.IOException;
import java.io.StringReader;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * Recovery keys in PEM: SubjectPublicKeyInfo, PKCS#8, and PKCS#8 under PBES2. The only class of this module that needs
 * BouncyCastle, so that processes which archive never load it.
 *
 * <p>Source: RFC 8410 (X25519 in PKIX), RFC 5958, RFC 8018.
 */
final class RecoveryPem {
    /** OWASP's figure of 2023 for PBKDF2-HMAC-SHA-256. */
    private static final int ITERATIONS = 600_000;

    // RFC 8410: the DER of both structures is the same up to the 32 bytes of the key
    private static final byte[] PUBLIC_PREFIX =
            bytes(0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x6E, 0x03, 0x21, 0);
    private static final byte[] PRIVATE_PREFIX =
            bytes(0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x6E, 0x04, 0x22, 0x04, 0x20);

    private RecoveryPem() {}

    static RecoveryPublicKey readPublic(String pem) {
        PemObject object = only(pem);
        if (!object.getType().equals("PUBLIC KEY")) {
            throw new MalformedKey("PEM text holds a " + printable(object) + ", expected a PUBLIC KEY");
        }
        try {
            SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(object.getContent());
            requireX25519(info.getAlgorithm());
            return RecoveryPublicKey.ofRaw(info.getPublicKeyData().getOctets());
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new MalformedKey("PEM text holds no SubjectPublicKeyInfo", e);
        }
    }

    @SuppressWarnings("UnusedException") // ASN.1 errors quote what they could not read
    static RecoveryPrivateKey readPrivate(String pem, char @Nullable [] passphrase) {
        PemObject object = only(pem);
        byte[] raw = new byte[0];
        try {
            PrivateKeyInfo info = switch (object.getType()) {
                case "PRIVATE KEY" -> PrivateKeyInfo.getInstance(object.getContent());
                case "ENCRYPTED PRIVATE KEY" -> decrypt(object.getContent(), passphrase);
                default ->
                    throw new MalformedKey("PEM text holds a " + printable(object)
                            + ", expected a PRIVATE KEY or an ENCRYPTED PRIVATE KEY");
            };
            requireX25519(info.getPrivateKeyAlgorithm());
            raw = ASN1OctetString.getInstance(info.parsePrivateKey()).getOctets();
            return RecoveryPrivateKey.ofRaw(raw);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new MalformedKey("PEM text holds no PKCS#8 private key");
        } finally {
            Arrays.fill(raw, (byte) 0);
            Arrays.fill(object.getContent(), (byte) 0);
        }
    }

    static String writePublic(byte[] raw) {
        return new String(pem("PUBLIC KEY", joined(PUBLIC_PREFIX, raw)), US_ASCII);
    }

    static SecretBytes writePrivate(SecretBytes secret) {
        byte[] der = der(secret);
        byte[] pem = pem("PRIVATE KEY", der);
        try {
            return SecretBytes.copyOf(pem);
        } finally {
            Arrays.fill(der, (byte) 0);
            Arrays.fill(pem, (byte) 0);
        }
    }

    static String writeEncrypted(SecretBytes secret, char[] passphrase, SecureRandom random) {
        byte[] der = der(secret);
        try {
            OutputEncryptor encryptor = new JcePKCSPBEOutputEncryptorBuilder(NISTObjectIdentifiers.id_aes256_CBC)
                    .setProvider(new BouncyCastleProvider())
                    .setPRF(new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256, DERNull.INSTANCE))
                    .setIterationCount(ITERATIONS)
                    .setRandom(random)
                    .build(passphrase);
            byte[] sealed = new PKCS8EncryptedPrivateKeyInfoBuilder(PrivateKeyInfo.getInstance(der))
                    .build(encryptor)
                    .getEncoded();
            return new String(pem("ENCRYPTED PRIVATE KEY", sealed), US_ASCII);
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("encrypting a private key failed", e);
        } finally {
            Arrays.fill(der, (byte) 0);
        }
    }

    private static PrivateKeyInfo decrypt(byte[] content, char @Nullable [] passphrase) throws IOException {
        if (passphrase == null || passphrase.length == 0) {
            throw new MalformedKey("private key is encrypted and no passphrase was given");
        }
        PKCS8EncryptedPrivateKeyInfo sealed = new PKCS8EncryptedPrivateKeyInfo(content);
        if (!sealed.getEncryptionAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.id_PBES2)) {
            throw new MalformedKey("private key is encrypted by something older than PBES2. HINT: rewrite it with"
                    + " openssl pkcs8 -topk8 -v2 aes256");
        }
        try {
            InputDecryptorProvider decryptor = new JcePKCSPBEInputDecryptorProviderBuilder()
                    .setProvider(new BouncyCastleProvider())
                    .build(passphrase);
            return sealed.decryptPrivateKeyInfo(decryptor);
        } catch (PKCSException e) {
            throw new MalformedKey("private key does not open with this passphrase", e);
        }
    }

    @SuppressWarnings("UnusedException") // they may quote a line of the key
    private static PemObject only(String pem) {
        try (PemReader reader = new PemReader(new StringReader(pem))) {
            PemObject object = reader.readPemObject();
            if (object == null) {
                throw new MalformedKey("no PEM text");
            }
            if (reader.readPemObject() != null) {
                throw new MalformedKey("PEM text holds more than one key");
            }
            return object;
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedKey("no PEM text that can be read");
        }
    }

    private static void requireX25519(AlgorithmIdentifier algorithm) {
        if (!algorithm.getAlgorithm().equals(EdECObjectIdentifiers.id_X25519)) {
            throw new MalformedKey("key is of algorithm "
                    + algorithm.getAlgorithm().getId() + ", expected X25519. HINT: openssl genpkey -algorithm X25519");
        }
    }

    private static byte[] der(SecretBytes secret) {
        byte[] raw = secret.copy(KeyAccess.insecure());
        try {
            return joined(PRIVATE_PREFIX, raw);
        } finally {
            Arrays.fill(raw, (byte) 0);
        }
    }

    private static byte[] pem(String type, byte[] der) {
        byte[] body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(der);
        byte[] head = ("-----BEGIN " + type + "-----\n").getBytes(US_ASCII);
        byte[] foot = ("\n-----END " + type + "-----\n").getBytes(US_ASCII);
        byte[] pem = joined(joined(head, body), foot);
        Arrays.fill(body, (byte) 0);
        return pem;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static String printable(PemObject object) {
        return object.getType().replaceAll("[^ -~]", "?");
    }
}
