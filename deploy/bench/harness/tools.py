"""What is measured: Tidemark, and pgBackRest beside it. Each with a repository and a configuration of its own."""

import base64
import os
import re
import shlex
import shutil

from harness.bucket import ACCESS, SECRET
from harness.server import PORT, USER, command


class Tool:
    """One participant. `home` holds its configuration, keys, repository and log; `data` is the cluster's data directory."""

    def __init__(self, name, home, program, data, environment):
        self.name = name
        self.home = home
        self.program = program
        self.data = data
        self.repository = os.path.join(home, "repository")
        self.pristine = os.path.join(home, "pristine")
        self.log = os.path.join(home, "log")
        self.environment = dict(environment, HOME=home)

    def prepare(self, sockets):
        """An empty repository, of which reset() makes copies."""
        shutil.rmtree(self.home, ignore_errors=True)
        os.makedirs(self.repository, 0o700)
        self._configure(sockets)
        self._make_repository()
        shutil.copytree(self.repository, self.pristine, symlinks=True)

    def reset(self):
        """As after prepare(): nothing is stored."""
        shutil.rmtree(self.repository)
        shutil.copytree(self.pristine, self.repository, symlinks=True)

    def stored(self):
        return sum(
            os.path.getsize(os.path.join(directory, file))
            for directory, _, files in os.walk(self.repository)
            for file in files
            if not os.path.islink(os.path.join(directory, file))
        )

    def _run(self, words):
        return command([self.program, *words], env=self.environment, cwd=self.home)

    def _shell(self, *words):
        return " ".join(shlex.quote(word) for word in (self.program, *words))


class Tidemark(Tool):
    """`workers` None is the default (one a processor)."""

    def __init__(self, name, home, program, data, environment, workers=None):
        super().__init__(name, home, program, data, environment)
        self.workers = workers
        self.configuration = os.path.join(home, "tidemark.yaml")

    def _configure(self, sockets, root=None):
        with open(os.open(os.path.join(self.home, "box.key"), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.write(bytes(range(32)))
        lines = ["cluster:", "  bench:", f'    data-directory: "{self.data}"']
        lines += [f'    root: "{root}"'] if root else []
        lines += [f'    connection: "host={sockets} port={PORT} user={USER} dbname=postgres"'] if sockets else []
        lines += ["repository:", *self._place()]
        lines += ["keys:", f'  memory: "{self.home}"', "  provider:", f'    box: {{ file: "{self.home}/box.key" }}']
        lines += ["  recipients:", "    - { provider: box }"]
        lines += ["limits:", f"  workers: {self.workers}"] if self.workers else []
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        self.sockets = sockets

    def _place(self):
        return [f'  local: {{ directory: "{self.repository}" }}']

    def _make_repository(self):
        said = self._run(["--config", self.configuration, "init", "--without-recovery-key"])
        root = re.search(r"\broot: ([0-9a-f]{32})\b", said)
        if not root:
            raise SystemExit(f"bench: tidemark init printed no root: line, but\n{said}")
        self._configure(self.sockets, root.group(1))

    def push(self, segment):
        return self._shell("--config", self.configuration, "archive-push", f"pg_wal/{segment}")

    def push_all(self, segments, at_once):
        """All of them by one archive_command each, so many at a time."""
        push = self._shell("--config", self.configuration, "archive-push")
        return f"printf '%s\\n' {' '.join(segments)} | xargs -P {at_once} -I SEGMENT {push} pg_wal/SEGMENT"

    def archive_command(self):
        return f'exec {self._shell("--config", self.configuration, "archive-push")} "$1"'

    def get(self, segment, destination):
        return self._shell("--config", self.configuration, "archive-get", segment, destination)

    def backup(self):
        return self._shell("--config", self.configuration, "backup")

    def restore(self, target):
        return self._shell("--config", self.configuration, "restore", "--to", target)


class TidemarkBucket(Tidemark):
    """With its repository in a bucket, which answers `delay` seconds later than it could."""

    def __init__(self, name, home, program, data, environment, gateway, delay):
        super().__init__(name, home, program, data, environment)
        self.bucket = "bench-" + re.sub("[^a-z0-9]+", "-", name.lower())
        self.repository = os.path.join(gateway.data, self.bucket)
        self.endpoint = gateway.endpoint(delay)

    def prepare(self, sockets):
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.repository, ignore_errors=True)
        os.makedirs(self.home, 0o700)
        os.mkdir(self.repository)  # that is a bucket
        self._configure(sockets)
        self._make_repository()

    def reset(self):
        self.prepare(self.sockets)

    def _place(self):
        for name, text in (("id", ACCESS), ("secret", SECRET)):
            with open(os.open(os.path.join(self.home, name), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
        return [
            "  local:",
            "    s3:",
            f"      bucket: {self.bucket}",
            "      region: us-east-1",
            f'      endpoint: "{self.endpoint}"',
            f'      access-key: "file:{self.home}/id"',
            f'      secret-key: "file:{self.home}/secret"',
        ]


class TidemarkStopped(Tidemark):
    """Backs up the data directory of a stopped server."""

    def backup(self):
        return self._shell("--config", self.configuration, "backup", "--from-directory", self.data)


class PgBackRest(Tool):
    """zst level 3, aes-256-cbc, process-max as given; everything else as it comes, durability included."""

    def __init__(self, name, home, program, data, environment, processes, asynchronous="n"):
        super().__init__(name, home, program, data, environment)
        self.processes = processes
        self.asynchronous = asynchronous
        self.configuration = os.path.join(home, "pgbackrest.conf")

    def _configure(self, sockets):
        options = {
            "repo1-path": self.repository,
            "repo1-cipher-type": "aes-256-cbc",
            "repo1-cipher-pass": base64.b64encode(bytes(range(48))).decode(),
            "repo1-retention-full": "100",
            "compress-type": "zst",
            "compress-level": "3",
            "process-max": str(self.processes),
            "archive-async": self.asynchronous,
            "start-fast": "y",
            "delta": "n",
            "expire-auto": "n",
            "lock-path": self.home + "/lock",
            "log-path": self.home + "/log-files",
            "spool-path": self.home + "/spool",
        }
        server = {"pg1-path": self.data, "pg1-port": str(PORT), "pg1-user": USER, "pg1-database": "postgres"}
        if sockets:
            server["pg1-socket-path"] = sockets
        with open(self.configuration, "w", encoding="utf-8") as file:
            file.write("[global]\n" + "".join(f"{key}={value}\n" for key, value in options.items()))
            file.write("\n[bench]\n" + "".join(f"{key}={value}\n" for key, value in server.items()))
        os.chmod(self.configuration, 0o600)
        for name in ("lock", "log-files", "spool"):
            os.makedirs(os.path.join(self.home, name), 0o700)

    def _make_repository(self):
        self._run(["--config", self.configuration, "--stanza=bench", "--no-online", "stanza-create"])

    def reset(self):
        super().reset()
        shutil.rmtree(os.path.join(self.home, "spool"))  # where the asynchronous one notes what is done
        os.mkdir(os.path.join(self.home, "spool"), 0o700)

    def _of_stanza(self, *words):
        return self._shell("--config", self.configuration, "--stanza=bench", *words)

    def push(self, segment):
        return self._of_stanza("archive-push", f"pg_wal/{segment}")

    def archive_command(self):
        return f'exec {self._of_stanza("archive-push")} "$1"'

    def get(self, segment, destination):
        return self._of_stanza("archive-get", segment, destination)

    def backup(self):
        return self._of_stanza("--type=full", "backup")

    def restore(self, target):
        return self._of_stanza(f"--pg1-path={target}", "restore")
