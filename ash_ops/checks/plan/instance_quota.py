"""May the account run as many virtual processors of the instance type's family as are wanted?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, asked
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.reading import CannotTell
from ash_ops.sizes.instance_types import quota_code
from ash_ops.template_parameters import MULTI_MACHINE

_LEAST_TO_ASK_FOR = 32  # vCPU: nobody asks twice for room for a rollout


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """The quota of the family holds every instance that is to start."""
    found, name = asked(planned.instance_type), planned.parameters["InstanceType"]
    code = quota_code(name)
    quota = asked(planned.vcpu_quota) if code else None
    if code is None or quota is None or found is None or found.vcpus is None:
        raise CannotTell(
            f"AWS did not say how many vCPU of the family of {name} the account may run"
        )
    wanted = found.vcpus * _count(planned)
    if quota >= wanted:
        return
    yield finding(
        "instance-quota",
        "plan",
        f"The account may run {quota:g} vCPU of the family of {name}, {wanted} are wanted.",
        [quote(planned.vcpu_quota, f"Quota[{code}].Value", f"{quota:g}")],
        [
            Fix(
                why="Ask for more.",
                command=aws_command(
                    planned.snapshot,
                    f"service-quotas request-service-quota-increase --service-code ec2 --quota-code {code} "
                    f"--desired-value {max(_LEAST_TO_ASK_FOR, 2 * wanted)}",
                ),
            )
        ],
        severity="error",
    )


def _count(planned: PlannedDeployment) -> int:
    return int(planned.parameters["RunnerCount"]) if planned.mode == MULTI_MACHINE else 1


CHECK = Check(
    id="instance-quota",
    title="The account may run the instances",
    playbook="plan",
    run=run,
    causes=("instance-quota",),
)
