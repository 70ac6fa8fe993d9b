"""How a container ended: killed, crashed, stopped by someone."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says

STOPPED_TASKS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"
)
_READ_LOG: Final = Step(
    "Read the last lines of the task that died", "ash-ops logs --previous -n 50"
)
_MEMORY_GRAPH: Final = Step(
    "Read the memory graph",
    "aws cloudwatch get-metric-statistics --namespace AWS/ECS --metric-name MemoryUtilization --dimensions Name=ClusterName,Value=<cluster> Name=ServiceName,Value=<service> --start-time <start> --end-time <end> --period 60 --statistics Maximum",
)
_STOPPED: Final = Step(
    "Read the reasons of the stopped tasks",
    "aws ecs list-tasks --cluster <cluster> --service-name <service> --desired-status STOPPED",
)

CAUSES: Final = (
    Cause(
        slug="crash-loop",
        title="Service keeps failing to start tasks (the cause is in the stopped tasks)",
        category="restart",
        severity="error",
        meaning="The scheduler starts tasks which end again, and waits longer each time. It is never the root by itself.",
        proof=(_STOPPED, _READ_LOG),
        repair=(
            Step("Find and repair the cause of the stopped tasks", "ash-ops doctor restarts"),
            Step(
                "Then start new tasks without waiting",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
            ),
        ),
        signatures=(
            says(
                "unable to consistently start|consistently start tasks|unable to start tasks consistently",
                rank=Rank.SYMPTOM,
            ),
            says(
                "tasks failed to start|failed to start task|crashloopbackoff|restarting repeatedly|repeatedly fail|failing repeatedly|backing off",
                rank=Rank.NORMAL,
                kinds="service_event stopped_task log_line",
            ),
        ),
        confused_with=(("circuit-breaker", "There ECS has given up on a deployment."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html",
        symptom=True,
    ),
    Cause(
        slug="container-oom",
        title="Container killed: out of memory",
        category="restart",
        severity="error",
        meaning="The kernel killed a process of the container because its memory limit was reached. Mostly exit code 137; 0 or 1 when a child was killed.",
        proof=(
            Step(
                "Read the containers' reasons: OutOfMemoryError",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].[name,exitCode,reason]'",
            ),
            _MEMORY_GRAPH,
        ),
        repair=(
            Step(
                "Give the task more memory: a sandbox alone may use 2048 MB, the guide's task has 1024",
                "ash-ops deploy --memory 4096",
            ),
            Step("Or lower ASH_MAX_SANDBOXES or ASH_SANDBOX_MEMORY_MB"),
        ),
        signatures=(
            says(
                "outofmemoryerror|container killed due to memory|killed due to memory usage|oomkilled|oom-killed|oom_kill|oom killer|oom-kill|invoked oom-killer|memory cgroup out of memory",
                rank=Rank.DECISIVE,
                unless=("[sandbox:", "heap out of memory"),
            ),
            says(
                "out of memory|outofmemory|memory limit",
                "kill|exceed|container|process",
                rank=Rank.PRECISE,
                unless=("[sandbox", "sandbox 0", "heap", "above your", "ulimit"),
            ),
            says(
                "oom",
                "~\\boom\\b",
                "kill|exit|137|container",
                rank=Rank.PRECISE,
                unless=("[sandbox",),
            ),
            says("cannot allocate memory|enomem|std::bad_alloc|memoryerror", rank=Rank.CLEAR),
        ),
        confused_with=(
            (
                "sigkill-137",
                "137 without an out-of-memory reason is something else until the memory graph says so.",
            ),
            ("node-heap-oom", "There V8's own limit is reached: 'JavaScript heap out of memory'."),
            ("sandbox-oom", "There one sandbox was killed and the server lives."),
        ),
        docs_url=STOPPED_TASKS,
    ),
    Cause(
        slug="sigkill-137",
        title="Exit 137 without an out-of-memory reason (SIGKILL)",
        category="restart",
        severity="warning",
        meaning="The process was killed with SIGKILL: it did not stop within stopTimeout, or memory ran out and nobody said so.",
        proof=(
            Step(
                "Read who stopped it and why",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].[stopCode,stoppedReason,containers[].reason]'",
            ),
            _MEMORY_GRAPH,
        ),
        repair=(
            Step("Handle SIGTERM, or raise stopTimeout (120 s at most on Fargate)"),
            Step(
                "If memory was near 100 %, treat it as container-oom",
                "ash-ops deploy --memory 4096",
            ),
        ),
        signatures=(
            says(
                "stoptimeout|stop timeout|grace period|stop in time|exit in time|respond to sigterm",
                "exceeded|expired|kill|elapsed|did not",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event log_line",
            ),
            says(
                "exit code 137|exit code: 137|exitcode: 137|exit status 137|exited with 137|exited (137)|code=137|exited with code 137|status 137|exitcode 137|(137)|sigkill|signal 9|signal: killed",
                rank=Rank.GENERIC,
                unless=(
                    "out of memory|outofmemory|oomkilled",
                    "health check",
                    "logging driver|log driver|log stream|logger|resourceinit",
                ),
            ),
        ),
        confused_with=(
            ("container-oom", "There the reason says OutOfMemoryError."),
            ("stop-timeout", "There the kill came at the end of stopTimeout."),
            (
                "container-healthcheck-failed",
                "A task stopped for its health check may end with 137 too.",
            ),
        ),
        docs_url=STOPPED_TASKS,
    ),
    Cause(
        slug="stop-timeout",
        title="The server did not stop in time and was killed",
        category="restart",
        severity="warning",
        meaning="SIGTERM was sent, stopTimeout passed, SIGKILL followed: work in progress is lost.",
        proof=(
            Step(
                "Compare stoppingAt with stoppedAt",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].[stoppingAt,stoppedAt]'",
            ),
        ),
        repair=(
            Step(
                "Raise stopTimeout to 120 (Ash saves every workspace when it stops)",
                "ash-ops deploy",
            ),
        ),
        signatures=(
            says(
                "cannotstopcontainererror|failed to stop container",
                rank=Rank.CLEAR,
            ),
        ),
        confused_with=(("sigkill-137", "The same end without knowing who sent it."),),
        docs_url=STOPPED_TASKS,
    ),
    Cause(
        slug="exit-139",
        title="Exit 139: the process crashed with a segmentation fault (SIGSEGV)",
        category="restart",
        severity="error",
        meaning="A native module or the runtime touched memory it may not. It is not an out-of-memory kill.",
        proof=(_READ_LOG,),
        repair=(
            Step(
                "Use the image as published for the task's processor, or another version of it",
                "ash-ops rollout <tag>",
            ),
        ),
        signatures=(
            says(
                "segmentation fault|sigsegv|segfault|signal 11",
                rank=Rank.SYMPTOM,
                unless=("heap out of memory",),
            ),
            says(
                "exit code 139|exit code: 139|exitcode: 139|exit status 139|exited (139)|code=139|exited with code 139|exitcode 139",
                rank=Rank.SYMPTOM,
                unless=("heap out of memory",),
            ),
        ),
        confused_with=(
            ("container-oom", "Out of memory is 137 with a reason that says so."),
            ("node-heap-oom", "V8's heap limit aborts with 134, in old versions 139, and says so."),
        ),
        docs_url=STOPPED_TASKS,
    ),
    Cause(
        slug="node-heap-oom",
        title="Node.js heap limit reached",
        category="restart",
        severity="error",
        meaning="V8 aborts (exit 134) although the container may have memory left.",
        proof=(_READ_LOG, _MEMORY_GRAPH),
        repair=(
            Step(
                "Set NODE_OPTIONS=--max-old-space-size to three quarters of the container's memory, and give the task more",
                "ash-ops deploy --memory 4096",
            ),
        ),
        signatures=(
            says(
                "heap out of memory|reached heap limit|ineffective mark-compacts|allocation failed - javascript|heap limit|fatalprocessoutofmemory|fatal process out of memory|call_and_retry_last|err_worker_out_of_memory|invalid array length allocation failed|reportoomfailure|zone allocation failed",
                rank=Rank.DECISIVE,
            ),
            says(
                "mark-sweep|scavenge",
                "allocation failure|last resort",
                rank=Rank.CLEAR,
                kinds="log_line stopped_task",
            ),
        ),
        confused_with=(("container-oom", "There the kernel kills with 137 and V8 says nothing."),),
        docs_url="https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib",
    ),
    Cause(
        slug="app-crash",
        title="Essential container exited by itself",
        category="restart",
        severity="error",
        meaning="The process ended with an error; the reason is in its log.",
        proof=(_READ_LOG,),
        repair=(
            Step(
                "Repair the first error in the log of the stopped task, then deploy",
                "ash-ops doctor restarts",
            ),
        ),
        signatures=(
            says(
                "segmentation fault|sigsegv|segfault|signal 11|core dumped",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task service_event",
                unless=("heap out of memory",),
            ),
            says(
                "~exit(?:ed)?(?: with)?(?: code| status)?[:=]? ?\\(?139\\)?(?:[^0-9]|$)",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task service_event",
            ),
            says(
                "unhandledpromiserejection|unhandled promise rejection|uncaughtexception|uncaught exception|unhandledrejection|triggeruncaughtexception|unhandled 'error' event|throw er;|unhandled rejection|process.exit called with",
                rank=Rank.GENERIC,
                kinds="log_line stopped_task",
            ),
            says("node.js v", "~node\\.js v\\d", rank=Rank.NORMAL, kinds="log_line stopped_task"),
            says(
                "typeerror: |referenceerror: |syntaxerror: |rangeerror: |assertionerror",
                rank=Rank.SYMPTOM,
                kinds="log_line stopped_task",
                unless=("fetch failed",),
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
                "~exit(?:ed)?(?: with)?(?: code| status)?[:=]? ?\\(?(?:1|2|3|13|78|255)\\)?(?:[^0-9]|$)",
                rank=Rank.NORMAL,
                kinds="stopped_task service_event",
                unless=("claude code",),
            ),
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
        ),
        signatures=(
            says(
                "container health check|container healthcheck|container health-check",
                rank=Rank.PRECISE,
            ),
            says(
                "health check|healthcheck|health-check",
                "container",
                "fail|unhealthy",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event log_line",
                unless=("target-group|target group|(elb|elb health|codes:",),
            ),
            says(
                'curl: not found|curl: command not found|"curl": executable file not found|wget: not found|curl\': no such file',
                rank=Rank.CLEAR,
            ),
            says("docker healthcheck|health_status: unhealthy|~\\(unhealthy\\)", rank=Rank.LIKELY),
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
                "Nothing. If a minute without a server matters, set the time to wait for retirement",
                "aws ecs put-account-setting --name fargateTaskRetirementWaitPeriod --value 14",
            ),
        ),
        signatures=(
            says(
                "maintenance|retire|retirement|retiring|patching|task_patching_retirement|persistent_ecs",
                "task|host|infrastructure|instance|platform|fargate|ecs",
                rank=Rank.CLEAR,
                unless=("database",),
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
            Step(
                "Use FARGATE for the server",
                "aws ecs update-service --cluster <cluster> --service <service> --capacity-provider-strategy capacityProvider=FARGATE,base=1,weight=1 --force-new-deployment",
            ),
        ),
        signatures=(
            says("spot", "interrupt|reclaim|terminat|taken back|preempt|evict", rank=Rank.DECISIVE),
            says("spotinterruption|spot interruption", rank=Rank.DECISIVE),
        ),
        confused_with=(("fargate-capacity", "There a Spot task could not be started."),),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html",
    ),
)
