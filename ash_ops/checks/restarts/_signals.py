"""How a container's process ended: an exit code above 128 is the number of a signal.

AWS documentation, "Stopped task error codes"; signal(7).
"""

from __future__ import annotations

from signal import Signals

from ash_ops.facts.tasks import Container, Task

_SIGNAL = 128
SEGFAULT = _SIGNAL + Signals.SIGSEGV
# How a container ends that is stopped because another one ended.
_TAKEN_ALONG = frozenset(
    {None, 0, _SIGNAL + Signals.SIGINT, _SIGNAL + Signals.SIGKILL, _SIGNAL + Signals.SIGTERM}
)
_MEANINGS = {
    Signals.SIGABRT: "the process gave up by itself",
    Signals.SIGBUS: "memory behind which no file or no room is left, as on a full disk or in /dev/shm",
    Signals.SIGFPE: "an arithmetic fault in native code",
    Signals.SIGILL: "an instruction that this processor does not know",
    Signals.SIGSEGV: "a crash in native code, not out of memory",
    Signals.SIGSYS: "a system call that the container may not make",
    Signals.SIGTRAP: "a fatal check in native code",
}
"""Of the signals that a program brings upon itself."""


def end_of(task: Task) -> Container | None:
    """The container of which a task died: it has a reason of its own, or a code of its own.

    Those that were stopped along with it end by a stop's signal.
    """
    ended = [c for c in task.containers if c.reason or c.exit_code is not None]
    own = [c for c in ended if c.reason] or [c for c in ended if c.exit_code not in _TAKEN_ALONG]
    # Of those that end without a fault the first is the one that was asked by nobody: it ends with 0.
    by_itself = [c for c in ended if c.exit_code == 0] if len(ended) > 1 else []
    return next(iter(own or by_itself or ended), None)


def ended_by_itself(task: Task) -> bool:
    """Whether a task ended since an essential container of it did, though without a fault: with exit code 0."""
    codes = {c.exit_code for c in task.containers}
    return task.stop_code == "EssentialContainerExited" and 0 in codes and codes <= _TAKEN_ALONG


def signal_of(task: Task) -> str:
    """The signal that a program brought upon itself, in words; empty for every other end."""
    fallen = end_of(task)
    number = (fallen.exit_code or 0) - _SIGNAL if fallen else 0
    if number not in {int(each) for each in _MEANINGS}:
        return ""
    signal = Signals(number)
    return f"{signal.name}: {_MEANINGS[signal]}"
