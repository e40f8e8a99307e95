"""A PostgreSQL of the benchmark's own, and the inputs that it makes: a database, and real WAL segments."""

import json
import os
import shutil
import subprocess
import tempfile
import time

from harness.measure import tree_cpu

PROGRAMS = {"initdb": "postgresql-15", "pg_ctl": "postgresql-15", "pgbench": "postgresql-15", "psql": "postgresql-client-15"}
USER = "bench"
PORT = 54329

SETTINGS = """
listen_addresses = ''
port = {port}
shared_buffers = 256MB
wal_level = replica
max_wal_senders = 5
max_wal_size = 1GB
checkpoint_timeout = 30s
autovacuum = off            # a worker that wakes up would be measured with whoever runs just then
archive_mode = on
archive_command = '/bin/sh "{command}" %p'
archive_timeout = 0
synchronous_commit = off    # the inputs come sooner; what is measured does not commit
"""

# About 150 bytes a row: growing numbers, a few distinct words, a measured value, and 16 hex digits that do not compress much.
BULK = """
CREATE TABLE reading (id bigint PRIMARY KEY, at timestamptz, device int, value double precision, state text, note text);
INSERT INTO reading
  SELECT i, timestamptz '2026-01-01' + i * interval '1.7 s', (random() * 5000)::int, random() * 1000,
         (ARRAY['running', 'idle', 'warning: temperature above limit', 'maintenance'])[1 + (i % 7) % 4],
         'sensor ' || (i % 997) || ' of line ' || (i % 13) || ', batch ' || left(md5(i::text), 16)
    FROM generate_series(1, {rows}) AS i;
CREATE SEQUENCE later START {rows} INCREMENT 1;
SELECT nextval('later');
"""

# One half of the WAL is pgbench's own transaction, whose rows are mostly blanks; this is the other half.
READINGS = """
\\set id random(1, {rows})
\\set value random(1, 1000000)
BEGIN;
UPDATE reading SET value = :value, at = now(), note = 'sensor ' || :id || ', seen ' || left(md5(:value::text), 16) WHERE id = :id;
INSERT INTO reading SELECT nextval('later'), now(), :value % 5000, :value, 'running', 'batch ' || left(md5(:value::text), 16);
END;
"""


def command(words, **options):
    """Runs a program that has to succeed, and returns what it said."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)
    if done.returncode != 0:
        raise SystemExit(f"bench: {' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout


class Server:
    """One data directory and its server; whoever makes it stops it."""

    def __init__(self, binaries, data, archiver):
        self.binaries = binaries
        self.data = data
        self.archiver = archiver
        self.sockets = tempfile.mkdtemp(prefix="tidemark-bench-", dir="/tmp")  # a socket's path has to be short

    def program(self, name):
        return os.path.join(self.binaries, name)

    def initialise(self, segment_mib):
        command([self.program("initdb"), "-D", self.data, "-U", USER, "--auth=trust", "--data-checksums", "--no-locale",
                 "--encoding=UTF8", f"--wal-segsize={segment_mib}"])
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write(SETTINGS.format(port=PORT, command=self.archiver))

    def start(self, data=None):
        data = data or self.data
        command([self.program("pg_ctl"), "start", "-w", "-t", "300", "-D", data, "-l", data + ".log",
                 "-o", f"-k {self.sockets}"])

    def stop(self, data=None):
        command([self.program("pg_ctl"), "stop", "-w", "-t", "300", "-D", data or self.data, "-m", "fast"])

    def close(self):
        shutil.rmtree(self.sockets, ignore_errors=True)

    def sql(self, text):
        return command([self.program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.sockets, "-p", str(PORT),
                        "-U", USER, "-d", "postgres", "-c", text]).strip()

    def pgbench(self, *words):
        return command([self.program("pgbench"), "-h", self.sockets, "-p", str(PORT), "-U", USER, *words, "postgres"])

    def archive_with(self, shell):
        """What the server's archiver does from now on; `$1` is the file. Everything before is archived the old way."""
        if os.path.exists(os.path.join(self.data, "postmaster.pid")):
            self.archived()
        with open(self.archiver + ".new", "w", encoding="utf-8") as file:
            file.write(shell + "\n")
        os.replace(self.archiver + ".new", self.archiver)

    def archived(self):
        """Switches to a new segment and waits until everything before it is archived."""
        name = self.sql("SELECT pg_walfile_name(pg_switch_wal())")
        deadline = time.monotonic() + 120
        status = os.path.join(self.data, "pg_wal/archive_status")
        while any(file.endswith(".ready") for file in os.listdir(status)):
            if time.monotonic() > deadline:
                raise SystemExit(f"bench: {name} is not archived after two minutes; see {self.data}.log")
            time.sleep(0.05)

    def cpu(self):
        """CPU seconds of the server so far, all its processes and what they have run."""
        with open(os.path.join(self.data, "postmaster.pid"), encoding="utf-8") as file:
            return tree_cpu(int(file.readline()))


class Inputs:
    """Made once a segment size and kept in the work directory: data (with a stopped server), segments, skeleton.

    The skeleton is a data directory as far as archive_command and restore_command look at one: pg_control, and in pg_wal all
    segments.
    """

    def __init__(self, work, binaries, segment_mib, count, scale, rows):
        self.directory = os.path.join(work, f"inputs-{segment_mib}")
        self.data = os.path.join(self.directory, "data")
        self.skeleton = os.path.join(self.directory, "skeleton")
        self.wal = os.path.join(self.skeleton, "pg_wal")
        # pgBackRest insists on being named in archive_command
        self.server = Server(binaries, self.data, os.path.join(self.directory, "tidemark-or-pgbackrest"))
        self.wanted = {"segment_mib": segment_mib, "segments": count, "scale": scale, "rows": rows}

    def prepare(self):
        made = os.path.join(self.directory, "made.json")
        if os.path.exists(made):
            with open(made, encoding="utf-8") as file:
                facts = json.load(file)
            same = all(facts[key] == self.wanted[key] for key in ("segment_mib", "scale", "rows"))
            if same and facts["segments"] >= self.wanted["segments"]:
                return facts
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.directory)
        started = time.monotonic()
        self._make()
        facts = dict(self.wanted, data_bytes=self.data_bytes(), version=command([self.server.program("postgres"), "--version"]).strip())
        with open(made, "w", encoding="utf-8") as file:
            json.dump(facts, file)
        print(f"bench: inputs made in {time.monotonic() - started:.0f} s: {facts}", flush=True)
        return facts

    def _make(self):
        server = self.server
        server.archive_with("exit 0")
        server.initialise(self.wanted["segment_mib"])
        server.start()
        try:
            print("bench: making a database and WAL, once for all", flush=True)
            server.pgbench("-i", "-q", "-s", str(self.wanted["scale"]))
            server.sql(BULK.format(rows=self.wanted["rows"]))
            server.sql("VACUUM ANALYZE")
            kept = os.path.join(self.directory, "segments")
            os.makedirs(kept)
            server.archive_with(f'exec cp "$1" "{kept}"')
            readings = os.path.join(self.directory, "readings.sql")
            with open(readings, "w", encoding="utf-8") as file:
                file.write(READINGS.format(rows=self.wanted["rows"]))
            while len(os.listdir(kept)) < self.wanted["segments"]:
                server.pgbench("-n", "-c", "4", "-j", "1", "-T", "10", "-b", "tpcb-like", "-f", readings)
            server.archive_with("exit 0")
            server.sql("CHECKPOINT")
        finally:
            server.stop()
        os.makedirs(self.wal)
        os.makedirs(os.path.join(self.skeleton, "global"))
        for name in sorted(os.listdir(kept))[: self.wanted["segments"]]:
            os.rename(os.path.join(kept, name), os.path.join(self.wal, name))
        shutil.rmtree(kept)
        for name in ("PG_VERSION", "global/pg_control"):
            shutil.copy(os.path.join(self.data, name), os.path.join(self.skeleton, name))
        os.chmod(self.skeleton, 0o700)

    def segments(self):
        return sorted(name for name in os.listdir(self.wal) if len(name) == 24)

    def data_bytes(self):
        """Of what a backup takes: all but pg_wal."""
        total = 0
        for directory, below, files in os.walk(self.data):
            if "pg_wal" in below:
                below.remove("pg_wal")
            total += sum(os.path.getsize(os.path.join(directory, file)) for file in files)
        return total
