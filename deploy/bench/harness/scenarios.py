"""What is run: how a run is prepared, its commands, and how its outcome is checked. Only the commands are measured."""

import filecmp
import os
import shutil
import time

from harness.measure import MemoryWatch, RunFailed, run
from harness.figures import alternated
from harness.server import command


class Scenario:
    """A scenario over some participants. Subclasses say what a run is; one that fails ends the benchmark."""

    name = ""
    unit = ("ms", 1000)
    served = False

    def __init__(self, inputs, participants):
        self.inputs = inputs
        self.participants = participants

    def start(self):
        """Before the first run."""

    def before(self, tool, number):
        """Before each run. `number` counts the runs of a participant."""

    def commands(self, tool, number):
        raise NotImplementedError

    def check(self, tool, number):
        """After each run: raises RunFailed where its outcome is not what it should be."""

    def end(self):
        """After the last run, of those that failed too."""

    def directory(self):
        return self.inputs.skeleton

    def measure(self, rounds, warm_up, memory, results, limit):
        """All runs in their order. `limit` is in seconds and ends a run that hangs."""
        counts = {tool.name: 0 for tool in self.participants}
        try:
            self.start()
            for kind, number, tool in alternated(self.participants, warm_up, rounds, memory):
                index = counts[tool.name]
                counts[tool.name] += 1
                results.add(self._one(kind, number, tool, index, limit))
        finally:
            self.end()

    def _one(self, kind, number, tool, index, limit):
        self.before(tool, index)
        os.sync()
        server_before = self.inputs.server.cpu() if self.served else 0
        watch = MemoryWatch() if kind == "memory" else None
        commands = self.commands(tool, index)
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        taken = run(commands, self.directory(), tool.environment, tool.log, limit, watch)
        if watch:
            watch.stop()
        line = {"scenario": self.name, "participant": tool.name, "kind": kind, "round": number, "at": at}
        line.update(wall=taken.wall, settled=taken.settled, cpu=taken.cpu, user=taken.user, system=taken.system)
        line.update(largest=taken.largest, codes=sorted(set(taken.codes)), commands=len(commands), load=os.getloadavg()[0])
        if len(commands) > 1:
            line["walls"] = [round(wall, 4) for wall in taken.walls]
        if self.served:
            line["server_cpu"] = self.inputs.server.cpu() - server_before
        if watch:
            line.update(memory_sum=watch.sum, memory_largest=watch.largest)
        self.check(tool, index)
        line.update(self.extra(tool))
        print(f"bench: {self.name} {kind} {number + 1} {tool.name}: wall {taken.wall:.3f} s, CPU {taken.cpu:.3f} s", flush=True)
        return line

    def extra(self, tool):
        """More for the line of a run."""
        return {}


class ArchivePush(Scenario):
    """One segment, start to exit: another one in each round, the same for all."""

    name = "archive-push"

    def start(self):
        for tool in self.participants:
            tool.prepare(None)
        self.before_stored = {}

    def _segment(self, number):
        segments = self.inputs.segments()
        if number >= len(segments):
            raise RunFailed(f"{len(segments)} segments are too few for so many rounds: give --segments")
        return segments[number]

    def before(self, tool, number):
        self.before_stored[tool.name] = tool.stored()

    def commands(self, tool, number):
        return [tool.push(self._segment(number))]

    def extra(self, tool):
        return {"stored": tool.stored() - self.before_stored[tool.name]}


class ArchivePushMany(Scenario):
    """Many segments one behind the other, as PostgreSQL's archiver calls archive_command; into an empty repository each time."""

    unit = ("s", 1)

    def __init__(self, inputs, participants, count):
        super().__init__(inputs, participants)
        self.name = f"archive-push-{count}"
        self.count = count

    def start(self):
        for tool in self.participants:
            tool.prepare(None)

    def before(self, tool, number):
        tool.reset()
        # What PostgreSQL says of segments that wait. An asynchronous archive-push looks there for what it can push ahead.
        status = os.path.join(self.inputs.wal, "archive_status")
        shutil.rmtree(status, ignore_errors=True)
        os.mkdir(status, 0o700)
        for segment in self._segments():
            open(os.path.join(status, segment + ".ready"), "w", encoding="utf-8").close()

    def commands(self, tool, number):
        return [tool.push(segment) for segment in self._segments()]

    def end(self):
        shutil.rmtree(os.path.join(self.inputs.wal, "archive_status"), ignore_errors=True)

    def _segments(self):
        segments = self.inputs.segments()[: self.count]
        if len(segments) < self.count:
            raise RunFailed(f"{len(segments)} segments are too few: give --segments")
        return segments

    def extra(self, tool):
        return {"stored": tool.stored()}


class ArchivePushTogether(ArchivePushMany):
    """Many segments, some archive_commands at a time: what hides a store's delay. PostgreSQL's archiver runs one; a catch-up may run more."""

    AT_ONCE = 8

    def __init__(self, inputs, participants, count):
        super().__init__(inputs, participants, count)
        self.name = f"archive-push-{count}-together"

    def commands(self, tool, number):
        return [tool.push_all(self._segments(), self.AT_ONCE)]


class ArchiveGet(Scenario):
    """One segment out of the archive, start to exit; compared with what was pushed."""

    name = "archive-get"

    def __init__(self, inputs, participants, runs):
        super().__init__(inputs, participants)
        self.runs = runs
        self.place = os.path.join(inputs.skeleton, "pg_wal", "RECOVERYXLOG")

    def start(self):
        for tool in self.participants:
            tool.prepare(None)
            for segment in self.inputs.segments()[: self.runs]:
                command(["sh", "-c", tool.push(segment)], env=tool.environment, cwd=self.inputs.skeleton)

    def before(self, tool, number):
        if os.path.exists(self.place):
            os.unlink(self.place)

    def commands(self, tool, number):
        return [tool.get(self.inputs.segments()[number], "pg_wal/RECOVERYXLOG")]

    def check(self, tool, number):
        pushed = os.path.join(self.inputs.wal, self.inputs.segments()[number])
        if not filecmp.cmp(pushed, self.place, shallow=False):
            raise RunFailed(f"{tool.name} returned another {pushed}")
        os.unlink(self.place)

    def end(self):
        if os.path.exists(self.place):
            os.unlink(self.place)


class Backup(Scenario):
    """A full backup of the running server, idle otherwise, into an empty repository; its end waits for its own WAL."""

    name = "backup"
    unit = ("s", 1)
    served = True

    def start(self):
        self.inputs.server.start()
        for tool in self.participants:
            tool.prepare(self.inputs.server.sockets)

    def before(self, tool, number):
        server = self.inputs.server
        server.archive_with("exit 0")
        tool.reset()
        server.sql("CHECKPOINT")
        server.archive_with(tool.archive_command())

    def commands(self, tool, number):
        return [tool.backup()]

    def directory(self):
        return self.inputs.directory

    def extra(self, tool):
        return {"stored": tool.stored()}

    def end(self):
        try:
            self.inputs.server.archive_with("exit 0")
        finally:
            self.inputs.server.stop()


class BackupStopped(Scenario):
    """A full backup of a stopped server's directory, into an empty repository."""

    name = "backup-stopped"
    unit = ("s", 1)

    def start(self):
        for tool in self.participants:
            tool.prepare(None)

    def before(self, tool, number):
        tool.reset()

    def commands(self, tool, number):
        return [tool.backup()]

    def directory(self):
        return self.inputs.directory

    def extra(self, tool):
        return {"stored": tool.stored()}


class Restore(Scenario):
    """A full backup back into an empty directory; a server is started on the last one of each participant and has to answer."""

    name = "restore"
    unit = ("s", 1)

    def __init__(self, inputs, participants, runs):
        super().__init__(inputs, participants)
        self.target = os.path.join(inputs.directory, "restored")
        self.runs = runs

    def start(self):
        backup = Backup(self.inputs, self.participants)
        try:
            backup.start()
            self.rows = self._rows()
            for tool in self.participants:
                backup.before(tool, 0)
                command(["sh", "-c", tool.backup()], env=tool.environment, cwd=self.inputs.directory)
                self.inputs.server.archived()
        finally:
            backup.end()

    def before(self, tool, number):
        shutil.rmtree(self.target, ignore_errors=True)
        os.mkdir(self.target, 0o700)

    def commands(self, tool, number):
        return [tool.restore(self.target)]

    def directory(self):
        return self.inputs.directory

    def check(self, tool, number):
        if number < self.runs - 1:
            return
        server = self.inputs.server
        with open(os.path.join(self.target, "postgresql.auto.conf"), "a", encoding="utf-8") as file:
            file.write("archive_mode = off\n")
        server.start(self.target)
        try:
            self._wait_until_up()
            if self._rows() != self.rows:
                raise RunFailed(f"{tool.name} restored {self._rows()} rows, not {self.rows}")
        finally:
            server.stop(self.target)

    def _rows(self):
        return self.inputs.server.sql("SELECT (SELECT count(*) FROM pgbench_accounts), (SELECT count(*) FROM reading)")

    def _wait_until_up(self):
        for _ in range(600):
            if self.inputs.server.sql("SELECT pg_is_in_recovery()") == "f":
                return
            time.sleep(0.1)
        raise RunFailed("the restored server is still in recovery after a minute")

    def end(self):
        shutil.rmtree(self.target, ignore_errors=True)
