"""Repairs of refused calls and missing credentials, chosen by who calls and what is named."""

from typing import Final

from ash_ops.causes.base import Step

_READ_ROLE: Final = "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[taskRoleArn,containerDefinitions[].environment[].name]'"
_FROM_METADATA: Final = "/iam/security-credentials|/latest/api/token|169.254.170.2|ec2metadata|ec2 metadata|ec2rolerequesterror|imds|instance metadata service|instanceprofilecredentialsprovider"
_IN_A_TASK: Final = (
    r"~^(?!.*(?:\bapi error\b[ (:]|action inputs|\bterraform\b|\bpulumi\b|provider\.aws)).*(?:\bfargate\b|\b(?:in|my|the|ecs) (?:task|container)s?\b|\btask role\b|\biam role\b|169\.254\.170\.2|\bservice endpoint\b|"
    r"sdkclientexception|awscredentialsproviderchain|\bcouldn't find aws credentials\b|\bpanic: |\blevel=|\"level\":|/usr/local/lib/python|/app/)"
)

IN_A_TASK: Final = (
    Step(
        "The instance has no role: give it an instance profile whose role has AmazonEC2ContainerServiceforEC2Role, then restart the agent",
        "aws ec2 describe-iam-instance-profile-associations --filters Name=instance-id,Values=<instance>",
        when=r"~\bregister(?:ing)? (?:instance|as a container instance)\b|\bcould not register\b",
    ),
    Step(
        "A program in a container has the credentials of the task role: let the task definition name one (taskRoleArn) that may do what the program does, and no AWS_PROFILE or key of its own. "
        "On an instance without a task role it is the instance's role, if its metadata can be read (hop limit 2)",
        _READ_ROLE,
        when=_IN_A_TASK,
    ),
    Step(
        "A container on an instance is one hop further from the metadata service: allow the answer two",
        "aws ec2 modify-instance-metadata-options --instance-id <instance> --http-endpoint enabled --http-put-response-hop-limit 2",
        when=f"~^(?!.*\\bno ec2 imds role found\\b).*(?:{_FROM_METADATA})",
    ),
    Step(
        "Give the workflow a role: role-to-assume with permissions id-token: write, or the keys as secrets of the repository (a fork has none)",
        when="action inputs|configure-aws-credentials",
    ),
)

OF_A_PIPELINE: Final = (
    Step(
        "The session ended while the deployment ran: take the credentials right before it, or a longer session (role-duration-seconds and the role's MaxSessionDuration; an hour for a role taken by a role)",
        "aws iam get-role --role-name <role> --query Role.MaxSessionDuration",
        when=r"~\berror: waiting for\b|\bterraform\b|configure-aws-credentials|\bhome/runner/|##\[error\]|\bbatchgetbuilds\b",
    ),
)
"""Who deploys without a person has no browser to sign in with."""

GONE: Final = (
    Step(
        "The cluster was deleted (INACTIVE is what is left of it): make it again, or name one that is there",
        "aws ecs create-cluster --cluster-name <cluster>",
        when=r"~\bcluster (?:was|is) inactive\b",
    ),
    Step(
        "Name a revision that is ACTIVE, with its family and region",
        "aws ecs list-task-definitions --status ACTIVE --sort DESC",
        when=r"~\btask ?definition (?:not found|does not exist|is inactive)",
    ),
)

DENIED_ELSEWHERE: Final = (
    Step(
        "The policy of the VPC endpoint does not allow it: allow the action there",
        "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc> --query 'VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]'",
        when="endpoint policy",
    ),
    Step(
        "The permissions boundary does not allow it, and no other policy can: have the action added there by whoever owns it",
        "aws iam get-role --role-name <role> --query Role.PermissionsBoundary",
        when=r"~\bpermissions? boundary\b",
    ),
    Step(
        "The policy of the session does not allow it: whoever makes the session must allow it there",
        when=r"~\bsession polic",
    ),
)
"""Denials that the administrator of the organisation has no part in."""

IN_A_PROGRAM: Final = (
    Step(
        "Give that program its region: AWS_REGION in its environment (of a task, in the task definition), or its own setting",
        "export AWS_REGION=<region>",
        when=r"~\baws::errors\b|\bansible\b|\bfatal: \[|\bconstructionfailure\b|\bec2_url\b|\bregion_name\b|/app/|\bmissing region in config\b|\bregion is missing\b|\bsmithy\b|\boperation error\b|\bsdkclientexception\b",
    ),
    Step(
        "Give the stack its environment: env with account and region (CDK_DEFAULT_ACCOUNT, CDK_DEFAULT_REGION)",
        "cdk diff",
        when="context provider",
    ),
)

LISTED: Final = (
    Step(
        "List what is there",
        "aws ecs list-services --cluster <cluster>",
        when=r"~\bservice ?(?:not ?found|was not active|not ?active)",
    ),
    Step(
        "List what is there",
        "aws ecs list-tasks --cluster <cluster> --desired-status STOPPED",
        when=r"~\btask was not found\b",
    ),
    Step(
        "List what is there",
        "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerName,DNSName]'",
        when=r"~\bload ?balancer ?not ?found\b|\bfind load balancer\b|\bspecified load balancer does not exist\b",
    ),
)

NAMED: Final = (
    Step(
        "It is being deleted, or was: wait until it is gone, and make it anew",
        "aws ecs wait services-inactive --cluster <cluster> --services <service>",
        when=r"~\bservice ?(?:was )?not ?active\b|\binactive service\b",
    ),
    Step(
        "Name a task of that cluster that runs: one that ended is forgotten after an hour",
        "aws ecs list-tasks --cluster <cluster>",
        when=r"~\btask was not found\b",
    ),
    Step(
        "Name one of the list, in its account and region",
        "aws sts get-caller-identity",
        when=r"~\bload ?balancer ?not ?found\b|\bfind load balancer\b|\bspecified load balancer does not exist\b",
    ),
)

KEYS: Final = (
    Step(
        "The account has no identity provider for that address: make it once, then name it in the role's trust policy",
        "aws iam list-open-id-connect-providers",
        when="no openidconnect provider found",
    ),
    Step(
        "The keys are of another account than the one to deploy to: take the profile of that account, or correct env in the stack",
        "export AWS_PROFILE=<profile>",
        when="current credentials are for",
    ),
    Step(
        "The secret key is not that of the key id, or was stored with a blank or a line end: store both anew where the program reads them",
        when="does not match the signature you provided",
    ),
)
