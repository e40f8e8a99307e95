package io.tidemark.it.s3;

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
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A server as a process of its own, that can be struck down and comes back on its ports with its data. */
final class ChildServer {
    private static final int TWENTIETHS = 1_200;

    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private final List<Integer> ports;
    private @Nullable Process process;

    /**
     * @param ports where it listens once it is up
     * @param log where all that it says goes
     */
    ChildServer(List<String> command, Map<String, String> environment, List<Integer> ports, Path log) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.ports = List.copyOf(ports);
        this.log = log;
    }

    /** A port that nobody listens on, now. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it and returns when it listens. */
    void start() {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
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
                started.destroyForcibly();
                throw new AssertionError(
                        "not up: " + command.get(0) + ", which says\n" + Files.readString(log, StandardCharsets.UTF_8));
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

    /** kill -9, and waits until it is gone. */
    void kill() {
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
