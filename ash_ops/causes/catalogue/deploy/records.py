"""What only records show: calls that CloudTrail saw denied, log lines that never arrived."""

from typing import Final

from ash_ops.causes.base import Cause, Step

CAUSES: Final = (
    Cause(
        slug="role-call-denied",
        title="AWS denied calls to a role of this deployment",
        category="deploy",
        severity="warning",
        meaning="CloudTrail recorded calls that a role of the task, or CloudFormation in your name, was "
        "not allowed to make. It records management calls only, not each read of an object or of a "
        "model, and up to 15 minutes late.",
        proof=(
            Step(
                "Read the calls of the task's sessions; they bear its id",
                "aws cloudtrail lookup-events --lookup-attributes AttributeKey=Username,AttributeValue=<task>",
            ),
        ),
        repair=(
            Step(
                "Allow the role exactly that action; where a policy of the organisation or a boundary "
                "denies, ask whoever owns it",
            ),
        ),
        confused_with=(
            ("aws-access-denied", "There you yourself were denied, not a role of the deployment."),
        ),
        docs_url="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html",
    ),
    Cause(
        slug="log-lines-lost",
        title="Log lines may be dropped before they reach CloudWatch",
        category="restart",
        severity="warning",
        meaning="In the mode non-blocking the log driver keeps lines in a buffer in memory; a full buffer "
        "drops lines, and says nothing. Since 2025-06-25 that is the default of an account whose task "
        "definition names no mode. Such a log is no proof that something was not said.",
        proof=(
            Step(
                "Read mode and max-buffer-size",
                "aws ecs describe-task-definition --task-definition <family> --query "
                "'taskDefinition.containerDefinitions[].logConfiguration.options'",
            ),
            Step(
                "Read the account's default",
                "aws ecs list-account-settings --name defaultLogDriverMode --effective-settings",
            ),
        ),
        repair=(
            Step(
                "Name the mode in the task definition: blocking loses nothing but may hold the server "
                "up while CloudWatch does not answer; non-blocking needs a buffer of 25m or more",
                "ash-ops deploy",
            ),
        ),
        confused_with=(("log-group-missing", "There no line arrives at all."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
    ),
)
