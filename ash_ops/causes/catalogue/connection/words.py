"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

TARGET_HEALTH: Final = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html"

CHECK_TARGETS: Final = Step(
    "Ask for the health of the targets",
    "aws elbv2 describe-target-health --target-group-arn <target-group>",
)
