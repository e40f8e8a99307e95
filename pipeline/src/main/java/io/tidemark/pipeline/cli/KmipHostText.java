package io.tidemark.pipeline.cli;

import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.client.HostReport;
import io.tidemark.kmip.message.Operation;
import io.tidemark.kmip.message.ProtocolVersion;
import io.tidemark.kmip.message.operation.Query;
import io.tidemark.kmip.tls.CertificateFacts;
import io.tidemark.pipeline.care.kmip.ServerDiagnosis.Found;
import io.tidemark.pipeline.care.kmip.ServerDiagnosis.Host;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is known of one host of a key service: a line for the person on call, and the details behind it. */
final class KmipHostText {
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssXXX", Locale.ROOT);
    private static final int TERM = 18;

    private final Host host;
    private final Instant now;

    KmipHostText(Host host, Instant now) {
        this.host = host;
        this.now = now;
    }

    void print(PrintStream out, boolean detail) {
        Found found = host.found();
        KmipException failure = host.failure();
        if (found != null) {
            out.println(Printable.of(line(found)));
            if (detail) {
                details(out, found);
            }
        } else if (failure != null) {
            out.println(Printable.of("FAILED  " + host.host() + "  " + what(failure) + ": " + failure.getMessage()));
            out.println("        HINT: " + Printable.of(failure.hint()));
            CertificateFacts ours = host.ours();
            if (ours != null && ours.left(now).isNegative()) {
                out.println("        our own certificate: " + days(ours));
            }
            if (isNotPgTdesBusiness(failure)) {
                out.println("        pg_tde does not verify the server's certificate and may connect nevertheless");
            }
            if (detail) {
                term(out, "our certificate", certificate(host.ours()));
            }
        }
    }

    /** pg_tde 2.2.0 loads the authority's certificate and never has it used: a server that works for pg_tde may fail here. */
    private static boolean isNotPgTdesBusiness(KmipException failure) {
        return failure instanceof KmipException.TlsRefused refused
                && refused.check().whose() == KmipException.TlsRefused.Whose.SERVERS;
    }

    private String line(Found found) {
        HostReport report = found.report();
        List<CertificateFacts> theirs = report.serverCertificates();
        return "ok      " + host.host() + "  KMIP " + found.version() + " (of " + versions(report) + "), "
                + vendor(found.answer()) + ", as " + name(host.ours()) + ", certificates: server "
                + (theirs.isEmpty() ? "?" : days(theirs.get(0))) + ", ours "
                + (host.ours() == null ? "none" : days(host.ours())) + "; " + milliseconds(total(report));
    }

    /** The kind of failure in a word that never changes; of TLS, the check that failed. */
    static String what(KmipException failure) {
        return failure instanceof KmipException.TlsRefused refused
                ? "TLS " + KmipWords.option(refused.check())
                : failure.code();
    }

    private void details(PrintStream out, Found found) {
        HostReport report = found.report();
        Query.Answer answer = found.answer();
        term(out, "address", report.address());
        term(out, "TLS", report.tlsVersion() + ", " + report.cipherSuite());
        term(out, "versions", versions(report) + "; requests go out in " + found.version());
        term(out, "server", vendor(answer));
        term(out, "operations", joined(answer.operations(), Operation::toString));
        term(out, "types", joined(answer.objectTypes(), KmipWords::of));
        if (!answer.namespaces().isEmpty()) {
            term(out, "namespaces", String.join(", ", answer.namespaces()));
        }
        for (int i = 0; i < report.serverCertificates().size(); i++) {
            term(
                    out,
                    i == 0 ? "their certificate" : "issued by",
                    certificate(report.serverCertificates().get(i)));
        }
        term(out, "our certificate", certificate(host.ours()));
        term(
                out,
                "times",
                "resolve " + milliseconds(report.resolve()) + ", connect " + milliseconds(report.connect())
                        + ", handshake " + milliseconds(report.handshake()) + ", first answer "
                        + milliseconds(report.firstAnswer()));
    }

    private static void term(PrintStream out, String term, String text) {
        out.println("        " + term + " ".repeat(TERM - term.length()) + Printable.of(text));
    }

    private static <T> String joined(List<T> all, Function<T, String> word) {
        return all.isEmpty() ? "none that it tells" : all.stream().map(word).collect(Collectors.joining(", "));
    }

    private static String versions(HostReport report) {
        return report.versions().stream().map(ProtocolVersion::toString).collect(Collectors.joining(" "));
    }

    private static String vendor(Query.Answer answer) {
        String words = String.join(" ", List.of(answer.vendor(), answer.serverName(), answer.serverVersion()))
                .strip()
                .replaceAll(" +", " ");
        return words.isEmpty() ? "a server that does not say what it is" : KmipException.quoted(words);
    }

    private static String name(@Nullable CertificateFacts ours) {
        if (ours == null) {
            return "nobody";
        }
        return ours.commonName().isEmpty() ? "somebody without a common name" : KmipException.quoted(ours.commonName());
    }

    private String certificate(@Nullable CertificateFacts facts) {
        return facts == null
                ? "none"
                : facts.shown() + ", by " + KmipException.quoted(facts.issuer()) + ", from " + local(facts.notBefore())
                        + " to " + local(facts.notAfter()) + ", " + days(facts);
    }

    private static String local(Instant time) {
        return LOCAL.format(time.atZone(ZoneId.systemDefault()));
    }

    private String days(CertificateFacts facts) {
        Duration left = facts.left(now);
        if (left.isNegative()) {
            return "EXPIRED " + -left.toDays() + " d ago";
        }
        return left.toDays() > 0 ? left.toDays() + " d left" : left.toHours() + " h left";
    }

    private static Duration total(HostReport report) {
        return report.resolve().plus(report.connect()).plus(report.handshake()).plus(report.firstAnswer());
    }

    private static String milliseconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }
}
