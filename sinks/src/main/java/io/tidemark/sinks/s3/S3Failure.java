package io.tidemark.sinks.s3;

import io.tidemark.sinks.AccessRefused;
import io.tidemark.sinks.ObjectMissing;
import io.tidemark.sinks.StoreException;
import io.tidemark.sinks.StoreFull;
import io.tidemark.sinks.StoreUnavailable;
import io.tidemark.sinks.StoreUnsuitable;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Turns what S3, or the way to it, said into the port's errors, in one place. What is not known is {@link
 * StoreUnavailable}, which is never taken for an absence; only {@code NoSuchKey} is one.
 *
 * <p>Source: Amazon S3 API Reference, "Error responses".
 */
final class S3Failure {
    private final S3Settings settings;
    private final CredentialSource credentials;
    private final Clock clock;

    S3Failure(S3Settings settings, CredentialSource credentials, Clock clock) {
        this.settings = settings;
        this.credentials = credentials;
        this.clock = clock;
    }

    /** What was asked: the action as policies name it, and of what. */
    record Asked(String action, String where) {}

    Throwable of(Asked asked, Throwable thrown) {
        Throwable error =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        StoreException known = caused(error, StoreException.class);
        if (known != null) {
            return known;
        }
        if (error instanceof S3Exception answered) {
            return answered(asked, answered);
        }
        // the client's own: no answer, or none that could be read
        return error instanceof SdkException || error instanceof java.io.IOException ? unanswered(asked, error) : error;
    }

    /** The code in the answer's body; empty where there is none, as for HEAD. */
    static String code(S3Exception answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private StoreException answered(Asked asked, S3Exception answer) {
        String code = code(answer);
        String said = said(asked, answer, code);
        return switch (code) {
            case "NoSuchKey" -> new ObjectMissing(said, answer);
            case "NoSuchBucket" ->
                new StoreUnsuitable(
                        said + "\nHINT: is bucket " + settings.bucket() + " spelled rightly, and in this region ("
                                + region() + ")? tidemark makes no buckets",
                        answer);
            case "AccessDenied", "AllAccessDisabled", "AccountProblem", "MethodNotAllowed" ->
                new AccessRefused(
                        said + "\nHINT: " + credentials.describe() + " need " + asked.action() + " on " + asked.where()
                                + "; without s3:ListBucket S3 says this of a key that is absent, too",
                        answer);
            case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "InvalidSecurity" ->
                new AccessRefused(said + "\nHINT: " + credentials.describe() + " are not valid there", answer);
            case "ExpiredToken", "TokenRefreshRequired" ->
                new StoreUnavailable(
                        said + "\nHINT: " + credentials.describe()
                                + " have expired; what issues them has not renewed them",
                        answer);
            case "RequestTimeTooSkewed" ->
                new StoreUnavailable(
                        said + "\nHINT: this host's clock says " + clock.instant() + ", the store's "
                                + header(answer, "Date") + "; is NTP running?",
                        answer);
            case "PermanentRedirect",
                    "TemporaryRedirect",
                    "AuthorizationHeaderMalformed",
                    "IllegalLocationConstraintException" ->
                new StoreUnsuitable(
                        said + "\nHINT: the bucket is in region " + header(answer, "x-amz-bucket-region")
                                + ", configured is " + region(),
                        answer);
            case "InvalidObjectState" ->
                new AccessRefused(
                        said + "\nHINT: the object lies in an archive class (Glacier); restore it with your provider's"
                                + " tools first, which takes minutes to hours, and keep archive classes out of the"
                                + " bucket's lifecycle",
                        answer);
            case "SlowDown", "RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequests" ->
                StoreUnavailable.slowDown(said, answer);
            case "BadDigest", "InvalidDigest", "XAmzContentChecksumMismatch", "IncompleteBody" ->
                new StoreUnavailable(said + "\nHINT: the bytes changed or ended on their way", answer);
            case "EntityTooLarge" -> new StoreUnsuitable(said, answer);
            case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "NoSpaceLeft" ->
                new StoreFull(said + "\nHINT: make room, or raise the quota", answer);
            case "NotImplemented", "InvalidArgument", "InvalidRequest" ->
                new StoreUnsuitable(said + "\nHINT: the store does not know a header or call of this request", answer);
            default -> byStatus(asked, answer, said);
        };
    }

    private StoreException byStatus(Asked asked, S3Exception answer, String said) {
        return switch (answer.statusCode()) {
            case 401, 403 ->
                new AccessRefused(
                        said + "\nHINT: " + credentials.describe() + " need " + asked.action() + " on " + asked.where(),
                        answer);
            case 301, 307, 308 ->
                new StoreUnsuitable(
                        said + "\nHINT: the bucket is in region " + header(answer, "x-amz-bucket-region")
                                + ", configured is " + region(),
                        answer);
            case 429, 503 -> StoreUnavailable.slowDown(said, answer);
            case 501 -> new StoreUnsuitable(said, answer);
            case 507 -> new StoreFull(said, answer);
            default -> new StoreUnavailable(said, answer);
        };
    }

    private StoreException unanswered(Asked asked, Throwable error) {
        String start = start(asked);
        CertificateException untrusted = caused(error, CertificateException.class);
        if (untrusted != null) {
            return new AccessRefused(
                    start + ": the certificate of " + host() + " is not trusted: " + untrusted.getMessage()
                            + "\nHINT: name the certificate of the authority that signed it with the repository's"
                            + " s3.trust",
                    error);
        }
        String text = String.valueOf(error.getMessage());
        if (text.contains("Unable to load credentials")) {
            return new AccessRefused(
                    start + ": no credentials were found"
                            + "\nHINT: the repository's s3.access-key and s3.secret-key, a profile in ~/.aws, the"
                            + " variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or an instance's role give them",
                    error);
        }
        return new StoreUnavailable(start + ": " + silence(error, text), error);
    }

    private String silence(Throwable error, String text) {
        SSLException tls = caused(error, SSLException.class);
        if (tls != null) {
            return "no TLS with " + host() + ": " + tls.getMessage();
        }
        if (caused(error, UnknownHostException.class) != null) {
            return "no address is known of " + host();
        }
        ConnectException refused = caused(error, ConnectException.class);
        if (refused != null) {
            return "no connection to " + host() + ": " + refused.getMessage();
        }
        return error instanceof ApiCallTimeoutException || error instanceof ApiCallAttemptTimeoutException
                ? "no answer in time from " + host()
                : text;
    }

    private String said(Asked asked, S3Exception answer, String code) {
        AwsErrorDetails details = answer.awsErrorDetails();
        String message = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
        String id = answer.requestId() == null ? "" : " (request " + answer.requestId() + ")";
        return start(asked) + ": " + answer.statusCode() + (code.isEmpty() ? "" : " " + code) + message + id;
    }

    private static String start(Asked asked) {
        String verb = asked.action().substring(asked.action().indexOf(':') + 1);
        return verb + " " + asked.where();
    }

    private String region() {
        return settings.region() == null ? "that of the environment" : settings.region();
    }

    private String host() {
        return settings.endpoint() == null ? "Amazon S3" : settings.endpoint().toString();
    }

    private static String header(S3Exception answer, String name) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.sdkHttpResponse() == null
                ? "unknown"
                : details.sdkHttpResponse()
                        .firstMatchingHeader(name.toLowerCase(Locale.ROOT))
                        .orElse("unknown");
    }

    private static <T extends Throwable> @Nullable T caused(Throwable error, Class<T> type) {
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
