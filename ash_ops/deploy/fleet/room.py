"""How many sessions a fleet takes at a time."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.deploy.plan.request import Request
from ash_ops.sizes.fleet import LEAST_SANDBOXES, sessions_of
from ash_ops.template_parameters import MULTI_MACHINE


def room_notes(request: Request) -> Iterator[str]:
    """The line of a plan that says so; none where one server runs everything."""
    if request.mode != MULTI_MACHINE:
        return
    runners, each = (int(request.effective(name)) for name in ("RunnerCount", "MaxSandboxes"))
    told = "1 runner" if runners == 1 else f"{runners} runners"
    yield f"  room       {told} of {each} sandboxes: {room_of(runners, each)}"
    yield "             `ash-ops cost --for N-sessions` says how many N need"


def room_of(runners: int, each: int) -> str:
    """What so many runners take at a time, in words.

    Args:
        runners: how many.
        each: how many sandboxes one holds.
    """
    if runners == 1:
        return "no session while it is replaced"
    if each < LEAST_SANDBOXES:
        return f"too few each for the coordinator to choose well; {LEAST_SANDBOXES} or more do"
    return f"about {sessions_of(runners, each)} sessions at a time, with one of them away"
