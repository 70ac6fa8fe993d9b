"""Can the container health check pass at all?

The published image is node:20-slim, which contains neither curl nor wget (nodejs/docker-node#1185),
while the public Terraform's check runs curl: the container turns UNHEALTHY and ECS replaces it for
ever, although the server answers and the load balancer's target is healthy.
"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._attempts import are_of_no_concern, is_of_another
from ash_ops.checks._consequences import ROLLOUT_FAILS, UNANSWERED_CHECK
from ash_ops.checks._facts import ash_container, has_healthy_target, running, stopped
from ash_ops.checks._findings import ash_command, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Evidence, Finding, Fix, NotApplicable, present
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.task_definitions import ContainerDefinition
from ash_ops.facts.tasks import Task

_ABSENT_TOOLS = ("curl", "wget")
_REASON = "container health check"
# What the bundled templates' check asks, by the node of the image.
_BUNDLED = "fetch('http://127.0.0.1"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The health check's command exists in the image, and no task was replaced because of it."""
    container = ash_container(snapshot)
    check = container.health_check
    if check is None or not check.command:
        raise NotApplicable("the container has no health check of its own")
    tool = _absent_tool(container)
    victims = _victims(snapshot)
    if tool or victims:
        yield _failing(snapshot, container, tool, victims)


def _absent_tool(container: ContainerDefinition) -> str | None:
    """The tool that the command runs and the published Ash image does not contain."""
    command = container.health_check.command if container.health_check else ()
    if "/ash-ai-org/" not in container.image:
        return None
    words = " ".join(command).replace("/", " ").split()
    return next((tool for tool in _ABSENT_TOOLS if tool in words), None)


def _victims(snapshot: Snapshot) -> list[Task]:
    """The tasks that failed it: unhealthy now, or stopped for it; not for a container beside it."""
    sick = [t for t in running(snapshot) if t.health_status == "UNHEALTHY"]
    primary = present(snapshot.service).primary
    dead = [t for t in stopped(snapshot) if _REASON in (t.stopped_reason or "").lower()]
    if primary is not None:  # an earlier deployment may have had another check
        dead = [t for t in dead if not is_of_another(t, primary, snapshot)]
        # One that ECS took back has had another, too.
        dead = [t for t in dead if not are_of_no_concern(snapshot, [t])]
    server = ash_container(snapshot).name
    return [t for t in (*sick, *dead) if _is_its_own(t, server)]


def _is_its_own(task: Task, server: str) -> bool:
    """Whether the server's own container is unhealthy, or none is said to be."""
    unhealthy = {c.name for c in task.containers if c.health_status == "UNHEALTHY"}
    return not unhealthy or server in unhealthy


def _failing(
    snapshot: Snapshot, container: ContainerDefinition, tool: str | None, victims: list[Task]
) -> Finding:
    command = " ".join(container.health_check.command) if container.health_check else ""
    why = (
        f"cannot pass: it runs {tool}, which the image does not contain"
        if tool
        else "fails: the server does not give its command the answer that it wants"
    )
    effect = (
        f"{len(victims)} tasks failed it" if victims else "no task has been replaced for it yet"
    )
    return finding(
        "container-healthcheck-failed",
        "restarts",
        f"The container health check {why}; {effect}{_contrast(snapshot)}.",
        [
            quote(
                snapshot.task_definition,
                f"containerDefinitions[{container.name}].healthCheck.command",
                command,
            ),
            *_target_evidence(snapshot),
        ],
        [*_mended(snapshot, command, tool), verify(snapshot, "restarts")],
        severity="error" if victims else "warning",
        confidence="confirmed" if tool or victims else "likely",
        apart=UNANSWERED_CHECK.partition(":")[2] if not tool and _runs_now(victims) else "",
    )


def _runs_now(victims: list[Task]) -> bool:
    return any(task.last_status == "RUNNING" for task in victims)


def _mended(snapshot: Snapshot, command: str, tool: str | None) -> list[Fix]:
    """Another command where this one can never pass; else what the server says."""
    if not tool and _BUNDLED in command:
        return [
            Fix(
                why="Read why the server does not answer its own check: the command is the bundled one.",
                command=ash_command(snapshot, "logs --since 15m"),
            )
        ]
    return [
        deploy_fix(
            snapshot, "Deploy the bundled template: its check runs node, which the image contains."
        )
    ]


def _contrast(snapshot: Snapshot) -> str:
    try:
        return (
            ", though the load balancer calls the target healthy"
            if has_healthy_target(snapshot)
            else ""
        )
    except CannotTell:
        return ""


def _target_evidence(snapshot: Snapshot) -> list[Evidence]:
    if not _contrast(snapshot):
        return []
    return [
        quote(snapshot.target_health, "TargetHealthDescriptions[].TargetHealth.State", "healthy")
    ]


CHECK = Check(
    id="container-health-check",
    title="The container health check can pass",
    playbook="restarts",
    run=run,
    causes=("container-healthcheck-failed",),
    explains=(
        *ROLLOUT_FAILS,
        "target-not-registered",
        "no-registered-targets",
        "sigkill-137",
        "conn-reset",
    ),
)
