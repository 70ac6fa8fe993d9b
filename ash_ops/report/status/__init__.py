"""One screen: what runs, how it is, where it is; the verdict is the diagnosis'."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ash_ops.diagnosis import Report
from ash_ops.facts.fleet import Fleet, side_by_side
from ash_ops.facts.load_balancing import TargetHealth
from ash_ops.facts.server import Probe
from ash_ops.facts.services import Service, ServiceRollout
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

# What an ARN says before its resource: partition, service, region and account.
_ARN = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:\d*:")


@dataclass(frozen=True, slots=True)
class Status:
    """What one look at a deployment shows: the facts, and the doctor's report on them."""

    snapshot: Snapshot
    report: Report

    @property
    def service(self) -> Service | None:
        """The service, unless it is gone."""
        found = self.snapshot.service.value
        return found if found and found.status != "INACTIVE" else None

    @property
    def rollouts(self) -> tuple[ServiceRollout, ...]:
        """The service's deployments."""
        return self.service.deployments if self.service else ()

    @property
    def image(self) -> str | None:
        """The image that the service is to run."""
        definition = self.snapshot.task_definition.value if self.service else None
        container = definition.container() if definition else None
        return container.image if container else None

    @property
    def runners(self) -> int | None:
        """How many runners a coordinator knows; ``None`` where there is none, or it did not say."""
        definition = self.snapshot.task_definition.value
        container = definition.container() if definition else None
        modes = (
            [v.value for v in container.environment if v.name == "ASH_MODE"] if container else []
        )
        health = self.probe.health if self.probe else None
        return health.remote_runners if health and "coordinator" in modes else None

    @property
    def fleet(self) -> Fleet | None:
        """The runners as ECS and as the coordinator see them; ``None`` where there are none, or ECS was not read."""
        facts = self.snapshot
        service, tasks = facts.runner_service.value, facts.runner_tasks
        if service is None or tasks.gap is not None:
            return None
        rows = facts.registered_runners
        return side_by_side(
            service.desired_count or 0,
            tasks.value or (),
            rows.value,
            facts.taken_at,
            rows.gap.reason(rows.call) if rows.gap else "",
        )

    @property
    def drift(self) -> str | None:
        """What runs otherwise than the stack wants it, in a sentence; ``None`` if nothing is known to."""
        found = (f.summary for f in self.report.findings if f.cause == "stack-drift")
        return next(found, None)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks that run or are on their way there."""
        return self.snapshot.tasks.value or ()

    @property
    def targets(self) -> tuple[TargetHealth, ...]:
        """The load balancer's targets."""
        return self.snapshot.target_health.value or ()

    @property
    def probe(self) -> Probe | None:
        """What the server answered to this machine."""
        return self.snapshot.probe.value


def folded(text: str) -> str:
    """A text whose ARNs are cut down to what they name; the rest is on the first line."""
    return _ARN.sub("", text)
