"""Stopped tasks: stop codes, exit codes, health states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from ash_ops.causes.base import Rank
from ash_ops.causes.evidence import items, text_of
from ash_ops.causes.structure.hints import Fields, Hint, number, word

_ASKED: Final = Hint("healthy-scale-in", Rank.SYMPTOM - 2, "stopCode", "")
_WORDS_DECIDE: Final = None
STOP_CODES: Final[Mapping[str, Hint | None]] = {
    "TaskFailedToStart": _WORDS_DECIDE,
    "EssentialContainerExited": _WORDS_DECIDE,
    "UserInitiated": _ASKED,
    "ServiceSchedulerInitiated": _ASKED,
    "SpotInterruption": Hint("spot-interruption", Rank.DECISIVE, "stopCode", ""),
    "TerminationNotice": Hint("spot-interruption", Rank.LIKELY, "stopCode", ""),
    "InfrastructureHealth": Hint("infrastructure-health", Rank.DECISIVE, "stopCode", ""),
}
"""What each of ECS's stop codes says; ``None`` where it only says that the words decide.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html (``stopCode``)
"""
_TERMINATION: Final = "terminationnotice"
# Fargate says so of Spot capacity; on EC2 somebody, or the scaling group, ended the instance.
_INSTANCE_GONE: Final = Hint("infrastructure-health", Rank.DECISIVE, "stopCode", "")
_BY_WORD: Final = {code.lower(): hint for code, hint in STOP_CODES.items()}
_BY_SCHEDULER: Final = {code for code, hint in _BY_WORD.items() if hint is _ASKED}


def is_known_stop_code(code: str | None) -> bool:
    """Whether a stop code, however it is spelt, is one whose meaning is known; so is none at all."""
    return not code or _plain(code) in _BY_WORD


def _plain(code: object) -> str:
    return word(code).replace("_", "")


_EXIT_CODES: Final = {
    0: "healthy-exit0",
    126: "entrypoint-missing",
    127: "entrypoint-missing",
    134: "node-heap-oom",
    137: "sigkill-137",
    139: "exit-139",
    143: "healthy-scale-in",
    130: "healthy-scale-in",
}
"""What an exit code says when nothing else speaks (128 + the signal's number)."""


_SIGNALS: Final = {
    134: "134 (128 + 6, SIGABRT: the process gave up)",
    137: "137 (128 + 9, SIGKILL)",
    139: "139 (128 + 11, SIGSEGV: a crash in native code, not out of memory)",
    143: "143 (128 + 15, SIGTERM: asked to stop)",
}
"""Exit codes above 128 name a signal.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
"""


def stopped_task(fields: Fields) -> Iterator[Hint]:
    """What stop code, exit codes and health states say."""
    stop_code = _plain(fields.get("stopCode"))
    told = _BY_WORD.get(stop_code)
    if stop_code == _TERMINATION and word(fields.get("launchType")) == "ec2":
        told = _INSTANCE_GONE
    if told is not None:
        yield replace(told, quote=text_of(fields["stopCode"]))
    service = word(fields.get("group")).startswith("service:")
    for container in items(fields.get("containers")):
        yield from _container(container, stop_code, in_service=service)
    if word(fields.get("healthStatus")) == "unhealthy":
        yield Hint("container-healthcheck-failed", Rank.GENERIC, "healthStatus", "UNHEALTHY")
    if _runs(fields):
        yield Hint("healthy-steady", Rank.NORMAL, "healthStatus", "RUNNING, HEALTHY")


def _runs(fields: Fields) -> bool:
    """Whether a task runs, is to run and passes its health check."""
    states = [word(fields.get(name)) for name in ("lastStatus", "desiredStatus", "healthStatus")]
    return states in (["running", "running", "healthy"], ["running", "", "healthy"])


def _container(container: Fields, stop_code: str, *, in_service: bool) -> Iterator[Hint]:
    name = text_of(container.get("name")) or "?"
    if word(container.get("healthStatus")) == "unhealthy":
        source = f"containers[{name}].healthStatus"
        yield Hint("container-healthcheck-failed", Rank.GENERIC, source, "UNHEALTHY")
    code = number(container.get("exitCode"))
    if code is None:
        return
    if stop_code and stop_code not in _BY_WORD:
        return  # who ended it, and why, is not known: its exit code alone proves nothing
    slug, rank = _exit(code, stop_code, in_service=in_service)
    source = f"containers[{name}].exitCode"
    yield Hint(slug, rank, source, _SIGNALS.get(code, str(code)))


def _exit(code: int, stop_code: str, *, in_service: bool) -> tuple[str, int]:
    """What an exit code says: less when someone else stopped the task."""
    asked = stop_code in _BY_SCHEDULER
    if code == 0 and in_service and not asked:
        return "app-crash", Rank.NORMAL + 1
    if code == 0:
        return "healthy-exit0", Rank.NORMAL + 1
    slug = _EXIT_CODES.get(code, "app-crash")
    if code in (130, 143):
        return slug, Rank.NORMAL + 1
    if asked:
        return slug, Rank.NORMAL + 2
    return slug, Rank.SYMPTOM if slug == "app-crash" else Rank.SYMPTOM + 5
