"""The runners as a deployment of their own, so that what is known of tasks is known of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from ash_ops.checks._facts import is_coordinator, is_serving
from ash_ops.checks.base import Check, Effect, Finding, Fix, NotApplicable, asked
from ash_ops.facts.fleet import RunnerTask
from ash_ops.facts.reading import CannotTell, Reading
from ash_ops.facts.services import Service
from ash_ops.facts.snapshot import DeploymentFacts, Snapshot
from ash_ops.facts.stacks import Stack, StackOutput
from ash_ops.facts.wanted import SERVICE

# What follows for a coordinator when runners do not start.
CONSEQUENCES = ("ash-no-runner", "ash-runner-missing", "runner-not-registered")


def require_runners(snapshot: Snapshot) -> Service:
    """The service of the runners, if it wants any.

    Raises:
        CannotTell: it was not read.
        NotApplicable: there is none.
    """
    if not is_coordinator(snapshot):
        raise NotApplicable("the server runs its sandboxes itself")
    service = asked(snapshot.runner_service)
    if service is not None and service.desired_count is None:
        raise CannotTell("how many runners ECS is to run was not told")
    if service is None or not (service.desired_count or service.status == "DRAINING"):
        raise NotApplicable("ECS is to run no runner")
    return service


def tasks(snapshot: Snapshot) -> list[RunnerTask]:
    """The runners that run.

    Raises:
        CannotTell: they were not read.
    """
    found = asked(snapshot.runner_tasks) or ()
    return [task for task in found if task.last_status == "RUNNING"]


def running_since(task: RunnerTask, now: datetime) -> float:
    """For how many seconds a runner has been running."""
    return (now - (task.started_at or now)).total_seconds()


# What stands for what of the server; what only a server has is none of theirs.
_INSTEAD = {
    "service": "runner_service",
    "task_definition": "runner_definition",
    "tasks": "runner_tasks",
    "stopped_tasks": "stopped_runners",
    "log_lines": "runner_lines",
    "service_deployments": "runner_deployments",
    "container_instances": "runner_hosts",
    "capacity_providers": "runner_providers",
    "scaling_groups": "runner_groups",
    "scaling_activities": "runner_scaling",
}
_OF_THE_SERVER = frozenset(
    {
        *("other_task_definitions", "archived_tasks", "host_events", "revision_pair"),
        *("service_revisions", "target_groups", "target_health"),
        *("load_balancers", "listeners", "probe"),
    }
)
_REVISION = "TaskDefinitionArn"  # the stack's output that names the server's
_NONE: Reading[Any] = Reading(call="none", at=datetime.fromtimestamp(0, UTC))


class _Alone:
    """The snapshot of the runners alone: nothing asks them, and no load balancer is before them."""

    def __init__(self, facts: Snapshot, service: str) -> None:
        self._facts, self._service = facts, service

    @property
    def deployment(self) -> DeploymentFacts:
        """The same, with the runners' service."""
        return replace(self._facts.deployment, service=self._service)

    @property
    def stack(self) -> Reading[Stack]:
        """The same, with the revision that it wants of the runners."""
        reading = self._facts.stack
        if reading.value is None:
            return reading
        if self._facts.wanted.gap is not None:
            return replace(reading, value=None, gap=self._facts.wanted.gap)
        wanted = [
            StackOutput(
                output_key=_REVISION, output_value=str(each.properties.get("TaskDefinition", ""))
            )
            for each in self._facts.wanted.value or ()
            if each.type == SERVICE and each.physical_id.endswith(f"/{self._service}")
        ]
        others = [each for each in reading.value.given_outputs if each.output_key != _REVISION]
        return replace(reading, value=replace(reading.value, given_outputs=(*others, *wanted)))

    def __getattr__(self, name: str) -> Any:
        if name in _OF_THE_SERVER:
            return _NONE
        return getattr(self._facts, _INSTEAD.get(name, name))


def seen_alone(snapshot: Snapshot) -> Snapshot:
    """The runners as if they were all there is: it answers each question that a snapshot does.

    Raises:
        CannotTell: their service was not read.
        NotApplicable: there is none.
    """
    alone: Any = _Alone(snapshot, require_runners(snapshot).service_name)
    found: Snapshot = alone
    return found


def whole(snapshot: Snapshot) -> Snapshot:
    """All the facts, where they are ``seen_alone``."""
    seen: object = snapshot
    return seen._facts if isinstance(seen, _Alone) else snapshot


def of_runners(
    check: Check[Snapshot],
    causes: tuple[str, ...],
    *,
    but: str = "",
    mildly: Callable[[str], bool] = lambda _cause: False,
) -> Check[Snapshot]:
    """The same check of the runners: what it finds keeps agents from working, and nobody else.

    Args:
        check: one of the server's.
        causes: the slugs that it can report of them.
        but: a cause that is no trouble of runners.
        mildly: of which causes it is no more than a warning while a runner runs.
    """

    def run(snapshot: Snapshot) -> Iterator[Finding]:
        service, alone = require_runners(snapshot).service_name, seen_alone(snapshot)
        for found in check.run(alone):
            if found.cause == but:
                continue
            if mildly(found.cause) and found.severity == "error" and is_serving(alone):
                found = replace(found, severity="warning")
            yield _apart(found, service)

    return Check(
        id=f"runners-{check.id}",
        title=f"Of the runners: {_within(check.title)}",
        playbook="agents",
        run=run,
        causes=causes,
        explains=(*check.explains, *CONSEQUENCES),
        vital=check.vital,
    )


def _within(title: str) -> str:
    """A title in the middle of a sentence: a name in capitals, as ECS, stays as it is."""
    return title if title[1].isupper() else f"{title[0].lower()}{title[1:]}"


def _apart(found: Finding, service: str) -> Finding:
    """Told apart from the same of the server."""
    kind, _, name = found.subject.partition("/")
    subject = f"runner/{name}" if kind == "task" else f"service/{service}"
    return replace(
        found,
        id=f"{found.id}:runners",
        subject=subject,
        playbook="agents",
        effect=Effect.NOTHING if found.effect is Effect.NOTHING else Effect.AGENTS,
        summary=f"Of the runners: {found.summary}",
        fix=tuple(map(_looking_again, found.fix)),
    )


def _looking_again(step: Fix) -> Fix:
    """Whether it worked is asked in the chapter in which it was found."""
    command = step.command or ""
    if not command.startswith("ash-ops doctor "):
        return step
    return replace(step, command=re.sub(r"(?<=doctor )\w+", "agents", command))
