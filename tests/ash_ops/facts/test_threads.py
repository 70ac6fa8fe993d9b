"""Facts may be made in many threads at once, of types that none has asked for before.

msgspec's own ``convert`` ends the process with SIGSEGV there (0.22.0; seen in about one run of a hundred).
"""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys, threading, types
from ash_ops.facts.model import fact_of
sys.setswitchinterval(1e-6)

def module(number):
    source = "from __future__ import annotations\\nfrom ash_ops.facts.model import Model\\n"
    for place in range(30):
        source += f"class C{place}(Model):\\n"
        for field in range(12):
            kind = f"C{place + 1} | None" if field == 5 and place < 29 else "int | str | None"
            source += f"    f{field}: {kind} = None\\n"
    made = types.ModuleType(f"made{number}")
    sys.modules[made.__name__] = made
    exec(source, made.__dict__)
    return made

for number in range(15):
    made, barrier = module(number), threading.Barrier(8)
    def ask(thread):
        barrier.wait()
        fact_of(made.C0 if thread % 2 else made.C3, {"f5": {"f1": 1}, "f1": 2})
    threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
print("all were made")
"""


def test_types_that_are_asked_for_by_many_threads_at_once_do_not_end_the_process() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "all were made\n"
