"""Can the event archive be allowed to write? A new deployment needs a resource policy for it."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, finding, quote
from ash_ops.checks.base import Check, Finding, Fix, asked
from ash_ops.facts.deploying.deployments import PlannedDeployment

MOST_LOG_POLICIES = 10
"""CloudWatch Logs takes so many resource policies in a region of an account (its quotas page)."""


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """There is room for one more resource policy of CloudWatch Logs."""
    found = asked(planned.log_policies) or ()
    if len(found) < MOST_LOG_POLICIES:
        return
    listed = aws_command(planned.snapshot, "logs describe-resource-policies")
    yield finding(
        "cfn-quota",
        "plan",
        f"CloudWatch Logs takes {MOST_LOG_POLICIES} resource policies in a region, and there are "
        f"{len(found)}: {', '.join(found)}.",
        [quote(planned.log_policies, "resourcePolicies[].policyName", ", ".join(found))],
        [
            Fix(
                why="Delete one that nothing needs any more (`aws logs delete-resource-policy --policy-name NAME`), "
                "or deploy in another region. This shows what each allows.",
                command=listed,
            )
        ],
        severity="error",
    )


CHECK = Check(
    id="log-policies",
    title="The event archive can be written to",
    playbook="plan",
    run=run,
    causes=("cfn-quota",),
)
