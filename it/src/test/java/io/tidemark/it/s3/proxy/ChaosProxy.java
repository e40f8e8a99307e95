package io.tidemark.it.s3.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a port of the loopback interface and passes on what comes to a server that speaks plain HTTP; in between it counts, delays,
 * refuses and breaks what it is told to. A thread for each connection.
 */
public final class ChaosProxy implements AutoCloseable {
    private static final int BACKLOG = 200;

    private final URI server;
    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "chaos");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Map<RequestKind, Integer> counts = new EnumMap<>(RequestKind.class);
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile @Nullable FaultPlan plan;
    private volatile Gate gate = Gate.OPEN;
    private volatile Duration delay = Duration.ZERO;

    /** @param server with host and port; may be down for a while */
    public ChaosProxy(URI server) {
        this.server = server;
        try {
            listening = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Where clients connect to. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort());
    }

    /** From now on requests meet these faults. */
    public void strike(FaultPlan faults) {
        plan = faults;
    }

    /** From now on nothing goes wrong. */
    public void calm() {
        plan = null;
        refusals.set(0);
    }

    /** From now on this one decides what may pass. */
    public void guard(Gate guard) {
        gate = guard;
    }

    /** From now on every request waits so long before it goes on. */
    public void delay(Duration each) {
        delay = each;
    }

    /** The requests that came since the last call. */
    public Map<RequestKind, Integer> takeCounts() {
        synchronized (counts) {
            Map<RequestKind, Integer> taken = new EnumMap<>(counts);
            counts.clear();
            return taken;
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    reset(client);
                } else {
                    open.add(client);
                    threads.execute(() -> serve(client));
                }
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            new Session(this, client).run();
        } catch (IOException broken) {
            // as connections do; the client sees it
            return;
        } finally {
            open.remove(client);
        }
    }

    /** Closes it as a peer does that is gone: what is on its way is lost. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Socket connectToServer() throws IOException {
        Socket socket = new Socket(server.getHost(), server.getPort());
        socket.setTcpNoDelay(true);
        return socket;
    }

    void count(RequestKind kind) {
        synchronized (counts) {
            counts.merge(kind, 1, Integer::sum);
        }
    }

    void refuseNext(int connections) {
        refusals.set(connections);
    }

    FaultPlan.@Nullable Blow nextBlow() {
        FaultPlan faults = plan;
        return faults == null ? null : faults.next();
    }

    Gate gate() {
        return gate;
    }

    Duration delay() {
        return delay;
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }
}
