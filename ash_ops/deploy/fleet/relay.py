"""During a rollout: for each new runner that is well, an old one is closed to new sessions.

ECS starts the new runners beside the old, and ends no old one that is protected because it holds sessions. But
an old one that still gets sessions would never become empty. So the old ones are drained one by one, as fast as
the new ones come: the fleet keeps its room.
"""

from __future__ import annotations

from collections.abc import Sequence

from ash_ops.aws import ecs
from ash_ops.aws.machines import fleet as calls
from ash_ops.deploy.environment import Environment
from ash_ops.errors import ReadFailed
from ash_ops.facts.fleet import RunnerTask

_EVERY_S = 10.0  # a runner reads its tags as often


class Relay:
    """Closes old runners while a change is followed; what is left of them is opened again at its end."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._closed: dict[str, RunnerTask] = {}
        self._next_look = 0.0
        self._told = ""

    def step(self) -> None:
        """Look at the runners, at most every ten seconds, and close as many old ones as new ones are well.

        What cannot be read or done is told and stops no rollout: ECS goes on by itself.
        """
        now = self._environment.clock.now()
        if now < self._next_look:
            return
        self._next_look = now + _EVERY_S
        try:
            self._hand_over()
        except ReadFailed as error:
            self._tell(f"old runners are not closed to new sessions ({error.call}: {error.code})")

    def _hand_over(self) -> None:
        aws, names = self._environment.aws, self._environment.deployment
        service = ecs.live_service(aws, names.cluster, names.runner_service)
        if service is None:
            return
        running = [
            task
            for task in calls.runner_tasks(aws, names.cluster, names.runner_service)
            if task.last_status == "RUNNING"
        ]
        primary = service.primary
        new = [task for task in running if primary and task.started_by == primary.id]
        old = [task for task in running if task not in new]
        well = sum(task.health_status == "HEALTHY" for task in new)
        closed = [task for task in old if task.is_draining]
        for task in self._next(old, well - len(closed)):
            calls.set_draining(aws, task.task_arn, draining=True)
            self._closed[task.task_arn] = task
            closed.append(task)
        if old and new:
            self._tell(
                f"runners: {well} of {service.desired_count} new ones are well; {len(old)} old ones are left, "
                f"{len(closed)} of them closed to new sessions"
            )

    def _next(self, old: Sequence[RunnerTask], number: int) -> list[RunnerTask]:
        """Those that hold nothing first: they end at once."""
        open_ones = [task for task in old if not task.is_draining]
        if number <= 0 or not open_ones:
            return []
        aws, cluster = self._environment.aws, self._environment.deployment.cluster
        held = calls.protected_tasks(aws, cluster, [task.task_arn for task in open_ones])
        return sorted(open_ones, key=lambda task: task.task_arn in held)[:number]

    def open_again(self) -> None:
        """Let those take sessions that were closed and are there still: the change went back, or is not over."""
        aws, names = self._environment.aws, self._environment.deployment
        if not self._closed:
            return
        try:
            there = calls.runner_tasks(aws, names.cluster, names.runner_service)
            for task in there:
                if task.task_arn in self._closed:
                    calls.set_draining(aws, task.task_arn, draining=False)
        except ReadFailed as error:
            self._tell(
                f"runners may still be closed to new sessions ({error.call}: {error.code}): `ash-ops runners` "
                "shows it, `ash-ops runners drain ID --undo` opens one"
            )

    def _tell(self, text: str) -> None:
        if text != self._told:
            self._environment.dialogue.event(text)
            self._told = text
