"""Words that several causes of this package are recognised by, and sources they share."""

from typing import Final

from ash_ops.causes.base import Step

STOPPED_TASKS: Final = (
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html"
)

READ_LOG: Final = Step("Read the last lines of the task that died", "ash-ops logs --previous -n 50")

_EXIT: Final = "\\b(?:exit(?:ed|s)?|restarting(?= \\())(?:[ _:=|('\"\\x2a-]|with|status|code|of|was){0,10}(?:%s)(?![\\d%%\\w]|\\.\\w)"


def exited(codes: str) -> str:
    """The term for a program that ended with one of some codes (``126|127``), however a tool writes it."""
    return "~" + _EXIT % codes


def only_exited(codes: str) -> str:
    """The same for a text that says nothing but that."""
    before = "^[^a-z0-9]{0,10}(?:(?:the|my|our|ash(?:[-_][a-z0-9_-]{1,30})?|ecs|essential|tasks?|containers?|server|service|process|in|stopped|reason|details|last|status|has):? ?){0,6}(?:(?<=container )[a-z][\\w.-]{0,40} )?"
    return "~" + before + (_EXIT % codes).removeprefix("\\b") + "[^a-z0-9]{0,10}$"


ANY: Final = "log_line stopped_task http service_event"

NOT_THE_COMMAND: Final = (
    "mknod|creating device nodes|mount callback failed|error mounting|rootfs_linux|cgroup|"
    "prestart hook|running hook|sysctl|nvidia-container-cli|cdi devices|rlimit|unable to find user|/proc/sys/|"
    "get final child|task/create is not|seccomp|apparmor|namespace path|failed to start shim|retrieve oci runtime error|could not select device driver|"
    "process_linux.go|setns process|final child's pid|bootstrap data to pipe|open mount target|waiting for sandbox to start|cannot create sandbox|"
    "closing exec fds|unable to setup user|could not get mount id|session keyring|pivot_root|jailing process|mask path|readonly path|unable to apply caps|new containerd process"
)
"""What the runtime does before it starts the command: devices, mounts, control groups."""
POOL: Final = "knex: timeout acquiring a connection|queuepool limit|generic-pool/lib/resourcerequest|sequelizeconnectionacquiretimeouterror|timed out fetching a new connection from the|hikaripool-1 - connection is not available|pooltimedout|pool timed out while waiting for an open connection|request was dropped from queue after|acquisition timeout while waiting for new connection"
"""What pools say when they wait for a connection in vain."""
NO_RESOLVER: Final = "~\\blookup [a-z0-9.-]{1,250}(?: on [0-9.:]{7,40})?: [^|]{0,80}\\b(?:i/o timeout|server misbehaving|connection refused)"
"""Go's words for a name that no resolver answered for."""

MEMORY_GRAPH: Final = Step(
    "Read the memory graph",
    "aws cloudwatch get-metric-statistics --namespace AWS/ECS --metric-name MemoryUtilization --dimensions Name=ClusterName,Value=<cluster> Name=ServiceName,Value=<service> --start-time <start> --end-time <end> --period 60 --statistics Maximum",
)
STOPPED_REASONS: Final = Step(
    "Read the reasons of the stopped tasks",
    "aws ecs describe-tasks --cluster <cluster> --tasks $(aws ecs list-tasks --cluster <cluster> --service-name <service> --desired-status STOPPED --query taskArns --output text) --query 'tasks[].[stoppedReason,containers[].[name,exitCode,reason]]'",
)
