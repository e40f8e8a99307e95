package io.tidemark.it.s3.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One request and its answer, in steps that a fault may take or leave out. A connection of its own to the server. */
final class Exchange implements AutoCloseable {
    private static final int BUFFER = 64 << 10;
    private static final int DRIPS = 200;

    private final ChaosProxy proxy;
    private final Socket client;
    private final InputStream fromClient;
    private final OutputStream toClient;
    private final HttpHead received;
    private HttpHead request;
    private long unread;
    private @Nullable Socket server;
    private boolean open = true;

    Exchange(ChaosProxy proxy, Socket client, InputStream fromClient, HttpHead request) throws IOException {
        if (request.isChunked()) {
            throw new IOException("a request without a length, which no S3 takes: " + request);
        }
        this.proxy = proxy;
        this.client = client;
        this.fromClient = fromClient;
        this.toClient = client.getOutputStream();
        this.received = request;
        this.request = request;
        this.unread = Math.max(0, request.contentLength());
    }

    /** Decides what goes on in place of what came. */
    void send(HttpHead signed) {
        request = signed;
    }

    /** Whether the client may send another one. */
    boolean goesOn() {
        return open && unread == 0;
    }

    boolean completesUpload() {
        return request.method().equals("POST") && request.query().contains("uploadId=");
    }

    /** As it should be. */
    void pass() throws IOException {
        passRequest();
        passAnswer(new Whole());
    }

    void passRequest() throws IOException {
        OutputStream out = connected().getOutputStream();
        out.write(request.bytes());
        try {
            move(fromClient, out, unread);
        } catch (IOException early) {
            // a server may answer before it has read everything, and close
            return;
        }
    }

    /** The head, and this part of the body. */
    void passRequestPart(double part) throws IOException {
        OutputStream out = connected().getOutputStream();
        out.write(request.bytes());
        move(fromClient, out, (long) (unread * part));
    }

    /** Takes the request from the client, and does nothing with it. */
    void readRequest() throws IOException {
        move(fromClient, OutputStream.nullOutputStream(), unread);
    }

    private void move(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long left = length;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                throw new EOFException("a request without an end");
            }
            unread -= read;
            left -= read;
            out.write(buffer, 0, read);
        }
        out.flush();
    }

    /** Lets the request be done. */
    void dropAnswer() throws IOException {
        passAnswer(new Nothing());
    }

    /** The answer's head and this part of its body. */
    void passAnswerPart(double part) throws IOException {
        passAnswer(new Part(part));
    }

    /** The whole answer, its first bytes slowly, which takes so long in all. */
    void dripAnswer(Duration time) throws IOException {
        passAnswer(new Drops(time.dividedBy(DRIPS)));
    }

    private void passAnswer(Way way) throws IOException {
        InputStream in = new BufferedInputStream(connected().getInputStream());
        HttpHead answer = HttpHead.read(in);
        while (answer != null && answer.status() == 100) {
            answer = HttpHead.read(in);
        }
        if (answer == null) {
            throw new EOFException("the server has closed");
        }
        if (answer.status() == 404) {
            Gate.Refusal refusal = proxy.gate().onMissing(received);
            if (refusal != null) {
                answer(refusal.status(), refusal.code());
                return;
            }
        }
        way.send(answer, body(answer, in));
        if (answer.field("connection").equalsIgnoreCase("close")) {
            open = false;
        }
    }

    /** The body as it came, chunks and all. A whole one is held: these are objects of tests. */
    private byte[] body(HttpHead answer, InputStream in) throws IOException {
        boolean none = request.method().equals("HEAD") || answer.status() == 204 || answer.status() == 304;
        if (none) {
            return new byte[0];
        }
        if (answer.isChunked()) {
            return chunks(in);
        }
        if (answer.contentLength() < 0) {
            open = false;
            return in.readAllBytes();
        }
        byte[] body = in.readNBytes((int) answer.contentLength());
        if (body.length < answer.contentLength()) {
            throw new EOFException("the server has closed within its answer");
        }
        return body;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int size;
        do {
            String line = required(in);
            all.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            size = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
            all.writeBytes(in.readNBytes(size));
            if (size > 0) {
                all.writeBytes((required(in) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        } while (size > 0);
        String trailer = required(in);
        while (!trailer.isEmpty()) {
            all.writeBytes((trailer + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            trailer = required(in);
        }
        all.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        return all.toByteArray();
    }

    private static String required(InputStream in) throws IOException {
        String line = HttpHead.line(in);
        if (line == null) {
            throw new EOFException("chunks without an end");
        }
        return line;
    }

    /** An answer of the proxy's own, with S3's XML. */
    void answer(int status, String code) throws IOException {
        byte[] body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code
                        + "</Code><Message>said by the proxy</Message><RequestId>chaos</RequestId></Error>")
                .getBytes(StandardCharsets.UTF_8);
        String head = "HTTP/1.1 " + status + " " + code + "\r\nContent-Type: application/xml\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        toClient.write(head.getBytes(StandardCharsets.ISO_8859_1));
        if (!request.method().equals("HEAD")) {
            toClient.write(body);
        }
        toClient.flush();
    }

    /** Does nothing for so long. */
    void hold(Duration time) {
        if (!time.isZero()) {
            LockSupport.parkNanos(time.toNanos());
        }
    }

    void refuseNext(int connections) {
        proxy.refuseNext(connections);
    }

    void cut() throws IOException {
        open = false;
        ChaosProxy.reset(client);
    }

    private Socket connected() throws IOException {
        if (server == null) {
            server = proxy.connectToServer();
        }
        return server;
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    /** How an answer goes to the client. */
    private interface Way {
        void send(HttpHead head, byte[] body) throws IOException;
    }

    private final class Whole implements Way {
        @Override
        public void send(HttpHead head, byte[] body) throws IOException {
            toClient.write(head.bytes());
            toClient.write(body);
            toClient.flush();
        }
    }

    private static final class Nothing implements Way {
        @Override
        public void send(HttpHead head, byte[] body) {}
    }

    private final class Part implements Way {
        private final double part;

        Part(double part) {
            this.part = part;
        }

        @Override
        public void send(HttpHead head, byte[] body) throws IOException {
            toClient.write(head.bytes());
            toClient.write(body, 0, (int) (body.length * part));
            toClient.flush();
        }
    }

    private final class Drops implements Way {
        private final Duration pause;

        Drops(Duration pause) {
            this.pause = pause;
        }

        @Override
        public void send(HttpHead head, byte[] body) throws IOException {
            byte[] first = head.bytes();
            int drops = Math.min(DRIPS, first.length);
            for (int i = 0; i < drops; i++) {
                toClient.write(first, i, 1);
                toClient.flush();
                hold(pause);
            }
            toClient.write(first, drops, first.length - drops);
            toClient.write(body);
            toClient.flush();
        }
    }
}
