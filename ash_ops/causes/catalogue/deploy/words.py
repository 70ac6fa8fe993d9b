"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

CFN: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"

MADE: Final = "cfn_event api_error log_line"

FIRST: Final = Step(
    "Find the first failed event by time",
    "aws cloudformation describe-stack-events --stack-name <stack> --query \"reverse(StackEvents[?contains(ResourceStatus,'FAILED')]).[Timestamp,LogicalResourceId,ResourceStatusReason]\"",
)

SERVICE: Final = "aws ecs describe-services --cluster <cluster> --services <service>"
