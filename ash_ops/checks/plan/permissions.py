"""May who deploys make the calls that a deployment makes?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import ash_command, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, asked
from ash_ops.facts.deploying.deployments import PlannedDeployment

_SHOWN = 6


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """IAM's simulation allows every call."""
    missing = asked(planned.denied_actions) or ()
    if not missing:
        return
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    command = ash_command(planned.snapshot, "iam-policy deploy")
    yield finding(
        "aws-access-denied",
        "plan",
        f"IAM's simulation does not allow {', '.join(missing[:_SHOWN])}{more} on every resource.",
        [quote(planned.denied_actions, "EvaluationResults[].EvalDecision", ", ".join(missing))],
        [Fix(why="This prints the policy that is enough.", command=command)],
        # Policies that name resources are refused on "*": a simulation cannot prove a denial.
        severity="warning",
        confidence="likely",
    )


CHECK = Check(
    id="permissions",
    title="IAM allows every call of the deployment",
    playbook="plan",
    run=run,
    causes=("aws-access-denied",),
)
