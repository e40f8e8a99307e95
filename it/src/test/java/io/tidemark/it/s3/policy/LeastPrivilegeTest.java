package io.tidemark.it.s3.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.it.bench.CommandBench;
import io.tidemark.it.s3.S3Servers;
import io.tidemark.it.s3.SignedRequests;
import io.tidemark.it.s3.bench.Commands;
import io.tidemark.pipeline.backup.FakeCluster;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What each policy of deploy/policies is enough for, and what a stolen one is not. */
@ExtendWith(S3Servers.Provided.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LeastPrivilegeTest {
    private static final Map<String, String> IF_ABSENT = Map.of("if-none-match", "*");
    private static final String SYSTEM = Long.toString(FakeCluster.SYSTEM);
    private static final String WAL = SYSTEM + "/wal/00000001/0000000100000000/";

    private final S3Servers servers;
    private Estate estate;

    LeastPrivilegeTest(S3Servers servers) {
        this.servers = servers;
    }

    @BeforeAll
    void live(@TempDir Path directory) throws IOException {
        estate = new Estate(directory, servers.s3proxy());
        estate.initialise();
        Commands archiver = estate.as("archiver");
        for (int i = 0; i < 3; i++) {
            archiver.run("archive-push", estate.offered(i)).succeeded();
        }
        estate.as("backup")
                .run("backup", "--from-directory", directory.resolve("data").toString())
                .succeeded();
    }

    @AfterAll
    void close() {
        estate.close();
    }

    @Test
    @Order(2)
    void eachIdentity_canDoItsWork_andTheArchiverCanSayAbsent() throws IOException {
        Commands archiver = estate.as("archiver");
        for (int i = 0; i < 3; i++) {
            estate.requireFetched(archiver, i);
        }
        CommandBench.Answer absent = archiver.run("archive-get", Estate.name(3), "nowhere");
        assertThat(absent.exit()).as(absent.said()).isEqualTo(Commands.ABSENT);
        archiver.run("archive-push", estate.offered(2)).succeeded();
        estate.requireRestored(estate.as("restore"));
        estate.as("maintainer").run("repair").succeeded();
        estate.as("keys").run("keys", "rotate").succeeded();
        archiver.run("archive-push", estate.offered(3)).succeeded();
        estate.requireFetched(estate.as("restore"), 3);
    }

    /** T28: without s3:ListBucket S3 says "access denied" of a key that is absent. */
    @Test
    @Order(1)
    void t28_withoutList_aMissingSegmentIsInDoubt_andIsNeverAbsent() throws IOException {
        Policy withoutList = Policy.parse("""
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
                 "Resource": "arn:aws:s3:::%s/*"}]}""".formatted(estate.bucket()));
        Commands blind = estate.as("blind", withoutList);

        CommandBench.Answer answer = blind.run("archive-get", Estate.name(3), "nowhere");

        assertThat(answer.exit()).as(answer.said()).isGreaterThan(200);
        assertThat(answer.said()).contains("AccessDenied");
    }

    /** T106 */
    @Test
    @Order(3)
    void t106_aStolenArchiversCredential_addsRubbishAndNothingElse() throws IOException {
        Map<String, byte[]> before = estate.objects();
        SignedRequests thief = new SignedRequests(estate.endpoint(), estate.identity("archiver"));
        for (String key : before.keySet()) {
            refusedOnWhatIsThere(thief, "/" + estate.bucket() + "/" + key);
        }
        String root = "/" + estate.bucket() + "/" + Estate.ROOT_NAME + "/";
        for (String forged : forgeries(before)) {
            refusedOnNewNames(thief, root + forged);
        }
        refusedOnNewNames(thief, "/" + estate.bucket() + "/backups/prod2/" + SYSTEM + "/wal/x");
        refusedOnTheBucket(thief);
        int rubbish = dumpRubbish(thief, root);

        Map<String, byte[]> after = estate.objects();
        TreeSet<String> added = new TreeSet<>(after.keySet());
        added.removeAll(before.keySet());
        before.forEach((key, bytes) -> assertThat(after.get(key)).as(key).isEqualTo(bytes));
        assertThat(added).hasSize(rubbish).allMatch(key -> key.matches(".*/(wal|rival|stream|tde)/.*"));
        lifeGoesOn();
    }

    private static void refusedOnWhatIsThere(SignedRequests thief, String key) {
        refused(thief.send("PUT", key, Map.of(), Map.of(), "forged"));
        refused(thief.send("DELETE", key));
        refused(thief.send("DELETE", key, Map.of("versionId", "null"), Map.of(), ""));
        refused(thief.send("PUT", key, Map.of("acl", ""), Map.of(), "x"));
        refused(thief.send("PUT", key, Map.of("retention", ""), Map.of(), "x"));
        refused(thief.send("PUT", key, Map.of(), Map.of("x-amz-copy-source", key), ""));
        assertThat(thief.send("PUT", key, Map.of(), IF_ABSENT, "forged").statusCode())
                .as(key)
                .isIn(403, 412);
        HttpResponse<String> begun = thief.send("POST", key, Map.of("uploads", ""), Map.of(), "");
        Matcher id = Pattern.compile("<UploadId>([^<]+)<").matcher(begun.body());
        if (begun.statusCode() == 403) {
            return;
        }
        assertThat(id.find()).as(begun.body()).isTrue();
        HttpResponse<String> part =
                thief.send("PUT", key, Map.of("uploadId", id.group(1), "partNumber", "1"), Map.of(), "forged");
        String made = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                + part.headers().firstValue("etag").orElseThrow() + "</ETag></Part></CompleteMultipartUpload>";
        refused(thief.send("POST", key, Map.of("uploadId", id.group(1)), Map.of(), made));
        assertThat(thief.send("POST", key, Map.of("uploadId", id.group(1)), IF_ABSENT, made)
                        .statusCode())
                .isEqualTo(412);
    }

    private static List<String> forgeries(Map<String, byte[]> before) {
        String label = before.keySet().stream()
                .filter(key -> key.endsWith("/manifest"))
                .map(key -> key.replaceFirst(".*/backup/", "").replaceFirst("/manifest", ""))
                .findFirst()
                .orElseThrow();
        return List.of(
                "keys/00000003.json",
                "keys/wal/00000002.json",
                "tidemark.json",
                SYSTEM + "/tombstone/" + label,
                SYSTEM + "/tombstone/" + label + ".decision",
                SYSTEM + "/tombstone/wal/" + label,
                SYSTEM + "/backup/" + label + "/intent/00000009",
                SYSTEM + "/backup/20301127T000000Z-000000/manifest",
                SYSTEM + "/backup/20301127T000000Z-000000/pack/wal/00000000",
                SYSTEM + "/tde-keys/db1/20301127T000000Z-000000",
                "index/system/1");
    }

    private static void refusedOnNewNames(SignedRequests thief, String key) {
        refused(thief.send("PUT", key, Map.of(), IF_ABSENT, "forged"));
        refused(thief.send("POST", key, Map.of("uploads", ""), Map.of(), ""));
        refused(thief.send("PUT", key, Map.of(), Map.of("x-amz-copy-source", key, "if-none-match", "*"), ""));
    }

    private void refusedOnTheBucket(SignedRequests thief) {
        String bucket = "/" + estate.bucket();
        refused(thief.send("DELETE", bucket));
        refused(thief.send("GET", bucket, Map.of("uploads", ""), Map.of(), ""));
        refused(thief.send("GET", bucket, Map.of("list-type", "2"), Map.of(), ""));
        refused(thief.send("GET", bucket, Map.of("list-type", "2", "prefix", "other/"), Map.of(), ""));
        refused(thief.send("POST", bucket, Map.of("delete", ""), Map.of(), "<Delete/>"));
        for (String setting : List.of("policy", "lifecycle", "versioning", "acl", "object-lock")) {
            refused(thief.send("PUT", bucket, Map.of(setting, ""), Map.of(), "x"));
        }
    }

    /** Under names that matter: that of the next segment, which is then not its archiver's. */
    private static int dumpRubbish(SignedRequests thief, String root) {
        List<String> names = List.of(
                WAL + Estate.name(4),
                WAL + Estate.name(1) + ".again.0123456789abcdef",
                WAL + Estate.name(2) + ".partial.0123456789abcdef",
                SYSTEM + "/wal/nothing/that/anybody/knows",
                SYSTEM + "/rival/00000001/" + Estate.name(1) + ".0123456789abcdef",
                SYSTEM + "/stream/00000001/0000000001100000-0000000001200000",
                SYSTEM + "/tde/db1/20301127T000000Z-000000");
        for (String name : names) {
            assertThat(thief.send("PUT", root + name, Map.of(), IF_ABSENT, "rubbish")
                            .statusCode())
                    .as(name)
                    .isEqualTo(200);
        }
        return names.size();
    }

    private void lifeGoesOn() throws IOException {
        Commands archiver = estate.as("archiver");
        for (int i = 4; i < 6; i++) {
            archiver.run("archive-push", estate.offered(i)).succeeded();
        }
        for (int i = 0; i < 6; i++) {
            estate.requireFetched(archiver, i);
        }
        estate.requireRestored(estate.as("restore"));
    }

    private static void refused(HttpResponse<String> answer) {
        assertThat(answer.statusCode())
                .as("%s answered with %s", answer.request(), answer.body())
                .isEqualTo(403);
    }
}
