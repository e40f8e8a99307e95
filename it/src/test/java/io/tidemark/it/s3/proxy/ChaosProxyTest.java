package io.tidemark.it.s3.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.it.s3.S3Server;
import io.tidemark.it.s3.S3Servers;
import io.tidemark.it.s3.SignedRequests;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** That the proxy does what the scenarios behind it believe: a fault that never strikes would make them green. */
@ExtendWith(S3Servers.Provided.class)
final class ChaosProxyTest {
    private static final Map<String, String> IF_ABSENT = Map.of("if-none-match", "*");
    private static final String LONG = "0123456789abcdef".repeat(10_000);

    private final S3Server server;
    private final String bucket;
    private final ChaosProxy proxy;
    private final SignedRequests client;
    private final SignedRequests direct;

    ChaosProxyTest(S3Servers servers) {
        server = servers.s3proxy().http();
        bucket = "/" + server.newBucket();
        proxy = new ChaosProxy(server.endpoint());
        client = new SignedRequests(proxy.endpoint(), server.owner());
        direct = new SignedRequests(server.endpoint(), server.owner());
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void withoutFaults_everythingPassesAndIsCounted() {
        assertThat(put("a", LONG).statusCode()).isEqualTo(200);
        assertThat(put("a", "other").statusCode()).isEqualTo(412);
        assertThat(client.send("GET", bucket + "/a").body()).isEqualTo(LONG);
        assertThat(client.send("HEAD", bucket + "/a").statusCode()).isEqualTo(200);
        assertThat(client.send("GET", bucket, Map.of("list-type", "2", "prefix", "a"), Map.of(), "")
                        .body())
                .contains("<Key>a</Key>");
        assertThat(client.send("DELETE", bucket + "/a").statusCode()).isEqualTo(204);

        assertThat(proxy.takeCounts())
                .isEqualTo(Map.of(
                        RequestKind.PUT, 2,
                        RequestKind.GET, 1,
                        RequestKind.HEAD, 1,
                        RequestKind.LIST, 1,
                        RequestKind.DELETE, 1));
    }

    @Test
    void lostAnswer_theObjectIsThereAndNobodyWasTold() {
        strike(Fault.LOST_ANSWER);

        assertThatThrownBy(() -> put("a", LONG)).isInstanceOf(UncheckedIOException.class);

        assertThat(direct.send("GET", bucket + "/a").body()).isEqualTo(LONG);
    }

    @Test
    void cutRequest_nothingIsThere() {
        strike(Fault.CUT_REQUEST);

        assertThatThrownBy(() -> put("a", LONG)).isInstanceOf(UncheckedIOException.class);

        assertThat(direct.send("GET", bucket + "/a").statusCode()).isEqualTo(404);
    }

    @Test
    void cutAndStalledAnswers_doNotComeWhole() {
        put("a", LONG);
        for (Fault fault : new Fault[] {Fault.CUT_ANSWER, Fault.STALL_IN_ANSWER}) {
            strike(fault);

            assertThatThrownBy(() -> client.send("GET", bucket + "/a"))
                    .as(fault.toString())
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    /** Of puts, for this client sends a get again when it hears nothing. */
    @Test
    void stalledAndRefusedRequests_areNotDone() {
        for (Fault fault : new Fault[] {Fault.STALL, Fault.REFUSE}) {
            strike(fault);

            assertThatThrownBy(() -> put("a", LONG)).as(fault.toString()).isInstanceOf(UncheckedIOException.class);

            assertThat(direct.send("GET", bucket + "/a").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void slowAnswers_comeWhole() {
        put("a", LONG);
        for (Fault fault : new Fault[] {Fault.SLOW_LORIS, Fault.DELAY}) {
            strike(fault);

            assertThat(client.send("GET", bucket + "/a").body())
                    .as(fault.toString())
                    .isEqualTo(LONG);
        }
    }

    @Test
    void errors_areS3sAndNothingIsDone() {
        strike(Fault.SLOW_DOWN);
        assertThat(put("a", LONG).body()).contains("<Code>SlowDown</Code>");
        strike(Fault.INTERNAL_ERROR);
        assertThat(put("a", LONG).statusCode()).isEqualTo(500);
        strike(Fault.FULL);
        assertThat(put("a", LONG).statusCode()).isEqualTo(507);
        strike(Fault.ERROR_IN_200);
        assertThat(client.send("POST", bucket + "/a", Map.of("uploadId", "none"), Map.of(), "<x/>")
                        .body())
                .contains("<Code>InternalError</Code>");

        assertThat(direct.send("GET", bucket + "/a").statusCode()).isEqualTo(404);
    }

    private void strike(Fault fault) {
        proxy.strike(new FaultPlan(1, 1, 1, fault));
    }

    private HttpResponse<String> put(String key, String body) {
        return client.send("PUT", bucket + "/" + key, Map.of(), IF_ABSENT, body);
    }
}
