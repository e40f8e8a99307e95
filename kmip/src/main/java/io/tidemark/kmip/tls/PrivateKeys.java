package io.tidemark.kmip.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.EncryptionException;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.bc.BcPEMDecryptorProvider;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Private keys out of what PEM files hold: PKCS#8 plain and encrypted, PKCS#1 and SEC1 plain and encrypted by OpenSSL's old way.
 *
 * <p>Source: RFC 5958, RFC 8018, RFC 7914 (scrypt), RFC 8017, RFC 5915; OpenSSL, PEM_read (DEK-Info).
 */
final class PrivateKeys {
    private PrivateKeys() {}

    /** Whether an object of a PEM file is a private key in one of these forms. */
    static boolean isKey(Object pem) {
        return pem instanceof PrivateKeyInfo
                || pem instanceof PKCS8EncryptedPrivateKeyInfo
                || pem instanceof PEMKeyPair
                || pem instanceof PEMEncryptedKeyPair;
    }

    static boolean isEncrypted(Object pem) {
        return pem instanceof PKCS8EncryptedPrivateKeyInfo || pem instanceof PEMEncryptedKeyPair;
    }

    /**
     * The key, as the JDK's own providers know it, for JSSE signs with it.
     *
     * @param password lent; for an encrypted one
     */
    static PrivateKey of(Object pem, char @Nullable [] password) throws UnusableFile {
        return convert(open(pem, password));
    }

    @SuppressWarnings("UnusedException") // BouncyCastle's may quote what they could not read
    private static PrivateKeyInfo open(Object pem, char @Nullable [] password) throws UnusableFile {
        if (isEncrypted(pem) && (password == null || password.length == 0)) {
            throw new UnusableFile(
                    "the private key is encrypted and there is no password", "name the file that holds its password");
        }
        try {
            if (pem instanceof PrivateKeyInfo plain) {
                return plain;
            } else if (pem instanceof PEMKeyPair pair) {
                return pair.getPrivateKeyInfo();
            } else if (pem instanceof PEMEncryptedKeyPair pair) {
                return pair.decryptKeyPair(new BcPEMDecryptorProvider(password)).getPrivateKeyInfo();
            }
            return ((PKCS8EncryptedPrivateKeyInfo) pem)
                    .decryptPrivateKeyInfo(new JcePKCSPBEInputDecryptorProviderBuilder()
                            .setProvider(new BouncyCastleProvider())
                            .build(password));
        } catch (EncryptionException e) {
            // with a cause where deciphering failed, without where the cipher has no name
            throw e.getCause() != null
                    ? wrongPassword()
                    : new UnusableFile(
                            "the private key is encrypted by a cipher that is not known",
                            "rewrite it with openssl pkcs8 -topk8 -v2 aes256");
        } catch (PKCSException | PEMException | IllegalArgumentException | IllegalStateException e) {
            throw wrongPassword();
        } catch (IOException e) {
            throw new UnusableFile("the private key cannot be read", "write it anew with openssl pkey");
        }
    }

    static UnusableFile wrongPassword() {
        return new UnusableFile("the private key does not open with the password", "check the password's file");
    }

    @SuppressWarnings("UnusedException") // the JDK's may quote what it could not read
    private static PrivateKey convert(PrivateKeyInfo info) throws UnusableFile {
        byte[] encoded = new byte[0];
        String oid = info.getPrivateKeyAlgorithm().getAlgorithm().getId();
        try {
            encoded = info.getEncoded();
            return factory(oid).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IOException e) {
            throw new UnusableFile(
                    "a private key of algorithm " + oid + " cannot be used here",
                    "use RSA, or EC on P-256, P-384 or P-521");
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** Source: RFC 3279, RFC 4055, RFC 5480, RFC 8410. */
    private static KeyFactory factory(String oid) throws NoSuchAlgorithmException {
        return switch (oid) {
            case "1.2.840.113549.1.1.1" -> KeyFactory.getInstance("RSA");
            case "1.2.840.113549.1.1.10" -> KeyFactory.getInstance("RSASSA-PSS");
            case "1.2.840.10045.2.1" -> KeyFactory.getInstance("EC");
            case "1.3.101.112", "1.3.101.113" -> KeyFactory.getInstance("EdDSA");
            default -> throw new NoSuchAlgorithmException(oid);
        };
    }

    /** Whether both are of one pair. */
    static boolean belong(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        if (key instanceof RSAKey one && certified instanceof RSAKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        byte[] message = {'p', 'a', 'i', 'r'};
        Signature signature = key.getAlgorithm().equals("EC")
                ? Signature.getInstance("SHA256withECDSA")
                : Signature.getInstance("EdDSA");
        signature.initSign(key);
        signature.update(message);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(message);
        return verifies(signature, signed);
    }

    @SuppressWarnings("UnusedException") // a signature of another curve has another length, which is an answer
    private static boolean verifies(Signature signature, byte[] signed) {
        try {
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
