package io.tidemark.kmip.tls;

import io.tidemark.kmip.KmipException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;

/**
 * What people want to know of a certificate. Texts are what the certificate says, unescaped: show a stranger's by {@link #shown}.
 *
 * @param commonName empty where it has none; most key servers take it for the owner of keys
 * @param names the subject alternative names, as {@code DNS:kms.example} and {@code IP:192.0.2.1}
 * @param usages the extended key usage, as {@code serverAuth}; empty where it has none, and so may be used for all
 */
public record CertificateFacts(
        String subject,
        String commonName,
        String issuer,
        String serialNumber,
        Instant notBefore,
        Instant notAfter,
        List<String> names,
        List<String> usages) {
    static final String DNS = "DNS:";
    static final String ADDRESS = "IP:";
    static final String SERVER_USAGE = "serverAuth";
    static final String CLIENT_USAGE = "clientAuth";
    static final String ANY_USAGE = "anyExtendedKeyUsage";
    private static final int MOST_SHOWN = 8;

    /** Source: RFC 5280, GeneralName. */
    private static final Map<Integer, String> NAME_KINDS =
            Map.of(1, "email:", 2, DNS, 4, "directory:", 6, "URI:", 7, ADDRESS, 8, "OID:");

    private static final Map<String, String> USAGES = Map.of(
            "1.3.6.1.5.5.7.3.1", SERVER_USAGE,
            "1.3.6.1.5.5.7.3.2", CLIENT_USAGE,
            "1.3.6.1.5.5.7.3.3", "codeSigning",
            "1.3.6.1.5.5.7.3.4", "emailProtection",
            "2.5.29.37.0", ANY_USAGE);

    public CertificateFacts {
        names = List.copyOf(names);
        usages = List.copyOf(usages);
    }

    /** @throws IllegalArgumentException where the certificate's extensions cannot be read */
    public static CertificateFacts of(X509Certificate certificate) {
        try {
            return new CertificateFacts(
                    certificate.getSubjectX500Principal().getName(X500Principal.RFC2253),
                    commonName(certificate.getSubjectX500Principal()),
                    certificate.getIssuerX500Principal().getName(X500Principal.RFC2253),
                    certificate.getSerialNumber().toString(16),
                    certificate.getNotBefore().toInstant(),
                    certificate.getNotAfter().toInstant(),
                    names(certificate.getSubjectAlternativeNames()),
                    usages(certificate.getExtendedKeyUsage()));
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("a certificate's extensions cannot be read", e);
        }
    }

    /** How long it is still good; negative when it is not any more. */
    public Duration left(Instant now) {
        return Duration.between(now, notAfter);
    }

    /** The subject and what it is for, safe to print. */
    public String shown() {
        return KmipException.quoted(subject) + (names.isEmpty() ? "" : " for " + shownNames());
    }

    String shownNames() {
        String some = String.join(", ", names.subList(0, Math.min(MOST_SHOWN, names.size())));
        int more = names.size() - MOST_SHOWN;
        return KmipException.quoted(some) + (more > 0 ? " and " + more + " more" : "");
    }

    boolean allows(String usage) {
        return usages.isEmpty() || usages.contains(usage) || usages.contains(ANY_USAGE);
    }

    boolean hasName(String kind) {
        return names.stream().anyMatch(name -> name.startsWith(kind));
    }

    private static String commonName(X500Principal subject) {
        RDN[] found = X500Name.getInstance(subject.getEncoded()).getRDNs(BCStyle.CN);
        ASN1Encodable value = found.length == 0 ? null : found[0].getFirst().getValue();
        return value instanceof ASN1String text ? text.getString() : "";
    }

    @SuppressWarnings("NullAway") // JDK: null where there is no such extension
    private static List<String> names(Collection<List<?>> found) {
        List<String> names = new ArrayList<>();
        for (List<?> name : found == null ? List.<List<?>>of() : found) {
            String kind = NAME_KINDS.getOrDefault(name.get(0), "other:");
            names.add(kind + (name.get(1) instanceof String text ? text : "?"));
        }
        return names;
    }

    @SuppressWarnings("NullAway") // JDK: null where there is no such extension
    private static List<String> usages(List<String> found) {
        return found == null
                ? List.of()
                : found.stream().map(oid -> USAGES.getOrDefault(oid, oid)).toList();
    }
}
