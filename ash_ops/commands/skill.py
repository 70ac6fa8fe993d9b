"""``skill``: the page that teaches an assistant when and how to use ash-ops."""

from __future__ import annotations

from importlib.resources import files

from ash_ops.commands import Result
from ash_ops.errors import ExitCode


def skill() -> Result:
    """The bundled SKILL.md."""
    page = files("ash_ops").joinpath("assistant", "SKILL.md")
    return Result(exit_code=ExitCode.OK, render=lambda: page.read_text("utf-8"))
