"""A bucket of the benchmark's own: versitygw on a directory, and in front of it a relay that can wait a fixed time before each request."""

import encodings.idna  # noqa: F401  sockets look for this codec by name, when a Python that nobody may read is out of reach
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

ACCESS = "bench"
SECRET = "a-secret-of-the-benchmark"


class Relay:
    """Passes bytes on. Of each request the first bytes wait `delay` seconds; so does the body of one that asked whether to go on."""

    def __init__(self, to, delay):
        self.to = to
        self.delay = delay
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.to))
        except OSError:
            client.close()
            return
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answered = threading.Event()
        answered.set()
        threading.Thread(target=self._pass, args=(server, client, answered.set), daemon=True).start()

        def hold():
            if answered.is_set():
                answered.clear()
                time.sleep(self.delay)

        self._pass(client, server, hold)

    @staticmethod
    def _pass(source, sink, before):
        buffer = bytearray(1 << 18)
        view = memoryview(buffer)
        try:
            while count := source.recv_into(buffer):
                before()
                sink.sendall(view[:count])
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for end in (source, sink):
                end.close()


class Gateway:
    """versitygw over a directory. What is stored is files there."""

    def __init__(self, program, directory):
        self.program = program
        self.directory = directory
        self.data = os.path.join(directory, "data")
        self.process = None
        self.relays = []

    def start(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.data)
        port = self._free_port()
        with open(os.path.join(self.directory, "log"), "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [self.program, "--port", f"127.0.0.1:{port}", "--quiet", "--keep-alive", "posix", self.data],
                env={"ROOT_ACCESS_KEY": ACCESS, "ROOT_SECRET_KEY": SECRET, "PATH": "/usr/bin:/bin"},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.port = port
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"bench: {self.program} does not answer; see {self.directory}/log") from None
                time.sleep(0.05)

    def endpoint(self, delay):
        relay = Relay(self.port, delay)
        self.relays.append(relay)
        return f"http://127.0.0.1:{relay.port}"

    def close(self):
        for relay in self.relays:
            relay.close()
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()

    @staticmethod
    def _free_port():
        with socket.create_server(("127.0.0.1", 0)) as listener:
            return listener.getsockname()[1]
