"""Every cut and bits of every byte of one small object: each must end recover.py with 4. ROOT NAME KEY SEED BITS"""

import os
import random
import sys

import recover

root, name, key, seed, bits = sys.argv[1:]
path = os.path.join(root, name)
with open(path, "rb") as file:
    good = file.read()


def outcome(content):
    """A process of its own, as fast as a fork: its exit code."""
    with open(path, "wb") as file:
        file.write(content)
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os._exit(recover.main([root, name, "--key", key]))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


assert outcome(good) == 0
cases = [good[:length] for length in range(len(good))] + [good + b"\0"]
chosen = random.Random(int(seed))
for at in range(len(good)):
    for bit in chosen.sample(range(8), int(bits)):
        changed = bytearray(good)
        changed[at] ^= 1 << bit
        cases.append(bytes(changed))
for case in cases:
    code = outcome(case)
    if code != 4:
        sys.exit(f"exit {code} for {case.hex()}")
print(f"refused {len(cases)}")
