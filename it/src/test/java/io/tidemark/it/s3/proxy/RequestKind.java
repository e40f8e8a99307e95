package io.tidemark.it.s3.proxy;

/** What stores charge for: requests by method, and listings apart from other reads. */
public enum RequestKind {
    GET,
    /** Of keys, uploads or parts. */
    LIST,
    HEAD,
    PUT,
    POST,
    DELETE,
    OTHER;

    static RequestKind of(HttpHead request) {
        return switch (request.method()) {
            case "GET" -> request.path().indexOf('/', 1) < 0 || request.path().endsWith("/") ? LIST : GET;
            case "HEAD" -> HEAD;
            case "PUT" -> PUT;
            case "POST" -> POST;
            case "DELETE" -> DELETE;
            default -> OTHER;
        };
    }
}
