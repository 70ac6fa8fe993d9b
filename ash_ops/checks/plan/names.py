"""Has something that is not ours one of the names already?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, asked
from ash_ops.facts.deploying.deployments import PlannedDeployment

_OTHER_NAME = Fix(why="Or deploy under another --name.")


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """No log group and no load balancer of these names is there."""
    for group in asked(planned.log_groups) or ():
        name = group.log_group_name
        delete = aws_command(planned.snapshot, f"logs delete-log-group --log-group-name {name}")
        yield finding(
            "cfn-already-exists",
            "plan",
            f"The log group {name} is there already, left by something else.",
            [quote(planned.log_groups, "logGroups[].logGroupName", name)],
            [Fix(why="Delete it, if nobody wants its lines.", command=delete), _OTHER_NAME],
            subject=f"log-group/{name}",
            apart=name,
        )
    balancer = asked(planned.load_balancer)
    if balancer is not None:
        yield finding(
            "cfn-already-exists",
            "plan",
            f"A load balancer {balancer.load_balancer_name} is there already.",
            [
                quote(
                    planned.load_balancer,
                    "LoadBalancers[].LoadBalancerArn",
                    balancer.load_balancer_arn,
                )
            ],
            [Fix(why="Deploy under another --name, or delete it first.")],
            subject=f"balancer/{balancer.load_balancer_name}",
            apart=balancer.load_balancer_name,
        )


CHECK = Check(
    id="names",
    title="No name is taken",
    playbook="plan",
    run=run,
    causes=("cfn-already-exists",),
)
