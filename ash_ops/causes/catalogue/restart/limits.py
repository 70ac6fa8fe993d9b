"""Limits of the kernel and refusals of the runtime that are told in the words of other failures."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says

NO_DISK: Final = (
    "bwrap: |unshare|clone_new|user namespace|unshare user ns|/proc/self/exe: no space|/sys/fs/cgroup/"
    "|semget|create semaphores|accept lock|sem_open|shmget|shared memory segment"
    "|file watchers|watch enospc|inotify|add_watch"
)
"""Calls for which the kernel says "no space left on device" of a table of its own, whatever the disk holds."""

ASSIGNED: Final = r"(?:\bcannot find module ['\"](?:[^'\" =]{0,200}/)?|\bexec: ['\"])[a-z_]{2,40}=[^'\" ]{0,100}['\"]"
"""A file that is called as a variable is set: NODE_ENV=dev."""
_USERS_MAPPED: Final = "~\\bprivileged mode is incompatible (?:with|to) user namespaces|\\bcannot (?:share|use) the host(?:'s)? \\w+ namespace when user namespaces\\b"
MAPPED: Final = "privileged mode is incompatible|when user namespaces are enabled"
"""Docker's refusal of what a host with users of its own for containers excludes: no sandbox asked for it."""
_NO_ADDRESSES: Final = (
    "~\\bno available ipv4 addresses on this network|\\bnon-overlapping ipv4 address pool among\\b"
)
"""Docker's own networks on a host, whose ranges are used up."""
_DRIVERS_OWN: Final = (
    "~^(?!.*amazon-ecs-volume-plugin).*\\bvolumedriver\\.\\w{3,10}:(?! mounting volume failed)"
)
OTHER_DRIVER: Final = "~^(?!.*amazon-ecs-volume-plugin).*\\bvolumedriver\\.\\w{3,10}:(?! mounting volume failed)(?!.{0,300}(?:\\befs\\b|\\bfs-0|mount\\.))"
"""What a plugin for volumes says that is not Amazon's for EFS."""

REFUSED: Final[tuple[Signature, ...]] = (
    says(
        "volumedriver.",
        OTHER_DRIVER,
        rank=Rank.GENERIC,
        kinds="log_line stopped_task service_event api_error",
    ),
    # Windows, whose runtime names the step that failed; a command that is not there is told as such.
    says(
        "hcs::|hcsshim",
        r"~\bhcs::(?:createcomputesystem|system::(?:start|create)\b)|\bhcsshim::(?:createcomputesystem|system::start)|\bhcsshim: timeout waiting",
        rank=Rank.GENERIC,
        kinds="log_line stopped_task service_event api_error",
    ),
    says("user namespaces", _USERS_MAPPED, rank=Rank.GENERIC),
    says("address pool", _NO_ADDRESSES, rank=Rank.GENERIC),
    says(
        "/sys/fs/cgroup/",
        "no space left on device",
        "oci runtime|runc create|process_linux.go|container_linux.go",
        rank=Rank.GENERIC,
        kinds="log_line stopped_task service_event api_error",
    ),
)
"""Signatures of ``container-start-failed``."""

LIMITED: Final = (
    Step(
        "Docker's own network on that host has no address or no range left: remove the networks that no container uses (docker network prune), or give it larger ranges (bip and default-address-pools in /etc/docker/daemon.json), then restart Docker",
        when=_NO_ADDRESSES,
    ),
    Step(
        "It is the ECS agent that cannot make the task's control group on its instance: take a newer ECS-optimized AMI and agent, or let ECS_ENABLE_TASK_CPU_MEM_LIMIT=false in /etc/ecs/ecs.config leave it out (then limits of the task as a whole do not hold)",
        when="cgrouperror|task's platform resources",
    ),
    Step(
        "A volume of EFS is mounted over / of the container, where no devices can be made: give it a directory of its own (containerPath of mountPoints, as /data), register the revision and deploy it",
        "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].mountPoints'",
        when="errno 524",
    ),
    Step(
        "It is a volume of Docker or of the host, whose driver failed: read the plugin's own log on the instance, and correct its driver, name or options in the task definition",
        "docker volume ls",
        when=_DRIVERS_OWN,
    ),
    Step(
        "Docker on that instance gives containers users of their own (userns-remap), which excludes privileged containers and the host's network and processes: take them out of the task definition, or place the task on an instance without userns-remap",
        when=_USERS_MAPPED,
        decides=True,
    ),
    Step(
        "The kernel has no room for another control group, and the disk is not full: replace or reboot the instance, and take a newer kernel (old ones keep the groups of containers that ended)",
        "cat /proc/cgroups",
        when="~/sys/fs/cgroup/[^ ]{1,300}: no space left",
    ),
)
"""Repairs of ``container-start-failed``."""
