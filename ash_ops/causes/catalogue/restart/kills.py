"""Containers that are killed: memory, signals, crashes."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.restart.built_elsewhere import ENDED_BY_GUNICORN
from ash_ops.causes.catalogue.restart.further_reasons import (
    END_SOONER,
    OUT_OF_MEMORY,
    SLOW_TO_END,
)
from ash_ops.causes.catalogue.restart.other_programs import EMULATED, OTHERS_FAULT
from ash_ops.causes.catalogue.restart.plainly_said import READ_THE_LIMITS
from ash_ops.causes.catalogue.restart.repairs import NOT_STOPPED, OTHERS_MEMORY
from ash_ops.causes.catalogue.restart.words import (
    MEMORY_GRAPH,
    READ_LOG,
    STOPPED_REASONS,
    STOPPED_TASKS,
    exited,
    only_exited,
)

CAUSES: Final = (
    Cause(
        slug="crash-loop",
        title="Service keeps failing to start tasks (the cause is in the stopped tasks)",
        category="restart",
        severity="error",
        meaning="The scheduler starts tasks which end again, and waits longer each time. It is never the root by itself.",
        proof=(STOPPED_REASONS, READ_LOG),
        repair=(
            Step("Find and repair the cause of the stopped tasks", "ash-ops doctor restarts"),
            Step(
                "Then start new tasks without waiting",
                "aws ecs update-service --cluster <cluster> --service <service> --force-new-deployment",
            ),
        ),
        signatures=(
            says("replacement task set", "timed out|failed|unhealthy", rank=Rank.SYMPTOM),
            # How tables of troubles put it.
            says(
                "exits immediately|exits shortly after|starts then",
                "~\\bcontainer (?:exits immediately|exits shortly after)\\b|\\btasks? starts? then (?:immediately )?'?stops?\\b",
                rank=Rank.SYMPTOM,
            ),
            says("service_task_start_impaired", rank=Rank.SYMPTOM),
            # Copilot's table of deployments: desired, running, failed, pending.
            says(
                "primary ",
                "~\\bprimary +\\d{1,5} +\\[in progress\\] +\\d{1,4} +\\d{1,4} +[1-9]",
                rank=Rank.SYMPTOM,
            ),
            says(
                "unable to consistently start|consistently start tasks|unable to start tasks consistently",
                rank=Rank.SYMPTOM,
            ),
            # The guide's own heading, and how people put it.
            says(
                "restart|crashing|crash loop|stopped",
                "~keeps? (?:on )?(?:\\w{2,20}ly )?restarting|\\brestarting \\(\\d{1,3}\\) (?:\\d|an? |about|less)|keeps? crashing|restarts? (?:all the time|over and over|again and again|endlessly|every (?:few )?(?:minutes?|seconds?))|restart loop|crash loop|\\b(?:cycl|loop|flip|bounc)\\w{0,4} (?:from|between) (?:pending|running) (?:to|and) stopped",
                rank=Rank.SYMPTOM,
            ),
            says(
                "stopped immediately|stopped at once|stopped right away|rapidly exit|immediately exit|quickly exit|keeps killing|keep killing|再起動ループ",
                "~\\btasks? (?:[a-z]{2,10} ){0,4}(?:are|is|get|gets) stopped (?:immediately|right away|at once)|\\b(?:containers?|tasks?) (?:are|is) start(?:ing|ed) (?:but|and) (?:are |is )?(?:rapidly|immediately|quickly) exit|\\bkeeps? killing (?:and restarting )?(?:the |our |my |its |new )?(?:containers?|tasks?)\\b|(?:タスク|コンテナ).{0,20}再起動ループ",
                rank=Rank.SYMPTOM,
                unless="desired-count 0|desired count 0|to zero|to 0|exit 0|exit code 0|exits 0|code 0",
            ),
            says(
                "tasks failed to start|task failed to start",
                "~\\b\\d{1,4} tasks? failed to start\\b",
                rank=Rank.SYMPTOM,
            ),
            says(
                "tasks failed to start|failed to start task|crashloopbackoff|restarting repeatedly|repeatedly fail|failing repeatedly|backing off",
                rank=Rank.NORMAL,
                kinds="service_event stopped_task log_line",
            ),
        ),
        confused_with=(
            ("circuit-breaker", "If ECS has given up on a deployment."),
            ("anthropic-key-missing", "If the server starts and agents cannot execute."),
            ("container-oom", "If a container's reason says OutOfMemoryError."),
            ("container-healthcheck-failed", "If the tasks fail their container health check."),
        ),
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
            MEMORY_GRAPH,
            *READ_THE_LIMITS,
        ),
        repair=(
            Step(
                "A task of Ash needs more memory: one sandbox alone may use ASH_SANDBOX_MEMORY_MB",
                "ash-ops deploy --memory 4096",
            ),
            Step("Or lower ASH_MAX_SANDBOXES or ASH_SANDBOX_MEMORY_MB"),
            *OUT_OF_MEMORY,
            *OTHERS_MEMORY,
        ),
        signatures=(
            says(
                "outofmemoryerror|container killed due to memory|killed due to memory usage|oomkilled|oom-killed|oom killed|oom_kill|oom killer|oom-kill|invoked oom-killer|memory cgroup out of memory",
                rank=Rank.DECISIVE,
                unless=(
                    "[sandbox:",
                    "heap out of memory",
                    "java.lang|java heap|cuda",
                    '~oomkilled"?[:=] ?"?false',
                ),
            ),
            says(
                "out of memory|outofmemory|memory limit",
                "kill|exceed|container|process",
                rank=Rank.PRECISE,
                unless=(
                    "[sandbox",
                    "sandbox 0",
                    "heap",
                    "above your",
                    "ulimit",
                    "minimum memory",
                    "memory limits set",  # a guide's
                    # Gunicorn's guess of a worker that was killed, by itself after a timeout, too.
                    "perhaps out of memory",
                    "gc overhead limit|cuda",
                ),
            ),
            says(
                "oom",
                "~\\boom\\b",
                "kill|exit|137|container",
                rank=Rank.PRECISE,
                unless=("[sandbox",),
            ),
            says(
                "fatal error: runtime: out of memory|error in malloc(): out of memory|insufficient memory for the java runtime environment",
                rank=Rank.CLEAR,
            ),
            # Runtimes as they end of it, each in its own words.
            says(
                "terminating due to java.lang.outofmemoryerror|vm is shutting down. reason: java/lang/outofmemoryerror|handler dispatch failed: java.lang.outofmemoryerror|handler dispatch failed; nested exception is java.lang.outofmemoryerror|unhandled exception. system.outofmemoryexception|runtime: out of memory: cannot allocate|eheap_alloc: cannot allocate|os::commit_memory(|memory allocation of",
                "~\\boutofmemory(?:error|exception)\\b|\\bcannot allocate \\d|\\berrno=12\\b|\\bmemory allocation of \\d{1,20} bytes failed\\b",
                rank=Rank.CLEAR,
            ),
            says("java heap space", "~\\berror {1,4}java heap space\\b", rank=Rank.CLEAR),
            says("137 (out of memory)", rank=Rank.DECISIVE),
            # How people put it.
            says(
                "killed because of|killed due to|killed by",
                "~\\b(?:is|was|were|got|gets|being|been) killed (?:because of|due to|by) (?:an? |its |the )?memory (?:issue|problem|limit|pressure|shortage|usage)",
                rank=Rank.PRECISE,
                unless="[sandbox",
            ),
            # An older kernel, of the control group that its container had.
            says(
                "killed as a result of limit of",
                "~\\btask in /(?:docker|ecs|system\\.slice/docker|kubepods)\\b",
                rank=Rank.PRECISE,
            ),
            # The kernel's second line, where the first was not pasted: nothing else prints these sizes.
            says("killed process", "anon-rss|total-vm", rank=Rank.PRECISE),
            says(
                "cannot allocate memory|enomem|std::bad_alloc|memoryerror",
                rank=Rank.CLEAR,
                unless=("iptables", "java.lang.outofmemoryerror|cuda"),
            ),
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
            MEMORY_GRAPH,
        ),
        repair=(
            Step(
                "A shell says 'Killed' where somebody else ended what it started, mostly the kernel for want of memory: give the container more, or the program less to do at once",
                when="~\\bline \\d{1,5}: +\\d{1,8} killed\\b",
            ),
            Step(
                "One process of several was killed within the container, and its server went on: mostly its memory ran out; give the container more, or let fewer workers run at once",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.[memory,containerDefinitions[].[name,memory]]'",
                when="~\\bforkpoolworker\\b|\\bworker exited prematurely\\b|\\bdied, killed by signal 9\\b|\\bterminated by sigkill\\b|\\bperhaps out of memory\\b|\\bcheckexecsyncerror\\b",
            ),
            *ENDED_BY_GUNICORN,
            Step("Handle SIGTERM, or raise stopTimeout (120 s at most on Fargate)"),
            Step(
                "A task of Ash gets more memory so, if the graph was near 100 %",
                "ash-ops deploy --memory 4096",
            ),
        ),
        signatures=(
            says(
                "137",
                "~\\bexit(?:s|ed|ing)?\\b(?:[^.|]|\\.(?=\\S)){0,12}\\b137\\b",
                rank=Rank.LIKELY,
                unless=("out of memory|oom|outofmemory", "claude"),
            ),
            says(
                "code 137",
                "~\\b(?:dies|died|crash(?:es|ed)|stops|stopped|ends|ended|quits) with (?:exit |error |status )?code 137\\b",
                rank=Rank.LIKELY,
                unless=("out of memory|oom|outofmemory", "claude"),
            ),
            # The shell that started it.
            says(
                "killed",
                '~\\bline \\d{1,5}: +\\d{1,8} killed +(?:\\( ?)?(?:\\w{1,20}=\\S{1,60} )*(?:exec )?[\\w./"$-]{2,60}',
                rank=Rank.PRECISE + 1,  # the name of its script is no agent's
                kinds="log_line stopped_task",
                unless=":startup]|:install]|/data/",
            ),
            says(
                "stoptimeout|stop timeout|grace period|stop in time|exit in time|respond to sigterm",
                "exceeded|expired|kill|elapsed|did not",
                rank=Rank.CLEAR,
                kinds="stopped_task service_event log_line",
                # A guide, of the setting.
                unless="~\\bstop ?timeout (?:defaults to|is set to|is how long|controls)\\b|\\bwill (?:sigkill|be sent a sigkill)\\b",
            ),
            # uWSGI, supervisord and Celery of a worker that they did not kill.
            says(
                "killed by signal 9|terminated by sigkill|worker exited prematurely: signal 9|exited with 'signal 9|was sent sigkill",
                rank=Rank.CLEAR,
                kinds="log_line",
            ),
            says(
                "137|sigkill|signal 9|signal: killed",
                exited("137")
                + "|status:? 137\\b|\\bcode=137\\b|\\(137\\)|sigkill|signal 9|signal: killed",
                rank=Rank.GENERIC,
                unless=(
                    "out of memory|outofmemory|oomkilled",
                    "health check",
                    "logging driver|log driver|log stream|logger|resourceinit",
                    "will be sent a sigkill",  # a guide, of what follows the time that a task is given
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
            *NOT_STOPPED,
            *END_SOONER,
        ),
        signatures=(
            *SLOW_TO_END,
            says(
                "sigterm",
                "sigkill|killed",
                "did not stop|did not exit|not stop in time|did not shut down|not react|ignored",
                rank=Rank.PRECISE,
                unless="claude",
            ),
            says("could not transition to stopped", rank=Rank.CLEAR),
            says("dockertimeouterror", "docker stop", rank=Rank.CLEAR),
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
        proof=(READ_LOG,),
        repair=(
            Step(
                "Use the image as published for the task's processor, or another version of it",
                "ash-ops rollout <tag>",
            ),
            *OTHERS_FAULT,
            *EMULATED,
        ),
        signatures=(
            says(
                "terminated by signal sigsegv|killed by sigsegv|killed by signal sigsegv|errno 139|address boundary error|was sent sigsegv|was sent code 139",
                rank=Rank.PRECISE,
            ),
            # systemd, of a unit that runs a container: of a program it tells the signal.
            says(
                "main process exited",
                "~\\bcode=exited, status=139/",
                rank=Rank.CLEAR,
                kinds="log_line",
            ),
            says(
                "segfault|segmentation fault|segment fault",
                "~\\b(?:ash|node|server|container|task|core dumped|fargate|ecs|\\[\\d\\])\\b|^[^a-z]{0,10}segmentation fault|\\bthis ['\"]?segment fault",
                rank=Rank.CLEAR,
                unless="heap out of memory|gdb|valgrind",
            ),
            says(
                "segmentation fault|sigsegv|segfault|signal 11|errno 139",
                rank=Rank.GENERIC + 1,
                unless=("heap out of memory",),
            ),
            says(
                "exit|restarting (",
                "139",
                exited("139"),
                rank=Rank.GENERIC + 1,
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
        proof=(READ_LOG, MEMORY_GRAPH),
        repair=(
            Step(
                "Set NODE_OPTIONS=--max-old-space-size to three quarters of the container's memory, and give the container more",
                "ash-ops deploy --memory 4096",
            ),
        ),
        signatures=(
            says("exit", only_exited("134"), rank=Rank.GENERIC),
            says(
                "heap out of memory|last few gcs|reached heap limit|ineffective mark-compacts|allocation failed - javascript|heap limit|fatalprocessoutofmemory|worker terminated due to reaching memory limit|fatal process out of memory|fatal process oom|call_and_retry_last|err_worker_out_of_memory|invalid array length allocation failed|reportoomfailure|zone allocation failed",
                rank=Rank.DECISIVE,
            ),
            says(
                "mark-sweep|scavenge",
                "allocation failure|last resort|might not succeed",
                rank=Rank.CLEAR,
                kinds="log_line stopped_task",
            ),
        ),
        confused_with=(("container-oom", "There the kernel kills with 137 and V8 says nothing."),),
        docs_url="https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib",
    ),
)
