package io.tidemark.pipeline.keys.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * A KV store of version 2 that speaks real bytes: versions, tokens and conditions as Vault 1.15 has them, and on demand any
 * answer at all. One thread a connection; each connection one request.
 */
public final class ScriptedVault implements AutoCloseable {
    private final ServerSocket listener;
    private final Thread listening;
    private final Map<String, List<byte[]>> secrets = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger connections = new AtomicInteger();
    private volatile String token = "s.first";
    private volatile Script script = null;

    /** Answers in the store's place. */
    @FunctionalInterface
    public interface Script {
        /** @param request head and body; null: the store answers */
        byte[] answer(String request, OutputStream raw) throws IOException;
    }

    public ScriptedVault() {
        this(null);
    }

    /** @param tls null for http */
    public ScriptedVault(SSLContext tls) {
        try {
            InetAddress here = InetAddress.getByName("127.0.0.1");
            listener = tls == null
                    ? new ServerSocket(0, 50, here)
                    : tls.getServerSocketFactory().createServerSocket(0, 50, here);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listening = new Thread(this::listen, "scripted vault");
        listening.setDaemon(true);
        listening.start();
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** One more version of the key of that name. */
    public void put(String name, byte[] key) {
        put(name, "\"key\":\"" + Base64.getEncoder().encodeToString(key) + "\"");
    }

    /** The same with these fields, in JSON; null for a version that was destroyed. */
    public synchronized void put(String name, String fields) {
        secrets.computeIfAbsent(name, any -> new ArrayList<>()).add(fields == null ? null : fields.getBytes(UTF_8));
    }

    public synchronized void destroy(String name, int version) {
        secrets.get(name).set(version - 1, null);
    }

    public synchronized void remove(String name) {
        secrets.remove(name);
    }

    public synchronized String fields(String name) {
        List<byte[]> versions = secrets.get(name);
        return new String(versions.get(versions.size() - 1), UTF_8);
    }

    /** Only this one is let in from now on. */
    public void letIn(String other) {
        token = other;
    }

    /** From now on; null gives the store its voice back. */
    public void play(Script answers) {
        script = answers;
    }

    /** A whole answer. */
    public void play(String status, String body) {
        script = (request, raw) -> http(status, body);
    }

    /** First lines and fields of what was asked. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public int connections() {
        return connections.get();
    }

    public static byte[] http(String status, String body) {
        return ("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.getBytes(UTF_8).length + "\r\n\r\n" + body)
                .getBytes(UTF_8);
    }

    @Override
    public void close() {
        try {
            listener.close();
            // it might still take one connection
            listening.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                Thread thread = new Thread(() -> serve(socket), "scripted vault, one request");
                thread.setDaemon(true);
                thread.start();
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String request = request(socket.getInputStream());
            requests.add(request);
            OutputStream out = socket.getOutputStream();
            Script played = script;
            byte[] answer = played == null ? null : played.answer(request, out);
            out.write(answer == null ? stored(request) : answer);
            out.flush();
        } catch (SSLException | SocketException refused) {
            // the client has said no, which is what some tests are about
            requests.add("refused: " + refused.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String request(InputStream raw) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int one = in.read();
            if (one < 0) {
                throw new SocketException("closed before a request");
            }
            head.append((char) one);
        }
        int length = 0;
        for (String line : head.toString().split("\r\n")) {
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        return head + new String(in.readNBytes(length), US_ASCII);
    }

    private synchronized byte[] stored(String request) {
        if (!request.contains("X-Vault-Token: " + token + "\r\n")) {
            return http("403 Forbidden", "{\"errors\":[\"permission denied\"]}");
        }
        String[] words = request.split(" ", 3);
        String path = words[1];
        if (!path.startsWith("/v1/secret/data/")) {
            return http("404 Not Found", "{\"errors\":[\"no handler for route\"]}");
        }
        String version = path.contains("?version=") ? path.substring(path.indexOf('=') + 1) : null;
        String name = path.substring(16).replaceAll("\\?.*", "");
        List<byte[]> versions = secrets.get(name);
        return words[0].equals("POST") ? written(name, versions, request) : read(versions, version);
    }

    private static byte[] read(List<byte[]> versions, String version) {
        int number = versions == null ? 0 : version == null ? versions.size() : Integer.parseInt(version);
        if (number == 0 || number > versions.size()) {
            return http("404 Not Found", "{\"errors\":[]}");
        }
        byte[] fields = versions.get(number - 1);
        String metadata =
                "\"metadata\":{\"created_time\":\"2026-11-27T02:00:00Z\",\"custom_metadata\":null,\"deletion_time\":\"\","
                        + "\"destroyed\":" + (fields == null) + ",\"version\":" + number + "}";
        return fields == null
                ? http("404 Not Found", "{\"data\":{\"data\":null," + metadata + "}}")
                : http(
                        "200 OK",
                        "{\"request_id\":\"7d0b\",\"lease_id\":\"\",\"renewable\":false,\"data\":{\"data\":{"
                                + new String(fields, UTF_8) + "}," + metadata
                                + "},\"wrap_info\":null,\"warnings\":null}");
    }

    private byte[] written(String name, List<byte[]> versions, String request) {
        if (request.contains("\"cas\":0") && versions != null) {
            return http(
                    "400 Bad Request", "{\"errors\":[\"check-and-set parameter did not match the current version\"]}");
        }
        String body = request.substring(request.indexOf("\r\n\r\n") + 4);
        int start = body.indexOf("\"data\":{") + 8;
        put(name, body.substring(start, body.indexOf('}', start)));
        return http(
                "200 OK", "{\"data\":{\"created_time\":\"2026-11-27T02:00:00Z\",\"version\":1,\"destroyed\":false}}");
    }
}
