"""The command line. ``main`` is the script ``ash-ops``; each command is a small file beside it."""

import gc

# A command lives for a second and makes hardly any garbage: a diagnosis ends with 120,000 objects,
# 1,700 of them garbage. Looking for it every 700 objects, as Python does, took a seventh of the
# doctor's time, and looking twice still 20 ms (docs/performance/doctor.md). Set before the imports.
gc.set_threshold(150_000)

from ash_ops.cli._main import main  # noqa: E402 - see above

__all__ = ["main"]
