"""Containers that end, or are ended, for another reason."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.connection.words import OTHER_HOST, OTHER_PORT
from ash_ops.causes.catalogue.restart.built_elsewhere import CALLED_BADLY, LEFT_OUT
from ash_ops.causes.catalogue.restart.further_reasons import (
    ENDED_BY_SOMEBODY,
    IPV6_FIRST,
    NO_ANSWER_WITHIN,
)
from ash_ops.causes.catalogue.restart.other_programs import NOT_ITS_SETTING, OF_NODE
from ash_ops.causes.catalogue.restart.plainly_said import READ_THE_STREAM
from ash_ops.causes.catalogue.restart.repairs import CHECKED, CRASHED, SETTING
from ash_ops.causes.catalogue.restart.words import READ_LOG, STOPPED_TASKS, exited, only_exited

_OURS: Final = (
    "postgres|:5432|port 5432|port=5432|[db]|rds.",
    "anthropic|amazonaws",
    "fetch failed|curl: (|[telemetry]",
)
"""Others than a service of the program's own that it cannot reach."""

_OF_ITS_OWN: Final = r"[1-9]\d?|1[01]\d|12[0-489]|13[1-68]|14[0-24-9]|1[5-9]\d|2[0-4]\d|25[0-5]"
"""Exit codes that a program chooses, and those of signals that no other cause is known by."""
_ENDED: Final = "unhandled|uncaught|throw er;|emitted 'error'|node.js v|exited with|exit code"
"""What says that the program ended of it: another service that does not answer need end nothing."""

_CONFIGURED: Final = "\\b(?:failed|unable|cannot|could not|error) (?:to )?(?:load|read|open|find|pars)\\w{0,3}\\b[^|]{0,60}\\b(?:config\\w{0,12}|settings)\\b"
"""A file of settings that is not there or cannot be read."""
_USED_WRONGLY: Final = "\\berror: (?:invalid value for|no such option|unrecognized arguments?|unknown (?:option|flag|argument|command)|got unexpected extra argument|missing (?:argument|command|option)|the following arguments are required|unexpected argument)\\b"
"""Options that a program does not know."""

CAUSES: Final = (
    Cause(
        slug="app-crash",
        title="Essential container exited by itself",
        category="restart",
        severity="error",
        meaning="The process ended with an error; the reason is in its log.",
        proof=(READ_LOG, *READ_THE_STREAM),
        repair=(
            *CRASHED,
            Step(
                "Put the file that the message names where the program looks for it (in the image, or in a volume at that path), or correct what is wrong in it",
                when=f"~{_CONFIGURED}",
            ),
            Step(
                "Correct the options of the command: this version of the program does not take what the message names",
                when=f"~{_USED_WRONGLY}",
            ),
            Step(
                "The processor lacks an instruction that the program uses (SIGILL): build the image for the task's processor, or take a build of it without AVX; on EC2, a newer type of instance",
                when=f"{exited('132')}|\\billegal instruction\\b",
            ),
            Step(
                "Repair the first error in the log of the stopped task, then deploy",
                "ash-ops doctor restarts",
            ),
            *NOT_ITS_SETTING,
        ),
        signatures=(
            says(
                "exit",
                "container|task",
                exited(_OF_ITS_OWN),
                "~\\b(?:stops?|stopped|dies|died|crash(?:es|ed)|quits?|ends?|fails) ",
                rank=Rank.SYMPTOM,
                kinds="log_line stopped_task service_event http",
                unless=("claude",),
            ),
            says("version 'glibc", "not found", rank=Rank.GENERIC, kinds="log_line stopped_task"),
            says(
                "improperlyconfigured|entered fatal state|application startup failed. exiting",
                "~improperlyconfigured: |\\bapplication startup failed\\. exiting|\\bgave up: [\\w.:-]{1,60} entered fatal state\\b",
                rank=Rank.SYMPTOM,
                kinds="log_line stopped_task",
            ),
            # A setting that a program cannot do without, and Deno's word for what nobody caught.
            says(
                "missing|required|must be set|not set|is not defined|invalid environment variables|declare it as envvar",
                f"~{SETTING}",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                unless=("anthropic|ash_|aws_|database_url|api_key|apikey",),
            ),
            says(
                "usage: |--help|error: ",
                f"~{_USED_WRONGLY}",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                unless=("aws: error|usage: aws", "ash-ops", "docker ", "npm "),
            ),
            # A program that ends because of its settings, and what loggers call such a line.
            says(
                "config|setting|.env|.toml|.yaml|.yml",
                f"~{_CONFIGURED}",
                "fatal|error|exit|panic",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                unless=("aws|.docker/config|kubeconfig", "anthropic|database"),
            ),
            says(
                "settingserror|validation error",
                "~settingserror: error parsing |\\b\\d{1,3} validation errors? for \\w{0,40}settings\\b",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            says(
                "level=fatal|level=panic",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                unless="aws|ecs|docker|deployment has not completed",
            ),
            says("error: uncaught ", rank=Rank.GENERIC, kinds="log_line stopped_task"),
            says(
                "pthread_create failed|can't start new thread|cant create thread|unable to create native thread|fork: retry",
                "resource temporarily unavailable|errno=11|runtimeerror: |eagain|outofmemoryerror",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            # Gunicorn of a worker that it ends itself; and what a process may open no more of.
            says(
                "worker timeout (pid|emfile|too many open files",
                "~\\bworker timeout \\(pid:\\d|\\bemfile\\b|\\btoo many open files\\b",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                # Who sets the limit.
                unless="ulimit -",
            ),
            # Gunicorn of a program that its workers cannot load; the reason stands above.
            says(
                "worker failed to boot",
                "haltserver|gunicorn|reason: ",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            # ecspresso and Copilot, of a task that they started and waited for.
            says(
                "run task|removing container module",
                "~\\bfailed to run task: container: |\\brun task [\\w-]{1,100}: [^|]{0,300}\\bexited with code [1-9]|\\(stopped->stopped\\) - exit: (?:[1-9]|[1-9]\\d|1[01]\\d)\\b",
                rank=Rank.SYMPTOM,
                kinds="log_line stopped_task",
            ),
            # Prisma's migrations: one failed, and no other is applied after it.
            says(
                "p3009|p3018|p3005",
                "~\\berror: p30(?:09|18|05)\\b",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            # The end of a traceback whose head was not pasted: a variable that is not set.
            says(
                "keyerror: ",
                "raise keyerror(key) from none",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            # Elixir's and Erlang's, of a program whose supervisor gave up.
            says(
                "failed to start child|application_start_failure",
                "~\\bapplication \\w{2,60} exited: |\\bcould not start application \\w|\\bapplication_start_failure\\b",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            *OF_NODE,
            *CALLED_BADLY,
            says(
                "segmentation fault|sigsegv|segfault|signal 11|core dumped",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task service_event",
                unless=("heap out of memory",),
            ),
            says(
                "unhandledpromiserejection|unhandled promise rejection|uncaughtexception|uncaught exception|unhandledrejection|triggeruncaughtexception|unhandled 'error' event|throw er;|unhandled rejection|process.exit called with",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            says(
                "enotfound|eai_again",
                OTHER_HOST,
                _ENDED,
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                unless=_OURS,
            ),
            says(
                "econnrefused",
                OTHER_PORT,
                _ENDED,
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                unless=_OURS,
            ),
            says(
                "redis|mysql|mongo|rabbitmq|amqp|smtp|kafka",
                "econnrefused|enotfound|eai_again|etimedout|econnreset|connection refused|connection timed out",
                _ENDED,
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            says(
                "node.js v",
                "~node\\.js v\\d[\\d.]{1,12}(?![\\w.])",
                rank=Rank.NORMAL,
                kinds="log_line stopped_task",
            ),
            says(
                "err_require_esm|err_unknown_file_extension|err_require_cycle_module|err_unhandled_rejection|cannot use import statement outside a module|err_dlopen_failed|was compiled against a different node.js version",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            says(
                "syntaxerror: ",
                "node:internal|wrapsafe|.js:|.mjs:|compilefunction|esm_loader",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                unless="json",
            ),
            says(
                "importerror: cannot import name|typeerror: |referenceerror: |syntaxerror: |rangeerror: |assertionerror",
                rank=Rank.SYMPTOM,
                kinds="log_line stopped_task",
                unless=("fetch failed", LEFT_OUT),
            ),
            says(
                "unbound variable|syntax error near|command not found|parameter null or not set",
                "line |.sh: ",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
                unless=("curl|wget",),
            ),
            says(
                "traceback (most recent call last)|panic: |fatal error: ",
                rank=Rank.SYMPTOM,
                kinds="log_line stopped_task",
            ),
            says(
                "essential container in task exited|essential container", "exit", rank=Rank.NORMAL
            ),
            says(
                "exit",
                exited(_OF_ITS_OWN),
                rank=Rank.NORMAL,
                kinds="stopped_task service_event",
                unless=("claude code",),
            ),
            says("exit", only_exited(_OF_ITS_OWN), rank=Rank.SYMPTOM),
            # A signal, whoever tells it.
            says("exit", exited("13[236]"), rank=Rank.SYMPTOM, kinds="log_line stopped_task"),
        ),
        confused_with=(
            ("entrypoint-missing", "126 and 127 say that the command could not be run."),
            ("container-oom", "There the reason says out of memory."),
        ),
        docs_url=STOPPED_TASKS,
        symptom=True,
    ),
    Cause(
        slug="container-healthcheck-failed",
        title="Container (task definition) health check failing",
        category="restart",
        severity="error",
        meaning="ECS replaces the task because the command of healthCheck fails inside the container, whatever the load balancer says. The public Terraform's command needs curl, which the image does not hold.",
        proof=(
            Step(
                "Compare healthStatus with the target's health",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].[healthStatus,containers[].healthStatus]'",
            ),
            Step(
                "Read the command",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].healthCheck'",
            ),
        ),
        repair=(
            Step(
                "Use a command which the image holds: node -e \"fetch('http://127.0.0.1:4100/health').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))\", with startPeriod 60",
                "ash-ops deploy",
            ),
            Step(
                "The check found nobody listening: read the container's own log; let the server listen on the port that the check asks, and give it more time to start (startPeriod)",
                "docker logs <container>",
                when=r"~(?=.*\bfailing ?streak|.*\bexitcode\b).*(?:curl: \(7\)|connection refused)",
            ),
            *IPV6_FIRST,
            *CHECKED,
        ),
        signatures=(
            *NO_ANSWER_WITHIN,
            says(
                "container health check|container healthcheck|container health-check|had unexpected health status|コンテナのヘルスチェックをパスできません|コンテナのヘルスチェックに失敗",
                rank=Rank.PRECISE,
            ),
            says(
                "health check|healthcheck|health-check",
                "container",
                "fail|unhealthy",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event log_line",
                unless=(
                    "target-group|target group|(elb|elb health|codes:",
                    "~\\bbefore (?:its|the|any|a) health ?check",
                ),
            ),
            says(
                'curl: not found|curl: command not found|"curl": executable file not found|wget: not found|curl\': no such file',
                rank=Rank.CLEAR,
            ),
            says("docker healthcheck|health_status: unhealthy|(unhealthy)", rank=Rank.LIKELY),
            # Docker Compose, of a container that another waits for.
            says(
                "dependency failed to start",
                "~\\bcontainer [\\w.-]{1,100} (?:is unhealthy|has no healthcheck configured)\\b",
                # What its own log says beside it tells more.
                rank=Rank.GENERIC + 1,
                # Whoever names the tool in front of its words retells them.
                unless="docker compose: |docker-compose: ",
            ),
            # Docker's own log of the checks, as docker inspect prints it: what a check said is no cause of its own.
            says("failingstreak", "output|exitcode", rank=Rank.DECISIVE),
            says(
                "cannot exec a container that has stopped|oci runtime exec failed",
                "cannot exec a container that has stopped",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(
            (
                "elb-healthcheck-failed",
                "That is the load balancer's check; its events name a target group.",
            ),
            ("sigkill-137", "137 is how such a task often ends."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html",
    ),
    Cause(
        slug="fargate-maintenance",
        title="AWS replaces the host under the task (maintenance)",
        category="restart",
        severity="info",
        meaning="A planned replacement by Fargate; ECS starts another task.",
        proof=(Step("See the replacement run", "ash-ops status"),),
        repair=(
            Step(
                "If a minute without a server matters, set the time to wait for retirement",
                "aws ecs put-account-setting --name fargateTaskRetirementWaitPeriod --value 14",
            ),
        ),
        signatures=(
            says(
                "maintenance|retire|retirement|retiring|patching|task_patching_retirement|persistent_ecs",
                "task|host|infrastructure|instance|platform|fargate|ecs",
                rank=Rank.CLEAR,
                unless=("database", "operation error|when calling the"),
            ),
            says(
                "underlying infrastructure|underlying host|underlying hardware|degraded hardware|hardware failure|hardware issue|host is unhealthy|host failure|instance is being replaced|host is being replaced",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event",
            ),
        ),
        confused_with=(("spot-interruption", "There Spot capacity was taken back."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-maintenance.html",
    ),
    Cause(
        slug="spot-interruption",
        title="Fargate Spot took the task back",
        category="restart",
        severity="warning",
        meaning="AWS needed the capacity; live sessions of that task are lost.",
        proof=(
            Step(
                "Read stopCode and the capacity provider",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].[stopCode,capacityProviderName]'",
            ),
        ),
        repair=(
            *ENDED_BY_SOMEBODY,
            Step(
                "Use FARGATE for the server",
                "aws ecs update-service --cluster <cluster> --service <service> --capacity-provider-strategy capacityProvider=FARGATE,base=1,weight=1 --force-new-deployment",
            ),
        ),
        signatures=(
            says(
                "~(?<![a-z])spot(?![a-z])",
                "interrupt|reclaim|terminat|taken back|taken away|preempt|evict",
                rank=Rank.DECISIVE,
                unless="when aws needs|when amazon web services needs|when amazon ec2 needs|onstatusreason",
            ),
            says("spotinterruption|spot interruption", rank=Rank.DECISIVE),
            # EC2's signal that a Spot instance is at risk, before the warning of two minutes.
            says("instance rebalance recommendation", rank=Rank.CLEAR),
        ),
        confused_with=(("fargate-capacity", "There a Spot task could not be started."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
    ),
)
