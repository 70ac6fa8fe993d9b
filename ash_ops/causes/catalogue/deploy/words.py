"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

CFN: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html"

MADE: Final = "cfn_event api_error log_line"

OF_AWS: Final = (
    "aws|amazon|arn:|alreadyexist|alreadyowned|duplicate|exception|(service: |error code|errorcode|when calling|create_failed|update_failed|stack|resource|"
    "role|policy|log group|loggroup|log-group|bucket|repository|cluster|task definition|target group|targetgroup|target-group|load balancer|loadbalancer|listener|"
    "security group|securitygroup|subnet|route table|vpc|endpoint|secret|parameter|certificate|namespace|hosted zone|record set|alarm|file system|filesystem|"
    "capacity provider|auto scaling|autoscaling|launch template|instance profile|elastic ip|cidr|permission|rule|ecs|service"
)
"""Words of which one names a thing of AWS, or AWS as the one who speaks."""

FIRST: Final = Step(
    "Find the first failed event by time",
    "aws cloudformation describe-stack-events --stack-name <stack> --query \"reverse(StackEvents[?contains(ResourceStatus,'FAILED')]).[Timestamp,LogicalResourceId,ResourceStatusReason]\"",
)

SERVICE: Final = "aws ecs describe-services --cluster <cluster> --services <service>"
