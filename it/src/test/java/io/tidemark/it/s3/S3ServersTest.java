package io.tidemark.it.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the contract suites and scenarios believe of the servers, asked without any code of ours between. */
@ExtendWith(S3Servers.Provided.class)
final class S3ServersTest {
    private static final Map<String, String> IF_ABSENT = Map.of("if-none-match", "*");

    private final S3Servers servers;

    S3ServersTest(S3Servers servers) {
        this.servers = servers;
    }

    @Test
    void s3proxy_ofManyWritersOfOneName_letsOneWin() {
        oneOfManyWritersWins(servers.s3proxy().http());
    }

    @Test
    void versitygw_ofManyWritersOfOneName_letsOneWin() {
        oneOfManyWritersWins(servers.versitygw());
    }

    private static void oneOfManyWritersWins(S3Server server) {
        String bucket = server.newBucket();
        SignedRequests owner = new SignedRequests(server.endpoint(), server.owner());
        for (int round = 0; round < 5; round++) {
            String key = "/" + bucket + "/1/wal/" + round;
            List<CompletableFuture<HttpResponse<String>>> writers = IntStream.range(0, 8)
                    .mapToObj(writer -> CompletableFuture.supplyAsync(
                            () -> owner.send("PUT", key, Map.of(), IF_ABSENT, "of writer " + writer)))
                    .toList();
            List<Integer> answers = writers.stream()
                    .map(writer -> writer.join().statusCode())
                    .sorted()
                    .toList();
            assertThat(answers).startsWith(200);
            assertThat(answers.subList(1, 8)).allMatch(code -> code == 412 || code == 409);
            int winner = IntStream.range(0, 8)
                    .filter(writer -> writers.get(writer).join().statusCode() == 200)
                    .findFirst()
                    .orElseThrow();
            assertThat(owner.send("GET", key).body()).isEqualTo("of writer " + winner);
        }
    }

    @Test
    void s3proxy_killedAndStartedAgain_hasItsObjects() {
        S3Proxy own = servers.ownS3Proxy();
        S3Server server = own.http();
        String bucket = server.newBucket();
        SignedRequests owner = new SignedRequests(server.endpoint(), server.owner());
        assertThat(owner.send("PUT", "/" + bucket + "/k", Map.of(), IF_ABSENT, "v")
                        .statusCode())
                .isEqualTo(200);

        own.kill();
        own.start();

        assertThat(owner.send("GET", "/" + bucket + "/k").body()).isEqualTo("v");
        assertThat(owner.send("PUT", "/" + bucket + "/k", Map.of(), IF_ABSENT, "w")
                        .statusCode())
                .isEqualTo(412);
    }
}
