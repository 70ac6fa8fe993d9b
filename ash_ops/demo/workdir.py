"""Where a demo's commands run: a folder with a ``.env``, and an environment of its own.

The commands are the real ones, each in a process of its own, as a person would type them.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from ash_ops.demo.emulator import ROOT

ENV_FILE = "# What a deployment needs; the emulated agents accept any key.\nANTHROPIC_API_KEY=sk-ant-demo\n"
# Names of the person's own settings, which must not reach the demo.
_PERSONAL = ("AWS_", "ASH_", "ANTHROPIC_")


class Workplace:
    """A folder and an environment to run ``ash-ops`` in.

    Args:
        folder: an empty folder; it gets a ``.env``.
        variables: what points at the emulated account.
        out: where commands and what they print are shown.
    """

    def __init__(self, folder: Path, variables: Mapping[str, str], out: TextIO) -> None:
        self.folder = folder
        self._out = out
        own = {k: v for k, v in os.environ.items() if not k.startswith(_PERSONAL)}
        path = os.pathsep.join(filter(None, [str(ROOT), own.get("PYTHONPATH")]))
        self._environment = own | dict(variables) | {"PYTHONPATH": path, "PYTHONUNBUFFERED": "1"}
        (folder / ".env").write_text(ENV_FILE, encoding="utf-8")

    def say(self, text: str = "") -> None:
        """Show a line."""
        self._out.write(f"{text}\n")
        self._out.flush()

    def export(self, variables: Mapping[str, str]) -> None:
        """Export variables, and show that."""
        self._environment |= variables
        for name, value in variables.items():
            self.say(f"$ export {name}={shlex.quote(value)}")

    def run(self, *arguments: str, shown: set[str] | None = None) -> int:
        """Run ``ash-ops`` and show the command and what it prints; answers with its exit code.

        Args:
            arguments: the command's.
            shown: lines that an earlier run has shown; runs of them are counted instead. The new
                lines are added to it.
        """
        self.say(f"$ ash-ops {shlex.join(arguments)}")
        with self._start(arguments, subprocess.STDOUT) as process:
            for line in fold((line.rstrip() for line in process.stdout or ()), shown):
                self.say(f"  {line}".rstrip())
        return process.returncode

    def source(self, *arguments: str) -> None:
        """Set what ``ash-ops`` prints as ``export`` lines, as a shell's ``eval`` does, and show that."""
        self.say(f'$ eval "$(ash-ops {shlex.join(arguments)})"')
        for line in self.read(*arguments).splitlines():
            if line.startswith("export "):
                name, value = line.removeprefix("export ").split("=", 1)
                self._environment[name] = shlex.split(value)[0]

    def read(self, *arguments: str) -> str:
        """Run ``ash-ops`` without showing it; answers with its standard output."""
        with self._start(arguments, subprocess.PIPE) as process:
            output, _ = process.communicate()
        return output

    def _start(self, arguments: tuple[str, ...], errors: int) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own command, from our own scenarios
            [sys.executable, "-m", "ash_ops", *arguments],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
        )


def fold(lines: Iterable[str], shown: set[str] | None) -> Iterator[str]:
    """The lines, with each run of lines that were ``shown`` before counted instead of repeated."""
    if shown is None:
        yield from lines
        return
    fresh: set[str] = set()
    repeated = 0
    for line in lines:
        if line in shown:
            repeated += 1
            continue
        yield from _count(repeated)
        repeated = 0
        fresh.add(line)
        yield line
    yield from _count(repeated)
    shown |= fresh


def _count(repeated: int) -> Iterator[str]:
    if repeated:
        yield f"... ({repeated} {'line' if repeated == 1 else 'lines'} as above)"
