"""Runs the checks, ranks what they found, and folds consequences under their cause."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable
from typing import Literal

from msgspec import field

from ash_ops.checks.base import Check, Effect, F, Finding, NotApplicable
from ash_ops.checks.changed import Changed, changed
from ash_ops.checks.playbooks import Playbook
from ash_ops.checks.relations import Relations
from ash_ops.errors import ExitCode
from ash_ops.facts.model import Instant, Model
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import READINGS, DeploymentFacts, Snapshot, with_losses_told
from ash_ops.linking import gathered, linked, merged, ordered, wanted_so
from ash_ops.repairs.judge import judged

Status = Literal["healthy", "problem", "inconclusive"]


class Unknown(Model):
    """A check that could not tell.

    Attributes:
        check: its id.
        reason: why.
        needs: the IAM actions that would let it tell.
        vital: whether the deployment may be broken in a way that only this check would show, or
            AWS was asked and did not answer: what was not read is never called healthy.
        unreachable: whether no connection to AWS could be made.
        until: from when on it can be told, if time alone settles it.
    """

    check: str
    reason: str
    needs: tuple[str, ...] = ()
    vital: bool = True
    unreachable: bool = False
    until: Instant | None = None


class Ignored(Model):
    """Warnings of one cause that were asked to be left out.

    Attributes:
        cause: the slug.
        count: how many.
        reason: why, as the configuration says; empty where it does not.
    """

    cause: str
    count: int
    reason: str = ""


class Report(Model, kw_only=True):
    """A diagnosis: the JSON contract ``ash-ops.doctor/1``.

    Attributes:
        status: ``problem`` if there is a finding of severity error; else ``inconclusive`` if a
            vital check could not tell; else ``healthy``.
        findings: roots first, worst first, each followed by what it explains.
        answers: whether the server answers; ``None`` if that is not known.
        agents: whether it runs agents: a session proves it, an error disproves it.
        ignored: the warnings that were left out.
        limits: what was not looked at because there was too much of it; a sentence each.
        changed: what changed since it last worked; ``None`` where it works, or nobody remembers.
    """

    schema_: str = field(default="ash-ops.doctor/1", name="schema")
    deployment: DeploymentFacts
    status: Status
    findings: tuple[Finding, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    passed: tuple[str, ...] = ()
    answers: bool | None = None
    agents: bool | None = None
    ignored: tuple[Ignored, ...] = ()
    limits: tuple[str, ...] = ()
    changed: Changed | None = None
    elapsed_ms: int = 0

    @property
    def exit_code(self) -> ExitCode:
        """3 when something is broken, 4 when that could not be found out, else 0."""
        codes = {"problem": ExitCode.PROBLEMS, "inconclusive": ExitCode.INCONCLUSIVE}
        return codes.get(self.status, ExitCode.OK)


def diagnose(
    snapshot: Snapshot,
    playbooks: Collection[Playbook] = (),
    *,
    checks: Iterable[Check[Snapshot]] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Report:
    """Find out what is wrong with a deployment.

    Args:
        snapshot: the facts, from ``collect`` or ``load_snapshot``.
        playbooks: the chapters to limit the diagnosis to; none means all.
        checks: other checks than the built-in ones.
        clock: a monotonic clock in seconds.
    """
    from ash_ops.checks.catalogue import CHECKS

    started = clock()
    snapshot = with_losses_told(snapshot)
    known = CHECKS if checks is None else tuple(checks)
    chosen = [c for c in known if not playbooks or c.playbook in playbooks or c.always]
    found, unknown, passed = _asked(chosen, snapshot)
    if not playbooks:
        unknown += _unasked(snapshot, unknown)
    relations = Relations(snapshot)
    linked_ones = wanted_so(linked(merged(found, relations), relations))
    # A repair of one chapter may break what another looks at: all checks judge it.
    before = _found(known, snapshot) if playbooks else linked_ones
    tried = judged(snapshot, linked_ones, before, lambda facts: _found(known, facts))
    findings = ordered(gathered(tried))
    status = _status(findings, unknown)
    return Report(
        deployment=snapshot.deployment,
        status=status,
        findings=tuple(findings),
        unknown=tuple(unknown),
        passed=tuple(passed),
        answers=_answers(snapshot),
        agents=_runs_agents(snapshot, findings),
        limits=snapshot.limits,
        changed=None if status == "healthy" else changed(snapshot),
        elapsed_ms=round((clock() - started) * 1000),
    )


def answered(checks: Iterable[Check[F]], facts: F, deployment: DeploymentFacts) -> Report:
    """What checks say of facts of any kind, one of three answers each: of a deployment that is to be, or just was made.

    Nothing is linked: what such checks find stands for itself. The worst comes first.
    """
    found, unknown, passed = _asked(checks, facts)
    findings = sorted((item for _, item in found), key=lambda item: item.severity != "error")
    return Report(
        deployment=deployment,
        status=_status(findings, unknown),
        findings=tuple(findings),
        unknown=tuple(unknown),
        passed=tuple(passed),
    )


def _asked(
    checks: Iterable[Check[F]], facts: F
) -> tuple[list[tuple[Check[F], Finding]], list[Unknown], list[str]]:
    """What the checks found, what they could not tell, and which passed."""
    found: list[tuple[Check[F], Finding]] = []
    unknown: list[Unknown] = []
    passed: list[str] = []
    for check in checks:
        _run(check, facts, found, unknown, passed)
    return found, unknown, passed


def _found(checks: Iterable[Check[Snapshot]], snapshot: Snapshot) -> list[Finding]:
    return [item for _, item in merged(_asked(checks, snapshot)[0], Relations(snapshot))]


def _unasked(snapshot: Snapshot, unknown: Iterable[Unknown]) -> list[Unknown]:
    """Readings that failed without any check missing them: the report leaves nothing out."""
    told = {item.reason for item in unknown}
    found: list[Unknown] = []
    for name in READINGS:
        cannot_tell = getattr(snapshot, name).cannot_tell()
        if cannot_tell is not None and not cannot_tell.by_choice and cannot_tell.reason not in told:
            found.append(_unknown(name, cannot_tell, vital=False))
    return found


def _unknown(name: str, cannot_tell: CannotTell, *, vital: bool) -> Unknown:
    vital = cannot_tell.unread or (vital and not cannot_tell.by_choice)
    return Unknown(
        check=name,
        reason=cannot_tell.reason,
        needs=cannot_tell.needs,
        vital=vital,
        unreachable=cannot_tell.unreachable,
        until=cannot_tell.until,
    )


def _run(
    check: Check[F],
    facts: F,
    found: list[tuple[Check[F], Finding]],
    unknown: list[Unknown],
    passed: list[str],
) -> None:
    """One check, one of three answers; what it found before it got stuck still counts."""
    before = len(found)
    try:
        found.extend((check, item) for item in check.run(facts))
    except CannotTell as gap:
        unknown.append(_unknown(check.id, gap, vital=check.vital))
    except NotApplicable:
        return
    except Exception as error:  # noqa: BLE001 - one check that fails must not take the others with it
        reason = f"internal error in check {check.id} ({type(error).__name__}: {error})"
        unknown.append(Unknown(check=check.id, reason=reason, vital=check.vital))
    else:
        if len(found) == before:
            passed.append(check.id)


def _answers(snapshot: Snapshot) -> bool | None:
    from ash_ops.checks._facts import answers

    probe = snapshot.probe.value
    asked = snapshot.target_health.gap is None or bool(probe and probe.rungs)
    return answers(snapshot) if asked else None


def _runs_agents(snapshot: Snapshot, findings: Iterable[Finding]) -> bool | None:
    probe = snapshot.probe.value
    canary = probe.rung("canary") if probe else None
    if canary is not None and canary.outcome in {"ok", "failed"}:
        return canary.outcome == "ok"
    stops = (f for f in findings if f.severity == "error" and f.until is None)
    return False if any(f.effect is Effect.AGENTS for f in stops) else None


def _status(findings: Iterable[Finding], unknown: Iterable[Unknown]) -> Status:
    if any(item.severity == "error" and item.until is None for item in findings):
        return "problem"
    return "inconclusive" if any(item.vital for item in unknown) else "healthy"
