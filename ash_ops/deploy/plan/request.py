"""What is to be deployed: options and variables become the template's parameters.

What is not given stays as the stack has it, or takes the template's default; so running
``deploy`` again never takes back a size or a network that was chosen earlier.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ash_ops.deploy.plan.image import is_reference
from ash_ops.errors import UsageProblem
from ash_ops.fargate import DEFAULT_CPU, DEFAULT_MEMORY, LEGAL_CPU, check_size, legal_memory
from ash_ops.names import Deployment
from ash_ops.settings import Settings

DEFAULT_IMAGE = "ghcr.io/ash-ai-org/ash:latest"
DEFAULT_INSTANCE = {"X86_64": "m6i.large", "ARM64": "m6g.large"}
MULTI_MACHINE = "multi-machine"

Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployOptions:
    """What the command line gave for ``deploy``; ``None`` where it gave nothing."""

    mode: str | None = None
    launch_type: str | None = None
    image: str | None = None
    cpu: int | None = None
    memory: int | None = None
    architecture: str | None = None
    instance_type: str | None = None
    max_sandboxes: int | None = None
    sandbox_memory: int | None = None
    vpc: str | None = None
    subnets: tuple[str, ...] = ()
    task_subnets: tuple[str, ...] = ()
    private: bool | None = None
    internal: bool | None = None
    allow_cidr: tuple[str, ...] = ()
    listener_port: int | None = None
    certificate: str | None = None
    hostname: str | None = None
    snapshots_bucket: str | None = None
    snapshots_region: str | None = None
    efs: bool | None = None
    file_system: str | None = None
    volume: str | None = None
    boundary: str | None = None
    log_retention: int | None = None
    container_insights: str | None = None
    runner_subnets: tuple[str, ...] = ()
    runner_count: int | None = None
    runner_memory: int | None = None
    database_class: str | None = None


# parameter of the template -> (option, variable of the guide or of the server)
_SOURCES: dict[str, tuple[str, str]] = {
    "Image": ("image", "ASH_IMAGE"),
    "LaunchType": ("launch_type", "ASH_ECS_LAUNCH_TYPE"),
    "Architecture": ("architecture", "ASH_ECS_ARCHITECTURE"),
    "Cpu": ("cpu", "ASH_ECS_CPU"),
    "Memory": ("memory", "ASH_ECS_MEMORY"),
    "InstanceType": ("instance_type", "ASH_ECS_INSTANCE_TYPE"),
    "MaxSandboxes": ("max_sandboxes", "ASH_MAX_SANDBOXES"),
    "SandboxMemory": ("sandbox_memory", "ASH_SANDBOX_MEMORY_MB"),
    "VpcId": ("vpc", "ASH_ECS_VPC_ID"),
    "ListenerPort": ("listener_port", "ASH_ECS_LISTENER_PORT"),
    "CertificateArn": ("certificate", "ASH_ECS_CERTIFICATE_ARN"),
    "Hostname": ("hostname", "ASH_ECS_HOSTNAME"),
    "SnapshotsBucket": ("snapshots_bucket", "ASH_SNAPSHOTS_BUCKET"),
    "SnapshotsRegion": ("snapshots_region", "ASH_S3_REGION"),
    "FileSystemId": ("file_system", "ASH_ECS_FILE_SYSTEM_ID"),
    "DataVolumeId": ("volume", "ASH_ECS_VOLUME_ID"),
    "PermissionsBoundaryArn": ("boundary", "ASH_ECS_PERMISSIONS_BOUNDARY"),
    "LogRetentionDays": ("log_retention", "ASH_LOG_RETENTION_DAYS"),
    "ContainerInsights": ("container_insights", "ASH_CONTAINER_INSIGHTS"),
    "RunnerCount": ("runner_count", "ASH_RUNNER_COUNT"),
    "RunnerMemory": ("runner_memory", "ASH_RUNNER_MEMORY"),
    "DatabaseClass": ("database_class", "ASH_DATABASE_CLASS"),
}
_NUMBERS = {
    "Cpu", "Memory", "MaxSandboxes", "SandboxMemory", "ListenerPort", "LogRetentionDays",
    "RunnerCount", "RunnerMemory",
}  # fmt: skip
_UPPER = {"LaunchType", "Architecture"}
_DEFAULTS: dict[str, str] = {
    "Image": DEFAULT_IMAGE,
    "LaunchType": "FARGATE",
    "Architecture": "X86_64",
    "Cpu": str(DEFAULT_CPU),
    "Memory": str(DEFAULT_MEMORY),
    "MaxSandboxes": "20",
    "SandboxMemory": "2048",
    "ListenerPort": "4100",
    "RunnerMemory": "12288",
    "AssignPublicIp": "ENABLED",
    "Scheme": "internet-facing",
    "UseEfs": "false",
    "FileSystemId": "",
    "DataVolumeId": "",
    "CertificateArn": "",
}
# What an identifier looks like, and what is told of one that does not.
_SHAPES: tuple[tuple[str, re.Pattern[str], str, str], ...] = (
    ("FileSystemId", re.compile(r"fs-[0-9a-f]{8,40}"), "file system, fs-...", "--file-system"),
    ("DataVolumeId", re.compile(r"vol-[0-9a-f]{8,40}"), "EBS volume, vol-...", "--volume"),
    (
        "PermissionsBoundaryArn",
        re.compile(r"arn:[a-z-]+:iam::(?:\d{12}|aws):policy/[\w+=,.@/-]+"),
        "managed policy, arn:aws:iam::ACCOUNT:policy/NAME",
        "--boundary",
    ),
)
_CERTIFICATE = re.compile(r"arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate/\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted of one deployment.

    Attributes:
        deployment: its names.
        mode: ``standalone`` or ``multi-machine``.
        given: the template parameters that were asked for, checked.
        previous: those of the stack that is there; empty for a new one.
        subnets: the load balancer's subnets, where given.
        task_subnets: the task's, where given.
        cidrs: who may connect, where given.
    """

    deployment: Deployment
    mode: str
    given: Parameters
    previous: Parameters = field(default_factory=dict)
    subnets: tuple[str, ...] = ()
    task_subnets: tuple[str, ...] = ()
    cidrs: tuple[str, ...] = ()

    def effective(self, name: str) -> str:
        """The value a parameter will have: given, else as it is, else the default."""
        return self.given.get(name) or self.previous.get(name) or _DEFAULTS.get(name, "")

    @property
    def is_ec2(self) -> bool:
        """Whether the server runs on an EC2 instance rather than on Fargate."""
        return self.effective("LaunchType") == "EC2"


def read_request(
    settings: Settings, options: DeployOptions, previous: Parameters | None = None
) -> Request:
    """Check what was asked for, before anything is looked up.

    Args:
        settings: the variables.
        options: the command line.
        previous: the parameters of the stack that is there, if one is.

    Raises:
        UsageProblem: a value cannot be right; the message names its place and a right one.
    """
    given = {**_plain(settings, options), **_switches(options)}
    runners = options.runner_subnets or _listed(settings.get("ASH_ECS_RUNNER_SUBNET_IDS"))
    if runners:
        given["RunnerSubnetIds"] = ",".join(runners)
    request = Request(
        deployment=settings.deployment,
        mode=options.mode or (previous or {}).get("Mode") or "standalone",
        given=given,
        previous=previous or {},
        subnets=options.subnets or _listed(settings.get("ASH_ECS_SUBNET_IDS")),
        task_subnets=options.task_subnets or _listed(settings.get("ASH_ECS_TASK_SUBNET_IDS")),
        cidrs=tuple(_checked_cidr(cidr) for cidr in options.allow_cidr or _env_cidrs(settings)),
    )
    return _checked(_with_instance(request))


def check_values(settings: Settings, options: DeployOptions) -> None:
    """Refuse what is wrong whatever is deployed already, before AWS is asked anything.

    Raises:
        UsageProblem: as ``read_request``.
    """
    given = _plain(settings, options)
    deployed = {"RunnerSubnetIds": "may be known to the stack"}
    if ("Cpu" in given) != ("Memory" in given):
        deployed |= _fitting(given)
    read_request(settings, options, deployed)


def _fitting(given: Parameters) -> dict[str, str]:
    """The other half of a size of which only one was given: the stack may have one that fits."""
    memory = int(given.get("Memory", "0"))
    pairs = [(cpu, size) for cpu in LEGAL_CPU for size in legal_memory(cpu)]
    fits = [p for p in pairs if p[1] == memory or str(p[0]) == given.get("Cpu")]
    cpu, size = fits[0] if fits else (DEFAULT_CPU, DEFAULT_MEMORY)
    return {"Cpu": str(cpu), "Memory": str(size)}


def _plain(settings: Settings, options: DeployOptions) -> dict[str, str]:
    found: dict[str, str] = {}
    for parameter, (option, variable) in _SOURCES.items():
        value = getattr(options, option)
        text = str(value) if value is not None else (settings.get(variable) or "").strip()
        if text:
            place = f"--{option.replace('_', '-')} or {variable}"
            text = text.upper() if parameter in _UPPER else text
            found[parameter] = _number(text, place) if parameter in _NUMBERS else text
    return found


def _number(text: str, place: str) -> str:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise UsageProblem(
            f"{text!r} cannot be used", "a whole number above 0 is wanted", f"Correct {place}."
        )
    return str(int(text))


def _switches(options: DeployOptions) -> dict[str, str]:
    switches = (
        ("AssignPublicIp", options.private, "DISABLED", "ENABLED"),
        ("Scheme", options.internal, "internal", "internet-facing"),
        ("UseEfs", options.efs, "true", "false"),
    )
    return {name: (yes if on else no) for name, on, yes, no in switches if on is not None}


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _env_cidrs(settings: Settings) -> tuple[str, ...]:
    return _listed(settings.get("ASH_ECS_ALLOW_CIDR"))


def _checked_cidr(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != 4:
        raise UsageProblem(
            f"{text!r} is no range of addresses",
            "an IPv4 address or range is wanted, for instance 203.0.113.7/32",
            "Correct --allow-cidr or ASH_ECS_ALLOW_CIDR.",
        )
    return str(network)


def _with_instance(request: Request) -> Request:
    """Give an EC2 deployment an instance of its architecture when none was named."""
    if not request.is_ec2 or "InstanceType" in {**request.given, **request.previous}:
        return request
    instance = DEFAULT_INSTANCE.get(request.effective("Architecture"), "m6i.large")
    return replace(request, given={**request.given, "InstanceType": instance})


def _checked(request: Request) -> Request:
    _check_choice("LaunchType", request, ("FARGATE", "EC2"), "--launch-type")
    _check_choice("Architecture", request, ("X86_64", "ARM64"), "--architecture")
    if not request.is_ec2:
        check_size(int(request.effective("Cpu")), int(request.effective("Memory")))
    certificate = request.effective("CertificateArn")
    if certificate and not _CERTIFICATE.fullmatch(certificate):
        raise UsageProblem(
            f"{certificate!r} is no certificate",
            "the ARN of an ACM certificate of this region is wanted",
            "Correct --certificate: `aws acm list-certificates` lists them.",
        )
    if len(request.cidrs) > 2:
        raise UsageProblem(
            f"{len(request.cidrs)} ranges of addresses cannot all be let in",
            "the template has room for two",
            "Give at most two --allow-cidr, or add rules in a template of your own (`ash-ops template`).",
        )
    _check_image(request)
    _check_identifiers(request)
    _check_data_place(request)
    _check_same_kind(request)
    _check_runners(request)
    _check_pair(request.subnets, "--subnets or ASH_ECS_SUBNET_IDS")
    _check_pair(request.task_subnets, "--task-subnets or ASH_ECS_TASK_SUBNET_IDS")
    return request


def _check_image(request: Request) -> None:
    image = request.effective("Image")
    if not is_reference(image):
        raise UsageProblem(
            f"{image!r} is no name of an image",
            "REGISTRY/REPOSITORY:TAG or @sha256:DIGEST is wanted, the repository in lower case",
            f"Correct --image or ASH_IMAGE, for instance {DEFAULT_IMAGE}.",
        )


def _check_identifiers(request: Request) -> None:
    for parameter, shape, what, option in _SHAPES:
        value = request.given.get(parameter)
        if value and not shape.fullmatch(value):
            raise UsageProblem(
                f"{value!r} cannot be used for {option}",
                f"the name of a {what} is wanted",
                f"Correct {option} or {_SOURCES[parameter][1]}.",
            )


def _check_data_place(request: Request) -> None:
    """A file system goes with EFS, a disk with EC2, and not both at once."""
    on_files = request.mode == MULTI_MACHINE or request.effective("UseEfs") == "true"
    if request.given.get("FileSystemId") and not on_files:
        raise UsageProblem(
            "--file-system goes with --efs",
            "without it /data is not on a file system",
            "Add --efs, or leave --file-system out.",
        )
    if request.given.get("DataVolumeId") and (on_files or not request.is_ec2):
        raise UsageProblem(
            "--volume goes with --launch-type ec2 and without EFS",
            "only there /data is on a disk",
            "Leave --volume out, or --efs.",
        )


# What is replaced when these change has a name of its own, and a name cannot be taken twice.
_FIXED = (
    ("Mode", "--mode"),
    ("LaunchType", "--launch-type"),
    ("Scheme", "--internal or --internet-facing"),
    ("VpcId", "--vpc or ASH_ECS_VPC_ID"),
)


def _check_same_kind(request: Request) -> None:
    """A stack stays of its kind: its target group would have to be replaced under its own name."""
    for name, option in _FIXED:
        before = request.previous.get(name)
        wanted = request.mode if name == "Mode" else request.effective(name)
        if before and before != wanted:
            raise UsageProblem(
                f"{request.deployment.prefix} cannot become {wanted}",
                f"it was deployed with {before}, and that cannot be changed in place",
                f"Leave {option} out, or deploy beside it under another --name and move.",
            )


def _check_runners(request: Request) -> None:
    if request.mode != MULTI_MACHINE:
        return
    if "--" in request.deployment.prefix and not request.previous:
        raise UsageProblem(
            f"The name {request.deployment.prefix!r} cannot be used in multi-machine mode",
            "the database's name begins with it, and RDS takes no two hyphens in a row",
            "Give another --name.",
        )
    if request.is_ec2:
        raise UsageProblem(
            "--launch-type ec2 goes with one server",
            "in multi-machine mode the coordinator is on Fargate and the runners are always on EC2",
            "Leave --launch-type out.",
        )
    if not request.effective("RunnerSubnetIds"):
        raise UsageProblem(
            "Where the runners go is not known",
            "they need private subnets behind a NAT gateway: containers with a network interface of "
            "their own on EC2 never get a public address",
            "Name them: --runner-subnets subnet-...,subnet-... (ASH_ECS_RUNNER_SUBNET_IDS).",
        )


def _check_choice(name: str, request: Request, legal: tuple[str, ...], place: str) -> None:
    value = request.effective(name)
    if value not in legal:
        raise UsageProblem(
            f"{value!r} cannot be used for {place}",
            f"it is one of {', '.join(legal)}",
            f"Correct {place} or {_SOURCES[name][1]}.",
        )


def _check_pair(subnets: tuple[str, ...], place: str) -> None:
    if subnets and len(subnets) < 2:
        raise UsageProblem(
            "One subnet is not enough",
            "the load balancer wants two, in two zones",
            f"Name two in {place}, separated by a comma.",
        )
