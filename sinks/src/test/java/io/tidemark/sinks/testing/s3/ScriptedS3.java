package io.tidemark.sinks.testing.s3;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A small S3 over HTTP on a free loopback port, for unit tests: it keeps one bucket, {@value #BUCKET}, in memory (and others that
 * are asked for), takes what is signed by whomever, remembers each request, and plays faults. A thread a connection.
 *
 * <p>It knows PutObject and CompleteMultipartUpload with {@code If-None-Match: *}, GetObject with ranges, HeadObject, ListObjectsV2 in pages,
 * DeleteObject, CopyObject, multipart uploads and their listing, retention, CRC-32C in headers and trailers. What else is asked
 * is 501. A connection that the client ends is its right; another failure of the server fails the test at {@link #close}.
 */
public final class ScriptedS3 implements AutoCloseable {

    /** The bucket that is there from the start. */
    public static final String BUCKET = "bucket";

    private final ServerSocket listening;
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final Service service = new Service(buckets);
    private final List<Played> faults = new CopyOnWriteArrayList<>();
    private final List<S3Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    /** A fault and how many requests it has seen. */
    private record Played(S3Fault fault, AtomicLong seen) {}

    private ScriptedS3(ServerSocket listening) {
        this.listening = listening;
        buckets.put(BUCKET, new Bucket());
    }

    /** A server that plays these faults; the first that hits a request decides. */
    public static ScriptedS3 playing(S3Fault... faults) {
        try {
            ScriptedS3 server = new ScriptedS3(new ServerSocket(0, 64, InetAddress.getLoopbackAddress()));
            server.play(faults);
            start(server::accept, "scripted-s3");
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** These faults from now on, counted anew, instead of those before. None: a server without faults. */
    public void play(S3Fault... now) {
        faults.clear();
        faults.addAll(Arrays.stream(now)
                .map(fault -> new Played(fault, new AtomicLong()))
                .toList());
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    public void makeBucket(String name) {
        buckets.put(name, new Bucket());
    }

    /** All requests so far, in the order in which their heads came. */
    public List<S3Request> requests() {
        return List.copyOf(requests);
    }

    /** Those of one kind. */
    public List<S3Request> requests(S3Operation operation) {
        return requests.stream()
                .filter(request -> request.operation() == operation)
                .toList();
    }

    public void forgetRequests() {
        requests.clear();
    }

    /** Makes an object of {@value #BUCKET}, past all faults. */
    public void plant(String key, byte[] content) {
        bucket().put(key, content.clone(), Map.of());
    }

    /** Gives {@value #BUCKET} rules, as XML of S3's reference. */
    public void lifecycle(String configuration) {
        bucket().lifecycle(configuration);
    }

    /** The content of an object of {@value #BUCKET}. */
    public byte[] content(String key) {
        Bucket.Stored object = bucket().find(key);
        if (object == null) {
            throw new AssertionError("no object " + key + ", there are " + keys());
        }
        return object.content.clone();
    }

    /** The headers that an object of {@value #BUCKET} was put, or its upload created, with. */
    public Map<String, String> headers(String key) {
        Bucket.Stored object = bucket().find(key);
        if (object == null) {
            throw new AssertionError("no object " + key + ", there are " + keys());
        }
        return Map.copyOf(object.headers);
    }

    /** The keys of {@value #BUCKET}, in order. */
    public List<String> keys() {
        return List.copyOf(bucket().from("", "").keySet());
    }

    /** The keys of uploads of {@value #BUCKET} that are neither complete nor aborted. */
    public List<String> uploads() {
        return bucket().uploads().values().stream().map(upload -> upload.key).toList();
    }

    private Bucket bucket() {
        return buckets.get(BUCKET);
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket;
            try {
                socket = listening.accept();
            } catch (SocketException closed) {
                return;
            }
            synchronized (sockets) {
                sockets.add(socket);
            }
            socket.setTcpNoDelay(true);
            start(() -> serve(socket), "scripted-s3-connection");
        }
    }

    private void serve(Socket socket) {
        try (socket;
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = new BufferedOutputStream(socket.getOutputStream())) {
            while (true) {
                HttpHead head = HttpHead.read(in);
                if (head == null) {
                    return;
                }
                S3Request request = S3Request.of(head);
                requests.add(request);
                Exchange exchange = new Exchange(request, service, in, out);
                effect(request).play(exchange);
                if (!exchange.isOpen()) {
                    return;
                }
            }
        } catch (SocketException | EOFException gone) {
            // the client has closed, which is its right
        } catch (IOException | InterruptedException | RuntimeException failure) {
            failures.add(failure);
        }
    }

    private S3Fault.Effect effect(S3Request request) {
        S3Fault.Effect effect = null;
        for (Played played : faults) {
            if (played.fault.concerns(request) && played.fault.hits(played.seen.incrementAndGet()) && effect == null) {
                effect = played.fault.effect();
            }
        }
        return effect == null ? exchange -> exchange.send(exchange.perform()) : effect;
    }

    private static void start(Work work, String name) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setName(name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A thread's work. */
    private interface Work {
        void run() throws IOException;
    }

    /** Ends all connections and takes none any more, as a server does that goes away. */
    @Override
    public void close() {
        try {
            listening.close();
            synchronized (sockets) {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("the server failed", failures.get(0));
        }
    }
}
