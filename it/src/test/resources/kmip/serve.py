"""PyKMIP's server for tests: ends with whoever started it, speaks to standard error, and may be wrong about the time."""
import logging
import multiprocessing
import os
import signal
import threading
import time


def end_with_the_starter():
    os.read(0, 1)  # a pipe that nothing is written to: its end is the end of its other side
    os.killpg(0, signal.SIGKILL)


def serve():
    os.setsid()
    threading.Thread(target=end_with_the_starter, daemon=True).start()
    ahead = float(os.environ.get("CLOCK_AHEAD_SECONDS", "0"))
    if ahead:
        now = time.time
        time.time = lambda: now() + ahead
    multiprocessing.set_start_method("fork")
    spoken = logging.StreamHandler()
    spoken.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger("kmip.server").addHandler(spoken)
    from kmip.services.server import server

    server.main()


if __name__ == "__main__":
    serve()
