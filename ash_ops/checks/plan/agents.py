"""Can agents start at all? They need a control group file system that they may write to."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ash_ops.checks._findings import finding
from ash_ops.checks.base import Check, Evidence, Finding, Fix
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.template_parameters import MULTI_MACHINE


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """A privileged container runs them: on EC2, or on runners."""
    if planned.mode == MULTI_MACHINE:
        return
    if not planned.is_on_fargate:
        if planned.parameters.get("LaunchType") == "MANAGED":
            yield _unproven()
        return
    yield finding(
        "sandbox-cgroups-unavailable",
        "plan",
        "On Fargate the server starts, but with the image as published agents most likely do not: their "
        "sandboxes need a writable cgroup file system, and Fargate's is read-only.",
        [Evidence(source="plan:Parameters", field="LaunchType", value="FARGATE")],
        [Fix(why="Use --launch-type managed or ec2 to run agents; --canary proves it either way.")],
        severity="warning",
        confidence="likely",
    )


def _unproven() -> Finding:
    found = finding(
        "sandbox-cgroups-unavailable",
        "plan",
        "A privileged container on ECS Managed Instances can run agents by all that AWS says; that is not yet "
        "proven on an account.",
        [Evidence(source="plan:Parameters", field="LaunchType", value="MANAGED")],
        [Fix(why="The session at the end proves it (--canary, the default here).")],
        severity="warning",
        confidence="likely",
    )
    # The catalogue's title speaks of Fargate, where it is known; here it is only not proven.
    return replace(found, title="Whether agents run on ECS Managed Instances is not yet proven")


CHECK = Check(
    id="agents",
    title="Agents can start where the server is put",
    playbook="plan",
    run=run,
    causes=("sandbox-cgroups-unavailable",),
)
