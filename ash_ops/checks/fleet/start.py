"""Why runners do not start: image, file system, secret, instance, capacity, rollout. The server's checks ask it of them."""

from __future__ import annotations

from ash_ops.checks._consequences import TAKEN_AWAY
from ash_ops.checks.agents import log_lines, sandboxes
from ash_ops.checks.deploy import revision_state, rollout_progress, rollout_state, service_exists
from ash_ops.checks.fleet._runners import of_runners
from ash_ops.checks.hosts import instances, providers, room, scaling
from ash_ops.checks.pending import egress_path, task_phase
from ash_ops.checks.restarts import health_command, service_events, stopped_tasks

DEATHS = of_runners(
    stopped_tasks.CHECK,
    ("image-not-found", "image-pull-network", "efs-mount-failed", "secret-not-found", "app-crash"),
    mildly=TAKEN_AWAY.__contains__,  # the others go on
)
PHASES = of_runners(task_phase.CHECK, task_phase.CHECK.causes)
EGRESS = of_runners(egress_path.CHECK, egress_path.CHECK.causes)
EVENTS = of_runners(
    service_events.CHECK, ("placement-failed", "wrong-launch-type"), mildly=lambda _cause: True
)
MACHINES = of_runners(instances.CHECK, instances.CHECK.causes)
PROVIDERS = of_runners(providers.PROVIDERS, providers.PROVIDERS.causes)
# ECS starts an instance for a runner that finds no room: that all are full is as it should be.
ROOM = of_runners(
    room.CHECK, ("no-instances", "instance-too-small", "eni-limit"), but="instances-full"
)
GROUPS = of_runners(scaling.CHECK, scaling.CHECK.causes)
# That one is late follows from what keeps runners from starting, which the others find.
ROLLOUTS = of_runners(rollout_progress.CHECK, ("rollout-paused",), but="rollout-stuck")
SERVICE = of_runners(service_exists.CHECK, ("service-missing",))
REVISION = of_runners(revision_state.CHECK, revision_state.CHECK.causes)
HEALTH = of_runners(health_command.CHECK, health_command.CHECK.causes, mildly=lambda _cause: True)
# How far a rollout is, the one above tells.
STATE = of_runners(
    rollout_state.CHECK, ("circuit-breaker", "deployment-rolled-back"), but="deployment-in-progress"
)
SANDBOXES = of_runners(sandboxes.HOST, sandboxes.HOST.causes)
LOG = of_runners(
    log_lines.CHECK, ("ash-internal-secret", "sandbox-cgroups-unavailable", "disk-full")
)
