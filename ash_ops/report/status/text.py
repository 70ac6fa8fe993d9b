"""The status as one screen of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ash_ops.facts.load_balancing import TargetHealth
from ash_ops.facts.services import Service, ServiceRollout
from ash_ops.facts.tasks import Task
from ash_ops.report._tree import command_for, count, gaps, headline, roots
from ash_ops.report.status import Status, folded

_RECENT = 3
_LABEL = 11  # columns: two of indent, eight of the name, one of space


def render(status: Status, *, width: int | None = None) -> str:
    """The status as text, broken at ``width`` columns if it is given."""
    facts = status.report.deployment
    lines = [f"{facts.name} in {facts.region}"]
    for name, text in _rows(status):
        lines += _row(name, folded(text), width)
    if status.report.status != "healthy":
        lines.append(
            f"Next: `{command_for('doctor', status.report)}` shows the evidence and the repair."
        )
    return "\n".join(lines) + "\n"


def _row(name: str, text: str, width: int | None) -> list[str]:
    line = f"  {name:<8} {text}"
    return [line] if width is None else _broken(line, width)


def _broken(line: str, width: int) -> list[str]:
    return textwrap.wrap(
        line,
        width,
        subsequent_indent=" " * _LABEL,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _rows(status: Status) -> Iterator[tuple[str, str]]:
    yield "status", headline(status.report)
    yield from _findings(status)
    yield "url", status.report.deployment.url or "none"
    yield "server", _server(status)
    yield from _runners(status)
    yield "image", status.image or "unknown"
    yield "service", _service(status.service)
    yield from (("rollout", _rollout(r)) for r in status.rollouts)
    yield from (("task", _task(task)) for task in status.tasks)
    yield from (("target", _target(target)) for target in status.targets)
    yield from _stack(status)
    if status.drift:
        yield (
            "differs",
            f"{status.drift} `{command_for('deploy --plan', status.report)}` shows all.",
        )
    events = status.service.events if status.service else ()
    for event in events[:_RECENT]:
        when = f"{event.created_at:%Y-%m-%d %H:%M:%S} " if event.created_at else ""
        yield "event", f"{when}{event.message}"
    for (reason, _), checks in gaps(status.report).items():
        which = ", ".join(checks) if len(checks) <= _RECENT else count(len(checks), "check")
        yield "unknown", f"{reason} ({which})"


def _findings(status: Status) -> Iterator[tuple[str, str]]:
    """The leading finding in one line, and how many more there are."""
    found = roots(status.report)
    if found and status.report.status == "problem":
        yield "finding", f"{found[0].summary} [{found[0].cause}]"
        found = found[1:]
    if found:
        more = " more" if status.report.status == "problem" else ""
        yield (
            "also",
            f"{count(len(found), 'finding').replace(' ', more + ' ', 1)}: `{command_for('doctor', status.report)}`",
        )


def _server(status: Status) -> str:
    probe = status.probe
    if probe is None:
        return "not asked"
    version = f", version {probe.version}" if probe.healthy is not None and probe.version else ""
    return f"{probe.answer}{version}"


def _runners(status: Status) -> Iterator[tuple[str, str]]:
    fleet = status.fleet
    if fleet is None:
        if status.runners is not None:
            yield "runners", f"{status.runners} registered with the coordinator"
        return
    told = f"{fleet.running} of {fleet.wanted} running"
    if fleet.unasked:
        yield "runners", f"{told}; what the coordinator knows was not read ({fleet.unasked})"
        return
    yield "runners", f"{told}, {fleet.registered} registered; {fleet.at_work} sandboxes at work"
    differ = fleet.disagreements
    yield from (("differs", f"{id_}: {text}") for id_, text in differ[:_RECENT])
    if len(differ) > _RECENT:
        all_ = command_for("runners list", status.report)
        yield "differs", f"{len(differ) - _RECENT} more: `{all_}` shows all"


def _service(service: Service | None) -> str:
    if service is None:
        return "none"
    counts = f"{service.running_count} of {service.desired_count} running"
    providers = ", ".join(sorted(service.providers)) or "capacity provider"
    return f"{counts}, {service.pending_count} pending ({service.launch_type or providers})"


def _rollout(rollout: ServiceRollout) -> str:
    revision = (rollout.task_definition or "").rsplit("/", 1)[-1]
    state = (rollout.rollout_state or "IN_PROGRESS").lower().replace("_", " ")
    reason = f": {rollout.rollout_state_reason}" if rollout.rollout_state_reason else ""
    return (
        f"{revision} {state}: {rollout.running_count or 0} of {rollout.desired_count or 0} running, "
        f"{rollout.pending_count or 0} pending, {rollout.failed_tasks or 0} failed{reason}"
    )


def _task(task: Task) -> str:
    health = f", {task.health_status.lower()}" if task.health_status else ""
    since = f" since {task.started_at.isoformat()}" if task.started_at else ""
    return f"{task.id[:8]} {str(task.last_status).lower()}{health}{since}{_containers(task)}"


def _containers(task: Task) -> str:
    """The containers by name where there are several: a sidecar may be what is not well."""
    if len(task.containers) < 2:
        return ""
    told = (f"{c.name} {str(c.last_status or 'unknown').lower()}" for c in task.containers)
    return f" ({', '.join(told)})"


def _target(target: TargetHealth) -> str:
    state = target.target_health
    reason = f" ({state.reason})" if state.reason else ""
    return f"{target.target.id}:{target.target.port} {state.state}{reason}"


def _stack(status: Status) -> Iterator[tuple[str, str]]:
    stack = status.snapshot.stack.value
    if stack:
        reason = f": {stack.reason}" if stack.reason else ""
        yield "stack", f"{stack.name} {stack.status}{reason}"
