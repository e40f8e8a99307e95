"""Does the harness count right? Python only: no server, no tool, no assertion about how long something takes."""

import contextlib
import io
import json
import os
import sys
import tempfile
import threading
import unittest

from harness.figures import Figure, alternated, paired_ratio
from harness.measure import MemoryWatch, RunFailed, run, tree_cpu
from harness.report import table

BURN = "import time\nwhile time.process_time() < 0.2: pass\n"
# a daemon: the child of a child that has ended, in a session of its own
DAEMON = "import os\nif os.fork(): os._exit(0)\nos.setsid()\nif os.fork(): os._exit(0)\n" + BURN


def _python(directory, name, text):
    path = os.path.join(directory, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return f"'{sys.executable}' -I -S '{path}'"


class Figures(unittest.TestCase):
    def test_a_median_is_the_middle_or_between_the_two_in_the_middle(self):
        self.assertEqual(Figure.of([3, 1, 2]), Figure(2, 1, 3, 3))
        self.assertEqual(Figure.of([4, 1, 2, 3]).median, 2.5)

    def test_a_ratio_compares_each_round_with_itself(self):
        ours, theirs = {0: 1.0, 1: 10.0, 2: 100.0}, {0: 2.0, 1: 20.0, 2: 200.0, 3: 9.0}
        self.assertEqual(paired_ratio(theirs, ours), 2.0)
        self.assertIsNone(paired_ratio({}, ours))

    def test_runs_alternate_and_warm_up_comes_first(self):
        order = [(kind, name) for kind, _, name in alternated("AB", 1, 2, 1)]
        self.assertEqual([name for _, name in order], list("ABABABAB"))
        self.assertEqual([kind for kind, _ in order], ["warm-up"] * 2 + ["timed"] * 4 + ["memory"] * 2)

    def test_only_timed_runs_reach_the_table(self):
        def line(participant, kind, wall):
            return {"scenario": "s", "participant": participant, "kind": kind, "round": 0, "wall": wall, "cpu": wall, "largest": 2**20}

        lines = [line("a", "warm-up", 9), line("a", "timed", 1), line("b", "timed", 3), line("b", "memory", 7)]
        text = table(lines, "s", ("s", 1))
        self.assertIn("**1.00** (1.00–1.00)", text)
        self.assertIn("| b | **3.00** (3.00–3.00) | **3.00** (3.00–3.00) | 3.00 | 3.00 | 1 |", text)
        self.assertNotIn("9.00", text)
        self.assertNotIn("7.00", text)


class Runs(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.log = os.path.join(self.directory.name, "log")

    def run_commands(self, *commands, **options):
        return run(list(commands), self.directory.name, dict(os.environ), self.log, **options)

    def test_what_succeeds_is_measured(self):
        taken = self.run_commands("true", "exit 0")
        self.assertEqual(taken.codes, [0, 0])
        self.assertEqual(len(taken.walls), 2)

    def test_a_command_that_fails_is_no_measurement_and_ends_the_run(self):
        with self.assertRaisesRegex(RunFailed, "exit code 3.*said why"):
            self.run_commands("true", "echo said why; exit 3", "touch after")
        self.assertFalse(os.path.exists(os.path.join(self.directory.name, "after")))

    def test_a_command_that_a_signal_ends_is_no_measurement(self):
        with self.assertRaisesRegex(RunFailed, "exit code -9"):
            self.run_commands("kill -9 $$")

    def test_a_run_that_hangs_fails(self):
        with self.assertRaisesRegex(RunFailed, "not at an end"):
            self.run_commands("sleep 600 & sleep 600", patience=0)

    def test_the_cpu_of_children_counts(self):
        taken = self.run_commands(f"( {_python(self.directory.name, 'burn', BURN)}; : ); :")
        self.assertGreaterEqual(taken.cpu, 0.2)

    def test_the_cpu_of_what_stays_behind_counts(self):
        taken = self.run_commands(_python(self.directory.name, "daemon", DAEMON))
        self.assertGreaterEqual(taken.cpu, 0.2)
        self.assertGreaterEqual(taken.settled, taken.wall)

    def test_memory_is_that_of_the_largest_process(self):
        self.assertGreaterEqual(self.run_commands(_python(self.directory.name, "eat", "x = b'x' * (96 << 20)\n")).largest, 96 << 20)

    def test_memory_that_is_watched_is_summed_over_processes(self):
        script = "import sys\nx = b'x' * (64 << 20)\nsys.stdin.read()\n"
        eat = _python(self.directory.name, "eat", script)
        watch = MemoryWatch()
        seen = os.path.join(self.directory.name, "seen")

        def look():
            while watch.sum < 128 << 20 and not given_up.wait(0.01):
                pass
            open(seen, "w", encoding="utf-8").close()

        given_up = threading.Event()
        looking = threading.Thread(target=look)
        patience = threading.Timer(60, given_up.set)
        looking.start()
        patience.start()
        # the two live until both were seen
        self.run_commands(f"mkfifo p q; ( exec 8>p 9>q; while [ ! -e seen ]; do sleep 0.01; done ) & {eat} <p & {eat} <q & wait", watch=watch)
        watch.stop()
        patience.cancel()
        looking.join()
        self.assertGreaterEqual(watch.sum, 128 << 20)

    def test_the_cpu_of_a_tree_that_lives_is_known(self):
        self.assertGreater(tree_cpu(os.getpid()), 0)

    def test_a_result_survives_json(self):
        self.assertEqual(json.loads(json.dumps(self.run_commands("true").codes)), [0])


def run_all():
    """0 if all is well, and says little."""
    suite = unittest.TestSuite()
    for case in (Figures, Runs):
        suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        outcome = unittest.TextTestRunner(stream=said, verbosity=2).run(suite)
    print(said.getvalue())
    return 0 if outcome.wasSuccessful() else 1
