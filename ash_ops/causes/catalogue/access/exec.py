"""ECS Exec: sessions in a running container, by the command line's plugin and the SSM agent."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

_CALL: Final = "api_error log_line"
_NO_PLUGIN: Final = "sessionmanagerplugin is not found|session-manager-plugin' is not|plugin is not found|session manager plugin does not exist|session manager plugin is not up-to-date"

CAUSES: Final = (
    Cause(
        slug="ecs-exec-disabled",
        title="ECS Exec was not enabled when the task started",
        category="aws-access",
        severity="warning",
        meaning="The running task has no exec agent; only new tasks get one.",
        proof=(
            Step(
                "Read it",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].enableExecuteCommand'",
            ),
        ),
        repair=(
            Step(
                "Enable it and start new tasks",
                "aws ecs update-service --cluster <cluster> --service <service> --enable-execute-command --force-new-deployment",
            ),
        ),
        signatures=(
            # The checker of ECS Exec prints a table of answers.
            says(
                "exec enabled for task",
                "~\\bexec enabled for task ?\\|? ?no\\b",
                rank=Rank.DECISIVE,
            ),
            says(
                "not enabled",
                "~\\bexecute[- ]command\\b(?:[^.|]|\\.(?=\\S)){0,60}\\bnot enabled\\b",
                rank=Rank.PRECISE,
                kinds="log_line api_error",
            ),
            says(
                "execute command|executecommand|ecs exec|enableexecutecommand",
                "not enabled|disabled|is not running|enabled when|enable",
                rank=Rank.PRECISE,
                kinds=_CALL,
                unless=(
                    "not authorized",
                    "targetnotconnected",
                    "exec enabled for task| denied?: ",
                    "~\\bexec(?:ute command)? (?:is|was) enabled\\b",
                    # What a guide says to do.
                    "~\\b(?:to|can|must|should|please|then|how to) enable (?:the )?(?:ecs exec|execute command)|^\\W{0,6}enable (?:ecs exec|execute command)|--enable-execute-command\\b(?!.*\\bnot enabled)",
                ),
            ),
        ),
        confused_with=(
            ("ecs-exec-not-connected", "There it is enabled and its agent has no connection."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    ),
    Cause(
        slug="ecs-exec-not-connected",
        title="ECS Exec agent is not connected, or the local plugin is missing",
        category="aws-access",
        severity="warning",
        meaning="The task role lacks ssmmessages, the task has no way out, or session-manager-plugin is not installed here.",
        proof=(
            Step(
                "Read the agent's status",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].managedAgents'",
            ),
            Step(
                "See whether the plugin is on this machine",
                "session-manager-plugin --version",
                when=_NO_PLUGIN,
                decides=True,
            ),
        ),
        repair=(
            Step(
                "ECS Exec is not on for those tasks: start new ones with it (--enable-execute-command of run-task, create-service or update-service; in Terraform enable_execute_command, in the CDK enableExecuteCommand)",
                "aws ecs update-service --cluster <cluster> --service <service> --enable-execute-command --force-new-deployment",
                when=r"~\bforgot (?:to (?:set|add|pass) )?--enable-execute-command\b|\benable_?execute_?command\W{1,4}false\b",
                decides=True,
            ),
            Step(
                "Allow the agent's four calls to the task role (not to the execution role)",
                """aws iam put-role-policy --role-name <role> --policy-name ecs-exec --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssmmessages:CreateControlChannel","ssmmessages:CreateDataChannel","ssmmessages:OpenControlChannel","ssmmessages:OpenDataChannel"],"Resource":"*"}]}'""",
            ),
            Step(
                "Then start new tasks, with ECS Exec on: one that runs does not get it afterwards",
                "aws ecs update-service --cluster <cluster> --service <service> --enable-execute-command --force-new-deployment",
            ),
            Step(
                "A task in a private subnet needs a way to ssmmessages (NAT gateway or endpoint), its containers a root file system that can be written (no readonlyRootFilesystem), and your machine the plugin",
                "session-manager-plugin --version",
            ),
            Step(
                "The container runs, and its image has no shell of that name: ask for /bin/sh",
                "aws ecs execute-command --cluster <cluster> --task <task> --container <container> --interactive --command /bin/sh",
                when="~failed to start pty: .{0,80}no such file",
                decides=True,
            ),
            Step(
                "AWS itself failed: try again in a minute. If it stays, see that the agent in the container runs, and start a new task",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].managedAgents'",
                when=r"~\bserverexception\b|\bservice unavailable\b",
                decides=True,
            ),
            Step(
                "It is an instance, and its agent is not registered: give it a profile with AmazonSSMManagedInstanceCore and a way to ssm, ssmmessages and ec2messages on 443, then restart the agent",
                "aws ssm describe-instance-information --query 'InstanceInformationList[].[InstanceId,PingStatus]'",
                when=r"~^(?!.*(?:\btarget ecs:|\becs-execute-command\b|\bexecutecommand operation\b)).*(?:\bm?i-[0-9a-f]{3,17} is not connected\b|\btarget m?i-[0-9a-f]{3,17}\b)",
                decides=True,
            ),
            Step(
                "The session stands, and the image has no shell of that name: ask for /bin/sh (--command /bin/sh)",
                when=r"~\bfailed to start pty: \S{0,80} ?\S{0,80}: no such file",
                decides=True,
            ),
            Step(
                "Two sessions to the task are open, which is all that ECS Exec admits: end one",
                "aws ssm describe-sessions --state Active",
                when="maximum session limit",
            ),
            Step(
                "The plugin is not on this machine, or too old: install it (session-manager-plugin of AWS, for its system), in a workflow or an image too",
                when=_NO_PLUGIN,
                decides=True,
            ),
            Step(
                "The agent in the container could not load its plugins: the task's disk is full or read-only, or the task is of before a change of its image; start a new one",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
                when="plugin with name",
            ),
            Step(
                "The session is encrypted with a KMS key: allow kms:GenerateDataKey to you and kms:Decrypt to the task role",
                "aws ecs describe-clusters --clusters <cluster> --include CONFIGURATIONS",
                when="~^(?!.*encryption is not set up).*(?:kms|data key)",
            ),
            Step(
                "The session's log group must be encrypted: give it a KMS key, or set cloudWatchEncryptionEnabled to false; and let the task role do logs:DescribeLogGroups and logs:DescribeLogStreams, without which the agent cannot tell",
                "aws ecs describe-clusters --clusters <cluster> --include CONFIGURATIONS",
                when="encryption is not set up",
            ),
            Step(
                "The plugin wants a terminal, and where it is called there is none (a workflow, cron): give it one",
                "script -q -c 'aws ecs execute-command --cluster <cluster> --task <task> --interactive --command /bin/sh' /dev/null",
                when="cannot perform start session: eof",
            ),
            Step(
                "The log of a session is made with the program script: install util-linux in the image, or log to nowhere",
                when="failed to generate transcript",
            ),
            Step(
                "The preferences of Session Manager name a user (Run As) that is not there: make that user, or switch Run As off",
                "aws ssm get-document --name SSM-SessionManagerRunShell",
                when="since runas user",
            ),
            Step(
                "The log of ECS Exec goes to a log group that is not there: make it, or correct the cluster's executeCommandConfiguration",
                "aws ecs describe-clusters --clusters <cluster> --include CONFIGURATIONS",
                when="log group is not found|log group not found|s3 bucket",
            ),
            Step(
                "The task cannot reach ssmmessages: give it a way out, or an interface endpoint for ssmmessages that admits it on 443",
                "aws ec2 describe-vpc-endpoints --filters Name=vpc-id,Values=<vpc>",
                when="~ssmmessages\\..{0,300}(?:timeout|no such host|deadline|refused)|\\bprivatelink\\b.{0,60}\\bssmmessages\\b",
            ),
            Step(
                "The caller has no terminal, as in a workflow or a cron job: give the command one, or run a task of its own for it",
                "script -qec 'aws ecs execute-command --cluster <cluster> --task <task> --container <container> --interactive --command <command>' /dev/null",
                when="~\\bstart session: eof\\b",
            ),
            Step(
                "The task definition names no task role: give it one (taskRoleArn) that allows ssmmessages, and deploy the revision",
                when="taskrolearn",
            ),
        ),
        signatures=(
            says("cannot perform start session", rank=Rank.PRECISE),
            # The SSM agent could not start, or lost, the process that serves a session.
            says(
                "document worker timed out",
                "ssm-session-worker|ssm-document-worker",
                rank=Rank.DECISIVE,
            ),
            # What the SSM agent in the container, or the plugin, says within a session.
            says(
                "ecs-execute-command-",
                "kms|data key|terminated due to|session will be closed",
                rank=Rank.DECISIVE,
            ),
            says(
                "encountered error while initiating handshake",
                "handshake timed out|data key|kms",
                rank=Rank.DECISIVE,
            ),
            # The SSM agent of a session that it could not begin, or could not log.
            says(
                "unable to start shell: |failed to start pty|failed to generate transcript|encryption is not set up on the selected",
                "ssm|session|pty",
                rank=Rank.DECISIVE,
            ),
            # The checker of ECS Exec, of an agent that never started.
            says("laststartedat", "stopped (reason: |pending (reason: ", rank=Rank.PRECISE),
            # The service may not have ECS Exec: its tasks have no role to open the channel with.
            says("valid taskrolearn is not being used", rank=Rank.PRECISE),
            says(
                "targetnotconnected|executecommandagent",
                rank=Rank.PRECISE,
                kinds="api_error log_line stopped_task service_event",
            ),
            says(
                "sessionmanagerplugin|session-manager-plugin|session manager plugin|ssmmessages|plugin with name",
                "not found|not installed|not up-to-date|is missing|fail|error|denied|not authorized|cannot|not connected|deny",
                rank=Rank.PRECISE,
                kinds="api_error log_line stopped_task service_event",
                unless=("simulateprincipalpolicy",),
            ),
            says(
                "execute command|execute-command|executecommand|start-session|startsession",
                "internal error|not connected|failed|plugin|cannot perform|not running|stopped|error",
                rank=Rank.LIKELY,
                kinds=_CALL,
                unless=(
                    "not enabled",
                    "not authorized",
                    "accessdenied",
                    "simulateprincipalpolicy",
                    "~\\bfailed to execute command: \\(?[45]\\d\\d\\b",  # the answer of somebody's HTTP API
                ),
            ),
        ),
        confused_with=(("ecs-exec-disabled", "There the task was started without it."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
    ),
)
