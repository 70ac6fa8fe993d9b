"""Which finding explains which: by cause, subject, time and by what each of them stops.

A check declares which causes may follow from what it reports, or by its id one variety of a cause. That alone explains nothing: the
finding must be about the same or a related subject, have begun no later, not be over before, and
stop what the consequence shows to be stopped. Neither a warning nor a thing of the past explains
an outage.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from ash_ops.causes import CAUSES
from ash_ops.checks._consequences import NO_TASK, STOPPED_ON_PURPOSE, TAKEN_AWAY
from ash_ops.checks._effects import OF_THIS_CALLER
from ash_ops.checks.base import VERIFY, Check, Effect, Evidence, Finding
from ash_ops.checks.commands import command_of
from ash_ops.checks.playbooks import PLAYBOOKS
from ash_ops.checks.relations import Relations
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.interruptions import looks

Found = tuple[frozenset[str], Finding]
"""A finding, and the causes that may follow from it."""

_SEVERITIES = ("error", "warning", "info")
_EFFECTS = tuple(Effect(each) for each in ("answers now", "next start", "agents", "nothing yet"))
_ANEW = "force-new-deployment"  # it tries again, and changes nothing
# A rollout is begun before what stops it can show, and a lack lasts for what keeps the next task back now.
_BEGUN_BEFORE = frozenset({"rollout-stuck", "deployment-in-progress", "fewer-tasks-than-desired"})
# ECS, the load balancer and CloudFormation note the same moment some seconds apart.
_SLACK = timedelta(minutes=2)
# Of one fault with several subjects: how many are told in whole sentences, else named.
_TOLD_WHOLE, _NAMED = 3, 8


def merged(found: Iterable[tuple[Check[Snapshot], Finding]], relations: Relations) -> list[Found]:
    """One finding an id: two checks that meet at one cause prove it together."""
    by_id: dict[str, Found] = {}
    for check, item in (found := list(found)):
        explains = frozenset(check.explains) - {item.cause} | _same_elsewhere(check, item, found)
        if item.id not in by_id:
            by_id[item.id] = (explains, item)
            continue
        others, first = by_id[item.id]
        by_id[item.id] = (others | explains, _both(first, item))
    return _behind(_met(by_id, relations))


def _same_elsewhere(
    check: Check[Snapshot], item: Finding, found: Iterable[tuple[Check[Snapshot], Finding]]
) -> frozenset[str]:
    """What other checks found of the same cause may follow from it too, where its check says so."""
    if item.cause not in check.explains:
        return frozenset()
    return frozenset(
        o.id for other, o in found if o.cause == item.cause and o.cause not in other.explains
    )


def _met(by_id: dict[str, Found], relations: Relations) -> list[Found]:
    """A message that names a cause joins the look-up that found it, say, in one secret of four.

    Both must stop the same: what keeps runners from starting is another fault than what keeps the server from it.
    """
    for cause in [item.id for _, item in by_id.values() if item.id == item.cause]:
        message = by_id[cause][1]
        looked_up = [
            key
            for key, (_, item) in by_id.items()
            if item.cause == cause != key
            and item.effect is message.effect
            and relations.related(item.subject, message.subject)
        ]
        if looked_up:
            nearest = max(looked_up, key=lambda key: _is_named(by_id[key][1], message))
            explains, message = by_id.pop(cause)
            others, item = by_id[nearest]
            by_id[nearest] = (others | explains, replace(_both(item, message), id=nearest))
    return list(by_id.values())


def _is_named(looked_up: Finding, message: Finding) -> bool:
    """Whether a message names the very thing that was looked up."""
    name = looked_up.id.partition(":")[2]
    return bool(name) and name in message.summary


def _behind(found: list[Found]) -> list[Found]:
    """What AWS took away is behind, once something else keeps the service from what takes its place.

    ECS replaces such a task by itself: what stops the new one is the present cause, and was not set off by it.
    """
    return [
        (explains, replace(item, severity="warning"))
        if item.cause in TAKEN_AWAY and any(_stops_the_next(other, item) for _, other in found)
        else (explains, item)
        for explains, item in found
    ]


def _stops_the_next(other: Finding, lost: Finding) -> bool:
    """Whether a finding is why no task stands, or stays, in the place of one that AWS took away."""
    if other.severity != "error" or other.until is not None or other.cause in TAKEN_AWAY:
        return False
    if other.cause in NO_TASK or CAUSES[other.cause].category not in {"pending", "restart"}:
        return False
    later = other.since is None or lost.since is None or other.since >= lost.since - _SLACK
    return lost.severity == "error" and later


def _both(first: Finding, second: Finding) -> Finding:
    strong, weak = (first, second) if _strength(first) <= _strength(second) else (second, first)
    evidence: dict[tuple[str, str, str], Evidence] = {
        (e.source, e.field, e.value): e for e in (*strong.evidence, *weak.evidence)
    }
    begun = [each.since for each in (strong, weak) if each.since is not None]
    is_proven = weak.confidence == "confirmed" and weak.until is None and weak.severity != "info"
    # A setting that a look-up found is older than the complaint of it, by nobody knows how much.
    is_setting = strong.since is None and _strength(strong) < _strength(weak)
    return replace(
        strong,
        # Words that hint at what a look-up proves of the present are proven by it.
        confidence=weak.confidence if is_proven else strong.confidence,
        evidence=tuple(evidence.values()),
        fix=weak.fix if _exactness(weak) > _exactness(strong) else strong.fix or weak.fix,
        subject=strong.subject or weak.subject,
        since=None if is_setting else min(begun, default=None),
        until=None if None in (strong.until, weak.until) else strong.until,
    )


def _exactness(item: Finding) -> int:
    """How exactly a repair mends: 2 by a call that a look-up worked out, 1 by a command, 0 by words."""
    commands = [(step, command_of(step)) for step in item.fix]
    mending = [
        step
        for step, command in commands
        if command is not None and not looks(command) and not command.options.get(_ANEW)
    ]
    return 2 if any(step.action for step in mending) else min(1, len(mending))


def _strength(item: Finding) -> tuple[int, bool]:
    return (_SEVERITIES.index(item.severity), item.confidence != "confirmed")


def linked(found: list[Found], relations: Relations) -> list[Finding]:
    """Give every consequence the finding that explains it best, and every cause its list."""
    parents: dict[str, str] = {}
    attested = _attested(found, relations)
    for _, item in found:
        candidates = [
            (
                *_nearness(other, item, relations),
                other.id not in attested,
                len(explains),
                place,
                other.id,
            )
            for place, (explains, other) in enumerate(found)
            if _may_explain((explains, other), item, relations)
            and not _below(other.id, item.id, parents)
        ]
        if candidates:
            parents[item.id] = min(candidates)[-1]
    return [
        replace(
            item,
            explained_by=parents.get(item.id),
            explains=tuple(child for child, parent in parents.items() if parent == item.id),
        )
        for _, item in found
    ]


def gathered(findings: list[Finding]) -> list[Finding]:
    """One finding for a fault that befell several subjects: both subnets of a table, three targets that hang.

    The same cause, as severe and as sure, that stops the same and follows from the same, is one fault.
    """
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for item in findings:
        key = (item.cause, item.severity, item.confidence, item.effect, item.explained_by)
        alike.setdefault((*key, item.until is None), []).append(item)
    first = {item.id: group[0].id for group in alike.values() for item in group}
    return [
        replace(
            _together(group) if len(group) > 1 else group[0],
            explains=tuple(
                dict.fromkeys(first[child] for item in group for child in item.explains)
            ),
            explained_by=first.get(group[0].explained_by or ""),
        )
        for group in alike.values()
    ]


def _together(group: list[Finding]) -> Finding:
    leading = group[0]
    subjects = dict.fromkeys(item.subject for item in group if item.subject)
    steps = {(step.why, step.command): step for item in group for step in item.fix}
    begun = [item.since for item in group if item.since is not None]
    ended = [item.until for item in group if item.until is not None]
    proofs = {(e.source, e.field, e.value): e for item in group for e in item.evidence}
    return replace(
        leading,
        summary=_told_together(group),
        others=tuple(each for each in subjects if each != leading.subject),
        since=min(begun, default=None),
        until=max(ended, default=None),
        evidence=tuple(proofs.values()),
        # What is looked at after the repair is looked at once, when all of it is done.
        fix=tuple(sorted(steps.values(), key=lambda step: step.why == VERIFY)),
    )


def _told_together(group: list[Finding]) -> str:
    """What is said of each; of many, of the first, with the names of the others."""
    sentences = list(dict.fromkeys(item.summary for item in group))
    if len(sentences) <= _TOLD_WHOLE:
        return " ".join(sentences)
    names = list(dict.fromkeys(item.subject.partition("/")[2] or item.id for item in group[1:]))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{sentences[0]} The same holds for {', '.join(names[:_NAMED])}{more}."


def wanted_so(findings: list[Finding]) -> list[Finding]:
    """What follows from a deployment that is stopped on purpose is told, and is no trouble."""
    by_id = {item.id: item for item in findings}

    def is_wanted(item: Finding) -> bool:
        cause = by_id.get(item.explained_by or "")
        return cause is not None and (cause.cause == STOPPED_ON_PURPOSE or is_wanted(cause))

    return [replace(item, severity="info") if is_wanted(item) else item for item in findings]


def _nearness(cause: Finding, item: Finding, relations: Relations) -> tuple[bool, int]:
    """Proof first, then how close the subjects are; what explains the least is the nearest then."""
    return cause.confidence != "confirmed", relations.distance(cause.subject, item.subject)


def _may_explain(cause: Found, item: Finding, relations: Relations) -> bool:
    explains, other = cause
    declared = other.id != item.id and not explains.isdisjoint({item.cause, item.id})
    return declared and explains_it(other, item, relations)


def _attested(found: list[Found], relations: Relations) -> set[str]:
    """What an attempt to start was stopped by, by its own words or by what follows from it."""
    deaths = [item for _, item in found if _is_attested(item)]
    behind = (c[1].id for c in found if any(_may_explain(c, item, relations) for item in deaths))
    return {*behind, *(item.id for item in deaths)}


def _is_attested(item: Finding) -> bool:
    """Whether an attempt to start was stopped by it: of two things that would stop one, it came as far as one."""
    return item.effect is Effect.NEXT_START and any(
        e.field.startswith("tasks[") and "eason" in e.field for e in item.evidence
    )


def explains_it(cause: Finding, item: Finding, relations: Relations) -> bool:
    """Whether a finding can be why another is so, whatever its check declares."""
    return (
        _is_severe_enough(cause, item)
        and _is_in_time(cause, item)
        and relations.related(cause.subject, item.subject)
        and _stops(cause, item, relations)
        and (cause.cause not in OF_THIS_CALLER or _is_met_by_the_caller(item))
    )


def _is_met_by_the_caller(item: Finding) -> bool:
    """What keeps this machine out keeps nobody else out: health checks come from the balancer."""
    return item.cause.startswith("conn-") or item.cause in OF_THIS_CALLER


def _is_severe_enough(cause: Finding, item: Finding) -> bool:
    """Neither a warning nor a thing of the past explains what is broken now."""
    if cause.cause == STOPPED_ON_PURPOSE:
        return True
    if item.severity == "error":
        return cause.severity == "error" and cause.until is None
    return cause.severity != "info" or item.severity == "info"


def _is_in_time(cause: Finding, item: Finding) -> bool:
    ended = cause.until
    began = None if item.cause in _BEGUN_BEFORE and ended is None else item.since
    if began and cause.since and cause.since > began + _SLACK:
        return False
    if ended is None:
        return True
    # What is over explains what began before that, and nothing that has no known beginning.
    return item.until is not None if began is None else began <= ended + _SLACK


def _stops(cause: Finding, item: Finding, relations: Relations) -> bool:
    """Whether the consequence is of the kind that the cause stops."""
    if cause.effect is Effect.ANSWERS:
        return True
    if cause.effect is Effect.NEXT_START:
        starts = item.effect in {Effect.NEXT_START, Effect.NOTHING}
        # What stops a start has not stopped a task that runs.
        return starts or not relations.runs(item.subject)
    return item.effect is cause.effect


def _below(candidate: str, ancestor: str, parents: dict[str, str]) -> bool:
    """Whether ``candidate`` already hangs below ``ancestor``: links must not make a ring."""
    current: str | None = candidate
    while current is not None:
        if current == ancestor:
            return True
        current = parents.get(current)
    return False


def ordered(findings: list[Finding]) -> list[Finding]:
    """Roots of the present outage first, then by severity, proof and layer; under each what follows."""
    children: dict[str | None, list[Finding]] = {}
    for item in findings:
        children.setdefault(item.explained_by, []).append(item)
    by_id = {item.id: item for item in findings}

    def key(item: Finding) -> tuple[int, bool, bool, bool, bool, bool, int, bool, int, int]:
        broken = [by_id[child] for child in item.explains if by_id[child].severity == "error"]
        effects = {item.effect, *(child.effect for child in broken)}
        attested = any(map(_is_attested, (item, *broken)))
        return (
            _SEVERITIES.index(item.severity),
            item.until is not None,
            Effect.ANSWERS not in effects,
            item.cause in OF_THIS_CALLER,
            not broken,
            item.confidence != "confirmed",
            _EFFECTS.index(item.effect),
            not attested,
            -len(item.explains),
            PLAYBOOKS.index(item.playbook),
        )

    def walk(parent: str | None) -> Iterable[Finding]:
        for item in sorted(children.get(parent, []), key=key):
            yield item
            yield from walk(item.id)

    return list(walk(None))
