"""Secrets and registry authorisation a task fetches before its image."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.answers_by_code import OF_KEYS_BY_CODE
from ash_ops.causes.catalogue.pending.named_reasons import KEY_OUT_OF_USE, READ_FILES_OF_S3
from ash_ops.causes.catalogue.pending.noted import INIT_UNREACHED, SECRET_REFUSED
from ash_ops.causes.catalogue.pending.places_named import KEY_OF_THE_SECRET
from ash_ops.causes.catalogue.pending.plainly_said import ENDPOINT_OR_NAME, READ_ENDPOINT_OR_NAME
from ash_ops.causes.catalogue.pending.repairs import (
    DECRYPTING,
    FILES_OF_S3,
    NAMED_NOT_BY_ARN,
    NOT_INITIALISED,
)
from ash_ops.causes.catalogue.pending.words import (
    DENIED,
    FETCHED,
    INIT_ERRORS,
    LOGGING,
    NO_ANSWER,
    NO_SUCH_REGION,
    OWN_COLLECTOR,
    task_says,
)

_NOT_LOGS: Final = "logs:create|logs:put|logging driver|log driver|log group|log stream|logger args"
_READ: Final = "secretsmanager:|ssm:getparameter|kms:decrypt|secrets manager: getsecret|ssm: getparameter|kms: decrypt"
"""The calls by which a secret is read, as policies and as the second SDK of Go name them."""
_OF_ANY_KEY: Final = (
    r"~^(?!.*(?:secretsmanager:|ssm:|\bsecret|\bparameter|resourceinit|\btask\b|execution)).*"
    r"\bresource associated with this ciphertext\b"
)
"""What KMS says to whoever may not decrypt something, in a text with nothing of a secret or a task."""
CAUSES: Final = (
    Cause(
        slug="task-init-failed",
        title="The task could not be initialised: the reason is cut off or not known",
        category="pending",
        severity="error",
        meaning="ECS could not fetch the registry authorisation, a secret or a parameter before it started the container. The text ends before it says why.",
        proof=(
            Step(
                "Read the whole reason",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].stoppedReason'",
            ),
        ),
        repair=(
            Step(
                "Let the doctor look up the secrets, the execution role and the way out of the subnet",
                "ash-ops doctor pending",
            ),
            Step(
                "The environment file is not in the bucket: put it there, or correct environmentFiles of the task definition",
                when="~env files?\\b.{0,300}(?:nosuchkey|key does not exist|404)",
            ),
            *NOT_INITIALISED,
        ),
        signatures=(
            task_says(
                "resourceinitializationerror",
                "unable to pull secrets or registry auth|unable to retrieve secret|unable to retrieve ecr|unable to get registry auth|execution resource retrieval failed",
                rank=Rank.SYMPTOM + 5,
            ),
            task_says("resourceinitializationerror", rank=Rank.SYMPTOM),
            # How people put it.
            task_says(
                "resource initialisation error|resource initialization error",
                "~\\b(?:fails?|failed|failing|stops?|stopped) (?:[a-z]{2,10} ){0,4}with (?:an? |the )?resource initiali[sz]ation error",
                rank=Rank.SYMPTOM,
            ),
        ),
        confused_with=(
            ("secret-access-denied", "If the reason is AccessDeniedException."),
            (
                "secret-not-found",
                "If the reason is ResourceNotFoundException or an invalid parameter.",
            ),
            ("init-network", "If the reason is a timeout, or it was tried 3 or 5 times."),
        ),
        docs_url=INIT_ERRORS,
        symptom=True,
    ),
    Cause(
        slug="init-network",
        title="Task cannot reach an AWS API while it starts (ECR, Secrets Manager, SSM, CloudWatch Logs)",
        category="pending",
        severity="error",
        meaning="Fetching the registry authorisation, a secret or the log stream got no answer: the task has no way out, or a VPC endpoint does not let it in.",
        proof=(
            Step(
                "Read the routes of the task's subnet",
                "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet>",
            ),
            Step(
                "Look for an interface endpoint of that service and its security group",
                "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc>",
            ),
            *READ_ENDPOINT_OR_NAME,
        ),
        repair=(
            Step("Give the task a way out: a public IP and an internet gateway, or a NAT gateway"),
            Step(
                "Or repair the interface endpoint: private DNS on, its security group open on 443 to the task's",
                "aws ec2 authorize-security-group-ingress --group-id <endpoint-security-group> --protocol tcp --port 443 --source-group <task-security-group>",
            ),
            *FILES_OF_S3,
            *ENDPOINT_OR_NAME,
        ),
        signatures=(
            *INIT_UNREACHED,
            task_says(
                "secrets manager|ssm|parameter store|ecr|cloudwatch",
                "~\\b(?:task|fargate)\\b(?:[^.;|]|\\.(?=\\S)){0,60}\\b(?:cannot|could not|unable to|fails? to|not) (?:reach|connect to|contact)\\b(?:[^.;|]|\\.(?=\\S)){0,20}\\b(?:secrets manager|ssm|parameter store|ecr|cloudwatch)\\b",
                rank=Rank.PRECISE,
            ),
            task_says(
                "the task cannot pull|the task cannot retrieve|the task cannot download",
                "network connection|network configuration",
                "secret|parameter store|environment|registry auth|log group",
                rank=Rank.PRECISE,
            ),
            task_says(
                "resourceinitializationerror|registry auth|execution resource retrieval|unable to retrieve secret|unable to retrieve ecr|cannot pull registry|getauthorizationtoken|fetching secret|failed to fetch secret|fetch the secret|retrieve the secret|read the secret|get the secret",
                NO_ANSWER,
                rank=Rank.PRECISE,
                unless=(
                    "nfs|efs|mount.nfs4|file system|ebs",
                    DENIED,
                    "resourcenotfound|invalid ssm parameters",
                    "json key",
                    "timeout waiting for eni",
                    "accessing ec2 metadata|ec2 metadata|169.254.169.254",
                    NO_SUCH_REGION,
                ),
            ),
            task_says(
                LOGGING,
                NO_ANSWER,
                "resourceinitialization|failed to create|failed to validate|failed to initialize|cannotstart|describeloggroups|createlogstream|putlogevents|initialize",
                rank=Rank.PRECISE,
                unless=(
                    DENIED,
                    "metadata|nocredentialproviders",
                    "throttling",
                    NO_SUCH_REGION,
                    OWN_COLLECTOR,
                ),
            ),
            task_says("connection issue between the task and", rank=Rank.PRECISE, unless="nfs|efs"),
            task_says(
                "failed to download env files|environment file|env file",
                "timeout|timed out|deadline|requestcanceled|connection|request canceled",
                rank=Rank.CLEAR,
                unless=DENIED,
            ),
            # What answers is asked once more at most; what does not answer, three or five times.
            task_says(
                "service call has been retried",
                "~retried [3-9] time",
                "secret|ssm|asm|ecr|registry auth",
                rank=Rank.GENERIC,
                unless=(
                    DENIED,
                    "resourcenotfound|invalid ssm|json key|invalid character",
                    "~\\.\\.\\.\\W{0,6}$",
                ),
            ),
            task_says(
                "resourceinitializationerror",
                "task network configuration|vpc endpoint|network connectivity",
                rank=Rank.CLEAR,
                unless="efs|nfs",
            ),
        ),
        confused_with=(
            ("secret-access-denied", "There the API answered: AccessDenied, StatusCode 400."),
            (
                "image-pull-network",
                "There the task got past initialisation and could not reach the registry.",
            ),
        ),
        docs_url=INIT_ERRORS,
    ),
    Cause(
        slug="secret-access-denied",
        title="Execution role may not read the secret or parameter",
        category="pending",
        severity="error",
        meaning="The execution role lacks secretsmanager:GetSecretValue, ssm:GetParameters or kms:Decrypt for this value.",
        proof=(
            Step(
                "Ask IAM as that role",
                "aws iam simulate-principal-policy --policy-source-arn <role-arn> --action-names secretsmanager:GetSecretValue ssm:GetParameters kms:Decrypt --resource-arns <secret>",
            ),
            *NAMED_NOT_BY_ARN,
            *READ_FILES_OF_S3,
        ),
        repair=(
            Step(
                "Allow the action on that ARN (and kms:Decrypt for a customer key)",
                "aws iam put-role-policy --role-name <role> --policy-name read-ash-secrets --policy-document "
                """'{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": """
                """["secretsmanager:GetSecretValue", "ssm:GetParameters"], "Resource": "<secret>"}]}'""",
            ),
            Step(
                "Allow it to the role that is refused (for a customer key kms:Decrypt on the key, too)",
                "aws iam put-role-policy --role-name <role> --policy-name read-ash-secrets --policy-document '<policy>'",
                when="~^(?!.*:user/).*perform: ?[a-z0-9-]{2,40}:[a-z]",
            ),
            Step(
                "A user is refused, not a task's role: allow it to that user (for a customer key kms:Decrypt on the key, too)",
                "aws iam put-user-policy --user-name <user> --policy-name read-secrets --policy-document '<policy>'",
                when="~:user/.*perform: ?[a-z0-9-]{2,40}:[a-z]",
                decides=True,
            ),
            Step(
                "It is a file in S3: let the execution role do s3:GetObject on it and s3:GetBucketLocation on its bucket",
                "aws iam put-role-policy --role-name <role> --policy-name read-environment-files --policy-document '<policy>'",
                when="env file|env files|environment file|s3 config|s3://",
            ),
            *DECRYPTING,
            *KEY_OUT_OF_USE,
            *KEY_OF_THE_SECRET,
            Step(
                "Start new tasks",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
            ),
            Step(
                "Start new tasks",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
                when="~^(?!.*:user/)(?=.*(?:\\btasks?\\b|\\becs|\\bfargate\\b|resourceinit|\\b(?:fetch(?:ing)?|retrieve|pull) secrets?\\b|\\bcontainer|/[^/ ]{0,80}exec)).*perform: ?[a-z0-9-]{2,40}:[a-z]",
            ),
        ),
        signatures=(
            *SECRET_REFUSED,
            *OF_KEYS_BY_CODE,
            says(
                _READ,
                "denied",
                "~exec(?:ution)?[ -]?role|-exec\\b|\\becs (?:fetches|pulls|reads)\\b|\\bwhen (?:the|our|my) (?:task|container) starts\\b",
                rank=Rank.PRECISE,
                unless=("codebuild|lambda", "when calling the|:user/"),
            ),
            says(
                "secret|parameter store",
                "task|container|execution role|getsecretvalue",
                "~\\bpermissions? (?:error|denied|problem)\\b|\\black(?:s|ing)? (?:the )?permissions?\\b|\\bnot (?:\\w+ )?(?:be )?allowed to read\\b|\\baccessdenied",
                rank=Rank.LIKELY,
                unless=(
                    "codebuild|lambda",
                    "ecr:",
                    "when calling the|:user/",
                    "log group|log stream",
                ),
            ),
            says(
                "fetching secret data from|retrieve secret|fetch secret|pull secrets",
                _READ,
                DENIED,
                rank=Rank.DECISIVE,
            ),
            # The role that was refused is the one by which a task is started.
            says(
                "~assumed-role/[^/ ]{0,80}exec|\\bexecution[ -]?role\\b",
                _READ,
                DENIED,
                rank=Rank.DECISIVE,
                unless="ssm:getparametersbypath|codebuild|cloudformation",
            ),
            says(
                _READ + "|ssm:parameter",
                DENIED,
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
                # CloudFormation's words of the one who deploys; KMS's to who decrypts something else.
                unless=("have permission to call", _OF_ANY_KEY),
            ),
            says(
                FETCHED,
                DENIED + "|not have access|accessdenied",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event",
                unless=(
                    _NOT_LOGS,
                    "efs|elasticfilesystem",
                    "ecr:",
                    "have permission to call",
                    _OF_ANY_KEY,
                ),
            ),
            task_says(
                "resourceinitialization|unable to pull secrets|retrieve secret|unable to retrieve",
                "access to kms is not allowed|kms",
                "not allowed|denied|not authorized",
                rank=Rank.PRECISE,
            ),
            task_says(
                "resourceinitializationerror|unable to pull secrets",
                "accessdenied",
                rank=Rank.LIKELY,
                unless=(_NOT_LOGS, "efs|elasticfilesystem", "ecr:"),
            ),
            task_says(
                "access to kms is not allowed|unabletoaccesssecret|unabletodecryptsecret|access to secrets denied",
                rank=Rank.PRECISE,
            ),
            # The agent's words before and after platform version 1.4: aws/aws-cdk#3529, #4498, widdix/aws-cf-templates#357.
            task_says(
                "fetching secret data from|fetching secret from|unable to retrieve secret|unable to retrieve secrets|fetch secret|pull secrets",
                DENIED + "|you are not allowed to access",
                rank=Rank.PRECISE,
                unless=("log group|log stream", "ecr:"),
            ),
            task_says(
                "environment file|env file|download env|s3 config file", DENIED, rank=Rank.LIKELY
            ),
            says("decrypt the protected secret text", rank=Rank.PRECISE),
            says(
                ":key/",
                "kms",
                "~:key/[^ ]{1,60} is (?:disabled|pending deletion)\\b",
                rank=Rank.LIKELY,
                kinds="api_error log_line",
                unless=("efs|elasticfilesystem|ebs|volume", "ecr|manifest|pull image"),
            ),
            # The value is there, and its key is not to be used (AWS KMS Developer Guide, "Key states").
            says(
                "kms|decryptionfailure",
                "notfoundexception|is disabled|pending deletion|disabledexception|kmsinvalidstate|decryptionfailure|not enabled",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event",
                unless=(_NOT_LOGS, "efs|elasticfilesystem|ebs|volume", "ecr|manifest|pull image"),
            ),
        ),
        confused_with=(
            ("secret-not-found", "There the value does not exist; here it may not be read."),
            ("init-network", "There no answer came back (StatusCode: 0, a timeout)."),
            (
                "aws-access-denied",
                "There the caller at the terminal lacks a permission, not the task's execution role.",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    ),
)
