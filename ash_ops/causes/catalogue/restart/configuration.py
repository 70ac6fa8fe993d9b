"""Servers that cannot start as configured: ports, addresses, commands."""

from typing import Final

from ash_ops.causes.base import Cause, Rank, Step, says
from ash_ops.causes.catalogue.restart.built_elsewhere import (
    CAPABILITIES,
    FOR_ANOTHER_LIBC,
    NETWORK_OF_THE_HOST,
    OPEN_FILES,
)
from ash_ops.causes.catalogue.restart.further_reasons import (
    IN_A_NESTED_ONE,
    LISTENS_TO_ITSELF,
    NATIVE_PART,
    NO_COMMAND,
    UNSET_HOST,
)
from ash_ops.causes.catalogue.restart.limits import ASSIGNED, LIMITED, REFUSED
from ash_ops.causes.catalogue.restart.other_programs import (
    APPLICATION_BY_NAME,
    PUBLISHED_WITHOUT_ROOT,
    READ_IMAGE,
)
from ash_ops.causes.catalogue.restart.plainly_said import READ_THE_SCRIPT
from ash_ops.causes.catalogue.restart.repairs import (
    BEFORE_THE_COMMAND,
    NOT_IN_THE_IMAGE,
    OTHERS_ADDRESS,
    STARTING,
)
from ash_ops.causes.catalogue.restart.starters import NOT_IN_THE_BUILD, NOTHING_TO_START
from ash_ops.causes.catalogue.restart.words import NOT_THE_COMMAND, exited, only_exited
from ash_ops.causes.catalogue.restart.writing import A_SOCKETS_FILE

_LOGGED: Final = "log_line stopped_task service_event api_error"
_FAMILY: Final = "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[name,entryPoint,command,environment[].name]'"

CAUSES: Final = (
    Cause(
        slug="bad-listen-config",
        title="ASH_PORT or ASH_HOST is invalid, or the server listens on loopback only",
        category="restart",
        severity="error",
        meaning="The server cannot bind, or binds where the load balancer cannot reach it.",
        proof=(
            Step(
                "Read the line in which it says where it listens", "ash-ops logs --filter listening"
            ),
            Step("Read its settings", _FAMILY),
        ),
        repair=(
            Step("Set ASH_HOST=0.0.0.0 and ASH_PORT=4100, then deploy", "ash-ops deploy"),
            Step(
                "A port below 1024 is root's: listen on a higher one (Ash on ASH_PORT=4100), and change the port mapping and the target group with it",
                when="~^(?!.*(?:\\blisten eacces: permission denied /|\\brootless)).*(?:permission denied|\\beacces\\b|\\beperm\\b)",
            ),
            *UNSET_HOST,
            *OTHERS_ADDRESS,
            *PUBLISHED_WITHOUT_ROOT,
        ),
        signatures=(
            says(
                "getaddrinfo enotfound|getaddrinfo eai_again",
                "level error",
                rank=Rank.DECISIVE,
                kinds="log_line stopped_task",
                unless=(
                    "database|postgres|[db]|rds.",
                    "anthropic",
                    "amazonaws",
                    "redis",
                    # Whom a program calls has a domain.
                    "~\\bgetaddrinfo (?:enotfound|eai_again) [\\w-]{1,63}\\.[a-z]",
                ),
            ),
            says(
                "err_socket_bad_port|options.port|port should be >=|invalid port|port out of range|bad port",
                rank=Rank.PRECISE,
                kinds=_LOGGED,
                unless="database url|database string|after host|connection string|prisma|password",
            ),
            says(
                "eaddrnotavail|cannot assign requested address|address not available",
                rank=Rank.PRECISE,
                kinds=_LOGGED,
                unless=(
                    "connect: cannot assign requested|connect(2) for|connecting to |tcp connect error|connecterror(|connect eaddrnotavail|could not connect to|connection to server at|failed to connect|sockets.socket.beginconnect|sockets.socket.doconnect|sockets.socket.connect|connection to database",
                    "userland proxy|failed to create endpoint",
                ),
            ),
            says(
                "listen eacces|listen eperm|permission denied 0.0.0.0|bind: permission denied",
                rank=Rank.PRECISE,
                kinds=_LOGGED,
                unless=A_SOCKETS_FILE,
            ),
            says(
                "permission denied",
                "~\\bbind(?:\\(\\))?(?: to|ing) [\\[\\]\\d.:]{3,40}:\\d{2,5} failed \\(13: permission denied\\)|\\bcould not bind to address [\\[\\]\\d.:]{3,40}\\b|\\bsockets\\.socket\\.dobind\\b|\\b(?:unable to start kestrel|hosting failed to start|failed to bind to address http)\\b|\\bsock(?:et)?\\.bind\\(",
                rank=Rank.PRECISE,
                kinds=_LOGGED,
            ),
            says(
                "getaddrinfo|enotfound|eai_again",
                "~\\b(?:(?:do)?listen(?:ing)?|ash_host|bind(?:ing)?|setuplistenhandle)\\b",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
                unless=("database|postgres|[db]",),
            ),
            says(
                "~ listening (?:on|at) (?:http://)?(?:127\\.0\\.0\\.1|localhost|\\[?::1\\]?):",
                "ash v|ash runner|mode: ",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
            ),
            says(
                "~\\b(?:listen(?:s|ing|ed)?|binds?|bound|binding) (?:only |just )?(?:on|to|at) (?:127\\.0\\.0\\.1|localhost|(?:(?:the |its )?(?:container's |own )?)loopback)\\b",
                "health check|load balancer|nlb|target group|outside|0.0.0.0|unreachable|never reach|not reach|refused|ash",
                rank=Rank.LIKELY,
                unless="over the internet",
            ),
            *LISTENS_TO_ITSELF,
            says(
                "ash_port|ash_host",
                "invalid|nan|must be|not a number|error",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
            ),
        ),
        confused_with=(
            ("port-in-use", "There the port is right and taken."),
            ("conn-refused", "What the load balancer or a client sees of it."),
        ),
        docs_url="https://nodejs.org/api/net.html#serverlisten",
    ),
    Cause(
        slug="container-start-failed",
        title="The container could not be started: the reason is not known",
        category="restart",
        severity="error",
        meaning="The runtime refused to create or start the container, for a reason that is cut off or that this catalogue does not know.",
        proof=(
            Step(
                "Read the whole reason",
                "aws ecs describe-tasks --cluster <cluster> --tasks <task> --query 'tasks[].containers[].[name,reason]'",
            ),
        ),
        repair=(
            *OPEN_FILES,
            *CAPABILITIES,
            *NETWORK_OF_THE_HOST,
            *IN_A_NESTED_ONE,
            Step(
                "Let the doctor read the stopped tasks, their volumes and their commands",
                "ash-ops doctor restarts pending",
            ),
            *LIMITED,
            *BEFORE_THE_COMMAND,
            *STARTING,
        ),
        signatures=(
            *REFUSED,
            says(
                "cannotinspectcontainererror|cannotstopcontainererror|cannotcreatevolumeerror|cannotinspectvolumeerror|containernetworkingerror|containerruntimeerror|containervanishederror|nosuchcontainererror|impossiblestatetransitionerror|dockerstateerror|hostconfigerror|cannotgetdockerclienterror|cgrouperror",
                rank=Rank.SYMPTOM,
                kinds=_LOGGED,
                unless="could not transition",
            ),
            says("exit", only_exited("125"), rank=Rank.SYMPTOM),
            # The waiter of the SDKs, of a task that stopped before it ran.
            says("tasksrunning", 'expected path: "stopped', rank=Rank.SYMPTOM),
            says("minimum memory limit allowed", rank=Rank.GENERIC, kinds=_LOGGED),
            # All that a task says on whose containers somebody has to look.
            says(
                "task failed to start",
                "~^[^a-z]{0,10}(?:[a-z ]{2,20}[(:|=\\t ]{1,4})?['\"]?task failed to start\\W{0,6}$",
                rank=Rank.NORMAL,
                kinds="stopped_task",
            ),
            # Elastic Beanstalk's script, of a task that gives no reason.
            says("task stopped due to: task failed to start", rank=Rank.GENERIC),
            says(
                "volume plugin",
                "not found|not enabled",
                "cannotcreatevolumeerror|error response from daemon",
                rank=Rank.GENERIC,
                kinds=_LOGGED,
            ),
            says(
                "cannotstartcontainererror|cannotcreatecontainererror|cannot start container|oci runtime create failed",
                rank=Rank.SYMPTOM,
                kinds=_LOGGED,
                unless="pod/|kubelet",
            ),
            # The runtime names the step before the command that failed: a mount, a device, a control group.
            says(
                "oci runtime|runc create|container_linux.go|starting container process|failed to create shim|failed to start shim|create task: |error response from daemon",
                NOT_THE_COMMAND + "|mount source path",
                rank=Rank.GENERIC,
                kinds=_LOGGED,
                unless=("out of memory|oom", "no space left", "oci runtime exec failed"),
            ),
            says(
                "error while creating mount source path|invalid mount config for type",
                rank=Rank.GENERIC,
                kinds=_LOGGED,
            ),
            # Docker, of the host's own network.
            says(
                "failed to create endpoint|failed programming external connectivity",
                "on network |on endpoint ",
                rank=Rank.GENERIC,
                kinds=_LOGGED,
                # The kernel of a desk lacks what bridges need.
                unless="already allocated|already in use|eaddrinuse|operation not supported",
            ),
            says(
                "cgroup|subtree_control",
                "oci runtime error|oci not found|libpod",
                rank=Rank.GENERIC,
                kinds=_LOGGED,
            ),
            # "ResourceInitializationError" stands within; the container's error is the outer one.
            says(
                "cannotstartcontainererror|cannotcreatecontainererror",
                "resourceinitializationerror",
                rank=Rank.SYMPTOM + 2,
                kinds=_LOGGED,
                unless="unable to pull secrets or registry auth|unable to retrieve",
            ),
        ),
        confused_with=(
            ("entrypoint-missing", "If the text names a file or a program that is not there."),
            ("efs-mount-failed", "If it names a volume."),
            ("port-in-use", "If it names a port."),
            ("log-driver-config", "If it names the logging driver."),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html",
        symptom=True,
    ),
    Cause(
        slug="entrypoint-missing",
        title="The container's command cannot be executed",
        category="restart",
        severity="error",
        meaning="The file or module named by the command is missing, is not executable, or the runtime could not create the container. Exit 127 is 'not found', 126 'not executable'.",
        proof=(
            Step("Read command and entry point", _FAMILY),
            Step("Try it", "docker run --rm --entrypoint <command> <image> --version"),
            *READ_THE_SCRIPT,
            *READ_IMAGE,
        ),
        repair=(
            *FOR_ANOTHER_LIBC,
            *NO_COMMAND,
            *NATIVE_PART,
            Step(
                "Take the override of command or entry point away, or correct the path, then deploy"
            ),
            Step(
                "The script has the line ends of Windows: save it with LF, and build the image again",
                when="~'?\\b(?:bash|sh|python3?|node)(?: r|[\\r^]m?| )'?: no such file|[$]' ?r': command not found",
            ),
            Step(
                "Make the file executable in the image (chmod +x), and build it again; a file that is mounted is to be so on the host, and with SELinux mounted with :z",
                when="~\\b(?:exec|caused|start|entrypoint|[\\w/-]+\\.sh)\\b[^|]{0,80}permission denied|(?:^|\\W)env: \\S{1,100} permission denied|system error: permission denied",
            ),
            Step(
                "The command begins with an assignment, which only a shell understands: give the variable in environment of the task definition, or begin with sh -c",
                when=f"~{ASSIGNED}",
            ),
            Step(
                "Put what the message names into the image, or correct the command that names it, and build it again",
                when=f"~^(?!.*{ASSIGNED}).*(?:module_not_found|cannot find module|cannot find package|no module named|modulenotfounderror|error while loading shared libraries|error loading shared library|shared object file|error relocating|glibc|in locally installed gems|is not part of the bundle|must install or update .net|vendor/autoload)",
            ),
            Step(
                "Make that user in the image, or correct the user in the task definition",
                when="no matching entries in|unable to find user|unable to find group",
            ),
            *NOT_IN_THE_IMAGE,
            *APPLICATION_BY_NAME,
            *NOT_IN_THE_BUILD,
        ),
        signatures=(
            *NOTHING_TO_START,
            says(
                "cannot open file|cannot open /|cannot open ./|cannot open '/",
                "no such file",
                rank=Rank.CLEAR,
                kinds="log_line stopped_task",
                unless=("/data/|/etc/|/proc|/sys|/dev/", "curl|wget", "tail: "),
            ),
            says(
                "found in",
                "~\\b(?:start command|entrypoint|entry point|command)\\b(?:[^.|]|\\.(?=\\S)){0,30}\\b(?:is not|not|cannot be|could not be|was not) found in (?:the|our|its) (?:image|container)",
                rank=Rank.CLEAR,
                unless="curl|wget|health",
            ),
            says(
                "module_not_found|err_module_not_found|cannot find module|cannot find package|err_package_path_not_exported|err_unsupported_dir_import|modulenotfounderror|no module named|gem::gemnotfound|bundler::gemnotfound|query engine library for current platform|could not locate the query engine",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
                # A name that no module can have: what should name one holds something else.
                unless="~\\bno module named ['\"]/",
            ),
            says(
                "~executable file not found|(?<![\\w-])exec: (?!true|false)",
                "path|not found|no such file|permission denied|fail|error",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
                unless=(
                    "exec format error",
                    "curl|wget",
                    "userns|user namespace",
                    # What dockerd tries one after another.
                    "storage-driver=",
                    "/proc/self/exe",
                ),
            ),
            says(
                "oci runtime|runc create|runc run|container_linux.go|starting container process|failed to create shim|containerd: |create task: ",
                rank=Rank.LIKELY,
                kinds=_LOGGED,
                unless=(
                    "exec format error",
                    "log",
                    "out of memory|oom",
                    "curl|wget",
                    "no space left",
                    "cannotcreatevolumeerror",
                    "~^(?!.*(?:shim|daemon|cannotstart)).*\\boci runtime create failed(?! ?[:(])",  # a page's
                    NOT_THE_COMMAND,
                ),
            ),
            says(
                "not found|no such file or directory|permission denied|is a directory",
                "entrypoint|docker-entrypoint|sh: |/bin/sh|bash: |exec /|/usr/bin/env|executable|tini|dumb-init|exec user process|fork/exec",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
                unless=(
                    "curl|wget|storage-driver=",
                    "install.sh|startup.sh",
                    "/proc/self/exe",
                    # What a program of Node reads: a frame of each trace holds "entrypoint".
                    "enoent: no such file or directory, ",
                    "[entrypoint] cgroup",
                    # What a script writes into, not what it starts.
                    "~\\.sh: line \\d{1,5}: [^ :]{1,200}\\.(?:log|json|txt|pid|ya?ml|conf|env|db|lock): permission denied",
                ),
            ),
            says(
                "exec user process caused|exec container process|exec failed: no such file|exec: no such file",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
                unless="exec format",
            ),
            says(
                "unable to exec run|unable to spawn ./run|unable to spawn /etc/",
                "permission denied|no such file|waiting",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
            ),
            says(
                "no command specified|no entrypoint|working directory|chdir to cwd|mkdir /app",
                "specified|fail|error|no such|not|cannot",
                rank=Rank.LIKELY,
                kinds="stopped_task service_event log_line",
                unless=("eacces", "/data", "workspace directory", "sandbox", "working directory: "),
            ),
            says(
                "npm err|npm error",
                "missing script|enoent|could not read package",
                rank=Rank.CLEAR,
                kinds=_LOGGED,
            ),
            says(
                "exit",
                "126|127",
                exited("126|127"),
                rank=Rank.LIKELY,
                unless="claude",
            ),
        ),
        confused_with=(
            ("image-arch-mismatch", "'exec format error' is a program for another processor."),
            (
                "container-healthcheck-failed",
                "A missing curl is the health check's fault, not the command's.",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html",
    ),
)
