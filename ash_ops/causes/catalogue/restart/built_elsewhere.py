"""Programs that were built for another system, and limits of the host, by the words of who prints them."""

from typing import Final

from ash_ops.causes.base import Rank, Signature, Step, says
from ash_ops.causes.catalogue.restart.settings_left_out import SETTINGS_LEFT_OUT

FOR_ANOTHER_LIBC: Final = (
    Step(
        "The program was built for glibc, and the image has musl (Alpine): take a base image with glibc (debian:stable-slim, the language's -slim), or build or download the program for musl",
        when=r"~\berror loading shared library (?:ld-linux|libc\.so\.6|libm\.so\.6|libpthread|libdl)|\berror relocating [^ ]{1,200}: [^ ]{1,100}: symbol not found",
        decides=True,
    ),
)

BUILT_ON_A_DESK: Final = (
    Step(
        "A package's compiled part is of the system where it was installed, and not of the image: let the image install its packages itself (npm ci in the Dockerfile; node_modules in .dockerignore), and mount no directory of the host over them",
        "docker run --rm --entrypoint npm <image> rebuild",
        when=r"~^(?!.*\bbetter[-_]sqlite3\b).*node_modules/[^ ]{1,250}\.node['\"]?: (?:invalid elf header|[^ ]{0,40} ?not a valid win32)",
        decides=True,
    ),
)

CAPABILITIES: Final = (
    Step(
        "The program may not be started: make it executable in the image (chmod +x). If any image fails so, the host keeps Docker from it: SELinux, or its storage driver; the audit log says which",
        "sudo ausearch -m avc -ts recent",
        when=r"~\[\d{1,2}\] system error: permission denied\b",
        decides=True,
    ),
    Step(
        "The container asks for a capability that its host does not give (cap_add, privileged): leave it out, or run where it is given (Fargate gives SYS_PTRACE alone); in a container of a container the outer one needs it too",
        when=r"~\bunable to apply caps\b",
        decides=True,
    ),
)

OPEN_FILES: Final = (
    Step(
        "The host has no file handle left, and not this container only: compare what is open with what is allowed",
        "cat /proc/sys/fs/file-nr",
        when=r"~\b(?:oci runtime|container_linux|runc|rootfs_linux|containerd|shim)\b.*\btoo many open files\b",
        decides=True,
    ),
    Step(
        "Raise the limit of the runtime's own service (LimitNOFILE of docker and containerd in systemd) or of the host (fs.file-max), end what leaks, and start Docker anew; a managed instance is replaced",
        "sudo sysctl fs.file-max fs.inotify.max_user_instances",
        when=r"~\b(?:oci runtime|container_linux|runc|rootfs_linux|containerd|shim)\b.*\btoo many open files\b",
        decides=True,
    ),
)

ENDED_BY_GUNICORN: Final = (
    Step(
        "Gunicorn's master ends a worker so that was silent for longer than --timeout (30 seconds; WORKER TIMEOUT stands in front of it): find what it waited for, or raise --timeout. Without such a line it was the kernel, for want of memory: give the container more, or run fewer workers",
        when=r"~\bworker (?:with pid \d{1,8} |\(pid:\d{1,8}\) )was (?:terminated due to signal 9|sent sigkill|signaled via sigkill)",
        decides=True,
    ),
)

NETWORK_OF_THE_HOST: Final = (
    Step(
        "Docker on that host could not make the container's network, whatever the container runs: start Docker anew there (it also puts its own records of networks and its rules of iptables right), or replace the instance",
        "sudo systemctl restart docker",
        when=r"~\b(?:failed to (?:create|save|update) (?:bridge )?endpoint|failed to update bridge store|iptables failed|adding interface veth\w{1,20} to (?:bridge|sandbox))\b",
        decides=True,
    ),
)

ON_A_SHARED_DISK: Final = (
    Step(
        "SQLite's file is on EFS or NFS, whose locks it cannot rely on: keep it on a local disk (ephemeral storage, an EBS volume) with one task at a time, without WAL on a shared disk; or give the program PostgreSQL or MySQL",
        when=r"~^(?=.*\b(?:efs|nfs|cifs|smb)\b).*\bdisk i/o error\b",
        decides=True,
    ),
    Step(
        "SQLite could not read or write its file, which need not be a full disk: keep the database on a local disk of the machine (not on a network share, a synchronised folder or a mount that knows no locks), where the program may also write beside it (-wal, -shm, -journal)",
        "df -hT",
        when=r"~^(?!.*\b(?:efs|nfs|cifs|smb)\b)(?=.*\bsqlite).*\bdisk i/o error\b",
        decides=True,
    ),
)

_RANGE: Final = r"~\bcontiguous host ports unavailable\b|\berror retrieving docker port map\b"

LOOK_AT_THE_RANGE: Final = (
    Step(
        "Read which ports the instance gives out, and how many the task wants side by side (containerPortRange)",
        "grep ECS_DYNAMIC_HOST_PORT_RANGE /etc/ecs/ecs.config; cat /proc/sys/net/ipv4/ip_local_port_range",
        when=_RANGE,
        decides=True,
    ),
)

WIDEN_THE_RANGE: Final = (
    Step(
        "The instance has not so many free ports side by side: ask for a smaller containerPortRange, widen ECS_DYNAMIC_HOST_PORT_RANGE in /etc/ecs/ecs.config and restart the agent, run fewer such tasks on one instance, or use awsvpc, where each task has ports of its own",
        "sudo systemctl restart ecs",
        when=_RANGE,
        decides=True,
    ),
)
"""Ranges of host ports."""

_P1001: Final = r"~^\W{0,4}(?:error: )?p1001\W{0,4}$"

LET_IN_TO_IT: Final = (
    Step(
        "The database did not answer at the address that the text names: see that it is available and, of RDS, of which VPC it is and whether it has a public address (from outside of the VPC it answers only with one)",
        "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,PubliclyAccessible,Endpoint.Address,VpcSecurityGroups[].VpcSecurityGroupId]'",
        when=_P1001,
        decides=True,
    ),
    Step(
        "Let who asks in on the database's port in its security group: the task's group, or your address",
        "aws ec2 authorize-security-group-ingress --group-id <database-security-group> --protocol tcp --port <port> --source-group <task-security-group>",
        when=_P1001,
        decides=True,
    ),
)
"""Prisma's code for a database that it does not reach, on a line of its own."""

LEFT_OUT: Final = r"~\btypeerror: [\w.]{0,60}__init__\(\) missing \d{1,2} required keyword-only"
"""What a library that describes a deployment says of what its author left out, on a desk."""

CALLED_BADLY: Final[tuple[Signature, ...]] = (
    *SETTINGS_LEFT_OUT,
    # Node, and Uvicorn, which end with it.
    says(
        "node: bad option|pass the application as an import string to enable",
        rank=Rank.GENERIC,
        kinds="log_line stopped_task",
    ),
    # Migrations that were not applied, or that another run holds.
    says(
        "migrations are pending|migrations have failed validation|acquire change log lock|schema-validation: missing",
        "error|exception|failed",
        rank=Rank.GENERIC,
        kinds="log_line stopped_task",
    ),
    # nginx of its own configuration: it does not start.
    says(
        "[emerg]",
        "~\\[emerg\\] (?:\\d{1,8}#\\d{1,8}: )?(?:cannot load certificate|unknown directive|invalid (?:number of arguments|parameter|port|value)|unexpected|duplicate|directive|the size \\d|pid file|unknown ['\"])",
        rank=Rank.GENERIC,
        kinds="log_line stopped_task",
    ),
    # Zod, of the variables of the environment: they are written in capitals.
    says(
        "zoderror",
        "~\\bpath['\"]?: ?\\[\\s?['\"][a-z0-9]{1,30}_[a-z0-9_]{1,60}['\"]",
        "invalid_type|too_small|invalid_enum_value|invalid_string|invalid_format|invalid_value|invalid_union|custom",
        rank=Rank.GENERIC,
        kinds="log_line stopped_task",
    ),
)
"""Programs that were called with what they do not take (signatures of ``app-crash``)."""
