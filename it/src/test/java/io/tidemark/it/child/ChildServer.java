package io.tidemark.it.child;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A server as a process of its own, that can be struck down and comes back on its ports with its data. Its standard input is a pipe of
 * this process that nothing is ever written to: a program that reads it learns by its end that this process is gone, however that died.
 */
public final class ChildServer {
    private static final int TWENTIETHS = 1_200;
    private static final int LOG_CHARACTERS = 6_000;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private final List<Integer> ports;
    private @Nullable Process process;

    /**
     * @param ports where it listens once it is up
     * @param log where all that it says goes
     */
    public ChildServer(List<String> command, Map<String, String> environment, List<Integer> ports, Path log) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.ports = List.copyOf(ports);
        this.log = log;
    }

    /** A port that nobody listens on, now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it and returns when it listens. */
    public void start() {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process started = builder.start();
            process = started;
            for (int port : ports) {
                awaitPort(port, started);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.get(0), e);
        }
    }

    private void awaitPort(int port, Process started) throws IOException {
        for (int twentieths = 0; !listens(port); twentieths++) {
            if (twentieths > TWENTIETHS || !started.isAlive()) {
                kill();
                throw new AssertionError("not up: " + command.get(0) + ", which says\n" + lastLog());
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** The end of what it has said so far. */
    public String lastLog() {
        try {
            String all = Files.readString(log, StandardCharsets.UTF_8);
            return all.substring(Math.max(0, all.length() - LOG_CHARACTERS));
        } catch (IOException e) {
            return "nothing: " + e;
        }
    }

    /** What the end of this process looks like to it, and waits until it has ended too. */
    public void orphan() {
        Process running = Objects.requireNonNull(process, "it does not run");
        try {
            running.getOutputStream().close();
            if (!running.waitFor(1, TimeUnit.MINUTES)) {
                throw new AssertionError("does not end with its starter: " + command.get(0) + "\n" + lastLog());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        process = null;
    }

    /** kill -9 of it and what it has started, and waits until it is gone. */
    public void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        running.descendants().forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly();
        boolean interrupted = false;
        while (running.isAlive()) {
            try {
                running.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        process = null;
    }
}
