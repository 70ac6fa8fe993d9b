"""The path on a line or two: ``you -> balancer active -> no target -✗-> no task; the last died: ...``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ash_ops.diagnosis import Report
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report.path.breaks import Hop
from ash_ops.report.path.state import MARKS, State
from ash_ops.report.path.steps import Step, steps
from ash_ops.report.path.stops import NO_TASK, Stop

_LONGEST: Final = 48  # letters of what a stop tells
# What is told always; the others only where they are broken.
_ALWAYS: Final = frozenset({Hop.CLIENT, Hop.TARGETS, Hop.TASKS})
# What a task needs before it runs; where that is broken it tells what the last one died of.
_BEHIND: Final = frozenset({Hop.NETWORK, Hop.REGISTRY, Hop.SECRETS})


def path_line(snapshot: Snapshot, report: Report) -> str:
    """The stops from here to the task, each with its state.

    ``✗`` stands at the thing that is broken, and ``-✗->`` where nothing gets through to the next.
    Empty where nothing of a deployment is known.
    """
    if not any((snapshot.service.value, snapshot.load_balancers.value, snapshot.tasks.value)):
        return ""
    you, *way = steps(snapshot, report)
    told = [step for step in way if step.hop in _ALWAYS or step.is_broken]
    behind = any(step.hop in _BEHIND for step in told)
    parts = [f"you{_fault(you)}"]
    for step in told:
        is_early = step.hop is Hop.TASKS and behind and not step.is_broken
        parts += ["-✗->" if step.lost else "->", _told(step, is_early=is_early)]
    return " ".join(parts)


def _told(step: Step, *, is_early: bool) -> str:
    if step.fault:
        many = len(step.stop.cards)
        return f"{step.name if many == 1 else f'{many} {step.name}s'}{_fault(step)}"
    return "no task" if is_early and _is_none(step.stop) else _how(step.name, step.stop)


def _fault(step: Step) -> str:
    return f" {MARKS[State.BROKEN]} {_cut(step.fault.title)}" if step.fault else ""


def _is_none(stop: Stop) -> bool:
    return stop.cards[0].title == NO_TASK


def _how(name: str, stop: Stop) -> str:
    """One thing by its word; several counted by theirs."""
    cards = stop.cards
    if len(cards) == 1:
        card = cards[0]
        if card.state is State.NONE:
            return f"no {name}"
        if _is_none(stop):
            return f"no task; the last died: {_cut(card.details[-1])}"
        mark = "" if card.state is State.OK else f" {MARKS[card.state]}"
        return f"{name}{mark} {_cut(card.word)}"
    return f"{len(cards)} {name}s: {', '.join(_counted(stop))}"


def _counted(stop: Stop) -> Iterator[str]:
    words = [card.word for card in stop.cards]
    for word in dict.fromkeys(words):
        yield _cut(word) if words.count(word) == len(words) else f"{words.count(word)} {_cut(word)}"


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
