"""The repairs that ``doctor --fix`` may make itself, and why it leaves the others to a person.

It repairs errors, never warnings: what works is not touched for what might be better. Of those only
findings every step of which can be done exactly as printed and does no harm when it is done twice;
never one that shuts anyone out while a task serves; and one that replaces that task only where the
loss of its sessions was agreed to by name (``--lose-sessions``).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ash_ops.aws.calls import call
from ash_ops.aws.client.session import Aws
from ash_ops.checks._facts import serves
from ash_ops.checks.base import Action, Finding, Fix, Interruption
from ash_ops.deploy.fix.exact import Execution, Line, execution_of, is_alternative
from ash_ops.diagnosis import Report
from ash_ops.errors import ReadFailed
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import Deployment
from ash_ops.repairs.lines import joined

# The steps of a repair that change something, each with what it does, if that is exact.
_Steps = Sequence[tuple[Fix, Execution | None]]
_ENDS_SESSIONS = frozenset({Interruption.SESSIONS, Interruption.MAYBE})
# What AWS answers when the repair is already in place.
_IN_PLACE = ("AlreadyExists", "Duplicate", "InvalidPermission.Duplicate")


@dataclass(frozen=True, slots=True)
class Repair:
    """One step to take, and the finding it repairs.

    Attributes:
        finding: why it is made.
        why: what it does, in a sentence.
        command: the same as a command.
        execution: the call, or the command of ash-ops.
        interrupts: what it interrupts.
    """

    finding: Finding
    why: str
    command: str
    execution: Execution
    interrupts: Interruption


@dataclass(frozen=True, slots=True)
class Left:
    """A finding that is left to a person.

    Attributes:
        finding: which.
        why: why it is not repaired by itself.
        commands: what the person may run.
    """

    finding: Finding
    why: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, and what is not.

    Attributes:
        repairs: the calls, each once, in the report's order.
        left: the errors that are left to a person.
    """

    repairs: tuple[Repair, ...]
    left: tuple[Left, ...]


def plan(
    aws: Aws,
    names: Deployment,
    report: Report,
    snapshot: Snapshot,
    *,
    lose_sessions: bool = False,
) -> Plan:
    """The steps that repair the errors nothing else explains, and the errors left to a person.

    Args:
        aws: the session, which knows how a call is written.
        names: the deployment.
        report: what is wrong.
        snapshot: the facts it was found from.
        lose_sessions: whether a task that serves may be replaced.
    """
    found: dict[str, Repair] = {}
    left: list[Left] = []
    is_serving = serves(snapshot)
    for item in report.findings:
        if item.explained_by is not None or item.severity != "error":
            continue
        steps = [(step, execution_of(aws, names, item, step)) for step in _changing(item)]
        why = _why_not(steps, _spared(is_serving=is_serving, lose_sessions=lose_sessions))
        if why:
            left.append(Left(item, why, tuple(s.command for s, _ in steps if s.command)))
            continue
        for repair in _repairs(item, steps):
            found.setdefault(repair.command, repair)
    return _deployed_once(Plan(tuple(found.values()), tuple(left)))


def _spared(*, is_serving: bool, lose_sessions: bool) -> frozenset[Interruption]:
    """What no repair may interrupt."""
    if not is_serving:
        return frozenset()
    harms = frozenset(each for each in Interruption if not each.spares_the_task)
    return harms - _ENDS_SESSIONS if lose_sessions else harms


def _why_not(steps: _Steps, spared: frozenset[Interruption]) -> str:
    # Advice may stand beside calls that a check has declared; beside a command it may come first.
    declared = all(step.action or not step.command for step, _ in steps)
    undone = [
        step for step, execution in steps if execution is None and (step.command or not declared)
    ]
    if undone or not any(execution for _, execution in steps):
        return "it needs a decision, or work that no single call does"
    harm = next((s.interrupts for s, _ in steps if s.interrupts and s.interrupts in spared), None)
    if harm is None:
        return ""
    agree = " (--lose-sessions agrees to that)" if harm in _ENDS_SESSIONS else ""
    return f"a task serves now, and the repair {_as_clause(harm)}{agree}"


def _as_clause(interrupts: Interruption) -> str:
    return interrupts.value.replace(": then ", ", and then ").replace(": ", ", and then ", 1)


def _changing(item: Finding) -> list[Fix]:
    """The steps that change something, or ask a person for something; without other ways to it."""
    return [step for step in item.fix if not _only_looks(step) and not is_alternative(step)]


def _only_looks(step: Fix) -> bool:
    return step.command is not None and step.interrupts is None


def _repairs(item: Finding, steps: _Steps) -> Iterator[Repair]:
    for step, execution in steps:
        if execution is not None:
            interrupts = step.interrupts or Interruption.UNKNOWN
            yield Repair(item, step.why, step.command or "", execution, interrupts)


def _deployed_once(wanted: Plan) -> Plan:
    """Several `deploy` lines as one, in the place of the first: each would replace the task."""
    lines = [
        r
        for r in wanted.repairs
        if isinstance(r.execution, Line) and r.execution.words[0] == "deploy"
    ]
    if len(lines) < 2:
        return wanted
    others = [r for r in wanted.repairs if r not in lines]
    together = joined(r.command for r in lines)
    if together is None:
        contrary = "what it asks of `deploy` contradicts another repair"
        left = [Left(r.finding, contrary, (r.command,)) for r in lines]
        return Plan(tuple(others), (*wanted.left, *left))
    whole = replace(
        lines[0],
        why=" ".join(dict.fromkeys(r.why for r in lines)),
        command=together,
        execution=Line(tuple(shlex.split(together)[1:])),
    )
    at = wanted.repairs.index(lines[0])
    return Plan((*others[:at], whole, *others[at:]), wanted.left)


def make(aws: Aws, action: Action) -> bool:
    """Make one call.

    Returns:
        Whether it changed something; False when it was in place already.

    Raises:
        ReadFailed: AWS refused it.
    """
    try:
        call(aws, action.operation, **action.parameters)
    except ReadFailed as error:
        if any(mark in error.code for mark in _IN_PLACE):
            return False
        raise
    return True
