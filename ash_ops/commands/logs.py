"""``logs``: print the server's log, or follow it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from ash_ops.commands import Result
from ash_ops.errors import ExitCode, UsageProblem
from ash_ops.style import style_for

if TYPE_CHECKING:
    from ash_ops.commands.ports import Page
    from ash_ops.logs.request import Request
    from ash_ops.settings import Settings

# Columns from which on each line has room for its day.
_WIDE: Final = 110
_SAME: Final = ("follow", "lines", "pattern", "grep", "task", "previous", "level", "group")


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """Where the log goes, and when that is.

    Attributes:
        stream: the binary stream that the lines are written to.
        page: whether somebody looks at it.
        note: tells the user something that is not data.
        now: the time of day, in seconds since 1970.
    """

    stream: BinaryIO
    page: Page
    note: Callable[[str], None]
    now: Callable[[], float] = time.time


def logs(settings: Settings, printed: Printed, options: dict[str, Any]) -> Result:
    """Print what was asked for; with ``follow`` until Ctrl-C.

    It writes to the stream as it reads: a log has no end to wait for.

    Raises:
        UsageProblem: options exclude each other, or a time cannot be read.
        OpsError: there is no such log group, or AWS refused the reading.
    """
    from ash_ops.logs.command import LogsCommand
    from ash_ops.logs.output import Output

    request = _request(options, printed)
    LogsCommand(settings, request, Output(printed.stream), printed.note).run()
    return Result(exit_code=ExitCode.OK)


def _request(options: dict[str, Any], printed: Printed) -> Request:
    from ash_ops.logs.render import Look
    from ash_ops.logs.request import Request, compiled, duration, moment

    _check(options)
    page, local, now = printed.page, options["local"], printed.now()
    given: dict[str, Any] = {
        name: moment(options[name], f"--{name}", now, local=local) if options[name] else None
        for name in ("since", "until")
    }
    look = Look(
        json=options["form"] == "json",
        local=local,
        raw=options["raw"],
        colour=style_for(is_terminal=page.is_terminal, no_color=page.no_color).enabled,
        narrow=page.is_terminal and (page.width or 0) < _WIDE,
        found=compiled(options["grep"]) if options["grep"] else None,
    )
    hints, health = options["hints"], options["health"]
    return Request(
        **given,
        **{name: options[name] for name in _SAME},
        late_window=duration(options["late_window"], "--late-window"),
        look=look,
        hints=(page.is_terminal if hints is None else hints) and not options["raw"],
        health=(not page.is_terminal or look.json or look.raw) if health is None else health,
    )


def _check(options: dict[str, Any]) -> None:
    for one, other in (("follow", "until"), ("follow", "previous"), ("task", "previous")):
        if options[one] and options[other]:
            raise UsageProblem(
                f"--{one} and --{other} exclude each other",
                "they ask for different lines",
                f"Leave out --{one} or --{other}.",
            )
