package io.tidemark.sinks.testing.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptedS3Test {

    private final ScriptedS3 s3 = ScriptedS3.playing();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void close() {
        s3.close();
    }

    @Test
    void put_ofANameThatIsThere_isRefusedAndChangesNothing() {
        assertThat(send("PUT", "a/b", "first", "If-None-Match", "*").statusCode())
                .isEqualTo(200);

        HttpResponse<String> second = send("PUT", "a/b", "second", "If-None-Match", "*");

        assertThat(second.statusCode()).isEqualTo(412);
        assertThat(Xml.element(second.body(), "Code")).isEqualTo("PreconditionFailed");
        assertThat(send("GET", "a/b", "").body()).isEqualTo("first");
        assertThat(s3.requests(S3Operation.PUT_OBJECT))
                .extracting(S3Request::key)
                .containsExactly("a/b", "a/b");
    }

    @Test
    void get_ofARange_givesItsBytesAndSaysWhich() {
        s3.plant("k", "0123456789".getBytes(UTF_8));

        HttpResponse<String> middle = send("GET", "k", "", "Range", "bytes=3-5");

        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(middle.body()).isEqualTo("345");
        assertThat(middle.headers().firstValue("Content-Range")).contains("bytes 3-5/10");
        assertThat(send("GET", "k", "", "Range", "bytes=10-").statusCode()).isEqualTo(416);
        assertThat(send("GET", "none", "").statusCode()).isEqualTo(404);
    }

    @Test
    void list_inPages_givesEachKeyOnce() {
        List.of("p/1", "p/2", "p/3", "q").forEach(key -> s3.plant(key, new byte[1]));

        String first = send("GET", "?list-type=2&prefix=p/&max-keys=2", "").body();
        String second = send(
                        "GET",
                        "?list-type=2&prefix=p/&max-keys=2&continuation-token="
                                + Xml.element(first, "NextContinuationToken"),
                        "")
                .body();

        assertThat(first).contains("<Key>p/1</Key>", "<Key>p/2</Key>").doesNotContain("<Key>p/3</Key>");
        assertThat(second).contains("<Key>p/3</Key>", "<IsTruncated>false</IsTruncated>");
    }

    @Test
    void upload_ofParts_isThereWhenItIsComplete() {
        String id = Xml.element(send("POST", "big?uploads", "").body(), "UploadId");
        String one = send("PUT", "big?partNumber=1&uploadId=" + id, "abc")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        String two = send("PUT", "big?partNumber=2&uploadId=" + id, "de")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        assertThat(s3.uploads()).containsExactly("big");

        HttpResponse<String> completed = send("POST", "big?uploadId=" + id, parts(one, two), "If-None-Match", "*");

        assertThat(completed.statusCode()).isEqualTo(200);
        assertThat(s3.content("big")).isEqualTo("abcde".getBytes(UTF_8));
        assertThat(s3.uploads()).isEmpty();
        assertThat(send("POST", "big?uploadId=" + id, parts(one, two)).statusCode())
                .isEqualTo(404);
    }

    @Test
    void awsChunks_andTheirTrailers_areTakenApart() {
        String body = "5;chunk-signature=x\r\nhello\r\n0;chunk-signature=y\r\nx-amz-checksum-crc32c:"
                + Bucket.crc32c("hello".getBytes(UTF_8)) + "\r\n\r\n";

        assertThat(send("PUT", "chunked", body, "x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
                        .statusCode())
                .isEqualTo(200);

        assertThat(s3.content("chunked")).isEqualTo("hello".getBytes(UTF_8));
        assertThat(s3.headers("chunked")).containsKey("x-amz-checksum-crc32c");
    }

    @Test
    void faults_hitTheRequestsThatTheyName() {
        s3.plant("k", new byte[1000]);
        s3.play(
                S3Fault.on(S3Operation.GET_OBJECT).nth(1).answers(503, "SlowDown"),
                S3Fault.on(S3Operation.GET_OBJECT).nth(2).closesInAnswerAfter(10),
                S3Fault.on(S3Operation.PUT_OBJECT).keyHolds("lost").losesTheAnswer(),
                S3Fault.on(S3Operation.DELETE_OBJECT).answersEarly(403, "AccessDenied"));

        HttpResponse<String> slow = send("GET", "k", "");

        assertThat(slow.statusCode()).isEqualTo(503);
        assertThat(Xml.element(slow.body(), "Code")).isEqualTo("SlowDown");
        assertThatThrownBy(() -> send("GET", "k", "")).hasCauseInstanceOf(IOException.class);
        assertThat(send("GET", "k", "").statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> send("PUT", "lost/1", "x")).hasCauseInstanceOf(IOException.class);
        assertThat(s3.keys()).containsExactly("k", "lost/1");
        assertThat(send("DELETE", "k", "").statusCode()).isEqualTo(403);
        assertThat(s3.keys()).contains("k");
    }

    private static String parts(String... etags) {
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < etags.length; i++) {
            xml.append("<Part><PartNumber>").append(i + 1).append("</PartNumber><ETag>");
            xml.append(Xml.text(etags[i])).append("</ETag></Part>");
        }
        return xml.append("</CompleteMultipartUpload>").toString();
    }

    private HttpResponse<String> send(String method, String key, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(s3.endpoint() + "/bucket/" + key))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
