"""Log drivers that keep a container from starting."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.pending.asked_amiss import ROLE_TO_NAME
from ash_ops.causes.catalogue.pending.named_reasons import (
    NO_CREDENTIALS,
    NO_STREAM,
    OPTIONS_OF_FLUENT_BIT,
    READ_ROLE_OF_ROUTER,
    ROLE_OF_ROUTER,
    WITHOUT_OPTIONS,
)
from ash_ops.causes.catalogue.pending.noted import STREAM_REFUSED
from ash_ops.causes.catalogue.pending.other_places import GROUP_OF_A_FILTER, NO_GROUP_BY_ITSELF
from ash_ops.causes.catalogue.pending.places_named import OPTIONS_NAMED
from ash_ops.causes.catalogue.pending.plainly_said import READ_THE_PROFILE
from ash_ops.causes.catalogue.pending.repairs import LOG_ROUTER, MAY_MAKE_GROUPS
from ash_ops.causes.catalogue.pending.words import (
    DENIED,
    LOGGING,
    MISSING,
    NO_ANSWER,
    NO_SUCH_REGION,
    OWN_COLLECTOR,
    task_says,
)

_MISWRITTEN: Final = (
    r"(?:expected format|endpoint needs to be|endpoint must be|no log configuration specified)"
)
"""An address or options that the log driver cannot read: it never came to ask the collector."""

LOG_ERRORS: Final = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html"

CAUSES: Final = (
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
            *NO_STREAM,
            Step(
                "Or set awslogs-create-group=true and let the execution role do logs:CreateLogGroup"
            ),
            *GROUP_OF_A_FILTER,
        ),
        signatures=(
            task_says(
                LOGGING,
                "resourcenotfoundexception",
                rank=Rank.PRECISE,
                unless=("signal: killed", "connection issue", DENIED, "secret"),
            ),
            task_says(
                "log group|loggroup|log stream",
                MISSING,
                rank=Rank.CLEAR,
                unless=("signal: killed|connection issue|kms key", DENIED),
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
            *READ_ROLE_OF_ROUTER,
            *READ_THE_PROFILE,
        ),
        repair=(
            Step(
                "Attach the managed policy",
                "aws iam attach-role-policy --role-name <role> --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
            ),
            Step(
                "With awslogs-create-group, add logs:CreateLogGroup: the managed policy does not hold it"
            ),
            *NO_GROUP_BY_ITSELF,
            *MAY_MAKE_GROUPS,
            *ROLE_OF_ROUTER,
            *NO_CREDENTIALS,
        ),
        signatures=(
            *STREAM_REFUSED,
            says(
                "failed to create cloudwatch log stream|failed to create cloudwatch log group|create stream has been retried",
                DENIED,
                rank=Rank.PRECISE,
            ),
            says(
                "log stream|log group",
                "execution role|task",
                "no permission|not allowed|lacks permission|missing permission|without permission",
                rank=Rank.PRECISE,
            ),
            says(
                "logs:createlog|logs:putlog|logs:describelog|logs:putretention",
                DENIED,
                rank=Rank.DECISIVE,
                kinds="stopped_task service_event log_line",
            ),
            says(
                "logging driver|log driver|awslogs|logger args",
                "~\\b(?:logs:|cloudwatch logs: )(?:create|put|describe)",
                DENIED,
                rank=Rank.DECISIVE,
            ),
            says(
                LOGGING,
                DENIED
                + "|nocredentialproviders|no ec2 imds role|no valid providers|unable to locate credentials|failed to refresh cached credentials|credentials",
                "fail|error|cannot|unable|denied|not authorized|nocredential",
                rank=Rank.PRECISE,
                kinds="stopped_task service_event log_line",
                # An image of a log router that is not pulled is no log that is not written.
                unless=(
                    "log group does not exist|resourcenotfound",
                    "s3 config",
                    "cloudwatch alarm",
                    "no basic auth credentials|/manifests/",
                    # The settings that a call knows, as it lists them.
                    "must be one of: ",
                    # Tags are what CloudFormation gives a group that it makes; a log driver gives none.
                    "createloggroup with tags",
                    # A program's own logger, which a line of its log names.
                    "~^(?!.*(?:log ?driver|logging driver|log ?stream|log ?group|awslogs|cloudwatch|logs:|logger args|firelens)).*\\blogger['\"]?[=:]",
                    # The part of a program that reads logs, in front of what it says.
                    "~\\b[a-z]{2,20}/logs: ",
                ),
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
            Step(
                "Correct or take away the option of logConfiguration that the text names, register the revision and deploy it",
                when="disallows options|unknown log opt|invalid log opt|compression cannot|max file count",
            ),
            Step(
                "Several containers write into one stream: give awslogs-stream-prefix in place of awslogs-stream, so that each has its own, register the revision and deploy it",
                when="invalidsequencetoken",
            ),
            Step(
                "The collector that the log driver writes to does not answer: correct its address in the options, or let containers start without it (mode non-blocking, fluentd-async, splunk-verify-connection false)",
                when=f"~^(?!.*(?:{_MISWRITTEN}|\\bdisallows options\\b)).*(?:{OWN_COLLECTOR[1:]})",
            ),
            Step(
                "Write the collector's address in the driver's options as the text asks for it: scheme, host and port, no path (splunk-url https://HOST:8088, gelf-address udp://HOST:12201), register the revision and deploy it",
                when="expected format|endpoint needs to be|endpoint must be",
            ),
            Step(
                "The awsfirelens driver of that container lacks options: name the output (Name and what it needs); where the router has a file of its own (config-file-value), any one option is enough on Fargate",
                when="but no log configuration specified|failed to get fluentd log",
            ),
            Step(
                "Name the role that writes the log as executionRoleArn of the task definition, register the revision and deploy it",
                when="execution role",
            ),
            *LOG_ROUTER,
            *WITHOUT_OPTIONS,
            *OPTIONS_NAMED,
            *ROLE_TO_NAME,
            *OPTIONS_OF_FLUENT_BIT,
        ),
        signatures=(
            task_says("firelensconfiguration", "awsfirelens", rank=Rank.PRECISE),
            says("a firelens configuration object must be configured", rank=Rank.PRECISE),
            # Fluent Bit, of the configuration that ECS makes from the options of the containers' logs.
            task_says(
                "tried to instance a plugin name that|configuration file contains errors, aborting",
                rank=Rank.CLEAR,
            ),
            task_says(
                "[output|[config]|[cloudwatch |[firehose |[kinesis ",
                "~\\bunknown configuration property '|\\bconfiguration property '\\w{1,40}' is required|\\b(?:log_stream_name|log_group_name|delivery_stream|stream|region)\\b(?: or log_stream_prefix)? is (?:a )?required",
                rank=Rank.PRECISE,
            ),
            task_says(
                "firelens", "unable to generate firelens config|invalid firelens", rank=Rank.PRECISE
            ),
            # What the driver asks is not AWS: a collector of your own, or of another company.
            task_says("failed to initialize logging driver", OWN_COLLECTOR, rank=Rank.PRECISE),
            task_says(
                "failed to initialize logging driver",
                rank=Rank.LIKELY,
                unless=(DENIED, NO_ANSWER, MISSING + "|resourcenotfound"),
            ),
            task_says(
                "logging driver|log driver",
                "region is not set|fluentd|fluent.sock",
                rank=Rank.CLEAR,
                unless=(DENIED,),
            ),
            task_says(
                "awslogs-region|awslogs-group|awslogs-stream-prefix|awslogs-stream|awslogs-datetime|awslogs-multiline|awslogs-create-group|max-buffer-size|awslogs-endpoint",
                "require|must specify|must set|missing|must be|should only|should be|omit|unknown|invalid|not specified|cannot be|not supported|mutually exclusive|need|without|not configured|conflict|not provided|should not be null|null or empty|to be specified|unexpected",
                rank=Rank.PRECISE,
                unless=DENIED,
            ),
            task_says(
                "awslogs|log driver|logging driver|log configuration|logconfiguration|log option|log opt|logger args|loggingdriver",
                "required|disallows|must specify|unknown log opt|unsupported|not supported|invalid|no log driver named|unable to parse|logger: no log|cannot be empty|must contain|not specified|is missing",
                rank=Rank.CLEAR,
                unless=(DENIED, "resourcenotfound|does not exist", NO_ANSWER),
            ),
            task_says(
                "no log driver named|logger: no log driver|unknown log opt", rank=Rank.PRECISE
            ),
            task_says("must specify a value for awslogs", rank=Rank.DECISIVE),
            task_says("gelf: ", "endpoint needs to be|endpoint must be", rank=Rank.PRECISE),
            # virtual-kubelet/virtual-kubelet#193: the driver writes as the execution role.
            task_says("execution role", "to support log driver", rank=Rank.PRECISE),
            # The service's own name, as CloudTrail and trust policies write it, is no host.
            task_says(
                "amazonaws.com",
                NO_SUCH_REGION,
                rank=Rank.DECISIVE,
                unless="eventsource|invokedby|principal",
            ),
        ),
        confused_with=(
            ("log-group-missing", "There the options are right and the group is not there."),
        ),
        docs_url=LOG_ERRORS,
    ),
)
