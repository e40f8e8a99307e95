package io.tidemark.pipeline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.tidemark.kmip.KmipException;
import io.tidemark.kmip.client.HostReport;
import io.tidemark.kmip.tls.CertificateFacts;
import io.tidemark.pipeline.care.kmip.ServerDiagnosis.Found;
import io.tidemark.pipeline.care.kmip.ServerDiagnosis.Host;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known of one host of a key service, for a script. */
final class KmipHostJson {
    private static final double NANOSECONDS = 1e6;

    private KmipHostJson() {}

    static JsonObject of(Host host, Instant now) {
        JsonObject json = new JsonObject();
        json.addProperty("host", host.host().toString());
        Found found = host.found();
        KmipException failure = host.failure();
        json.addProperty("usable", found != null);
        json.add("ourCertificate", certificate(host.ours(), now));
        if (found != null) {
            add(json, found, now);
        }
        if (failure != null) {
            JsonObject error = new JsonObject();
            error.addProperty("code", failure.code());
            error.addProperty(
                    "check",
                    failure instanceof KmipException.TlsRefused refused ? KmipWords.option(refused.check()) : null);
            error.addProperty("operation", failure.operation());
            error.addProperty("message", failure.getMessage());
            error.addProperty("hint", failure.hint());
            json.add("error", error);
        }
        return json;
    }

    private static void add(JsonObject json, Found found, Instant now) {
        HostReport report = found.report();
        json.addProperty("address", report.address());
        json.addProperty("version", found.version().toString());
        json.add("versions", array(report.versions(), Object::toString));
        json.addProperty("vendor", found.answer().vendor());
        json.addProperty("serverName", found.answer().serverName());
        json.addProperty("serverVersion", found.answer().serverVersion());
        json.add("operations", array(found.answer().operations(), Object::toString));
        json.add("objectTypes", array(found.answer().objectTypes(), KmipWords::option));
        json.addProperty("tlsVersion", report.tlsVersion());
        json.addProperty("cipherSuite", report.cipherSuite());
        JsonArray theirs = new JsonArray();
        report.serverCertificates().forEach(facts -> theirs.add(certificate(facts, now)));
        json.add("serverCertificates", theirs);
        JsonObject times = new JsonObject();
        times.addProperty("resolve", report.resolve().toNanos() / NANOSECONDS);
        times.addProperty("connect", report.connect().toNanos() / NANOSECONDS);
        times.addProperty("handshake", report.handshake().toNanos() / NANOSECONDS);
        times.addProperty("firstAnswer", report.firstAnswer().toNanos() / NANOSECONDS);
        json.add("milliseconds", times);
    }

    private static JsonElement certificate(@Nullable CertificateFacts facts, Instant now) {
        if (facts == null) {
            return JsonNull.INSTANCE;
        }
        JsonObject json = new JsonObject();
        json.addProperty("subject", facts.subject());
        json.addProperty("commonName", facts.commonName());
        json.addProperty("issuer", facts.issuer());
        json.addProperty("serialNumber", facts.serialNumber());
        json.addProperty("notBefore", facts.notBefore().toString());
        json.addProperty("notAfter", facts.notAfter().toString());
        json.addProperty("daysLeft", facts.left(now).toDays());
        json.add("names", array(facts.names(), name -> name));
        json.add("usages", array(facts.usages(), usage -> usage));
        return json;
    }

    private static <T> JsonArray array(List<T> all, Function<T, String> word) {
        JsonArray array = new JsonArray();
        all.forEach(one -> array.add(word.apply(one)));
        return array;
    }
}
