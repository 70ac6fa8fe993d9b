"""What is not there, or is named wrongly: steps by the name that a message gives."""

from typing import Final

from ash_ops.causes.base import Step
from ash_ops.causes.catalogue.access.plainly_said import (
    MAKE_THE_GROUP,
    READ_THE_RECORDS,
    RECORD_GONE,
)

_NO_STACK: Final = r"~^(?!.*(?:\bash-cloud|change ?set)).*(?:\bable to find a stack\b|\bstack\b.{0,140}(?:\bdoes not exist\b|\bcannot be found\b)|\bstacks found for\b)"

_NO_SERVICE: Final = r"~^(?=.*(?:\bmissing\b|\bnot found\b|\bcannot find\b)).*(?::service/|\bservice '|\b(?:find|describe) service\b)|\becs service does not exist\b"

SESSION_OF_IAM: Final = (
    Step(
        "It is a token of another identity provider that is not taken, and no pair of keys: see that it is whole, not expired, signed by the provider that IAM has (its URL, its keys under /.well-known/jwks.json), and made for the audience that the provider and the role's trust policy name",
        "aws iam list-open-id-connect-providers",
        when=r"~^(?!.*no openidconnect provider found).*(?:\binvalididentitytoken\b|\bidprejectedclaim\b|\btoken signature verification failed\b)",
        decides=True,
    ),
    Step(
        "IAM takes no temporary keys of GetSessionToken that were got without MFA, while other services take them: assume a role instead, get the session with MFA, or take the long-lived pair. If every call is refused, the pair is not whole, or of another account: see whose it is",
        "aws sts get-caller-identity",
        when=r"~(?=.*(?:\bidentitymanagement\b|\baws::iam::|\bservice: iam\b)).*\b(?:invalidclienttokenid|token included in the request is invalid)\b",
        decides=True,
    ),
)

_NO_ID: Final = r"~\b(?:task|taskid|task_?id|container ?instance|service|cluster) (?:length should be one of|longer than \d|identifier is invalid|id is invalid)|\binvalid identifier: (?:identifier(?! is for\b)|unexpected)|\bunexpected number of separators\b"
"""ECS of a name or an id that cannot be one, whatever is there."""

_NO_TASK: Final = r"~^(?=.*\bmissing\b).*:task/"

LISTED: Final = (
    *READ_THE_RECORDS,
    Step(
        "List what is there",
        "aws cloudformation list-stacks --query 'StackSummaries[].[StackName,StackStatus]'",
        when=_NO_STACK,
    ),
    Step(
        "List the services that are registered for scaling",
        "aws application-autoscaling describe-scalable-targets --service-namespace ecs",
        when="no scalable target registered|scalabletarget was not found",
    ),
    Step(
        "List the families that are there, in that region and account",
        "aws ecs list-task-definition-families --status ACTIVE",
        when="unable to describe task definition",
    ),
    Step(
        "List what is there",
        "aws ecs list-services --cluster <cluster>",
        when=r"~\bservice ?(?:not ?found|was not active|not ?active)|" + _NO_SERVICE[1:],
    ),
    Step(
        "List what is there",
        "aws ecs list-tasks --cluster <cluster> --desired-status STOPPED",
        when=r"~\btask was not found\b|" + _NO_TASK[1:],
    ),
    Step(
        "List what is there",
        "aws elbv2 describe-load-balancers --query 'LoadBalancers[].[LoadBalancerName,DNSName]'",
        when=r"~\bload ?balancer ?not ?found\b|\bfind load balancer\b|\bspecified load balancer does not exist\b",
    ),
)

OTHERS_NAMED: Final = (
    Step(
        "What was named is of another cluster than the one asked, and who names none asks for the cluster default: name with --cluster the one that the message tells",
        "aws ecs list-clusters",
        when=r"~\bidentifier is for cluster\b",
        decides=True,
    ),
    Step(
        "Name an alias or key that is there, in that region and account",
        "aws kms list-aliases --query 'Aliases[].[AliasName,TargetKeyId]'",
        when=r"~\balias arn:aws[\w-]{0,10}:kms:\S{1,200} is not found\b",
        decides=True,
    ),
    Step(
        "Name a policy of TLS that the region has",
        "aws elbv2 describe-ssl-policies --query 'SslPolicies[].Name'",
        when="sslpolicynotfound",
        decides=True,
    ),
    Step(
        "The task is of another cluster, or ended longer ago than the hour for which ECS remembers it: name one that runs",
        "aws ecs list-tasks --cluster <cluster>",
        when=r"~\btargetnotfoundexception\b.{0,60}\bstoptask\b",
        decides=True,
    ),
    Step(
        "Copilot knows no service of that name in that application: see which it has (copilot svc ls), and run it in the directory (or with --app) of the right one",
        when=r"~\b(?:couldn.t|could not|cannot) find service \S{1,80} in the application\b",
        decides=True,
    ),
    Step(
        "That quota is not of that service and region, or was never raised there: the codes are in this list",
        "aws service-quotas list-aws-default-service-quotas --service-code <service-code> --query 'Quotas[].[QuotaName,QuotaCode]'",
        when=r"~\bservice quotas? .{0,60}\bnosuchresource",
        decides=True,
    ),
    Step(
        "Name a daemon that is there, in the same cluster, account and region",
        "aws ecs list-daemons",
        when="daemonnotfound",
        decides=True,
    ),
    *RECORD_GONE,
    *MAKE_THE_GROUP,
    Step(
        "Name a database of that region and account",
        "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]'",
        when=r"~\bdbinstancenotfound|\bdbinstance \S{1,63} not found\b",
        decides=True,
    ),
    Step(
        "CodeDeploy has no application of that name in that account and region: name one of the list, or make it (of the platform ECS)",
        "aws deploy list-applications",
        when=r"~\bapplicationdoesnotexist|\bno application found for name\b",
        decides=True,
    ),
    Step(
        "Name a deployment group of that application, or make it: CodeDeploy has its own, apart from the ECS service",
        "aws deploy list-applications",
        when=r"~\bdeploymentgroupdoesnotexist|\bno deployment group found\b",
        decides=True,
    ),
    Step(
        "What was given as its id is none, so nothing was looked for: a task is named by its 32 letters and figures, or by its whole ARN with the cluster named beside it (of the older form the cluster is not a part). See what the command or the variable really holds",
        "aws ecs list-tasks --cluster <cluster>",
        when=_NO_ID,
        decides=True,
    ),
    Step(
        "No task of it runs: see why the last ones ended before you look for one",
        "aws ecs list-tasks --cluster <cluster> --desired-status STOPPED",
        when="found no running task|running task not found",
        decides=True,
    ),
    Step(
        "Make the bucket, or name one that is there, of that account and region",
        "aws s3 ls",
        when=r"~\bbucket does not exist\b|\blocate deployment bucket\b",
        decides=True,
    ),
    Step(
        "The ARN is of another account than your credentials: take the profile of that account, or correct the ARN",
        "aws sts get-caller-identity",
        when="~\\bidentifier is for (?!cluster\\b)",
        decides=True,
    ),
    Step(
        "No change set of that name is left: make a new one, and name it in the same stack and region",
        "aws cloudformation list-change-sets --stack-name <stack>",
        when=r"~\bchange ?set ?not ?found\b|\bchange ?set\b.{0,80}\bdoes not exist\b",
        decides=True,
    ),
)
"""What is not of ECS and was not found."""

NAMED: Final = (
    *OTHERS_NAMED,
    Step(
        "Name a cluster of the list, and the region it is in (AWS_REGION or --region): who names none asks for the cluster default",
        "aws ecs list-clusters --region <region>",
        when=r"~\bcluster ?not ?found|\bidentifier is for cluster\b",
    ),
    Step(
        "Name a service of that cluster, and the cluster itself: who names none asks for the cluster default",
        "aws ecs list-services --cluster <cluster>",
        when=r"~\bservice ?not ?found|" + _NO_SERVICE[1:],
    ),
    Step(
        "The app of the CDK makes no stack of that name: see which it makes (cdk list), and name one of them; capitals count",
        when="no stacks match the name",
        decides=True,
    ),
    Step(
        "Name a stack of that list, in its account and region (AWS_PROFILE, AWS_REGION)",
        "aws sts get-caller-identity",
        when=_NO_STACK,
    ),
    Step(
        "It is being deleted, or was: wait until it is gone, and make it anew",
        "aws ecs wait services-inactive --cluster <cluster> --services <service>",
        when=r"~\bservice ?(?:was )?not ?active\b|\binactive service\b",
    ),
    Step(
        "Name a task of that cluster that runs: one that ended is forgotten after an hour",
        "aws ecs list-tasks --cluster <cluster>",
        when=r"~\btask was not found\b|" + _NO_TASK[1:],
    ),
    Step(
        "Name one of the list, in its account and region",
        "aws sts get-caller-identity",
        when=r"~\bload ?balancer ?not ?found\b|\bfind load balancer\b|\bspecified load balancer does not exist\b",
    ),
)

OF_ROLES: Final = (
    Step(
        "The role asks for MFA, and the program does not ask you for a code: take a session first and give the program its three keys, or name mfa_serial in a profile that the program reads",
        "aws sts get-session-token --serial-number <mfa-device> --token-code <code>",
        when="must provide both mfa serial number",
        decides=True,
    ),
    Step(
        "That role must allow it: its trust policy has to name you, and your own policy must allow sts:AssumeRole on it; see first who you are (aws sts get-caller-identity)",
        "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
        when=r'~\brole "[^"]{3,200}" cannot be assumed\b',
        decides=True,
    ),
)
"""Roles that nobody may take just so."""
