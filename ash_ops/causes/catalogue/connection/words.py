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

BEHIND_A_PROXY: Final = Step(
    "A proxy did not reach the program behind it: see that this runs and did not end, that it listens on 0.0.0.0 and the port that the proxy asks, and that the proxy names a host that its network knows",
    when="connecting to upstream|found in upstream|could not be resolved (|upstream: |reason: layer4",
)
"""What to do where nginx or another proxy tells of the server that it asked."""
