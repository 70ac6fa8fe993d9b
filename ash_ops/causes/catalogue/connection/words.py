"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

TARGET_HEALTH: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"

_LOGGED: Final = (
    r"\d{4}-\d\d-\d\dt[\d:.]{6,16}z app/[\w/-]{3,90} [\d.a-f:]{3,45}:\d{1,5} "
    r"(?:-|[\d.a-f:]{3,45}:\d{1,5}) (?:-?[\d.]{1,12} ){3}"
)
"""A line of an Application Load Balancer's access log as far as its codes."""


def access_log(codes: str) -> str:
    """The term for such a line with these codes, the balancer's and the target's (``-`` where it gave none).

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
    """
    return f"~{_LOGGED}(?:{codes}) "


CHECK_TARGETS: Final = Step(
    "Ask for the health of the targets",
    "aws elbv2 describe-target-health --target-group-arn <target-group>",
)
