"""``mcp`` and ``skill``: serve an assistant until it goes, or print the page that teaches one."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from ash_ops.commands import Result
from ash_ops.errors import ExitCode, OpsError


def mcp(options: Mapping[str, Any]) -> Result:
    """Serve on standard input and output.

    Args:
        options: the global options given, by their names with underscores.

    Raises:
        OpsError: the extra is not installed.
    """
    if find_spec("mcp") is None:
        raise OpsError(
            "The library that speaks the Model Context Protocol is not installed",
            "it is an extra, because only assistants need it",
            "In a clone: pip install '.[mcp]'",
        )
    from ash_ops.assistant.server import serve

    serve(
        [
            word
            for name, value in options.items()
            if name != "verbose"
            for word in (f"--{name.replace('_', '-')}", str(value))
        ]
    )
    return Result(exit_code=ExitCode.OK)


def skill() -> Result:
    """The bundled SKILL.md."""
    page = files("ash_ops").joinpath("assistant", "SKILL.md")
    return Result(exit_code=ExitCode.OK, render=lambda: page.read_text("utf-8"))
