"""An AWS account in a process: the embedded emulator, Ash stand-ins, and broken deployments.

>>> from ash_ops.demo import Emulator                               # doctest: +SKIP
>>> with Emulator() as aws:                                         # doctest: +SKIP
...     subprocess.run(["ash-ops", "deploy", "--yes"], env=os.environ | aws.environment)
...     aws.break_as("out-of-memory")
...     subprocess.run(["ash-ops", "doctor"], env=os.environ | aws.environment)
"""

from __future__ import annotations

from ash_ops.demo.emulator import Emulator
from ash_ops.demo.scenario import Scenario

__all__ = ["Emulator", "Scenario"]
