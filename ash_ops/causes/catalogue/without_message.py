"""Causes that no message names: a look-up alone shows them."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.connection.plainly_said import (
    FALLS_SILENT,
    LET_IT_BE_SILENT,
    SPEAKS_TLS,
)
from ash_ops.causes.catalogue.deploy.quotas import SOME_QUOTA
from ash_ops.causes.catalogue.deploy.reasons import (
    ANSWER_LACKS_A_KEY,
    OF_A_DATABASE,
    REASONS_OF_RESOURCES,
)
from ash_ops.causes.catalogue.deploy.repairs import WITHOUT_SIGNAL
from ash_ops.causes.catalogue.deploy.words import OTHER_RESOURCE, OUR_CALL

_LIFECYCLE: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html"
)

_DATABASE_GONE: Final = "~\\bdb(?:instance|cluster) [\\w-]{1,63} not found\\b"

CAUSES: Final = (
    Cause(
        slug="task-stuck",
        title="A task stays in one phase of its start",
        category="pending",
        severity="error",
        meaning="ECS notes a time at the end of each phase of a task's start; one phase lasts "
        "longer than it ever does when all is well.",
        proof=(
            Step(
                "Compare createdAt, connectivityAt, pullStartedAt and pullStoppedAt.",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task>",
            ),
        ),
        repair=(
            Step(
                "Remove what blocks that phase; the doctor names it where it can be read.",
                "ash-ops doctor pending",
            ),
            Step(
                "On an instance of yours: see that Docker and the ECS agent answer there, and start them anew if they do not",
                "sudo systemctl status docker ecs",
                when="~\\bdocker (?:daemon|대몬|데몬|デーモン)|守护程序|\\b(?:ecs|container) agent\\b",
                anywhere=True,
            ),
        ),
        signatures=(
            # The guide's own heading, and how people put it.
            says(
                "stuck in pending|stuck in a pending state|stuck in the pending state|stuck pending|stays pending|still pending|keeps pending|remains in pending|stays in pending|stays in status pending|stays in the pending|remains in the pending|stuck in provisioning|stays in provisioning|waiter tasksrunning failed: max attempts|knownstatus pending|seconds to start. marking run failed",
                rank=Rank.SYMPTOM,
                # A queue of some program of one's own calls its work so, too.
                unless="~\\bworkers? (?:is|are|not|crashed)\\b|\\bqueue manager\\b|\\bsystem not processing\\b",
            ),
            # What GitLab's driver for Fargate says of the waiter it asked.
            says(
                'fargate task to be ready|fargate task "',
                'to be in "running" state',
                rank=Rank.SYMPTOM,
            ),
            # The same in other languages.
            says(
                "pending|provisioning|보류",
                "~\\b(?:bloqu\\w{1,5}|atascad[oa]s?|pres[oa]s?|hängt|hängen|steckt|stecken|bleibt) (?:[\\w']{1,10} ){0,3}(?:in|im|auf|sur|en|dans|em|no|nel|nello) (?:[\\w']{1,10} ){0,3}\"?(?:pending|provisioning)\\b|\\b(?:pending|provisioning)[^.。]{0,12}(?:のまま|止ま|スタック)|卡在 ?(?:pending|provisioning)|보류[^.]{0,14}(?:멈|중단)",
                rank=Rank.SYMPTOM,
            ),
        ),
        confused_with=(
            ("image-pull-network", "The commonest: no way to the registry."),
            ("public-ip-missing", "If the subnet is public and assignPublicIp is DISABLED."),
            ("route-missing", "If the subnet is private and has no NAT gateway."),
            ("init-network", "If a secret or the registry authorisation is out of reach."),
        ),
        docs_url=_LIFECYCLE,
        symptom=True,
    ),
    Cause(
        slug="balancer-provisioning",
        title="The load balancer is still being made",
        category="connection",
        severity="info",
        meaning="A network load balancer takes one to three minutes until its name resolves and "
        "it forwards connections.",
        proof=(
            Step(
                "Read its state.",
                "aws elbv2 describe-load-balancers --names <load-balancer>",
            ),
        ),
        repair=(Step("Wait until its state is active."),),
        signatures=(says("load balancer", "(last state: 'provisioning'", rank=Rank.LIKELY),),
    ),
    Cause(
        slug="http-to-tls-port",
        title="http:// used against a port that speaks TLS",
        category="connection",
        severity="error",
        meaning="A plain request was sent to a TLS listener, which drops it.",
        proof=(Step("Ask the same address over https.", "curl -v https://<host>:4100/health"),),
        repair=(Step("Use https:// in ASH_SERVER_URL."), *SPEAKS_TLS),
        signatures=(
            says(
                "plain http request was sent to https",
                rank=Rank.DECISIVE,
                kinds="http log_line",
                unless="http-title",  # a scan of ports
            ),
            says("client sent an http request to an https server", rank=Rank.DECISIVE),
            # Go's server of one who called it.
            says(
                "tls handshake error from",
                "does not look like a tls handshake|client sent an http request",
                rank=Rank.DECISIVE,
                kinds="http log_line",
            ),
        ),
        confused_with=(("tls-to-plain-http", "There https:// meets a plain port."),),
    ),
    Cause(
        slug="cfn-resource-failed",
        title="A resource of the stack could not be made",
        category="deploy",
        severity="error",
        meaning="CloudFormation gives a reason that this catalogue does not know.",
        proof=(
            Step(
                "Read the first failed event.",
                "aws cloudformation describe-stack-events --stack-name <stack>",
            ),
        ),
        repair=(
            Step(
                "Correct in the template what the reason names, then deploy again", "ash-ops deploy"
            ),
            Step(
                "Read the log of the function behind the custom resource; give it more time if it needs it",
                "aws logs tail <log-group> --since 1h",
                when="~^(?!.*(?:\\bcustom resource\\b|\\bcustom::|::customresource\\b)).*(?:task timed out after|(?<![:a-z])customresource\\b(?! attribute error)|see the details in cloudwatch log stream|\\bfailed to (?:create|update|delete) resource\\. )",
            ),
            Step(
                "The instances never said that they were ready: read /var/log/cfn-init-cmd.log and cloud-init-output.log on one; most often it has no way to CloudFormation, or its start-up script failed",
                when="success signal|resource signal|failure signal",
            ),
            Step(
                "See what the database is doing; when it is available again, deploy",
                "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus]'",
                when="invaliddbinstancestate|not in available state|invaliddbclusterstate|in an unsupported state",
            ),
            Step(
                "Read the results of that stack set's operation: they tell which account and region refused, and why",
                "aws cloudformation list-stack-set-operations --stack-set-name <stack-set> --query 'Summaries[].[OperationId,Action,Status,StatusReason]'",
                when="for stack set ",
            ),
            Step(
                "RDS has no such database any more: see which there are, and read the database's own events; then deploy again",
                "aws rds describe-events --source-type db-instance --duration 1440",
                when=_DATABASE_GONE,
            ),
            *WITHOUT_SIGNAL,
            *REASONS_OF_RESOURCES,
            *SOME_QUOTA,
            *ANSWER_LACKS_A_KEY,
            *OF_A_DATABASE,
        ),
        signatures=(
            says(
                "custom resource|customresource",
                "response status [failed]|not receive a response|no response",
                rank=Rank.CLEAR,
                unless=("rate exceeded|throttl|toomanyrequests", "accessdenied|not authorized"),
            ),
            says("waitcondition", "timed out|0 conditions|failed", rank=Rank.CLEAR),
            # Terraform waited for what it makes, and no service of ECS is named.
            says(
                "error waiting for",
                "timeout while waiting",
                "~\\baws_[a-z0-9_]{3,60}\\.|\\(aws_",
                rank=Rank.GENERIC,
                unless="ecs service|services_stable|steady|certificate",
            ),
            # The database that the stack itself makes was lost while it was made.
            says(
                "create_failed|update_failed",
                _DATABASE_GONE,
                rank=Rank.PRECISE,
                kinds="cfn_event",
            ),
            says(
                "stackcreatecomplete|stackupdatecomplete|stackdeletecomplete",
                "terminal failure state",
                rank=Rank.GENERIC,
            ),
            # The AWS CLI names the command that prints the reason, not the reason.
            says(
                "failed to create/update the stack. run the following command",
                rank=Rank.SYMPTOM - 1,
            ),
            # Copilot tells no more of a stack set's operation.
            says(
                "for stack set ",
                "~\\boperation [\\w-]{1,60} for stack set [\\w-]{1,128} failed\\b",
                rank=Rank.GENERIC,
            ),
            # A resource whose handler or custom code failed, for a reason that nothing else here knows.
            says(
                "handlererrorcode: generalserviceexception|handlererrorcode: networkfailure|handlererrorcode: handlerinternalfailure|handlererrorcode: unknown",
                rank=Rank.SYMPTOM - 1,
            ),
            says(
                "customresource|custom resource",
                "attribute error|vendor response|did not respond|failed to respond|response does not contain",
                rank=Rank.LIKELY,
            ),
            # What the code behind a custom resource answers; its reason, if known, says more.
            says(
                "failed to create resource.|failed to update resource.|failed to delete resource.",
                "~\\bfailed to (?:create|update|delete) resource\\. [a-z]",
                rank=Rank.GENERIC,
                unless=(
                    "rate exceeded|throttl|toomanyrequests",
                    "accessdenied|access denied|not authorized",
                    "already exists",
                ),
            ),
            # The function behind a custom resource needed longer than it may.
            says(
                "customresource|custom resource|failed to create resource|failed to update resource|failed to delete resource",
                "task timed out after",
                rank=Rank.CLEAR,
            ),
            says(
                "did not stabilize|notstabilized|not stabilize|failed to stabilize|has not stabilized",
                f"~aws::(?!ecs::|cloudformation::)[a-z0-9]{{2,40}}::|{OTHER_RESOURCE[1:]}",
                rank=Rank.GENERIC,
                kinds="cfn_event api_error log_line",
            ),
            # A row of events whose reason nothing else here knows.
            says(
                "create_failed|update_failed",
                "~aws::(?!cloudformation::(?!customresource))[a-z0-9]{2,40}::|\\bcustom::[a-z0-9]",
                rank=Rank.SYMPTOM - 1,
                kinds="cfn_event",
                unless=("canceled",),
            ),
            # A refusal that names service and status, for a reason that nothing else here knows.
            says(
                "(service: ",
                OUR_CALL,
                "status code: 4",
                rank=Rank.SYMPTOM - 1,
                kinds="cfn_event",
                # A call of a program of its own, and no event of a stack.
                unless="software.amazon.awssdk.|com.amazonaws.services.",
            ),
            says(
                "(service: ",
                "error code: ",
                "proxy: null)",
                rank=Rank.SYMPTOM - 2,
                kinds="cfn_event",
                unless="status code: 5",
            ),
            says(
                "success signal|resource signal|failure signal",
                "~\\breceived \\d{1,4} success signal\\(s\\) out of|failed to receive \\d{1,4} resource signal|\\breceived failure signal with uniqueid\\b",
                rank=Rank.LIKELY,
            ),
        ),
    ),
    Cause(
        slug="memory-below-sandbox",
        title="The task has less memory than one sandbox may use",
        category="agents",
        severity="warning",
        meaning="A sandbox may use ASH_SANDBOX_MEMORY_MB; a task with less is killed before the "
        "sandbox's own limit applies.",
        proof=(
            Step(
                "Compare the task's memory with ASH_SANDBOX_MEMORY_MB.",
                "aws ecs describe-task-definition --task-definition <family>",
            ),
        ),
        repair=(Step("Give the task more memory.", "ash-ops deploy --cpu 1024 --memory 4096"),),
        confused_with=(("container-oom", "There the task was in fact killed for it."),),
    ),
    Cause(
        slug="stream-idle-timeout",
        title="The load balancer drops streams that are silent for a few minutes",
        category="connection",
        severity="info",
        meaning="A TCP listener drops a flow that is silent for 350 s by default (at most 6000), a TLS "
        "listener for 350 s always, and Ash sends nothing while a tool works.",
        proof=(
            Step(
                "Read the listener's idle timeout.",
                "aws elbv2 describe-listener-attributes --listener-arn <listener>",
            ),
        ),
        repair=(
            *LET_IT_BE_SILENT,
            Step(
                "Allow the longest silence there is.",
                "aws elbv2 modify-listener-attributes --listener-arn <listener> "
                "--attributes Key=tcp.idle_timeout.seconds,Value=6000",
            ),
        ),
        signatures=(
            # Node's fetch, of a stream on which nothing came for 300 s.
            says("terminated: body timeout error", rank=Rank.CLEAR),
            *FALLS_SILENT,
            says(
                "idle",
                "load balancer|nlb|elb",
                "~\\b(?:kills?|drops?|closes?|cuts?|resets?|ends?|terminates?)\\b(?:[^.|]|\\.(?=\\S)){0,20}\\bidle (?:tcp )?(?:connections?|streams?|flows?)\\b",
                rank=Rank.CLEAR,
            ),
            says(
                "stream|connection|sse",
                "nlb|load balancer|elb",
                "~\\b(?:break|drop|close|cut|die|end|lost|reset)[a-z]{0,5}\\b(?:[^.|]|\\.(?=\\S)){0,60}\\b(?:idle|silent|nothing is sent|no data|without data|inactivity)",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(("conn-reset", "The server itself ended the connection."),),
    ),
    Cause(
        slug="cost-above-plan",
        title="It costs far more than it was planned to",
        category="deploy",
        severity="warning",
        meaning="More tasks run than are wanted, or far more log data is kept than a server writes "
        "that is used as planned. Both are billed by the hour or by the gigabyte.",
        proof=(Step("Price it as it is.", "ash-ops cost"),),
        repair=(
            Step(
                "Find out what writes so much, or why so many tasks run.", "ash-ops logs --since 5m"
            ),
        ),
    ),
)
