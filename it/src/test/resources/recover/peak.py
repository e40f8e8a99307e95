"""recover.py, then the most memory that it had."""

import re
import sys

import recover

code = recover.main(sys.argv[1:])
# not getrusage(): its figure is carried over from the process that started this one
with open("/proc/self/status") as status:
    print("peak KiB", re.search(r"VmHWM:\s+(\d+)", status.read())[1], file=sys.stderr)
sys.stderr.flush()
sys.exit(code)
