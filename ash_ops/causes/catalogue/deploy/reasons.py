"""Look-ups and repairs of stacks whose message names its own reason, or hides it."""

from typing import Final

from ash_ops.causes.base import Step

_UNSAID: Final = r"~^(?!.*(?:\bperform: ?[a-z]|\bapi: ?[a-z]|\bs3 error\b|\bkms key\b)).*(?:\baccess denied for operation\b|\bhandlererrorcode: accessdenied\b)"
_TRAIL: Final = "aws cloudtrail lookup-events --lookup-attributes AttributeKey=ReadOnly,AttributeValue=false --query \"Events[?contains(CloudTrailEvent,'AccessDenied')].[EventTime,EventName,Username]\""

ACTION_UNSAID: Final = (
    Step(
        "The event does not say which action was refused, and to whom: CloudTrail does, some minutes later",
        _TRAIL,
        when=_UNSAID,
    ),
)

ALLOW_WHAT_THE_TRAIL_NAMES: Final = (
    Step(
        "Allow that action to the role that makes the stack (of the CDK, cdk-...-cfn-exec-role; of others, who deploys or the stack's own role), then deploy again",
        when=_UNSAID,
    ),
)
"""Refusals that name neither the action nor who was refused."""

ANSWER_LACKS_A_KEY: Final = (
    Step(
        "The function behind the custom resource answered without the attribute that the template reads (Fn::GetAtt): let it answer with that key in Data also when it is updated, or correct the name in the template; its log tells what it answered",
        "aws logs tail /aws/lambda/<function> --since 1h",
        when=r"~\bcustom ?resource attribute error\b|\bresponse (?:doesn't|does not) contain \S{1,60} key\b",
    ),
)
