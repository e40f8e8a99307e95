package io.tidemark.pipeline.postgres.testing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A server that plays one script a connection, in the order in which connections come, each on a thread of its own. What a script throws
 * fails the test at {@link #close}; that the client has gone away does not.
 */
public final class ScriptedPostgres implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket listening;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();

    /** What the server does with one connection. */
    public interface Script {
        void play(Session session) throws Exception;
    }

    /** Whether a client has to show a certificate. */
    public enum ClientCertificate {
        NEEDED,
        NOT_ASKED
    }

    private ScriptedPostgres(ServerSocket listening) {
        this.listening = listening;
    }

    /** Listens on a free port of the loopback interface. */
    public static ScriptedPostgres playing(Script... scripts) throws IOException {
        ServerSocket listening = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        listening.setReceiveBufferSize(32 << 10);
        ScriptedPostgres server = new ScriptedPostgres(listening);
        server.start(() -> server.accept(scripts), "accept");
        return server;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** How to reach it without TLS. */
    public String conninfo() {
        return "host=127.0.0.1 port=" + port() + " user=me dbname=db sslmode=disable";
    }

    private void accept(Script... scripts) throws IOException {
        for (Script script : scripts) {
            Socket socket;
            try {
                socket = listening.accept();
            } catch (SocketException closed) {
                return;
            }
            synchronized (this) {
                sockets.add(socket);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            start(() -> play(script, socket), "script");
        }
    }

    private void play(Script script, Socket socket) throws Exception {
        try (socket) {
            script.play(new Session(socket));
        }
    }

    private synchronized void start(Work body, String name) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (SocketException | EOFException gone) {
                // the client has closed, which is its right
            } catch (Throwable failure) {
                synchronized (this) {
                    failures.add(failure);
                }
            }
        });
        thread.setName("scripted-" + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** A thread's work. */
    private interface Work {
        void run() throws Exception;
    }

    /** Ends all connections; throws what a script threw. */
    @Override
    public void close() throws Exception {
        listening.close();
        List<Thread> started;
        synchronized (this) {
            for (Socket socket : sockets) {
                socket.close();
            }
            started = List.copyOf(threads);
        }
        for (Thread thread : started) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        }
        synchronized (this) {
            if (!failures.isEmpty()) {
                throw new AssertionError("the script failed", failures.get(0));
            }
        }
    }

    /** Waits until all scripts that have begun have ended, and throws what one threw. */
    public void join() throws Exception {
        List<Thread> started;
        synchronized (this) {
            started = threads.stream()
                    .filter(thread -> thread.getName().endsWith("script"))
                    .toList();
        }
        for (Thread thread : started) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        }
        synchronized (this) {
            if (!failures.isEmpty()) {
                throw new AssertionError("the script failed", failures.get(0));
            }
        }
    }

    /** The server's end of one connection. */
    public static final class Session {
        private Socket socket;
        private DataInputStream in;
        private OutputStream out;

        Session(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        /** Reads a Startup message; its parameters. */
        public Map<String, String> expectStartup() throws IOException {
            byte[] body = in.readNBytes(in.readInt() - 4);
            require(body.length > 8 && body[1] == 3, "no Startup message");
            String[] texts = new String(body, 4, body.length - 4, StandardCharsets.UTF_8).split("\0");
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i + 1 < texts.length; i += 2) {
                parameters.put(texts[i], texts[i + 1]);
            }
            return parameters;
        }

        /** Reads a CancelRequest; process and secret. */
        public List<Integer> expectCancel() throws IOException {
            require(in.readInt() == 16 && in.readInt() == 80_877_102, "no CancelRequest");
            return List.of(in.readInt(), in.readInt());
        }

        public void expectSslRequest() throws IOException {
            require(in.readInt() == 8 && in.readInt() == 80_877_103, "no SSLRequest");
        }

        /** Goes on over TLS, as a server does that has answered S. */
        public SSLSocket startTls(SSLContext context) throws IOException {
            return startTls(context, ClientCertificate.NOT_ASKED);
        }

        /** The same, with what the client has to show, and the application protocols to choose from. */
        public SSLSocket startTls(SSLContext context, ClientCertificate client, String... protocols)
                throws IOException {
            SSLSocket secure = (SSLSocket) context.getSocketFactory()
                    .createSocket(socket, InetAddress.getLoopbackAddress().getHostName(), socket.getPort(), true);
            secure.setUseClientMode(false);
            secure.setNeedClientAuth(client == ClientCertificate.NEEDED);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setApplicationProtocols(protocols);
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            socket = secure;
            in = new DataInputStream(secure.getInputStream());
            out = secure.getOutputStream();
            return secure;
        }

        /** Reads a message of this type; its body. */
        public byte[] expect(char type) throws IOException {
            int got = in.read();
            if (got < 0) {
                throw new EOFException("the client has closed");
            }
            require(got == type, "expected a message " + type + ", got " + (char) got);
            return in.readNBytes(in.readInt() - 4);
        }

        /** Reads a simple query; its text. */
        public String expectQuery() throws IOException {
            byte[] body = expect('Q');
            return new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
        }

        /** Waits until the client has closed. */
        public void expectEnd() throws IOException {
            int got = in.read();
            if (got == 'X') {
                in.readInt();
                got = in.read();
            }
            require(got < 0, "expected the end, got " + got);
        }

        public void send(byte[]... messages) throws IOException {
            out.write(ServerBytes.all(messages));
            out.flush();
        }

        /** Each byte by itself. */
        public void sendByteByByte(byte[] bytes) throws IOException {
            for (byte one : bytes) {
                out.write(one);
                out.flush();
            }
        }

        /** Up to the start of the first exchange, without authentication. */
        public Map<String, String> welcome() throws IOException {
            Map<String, String> parameters = expectStartup();
            send(ServerBytes.welcome("17.4"));
            return parameters;
        }

        public OutputStream out() {
            return out;
        }

        public InputStream in() {
            return in;
        }

        private static void require(boolean condition, String otherwise) throws IOException {
            if (!condition) {
                throw new IOException(otherwise);
            }
        }
    }
}
