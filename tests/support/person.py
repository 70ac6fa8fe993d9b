"""A person who pastes what the doctor prints into a shell, and answers what is asked with yes."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError, WaiterError

from ash_ops.cli import main
from ash_ops.demo import aws_command

Clients = Callable[[str], Any]

_PLACEHOLDER = re.compile(r"<([\w-]+)>")
_EVAL = re.compile(r'eval "\$\((.+)\)"')
_FLEET_CHANGES = (["runners", "scale"], ["runners", "drain"])
_CHANGES = ("deploy", "rollout", "rollback", "teardown", "start", "stop")


@dataclass
class Person:
    """Somebody at a shell.

    Attributes:
        client: makes boto3 clients of the account.
        choices: what they put for a placeholder that they have to fill in.
        told: all that the commands said, for whoever reads a failed test.
    """

    client: Clients
    choices: Mapping[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def pastes(self, command: str) -> int:
        """Paste one command; answers with its exit code."""
        filled = _PLACEHOLDER.sub(self._chosen, command)
        code, said = self._run(filled)
        self.told.append(f"$ {filled}\n{said}-> {code}")
        return code

    def _chosen(self, match: re.Match[str]) -> str:
        if match[1] not in self.choices:
            raise AssertionError(f"nobody can know what to put for <{match[1]}>")
        return self.choices[match[1]]

    def _run(self, command: str) -> tuple[int, str]:
        sourced = _EVAL.fullmatch(command.strip())
        if sourced is not None:
            code, said = self._run(sourced[1])
            for line in said.splitlines():
                if line.startswith("export "):
                    name, value = line.removeprefix("export ").split("=", 1)
                    os.environ[name] = shlex.split(value)[0]
            return code, said
        program, *words = shlex.split(command)
        if program == "aws":
            return self._aws(words)
        if program == "ash-ops":
            asks = words[0] in _CHANGES or words[:2] in _FLEET_CHANGES
            return ash_ops(*words, *(["--yes"] if asks else []))
        raise AssertionError(f"nobody can run {command!r} here")

    def _aws(self, words: list[str]) -> tuple[int, str]:
        try:
            answer = aws_command.run(words, self.client)
        except (ClientError, WaiterError) as error:
            return 254, f"{error}\n"
        return 0, json.dumps(answer, default=str)[:400] + "\n"


class _Screen(io.TextIOWrapper):
    """What a command writes, by text or by bytes."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def text(self) -> str:
        """All of it so far."""
        kept = self.buffer
        assert isinstance(kept, io.BytesIO)
        return kept.getvalue().decode("utf-8")


def ash_ops(*words: str) -> tuple[int, str]:
    """``ash-ops`` in this process: its exit code, and standard output and error together."""
    said = _Screen()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main(list(words))
        except SystemExit as ended:
            return int(ended.code or 0), said.text()
    return 0, said.text()


def apart(*words: str) -> tuple[int, str, str]:
    """``ash-ops`` in this process: its exit code, standard output, and standard error."""
    out, errors = _Screen(), _Screen()
    code = 0
    with redirect_stdout(out), redirect_stderr(errors):
        try:
            main(list(words))
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.text(), errors.text()


def report(*words: str) -> tuple[int, dict[str, Any]]:
    """The doctor's exit code and report."""
    code, out, _ = apart("doctor", *words, "--format", "json")
    return code, json.loads(out)
