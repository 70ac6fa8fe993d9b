"""The command line. ``main`` is the script ``ash-ops``; each command is a small file beside it."""

from ash_ops.cli._main import main

__all__ = ["main"]
