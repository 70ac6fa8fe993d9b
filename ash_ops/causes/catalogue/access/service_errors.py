"""What is wrong on the side of AWS, or of its roles, and not of who calls."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

CAUSES: Final = (
    Cause(
        slug="ecs-iam-misconfigured",
        title="IAM roles used by the service were changed; ECS cannot maintain it",
        category="aws-access",
        severity="error",
        meaning="ECS's own role, its trust or its permissions for the load balancer are broken.",
        proof=(
            Step(
                "Read the role the service uses",
                "aws ecs describe-services --cluster <cluster> --services <service> --query 'services[].roleArn'",
            ),
        ),
        repair=(
            Step(
                "Restore permissions and trust, or use the service-linked role",
                "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com",
            ),
        ),
        signatures=(
            says(
                "iam",
                "misconfigured|no longer maintain|been changed|was changed|can no longer|has changed",
                rank=Rank.DECISIVE,
                kinds="service_event stopped_task api_error log_line",
            ),
            says(
                "no longer maintain your service|iam trust relationship|iam permissions have been|passed to elastic load balancing|service role has been|unable to assume role and validate|assume role and validate",
                rank=Rank.PRECISE,
                kinds="service_event stopped_task api_error log_line cfn_event",
            ),
            says(
                "elasticloadbalancing:|servicediscovery:|autoscaling:",
                "not authorized|accessdenied",
                rank=Rank.PRECISE,
                kinds="service_event",
                # Who deploys, not ECS.
                unless=":user/|when calling the|/awscloudformation ",
            ),
            says(
                "unexpected ec2 error",
                "authfailure|unauthorizedoperation|not authorized",
                rank=Rank.CLEAR,
                kinds="service_event stopped_task log_line",
            ),
            # ECS's own role, refused a call (ECS, "Service-linked role permissions").
            says(
                "assumed-role/awsserviceroleforecs",
                "not authorized to perform",
                rank=Rank.DECISIVE,
            ),
            says(
                "unable to assume",
                "service role|ecsservicerole|serviceroleforecs|role arn:aws:iam",
                rank=Rank.LIKELY,
                kinds="service_event",
                unless=("task",),
            ),
        ),
        confused_with=(
            ("role-assume-failed", "That is the role of the task, not of the service."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html",
    ),
    Cause(
        slug="aws-service-error",
        title="The AWS API itself failed",
        category="aws-access",
        severity="warning",
        meaning="A 5xx of AWS; the same call mostly works a little later.",
        proof=(Step("Look at AWS Health for the region"),),
        repair=(Step("Try again; open a support case if it stays"),),
        signatures=(
            # A macro of CloudFormation answered with nothing that it could read: its service is ill.
            says("received malformed response from transform", rank=Rank.PRECISE),
            # CloudFormation's word for a service that failed without a word.
            says("handlererrorcode: internalfailure", rank=Rank.PRECISE),
            # KMS, EFS, EC2 and IAM, each in a code of its own: the same call may be repeated.
            says(
                "kmsinternal|dependencytimeout|keyunavailable|entitytemporarilyunmodifiable|(idpcommunicationerror) when calling|(internalerror) when calling|(unavailable) when calling",
                rank=Rank.PRECISE,
                kinds="api_error cfn_event log_line",
            ),
            says(
                "internalserverexception|internalserviceerror|internalservicefailure|servicefailure|serverexception: |(serverexception)|internalservererror: |(internalservererror)",
                rank=Rank.GENERIC,
                kinds="api_error cfn_event",
                unless=("cannotpull|image reference", "anthropic|api_error|overloaded"),
            ),
            says(
                "internalfailure|internalservererror|internal server error|serverexception|service unavailable|serviceunavailable|internalerror|internal failure|statuscode: 500|statuscode: 503|server internal error",
                # Any server says these words: who calls AWS says so beside them.
                "exception|calling|(service:|amazon|aws|operation error|request id|requestid|handlererrorcode|internalfailure|internal failure|statuscode: 5|serviceunavailable",
                rank=Rank.GENERIC,
                kinds="api_error cfn_event",
                unless=(
                    "cannotpull|image reference",
                    "anthropic|api_error|overloaded",
                    "error response from daemon",
                    # Behind a load balancer stands a server of one's own.
                    ".elb.",
                ),
            ),
        ),
        confused_with=(("aws-throttled", "There you are told to slow down."),),
    ),
)
