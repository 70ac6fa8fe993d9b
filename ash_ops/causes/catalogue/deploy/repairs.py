"""Repairs of stacks and services, chosen by what the message says."""

from typing import Final

from ash_ops.causes.base import Step

_NOT_ASHS_PORT: Final = (
    r"~^(?!.*(?:\bcontainer '?ash\b|\b4100\b)).*(?:\bcontainer ?port|\bcontainer|\bport)"
)
_HOST_PORTS: Final = "host ports and container ports in port mappings must match|hostport"
_BUCKET: Final = "bucketnotempty|bucket you tried to delete is not empty"

PORTS: Final = (
    Step(
        "Name a container of the task",
        "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].name'",
        when="executecommand",
    ),
    Step(
        "With the network mode awsvpc, hostPort is the containerPort: write the same number, or leave hostPort out",
        when=_HOST_PORTS,
    ),
    Step(
        "Name container and port in the service's load balancer (containerName, containerPort) as the task definition's portMappings have them, or add that mapping; then deploy the revision",
        when=_NOT_ASHS_PORT.replace("^", "^(?!.*(?:must match|hostport|executecommand))", 1),
    ),
)
"""Ports and containers that are not Ash's."""

REMAINS: Final = (
    Step(
        "Empty the bucket (of a versioned one every version, too), if nobody needs what is in it, and delete the stack again",
        "aws s3 ls",
        when=_BUCKET,
    ),
    Step(
        "A repository that holds images is not deleted: delete the images first, if nobody needs them",
        "aws ecr list-images --repository-name <repository>",
        when="repositorynotempty|repository with name",
    ),
)
"""What a deletion stumbles over."""

TAKEN: Final = (
    Step(
        "See who owns that name, in another stack or none: a deletion that kept it, or an attempt that failed, leaves it behind",
        "aws cloudformation describe-stack-resources --physical-resource-id <resource>",
        when=r"~\balready exists? in stack\b",
    ),
    Step(
        "The other resource of that stack has the name: let the template give another, move the change into two deployments, or take the fixed name away",
        when=r"~\balready exists? in stack\b|\bupdate_failed\b.{0,300}\balready exists\b",
    ),
)

MISSING: Final = (
    Step(
        "Give the name of a key pair of that region, or make it",
        "aws ec2 describe-key-pairs --query 'KeyPairs[].KeyName'",
        when="key pair",
    ),
    Step(
        "The balancer takes certificates of its own region that are ISSUED: wait for it, or name one that is",
        "aws acm list-certificates --certificate-statuses ISSUED",
        when=r"~\bcertificate\b.{0,200}\bnot found\b|\bcertificatenotfound\b|\bunsupportedcertificate\b",
    ),
)

LOOK_FOR_MISSING: Final = (
    Step(
        "Look for it in the region of the stack",
        "aws ec2 describe-key-pairs --query 'KeyPairs[].KeyName'",
        when="key pair",
    ),
)

HOOKS: Final = (
    Step(
        "CodeDeploy's hook compares the templates: give the new task definition another logical id, and change nothing else in the same update",
        when="codedeploybluegreenhook|codedeploy::bluegreen",
    ),
)

WITHOUT_SIGNAL: Final = (
    Step(
        "No signal came: read the instance's own log of its start; cfn-signal (aws-cfn-bootstrap) must be installed, called at the end, and have a way to CloudFormation",
        "aws ec2 get-console-output --instance-id <instance> --latest",
        when="resource signal",
    ),
)

OTHERS_PATH: Final = (
    Step(
        "Let the check ask for a path that this server answers with 200, without a key: correct the path of the target group, or add that route",
        "aws elbv2 describe-target-groups --query 'TargetGroups[].[TargetGroupName,HealthCheckPath,Matcher.HttpCode]'",
        when=r"~\(port (?!4100\))\d{1,5}\)|\bport (?!4100\b)\d{1,5} is unhealthy in\b",
    ),
)

LISTENER_FIRST: Final = (
    Step(
        "Let the service wait for the listener (depends_on = [aws_lb_listener...]; a target group gets its balancer only by a listener or rule)",
        when=r"~\baws_[a-z_]{3,40}\.|\bterraform\b",
    ),
)
