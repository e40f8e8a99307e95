"""One run: commands one behind the other, with the time and the processor that they and all they started took.

A forked process of ours runs the commands. It is the reaper of its descendants (PR_SET_CHILD_SUBREAPER), so that a process
that a command leaves behind, as pgBackRest's asynchronous archive-push does, is waited for and counted as well, and
getrusage(RUSAGE_CHILDREN) is the sum over the whole tree, exact and without polling.
"""

import ctypes
import dataclasses
import json
import os
import resource
import signal
import sys
import threading
import time

PR_SET_CHILD_SUBREAPER = 36
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")


class RunFailed(Exception):
    """A run that is no measurement: a command failed, or something stayed behind."""


@dataclasses.dataclass
class Run:
    """What one run took. Seconds and bytes; `wall` ends with the last command, `settled` with its last descendant."""

    wall: float
    settled: float
    user: float
    system: float
    largest: int
    codes: list
    walls: list

    @property
    def cpu(self):
        return self.user + self.system


def run(commands, directory, environment, log, patience=1800, watch=None):
    """Runs shell commands as PostgreSQL runs archive_command (sh -c), and returns what they took.

    `log` is a file that takes their output; `watch`, if given, is called with the pid of the process above the commands as
    soon as it is known. Raises RunFailed unless every exit code is 0 and no process is left after `patience` seconds.
    """
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    above = os.fork()
    if above == 0:
        code = 1
        try:
            os.close(reader)
            said = json.dumps(_above(commands, directory, environment, log, patience))
            os.write(writer, said.encode())
            code = 0
        except BaseException as e:  # whatever it is, it must not run on into the caller's code
            os.write(writer, json.dumps({"error": repr(e)}).encode())
        finally:
            os._exit(code)
    os.close(writer)
    if watch:
        watch(above)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read()
    os.waitpid(above, 0)
    if not said:
        raise RunFailed("the process that measures ended without a word")
    taken = json.loads(said)
    if "error" in taken:
        raise RunFailed(taken["error"])
    if taken["left"]:
        raise RunFailed(f"not at an end after {patience} s, with all that it started: {commands[-1]}")
    bad = [i for i, code in enumerate(taken["codes"]) if code != 0]
    if bad:
        raise RunFailed(f"exit code {taken['codes'][bad[0]]} of: {commands[bad[0]]}\n{_end_of(log)}")
    del taken["left"]
    return Run(**taken)


def _above(commands, directory, environment, log, patience):
    """In the forked process: runs and waits, to the last descendant."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")
    os.setpgid(0, 0)
    os.chdir(directory)
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open("/dev/null", os.O_RDONLY)
    files = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, out, 2)]
    hung = _end_after(patience)
    codes, walls = [], []
    started = time.monotonic()
    for command in commands:
        begun = time.monotonic()
        child = os.posix_spawn("/bin/sh", ["sh", "-c", command], environment, file_actions=files, setsigmask=[])
        while True:
            reaped, status, _ = os.wait4(-1, 0)
            if reaped == child:
                break
        walls.append(time.monotonic() - begun)
        codes.append(os.waitstatus_to_exitcode(status))
        if codes[-1] != 0:
            break
    wall = time.monotonic() - started
    if codes[-1] != 0:
        _kill_below(os.getpid())
    try:
        while True:
            os.wait4(-1, 0)
    except ChildProcessError:
        pass
    settled = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "wall": wall,
        "settled": settled,
        "user": used.ru_utime,
        "system": used.ru_stime,
        "largest": used.ru_maxrss * 1024,
        "codes": codes,
        "walls": walls,
        "left": bool(hung),
    }


def _end_after(patience):
    """A run that hangs ends: everything below is killed, which ends the waits. The list returned is not empty then."""
    hung = []

    def late(_signal, _frame):
        hung.append(True)
        _kill_below(os.getpid())
        signal.alarm(1)

    signal.signal(signal.SIGALRM, late)
    signal.alarm(int(patience) + 1)
    return hung


def _kill_below(above):
    for pid in descendants(above):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def _end_of(log, characters=2000):
    try:
        with open(log, encoding="utf-8", errors="replace") as file:
            return file.read()[-characters:]
    except OSError as e:
        return str(e)


def descendants(pid):
    """The processes below one, without itself. Those that end meanwhile are left out."""
    found, waiting = [], [pid]
    while waiting:
        parent = waiting.pop()
        try:
            for task in os.listdir(f"/proc/{parent}/task"):
                with open(f"/proc/{parent}/task/{task}/children", encoding="utf-8") as file:
                    children = [int(word) for word in file.read().split()]
                found += children
                waiting += children
        except OSError:
            continue
    return found


class MemoryWatch:
    """Looks at a process tree every few milliseconds: the largest sum of resident sets, the largest single one.

    The sum counts pages that several processes share once for each. It costs processor time, so a run that is watched is not
    used for times.
    """

    def __init__(self, interval=0.005):
        self.interval = interval
        self.sum = 0
        self.largest = 0
        self._ended = threading.Event()
        self._thread = None
        self._failure = None

    def __call__(self, pid):
        self._thread = threading.Thread(target=self._look, args=(pid,), daemon=True)
        self._thread.start()

    def stop(self):
        self._ended.set()
        self._thread.join()
        if self._failure:
            raise RunFailed(f"memory could not be watched: {self._failure!r}")

    def _look(self, above):
        try:
            self._look_until_the_end(above)
        except Exception as e:  # of another thread: told by stop()
            self._failure = e

    def _look_until_the_end(self, above):
        while not self._ended.wait(self.interval):
            total = 0
            for pid in descendants(above):
                try:
                    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
                        fields = dict(line.split(":", 1) for line in file)
                    total += _kib(fields.get("VmRSS", "0"))
                    self.largest = max(self.largest, _kib(fields.get("VmHWM", "0")))
                except (OSError, ValueError):
                    continue
            self.sum = max(self.sum, total)


def _kib(text):
    return int(text.split()[0]) * 1024


def tree_cpu(pid):
    """CPU seconds that a process, those below it and all they have waited for have taken so far (to a clock tick)."""
    ticks = 0
    for one in [pid] + descendants(pid):
        try:
            with open(f"/proc/{one}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            ticks += sum(int(field) for field in fields[11:15])
        except OSError:
            continue
    return ticks / TICK
