"""What a task does before its image runs: secrets, log drivers, roles, volumes."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Signature, Step, says

INIT_ERRORS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html"
)
LOG_ERRORS: Final = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html"

_NO_ANSWER: Final = (
    "i/o timeout|deadline exceeded|connection issue|statuscode: 0|request canceled|context canceled|"
    "requestcanceled|requesterror: send request failed|client.timeout|network configuration|"
    "connection timed out|signal: killed|no such host|connection refused|dial tcp|no route to host|"
    "exceeded maximum number of attempts|tls handshake timeout|network is unreachable|connection reset|"
    "timed out|timeout|could not connect|cannot connect"
)
"""Words that say no HTTP answer came back."""

_DENIED: Final = "accessdenied|access denied|not authorized|unauthorized|is not allowed|explicit deny|accessdeniedexception|forbidden"
_VALUE: Final = "secretsmanager|secrets manager|from asm|ssm|parameter store|getsecretvalue|getparameter|secret arn|the secret|kms|unable to retrieve secret|pull secrets|retrieve secret|secret "
_LOGGING: Final = "logging driver|log driver|logger|log stream|log group|cloudwatch|awslogs|logs:|loggroup|logstream|firelens"
_MISSING: Final = "does not exist|not found|notfound|no such"

_NOT_LOGS: Final = "logs:create|logs:put|logging driver|log driver|log group|log stream|logger args"


def _says(*terms: str, rank: Rank = Rank.CLEAR, unless: tuple[str, ...] | str = ()) -> Signature:
    """Words about the start of a task: never those of an HTTP answer or a target's health."""
    return says(
        *terms,
        rank=rank,
        kinds="stopped_task service_event cfn_event api_error log_line",
        unless=unless,
    )


CAUSES: Final = (
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
        ),
        repair=(
            Step("Give the task a way out: a public IP and an internet gateway, or a NAT gateway"),
            Step(
                "Or repair the interface endpoint: private DNS on, its security group open on 443 to the task's",
                "aws ec2 authorize-security-group-ingress --group-id <endpoint-security-group> --protocol tcp --port 443 --source-group <task-security-group>",
            ),
        ),
        signatures=(
            _says(
                "resourceinitializationerror|registry auth|execution resource retrieval|unable to retrieve|cannot pull registry|getauthorizationtoken|fetching secret|failed to fetch secret",
                _NO_ANSWER,
                rank=Rank.PRECISE,
                unless=(
                    "nfs|efs|mount.nfs4|file system",
                    _DENIED,
                    "resourcenotfound|invalid ssm parameters",
                    "json key",
                    "timeout waiting for eni",
                    "accessing ec2 metadata|ec2 metadata|169.254.169.254",
                ),
            ),
            _says(
                _LOGGING,
                _NO_ANSWER,
                "resourceinitialization|failed to create|failed to validate|failed to initialize|cannotstart|describeloggroups|createlogstream|putlogevents|initialize",
                rank=Rank.PRECISE,
                unless=(_DENIED, "metadata|nocredentialproviders", "throttling"),
            ),
            _says("connection issue between the task and", rank=Rank.PRECISE, unless="nfs|efs"),
            _says(
                "failed to download env files|environment file|env file",
                "timeout|timed out|deadline|requestcanceled|connection|request canceled",
                rank=Rank.CLEAR,
                unless=_DENIED,
            ),
            _says(
                "service call has been retried",
                "secret|ssm|asm|ecr|registry auth",
                rank=Rank.GENERIC,
            ),
            _says(
                "resourceinitializationerror",
                "task network configuration|vpc endpoint|network connectivity",
                rank=Rank.CLEAR,
                unless="efs|nfs",
            ),
            _says(
                "resourceinitializationerror",
                "unable to pull secrets or registry auth|unable to retrieve",
                rank=Rank.SYMPTOM,
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
        ),
        repair=(
            Step(
                "Allow the action on that ARN (and kms:Decrypt for a customer key)",
                "aws iam put-role-policy --role-name <role> --policy-name read-ash-secrets --policy-document file://policy.json",
            ),
            Step(
                "Start new tasks",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
            ),
        ),
        signatures=(
            says(
                "secretsmanager:|ssm:getparameter|kms:decrypt|ssm:parameter",
                _DENIED,
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
            ),
            says(
                _VALUE,
                _DENIED + "|not have access|accessdenied",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event",
                unless=(_NOT_LOGS, "efs|elasticfilesystem", "ecr:"),
            ),
            _says(
                "resourceinitialization|unable to pull secrets|retrieve secret|unable to retrieve",
                "access to kms is not allowed|kms",
                "not allowed|denied|not authorized",
                rank=Rank.PRECISE,
            ),
            _says(
                "resourceinitializationerror|unable to pull secrets",
                "accessdenied",
                rank=Rank.LIKELY,
                unless=(_NOT_LOGS, "efs|elasticfilesystem", "ecr:"),
            ),
            _says("access to kms is not allowed", rank=Rank.PRECISE),
            _says("environment file|env file|download env", _DENIED, rank=Rank.LIKELY),
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
    Cause(
        slug="secret-not-found",
        title="Referenced secret or parameter (or its current value) does not exist",
        category="pending",
        severity="error",
        meaning="The task definition names a secret or parameter which is not there: never made, deleted, in another region, or without a current value.",
        proof=(
            Step(
                "Look it up in the region of the task: DeletedDate, AWSCURRENT",
                "aws secretsmanager describe-secret --secret-id <secret>",
            ),
        ),
        repair=(
            Step(
                "Put a value",
                "aws secretsmanager put-secret-value --secret-id <secret> --secret-string file://value",
            ),
            Step(
                "Or bring a deleted one back",
                "aws secretsmanager restore-secret --secret-id <secret>",
            ),
            Step("Or correct the ARN in the task definition"),
        ),
        signatures=(
            _says(
                "invalid ssm parameters|invalid parameters: |parameternotfound|invalid ssm parameter",
                rank=Rank.PRECISE,
            ),
            _says(
                "secrets manager cannot find|secrets manager can not find|cannot find the specified secret",
                rank=Rank.PRECISE,
            ),
            _says(
                "awscurrent|staging label|version stage",
                _MISSING + "|cannot find|no value|could not",
                rank=Rank.PRECISE,
            ),
            says(
                _VALUE,
                "resourcenotfoundexception|marked for deletion|marked deleted|was deleted|cannot be found|could not be found|check whether the secret exists|verify the secret exists|exists in the specified region|because it was deleted|scheduled for deletion",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event log_line",
                unless=("log group|log stream|loggroup", "create this secret"),
            ),
            _says(
                "secretsmanager|secrets manager|secret ",
                _MISSING,
                "resourceinitialization|unable to|failed to fetch|cannot pull|retrieve",
                rank=Rank.CLEAR,
                unless=("log group|log stream|json key", "specify the region"),
            ),
            says(
                "parameter store|ssm parameter|from ssm",
                _MISSING,
                rank=Rank.CLEAR,
                kinds="stopped_task service_event log_line",
            ),
            says(
                "kms",
                "notfoundexception|is disabled|pending deletion|disabledexception|kmsinvalidstate",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
            ),
        ),
        confused_with=(
            ("secret-access-denied", "AccessDenied says nothing about whether it exists."),
            (
                "secret-bad-format",
                "There the secret exists and its JSON key or reference is wrong.",
            ),
        ),
        docs_url=INIT_ERRORS,
    ),
    Cause(
        slug="secret-bad-format",
        title="Secret exists but the reference or its JSON key is wrong",
        category="pending",
        severity="error",
        meaning="The value is not the JSON that valueFrom asks a key of, or the reference itself does not parse.",
        proof=(
            Step(
                "Compare valueFrom with the keys of the secret",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].secrets'",
            ),
        ),
        repair=(
            Step(
                "Write valueFrom as arn:...:secret:NAME-AbCdEf:jsonKey:: (or without the suffix for a plain value), or store valid JSON, then deploy"
            ),
        ),
        signatures=(
            says(
                "json key|jsonkey|json-key",
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
            ),
            _says(
                _VALUE,
                "invalid character|invalid json|not valid json|not a json|unmarshal|is not json|parsing json|looking for beginning of value|unexpected end of json",
                rank=Rank.PRECISE,
            ),
            says(
                _VALUE,
                "invalid name|validationexception|invalid arn|malformed|not a valid arn|unexpected arn format|arn format|invalid format|cannot be parsed|failed to parse|could not parse|invalid secret|invalidparameter",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event",
                unless=("invalid ssm parameters", "throttling"),
            ),
            says(
                "unexpected arn format|arn: invalid prefix|arn: not enough sections|invalid prefix",
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
            ),
            says(
                "invalid environment file|environment file",
                "invalid|format|.env",
                rank=Rank.GENERIC,
                kinds="stopped_task service_event",
                unless="timeout|denied",
            ),
        ),
        confused_with=(("secret-not-found", "There Secrets Manager knows no such secret at all."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
    ),
    Cause(
        slug="log-group-missing",
        title="The awslogs log group does not exist",
        category="pending",
        severity="error",
        meaning="The log driver found no log group of that name in awslogs-region, so the container does not start.",
        proof=(
            Step(
                "List the group in the region of the log driver",
                "aws logs describe-log-groups --log-group-name-prefix <log-group>",
            ),
        ),
        repair=(
            Step("Create it", "aws logs create-log-group --log-group-name <log-group>"),
            Step(
                "Or set awslogs-create-group=true and let the execution role do logs:CreateLogGroup"
            ),
        ),
        signatures=(
            _says(
                _LOGGING,
                "resourcenotfoundexception",
                rank=Rank.PRECISE,
                unless=("signal: killed", "connection issue", _DENIED, "secret"),
            ),
            _says(
                "log group|loggroup|log stream",
                _MISSING,
                rank=Rank.CLEAR,
                unless=("signal: killed|connection issue", _DENIED),
            ),
        ),
        confused_with=(
            (
                "init-network",
                "If the text also says 'connection issue' or 'signal: killed', CloudWatch Logs was not reached at all.",
            ),
            ("log-access-denied", "There the role may not create the stream."),
        ),
        docs_url=LOG_ERRORS,
    ),
    Cause(
        slug="log-access-denied",
        title="Execution role may not create log streams or groups",
        category="pending",
        severity="error",
        meaning="The log driver was refused by CloudWatch Logs, or had no credentials to ask with.",
        proof=(
            Step(
                "Ask IAM as the execution role",
                "aws iam simulate-principal-policy --policy-source-arn <role-arn> --action-names logs:CreateLogStream logs:PutLogEvents logs:CreateLogGroup",
            ),
        ),
        repair=(
            Step(
                "Attach the managed policy",
                "aws iam attach-role-policy --role-name <role> --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
            ),
            Step(
                "With awslogs-create-group, add logs:CreateLogGroup: the managed policy does not hold it"
            ),
        ),
        signatures=(
            says(
                "logs:createlog|logs:putlog|logs:describelog|logs:putretention",
                _DENIED,
                rank=Rank.DECISIVE,
                kinds="stopped_task service_event log_line",
            ),
            says(
                _LOGGING,
                _DENIED
                + "|nocredentialproviders|no ec2 imds role|no valid providers|unable to locate credentials|failed to refresh cached credentials|credentials",
                "fail|error|cannot|unable|denied|not authorized|nocredential",
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
                unless=("log group does not exist|resourcenotfound",),
            ),
        ),
        confused_with=(
            ("log-group-missing", "There the group does not exist: ResourceNotFoundException."),
            ("aws-access-denied", "There you, reading the logs, lack the permission."),
        ),
        docs_url=LOG_ERRORS,
    ),
    Cause(
        slug="log-driver-config",
        title="Log driver options are incomplete or unknown",
        category="pending",
        severity="error",
        meaning="The log driver lacks an option it needs (awslogs-group, awslogs-region, awslogs-stream-prefix), or has one it does not know.",
        proof=(
            Step(
                "Read the log configuration",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].logConfiguration'",
            ),
        ),
        repair=(
            Step(
                "Set awslogs-group, awslogs-region and awslogs-stream-prefix, register the revision and deploy it"
            ),
        ),
        signatures=(
            _says(
                "awslogs-region|awslogs-group|awslogs-stream-prefix|awslogs-stream|awslogs-datetime|awslogs-multiline|awslogs-create-group|max-buffer-size|awslogs-endpoint",
                "require|must specify|must set|missing|must be|should only|should be|omit|unknown|invalid|not specified|cannot be|not supported|mutually exclusive|need|without|not configured|conflict|not provided|to be specified|unexpected",
                rank=Rank.PRECISE,
                unless=_DENIED,
            ),
            _says(
                "awslogs|log driver|logging driver|log configuration|logconfiguration|log option|log opt|logger args|loggingdriver",
                "required|must specify|unknown log opt|unsupported|not supported|invalid|no log driver named|unable to parse|logger: no log|cannot be empty|must contain|not specified|is missing",
                rank=Rank.CLEAR,
                unless=(_DENIED, "resourcenotfound|does not exist", _NO_ANSWER),
            ),
            _says("no log driver named|logger: no log driver|unknown log opt", rank=Rank.PRECISE),
            _says("must specify a value for awslogs", rank=Rank.DECISIVE),
        ),
        confused_with=(
            ("log-group-missing", "There the options are right and the group is not there."),
        ),
        docs_url=LOG_ERRORS,
    ),
    Cause(
        slug="role-assume-failed",
        title="ECS cannot assume the task or execution role",
        category="pending",
        severity="error",
        meaning="The role's trust policy lacks ecs-tasks.amazonaws.com, the role is gone, or it is so new that IAM has not spread it yet.",
        proof=(
            Step(
                "Read whom the role trusts",
                "aws iam get-role --role-name <role> --query Role.AssumeRolePolicyDocument",
            ),
        ),
        repair=(
            Step(
                "Trust ECS tasks",
                "aws iam update-assume-role-policy --role-name <role> --policy-document file://trust-ecs-tasks.json",
            ),
            Step("If the role was made a moment ago, try again in a minute"),
        ),
        signatures=(
            says(
                "unable to assume|could not assume|cannot assume|failed to assume|not able to assume|cannot be assumed|unable to be assumed|assume the role|assume role",
                "role",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event cfn_event log_line api_error",
                unless=("service linked role|service-linked role", "profile"),
            ),
            says(
                "sts:assumerole",
                _DENIED,
                rank=Rank.PRECISE,
                kinds="stopped_task service_event cfn_event",
            ),
            _says(
                "unable to assume",
                rank=Rank.PRECISE,
                unless=(
                    "service linked role|service-linked role",
                    "iam trust|passed to elastic|service role",
                ),
            ),
            _says(
                "trust policy|trusted entity|trust relationship|trust policy of the role",
                "ecs-tasks|task role|taskrole|execution role|executionrole|role provided",
                rank=Rank.CLEAR,
            ),
            says(
                "role is not valid|role is invalid|invalid role|role arn is not valid|role does not exist|role with name",
                "task|execution|ecs",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event cfn_event api_error",
                unless=("already exists", "passrole"),
            ),
            says(
                "unable to get credentials|credentials endpoint|could not fetch credentials|failed to get credentials",
                "role|task",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
            ),
        ),
        confused_with=(
            ("cfn-passrole-denied", "There the one who deploys may not hand the role over."),
            ("cfn-slr-missing", "There it is the service-linked role of ECS itself."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
    ),
    Cause(
        slug="efs-mount-failed",
        title="EFS volume could not be mounted",
        category="pending",
        severity="error",
        meaning="The mount helper failed: 2049/tcp is closed, the zone has no mount target, the name does not resolve, or IAM or the access point refused.",
        proof=(
            Step(
                "List the mount targets and their zones",
                "aws efs describe-mount-targets --file-system-id <file-system>",
            ),
            Step(
                "Read the security groups of a mount target",
                "aws efs describe-mount-target-security-groups --mount-target-id <mount-target>",
            ),
        ),
        repair=(
            Step(
                "Let the task's security group reach the mount targets on 2049",
                "aws ec2 authorize-security-group-ingress --group-id <mount-target-security-group> --protocol tcp --port 2049 --source-group <task-security-group>",
            ),
            Step(
                "Add a mount target in each zone the task may run in, and allow elasticfilesystem:ClientMount and ClientWrite to the task role"
            ),
        ),
        signatures=(
            _says(
                "mount.nfs|mount.nfs4|mount.efs|efs utils|efsutils|efs-utils|amazon-efs|nfs4",
                "fail|error|denied|timed out|timeout|not |refused|could not|unable|reset",
                rank=Rank.DECISIVE,
            ),
            _says(
                "efs|elasticfilesystem|elastic file system|file system fs-|nfs|fs-0",
                "mount|access point|resolve|connect|volume",
                "fail|error|denied|timed out|timeout|cannot|could not|unable|not found|does not exist|refused|no mount target|not authorized",
                rank=Rank.PRECISE,
                unless=("ebs ",),
            ),
            _says(
                "failed to invoke efs|efs utils commands|failed to set up efs|invoke efs",
                rank=Rank.DECISIVE,
            ),
            _says(
                "b'mount|mount target|access point fsap|fsap-",
                "fail|not|denied|error",
                rank=Rank.CLEAR,
            ),
            _says(
                "cannotcreatevolumeerror|failed to mount|volume",
                "nfs|efs|mount|fs-",
                "fail|error|cannot",
                rank=Rank.LIKELY,
                unless="ebs",
            ),
        ),
        confused_with=(
            ("data-dir-unwritable", "There the volume is mounted and may not be written."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/tutorial-efs-volumes.html",
    ),
    Cause(
        slug="ebs-attach-failed",
        title="EBS volume could not be created or attached for the task",
        category="pending",
        severity="error",
        meaning="The volume ECS makes for the task could not be created, attached or formatted, mostly for want of a permission of the infrastructure role.",
        proof=(
            Step(
                "Read the attachment's details",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].attachments'",
            ),
        ),
        repair=(
            Step(
                "Repair the infrastructure role (AmazonECSInfrastructureRolePolicyForVolumes) or the volume configuration, then deploy"
            ),
        ),
        signatures=(
            _says(
                "ebs|amazonelasticblockstorage",
                "attach|volume|create|format",
                "fail|error|denied|timed out|timeout|cannot|unable|could not",
                rank=Rank.CLEAR,
                unless=("efs|nfs", "timeout waiting|timed out waiting"),
            ),
        ),
        confused_with=(
            (
                "efs-mount-failed",
                "EFS is the shared file system; EBS volumes of a service last as long as a task.",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-ebs-volumes.html",
    ),
    Cause(
        slug="container-dependency-failed",
        title="A container waited for another one that did not come up",
        category="pending",
        severity="error",
        meaning="dependsOn was never satisfied: the sidecar did not start, complete or become healthy in its startTimeout.",
        proof=(
            Step(
                "Read the exit codes and reasons of the other containers",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].[name,exitCode,reason,healthStatus]'",
            ),
        ),
        repair=(Step("Repair the container waited for, or raise its startTimeout"),),
        signatures=(
            says(
                "dependson|depends on|dependency",
                "container",
                "not satisfied|did not|timed out|timeout|failed|not reach|unable|cannot be resolved|before",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event",
                unless=("health checks failed",),
            ),
            says(
                "container dependency|dependencycondition|dependency graph",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event api_error",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
    ),
)
