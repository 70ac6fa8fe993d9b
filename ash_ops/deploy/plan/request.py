"""What is to be deployed: options and variables become the template's parameters.

What is not given stays as the stack has it, or takes the template's default; so running
``deploy`` again never takes back a size or a network that was chosen earlier.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ash_ops.deploy.domain.naming import brought_by_domain, check_domain
from ash_ops.deploy.plan.image import is_reference
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.template_files import declared_parameters
from ash_ops.errors import UsageProblem
from ash_ops.names import Deployment
from ash_ops.settings import Settings
from ash_ops.sizes.fargate import check_size, other_half
from ash_ops.sizes.instance_types import for_processor
from ash_ops.sizes.launch_type import check_launch_type, wanted_by_managed
from ash_ops.template_parameters import (
    LISTS,
    MODES,
    MULTI_MACHINE,
    SOURCES,
    STANDALONE,
    SWITCHES,
    Parameter,
    bundled_parameters,
    in_either,
)

Parameters = Mapping[str, str]


_CAN_BE_OFF = ("AlarmEmail", "AlarmTopicArn", "AlarmBudget", "DomainName")
OF_THE_PLAN = "plan"
"""The budget that is the plan's own cost, known once all of the plan is."""
DATABASE_URL = "ASH_DATABASE_URL"
_CERTIFICATE = re.compile(r"arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate/\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted of one deployment.

    Attributes:
        deployment: its names.
        mode: ``standalone`` or ``multi-machine``.
        declared: the parameters of the template that is used.
        given: the template parameters that were asked for, checked.
        previous: those of the stack that is there; empty for a new one.
        subnets: the load balancer's subnets, where given.
        task_subnets: the task's, where given.
        cidrs: who may connect, where given.
    """

    deployment: Deployment
    mode: str
    declared: Mapping[str, Parameter]
    given: Parameters
    previous: Parameters = field(default_factory=dict)
    subnets: tuple[str, ...] = ()
    task_subnets: tuple[str, ...] = ()
    cidrs: tuple[str, ...] = ()

    def effective(self, name: str) -> str:
        """The value a parameter will have: given, else as it is, else the template's default."""
        if self.given.get(name) == "":
            return ""  # switched off
        return self.given.get(name) or self.previous.get(name) or self._default(name)

    def _default(self, name: str) -> str:
        """The template's; a template of the user's own that has none is taken to do as ours does."""
        for declared in (self.declared, bundled_parameters(self.mode)):
            parameter = declared.get(name)
            if parameter is not None and parameter.default is not None:
                return parameter.default
        return ""

    @property
    def is_ec2(self) -> bool:
        """Whether the server runs on an EC2 instance rather than on Fargate."""
        return self.effective("LaunchType") == "EC2"

    @property
    def is_managed(self) -> bool:
        """Whether the server runs on an instance that ECS keeps (ECS Managed Instances)."""
        return self.effective("LaunchType") == "MANAGED"

    @property
    def has_tls(self) -> bool:
        """Whether clients speak TLS with the load balancer."""
        return bool(self.effective("CertificateArn") or self.effective("DomainName"))

    @property
    def on_instances(self) -> bool:
        """Whether agents run on instances: the server's own, or those of runners."""
        return self.is_ec2 or self.is_managed or self.mode == MULTI_MACHINE


def read_request(
    settings: Settings,
    options: DeployOptions,
    previous: Parameters | None = None,
    templates: Path | None = None,
) -> Request:
    """Check what was asked for, before anything is looked up.

    Args:
        settings: the variables.
        options: the command line.
        previous: the parameters of the stack that is there, if one is.
        templates: the folder of the user's own templates, if they are used.

    Raises:
        UsageProblem: a value cannot be right; the message names its place and a right one.
    """
    mode = options.mode or (previous or {}).get("Mode") or STANDALONE
    declared = declared_parameters(mode, templates)
    request = Request(
        deployment=settings.deployment,
        mode=mode,
        declared=declared,
        given=_given(settings, options, declared),
        previous=previous or {},
        subnets=_listed("SubnetIds", options, settings),
        task_subnets=_listed("TaskSubnetIds", options, settings),
        cidrs=tuple(map(_checked_cidr, _listed("AllowedCidr", options, settings))),
    )
    if settings.get(DATABASE_URL):
        request = _with_given_database(request)
    return _checked(_with_instance(_where_ecs_replaces(_under_its_name(request))))


def check_values(settings: Settings, options: DeployOptions, templates: Path | None = None) -> None:
    """Refuse what is wrong whatever is deployed already, before AWS is asked anything.

    Raises:
        UsageProblem: as ``read_request``.
    """
    problems: list[UsageProblem] = []
    # Which mode is deployed is not known yet: what either of them takes may be right.
    for mode in (options.mode,) if options.mode else MODES:
        try:
            if _could_be(mode, settings, options, templates):
                return
        except UsageProblem as problem:
            problems.append(problem)
    if problems:
        raise problems[0]


def _could_be(
    mode: str, settings: Settings, options: DeployOptions, templates: Path | None
) -> bool:
    """Whether a deployment of this mode can have what was given; its template knows all of it."""
    declared = declared_parameters(mode, templates)
    given = _given(settings, options, declared)
    deployed = {"Mode": mode, "RunnerSubnetIds": "may be known to the stack"}
    if ("Cpu" in given) != ("Memory" in given):
        deployed |= other_half(given)
    read_request(settings, options, deployed, templates)
    return given.keys() <= declared.keys()


def _given(
    settings: Settings, options: DeployOptions, declared: Mapping[str, Parameter]
) -> dict[str, str]:
    """The template's parameters that options and variables name, as the template writes them."""
    found: dict[str, str] = {}
    for name, (option, variable) in SOURCES.items():
        value = getattr(options, option)
        text = str(value) if value is not None else (settings.get(variable) or "").strip()
        if text == "off" and name in _CAN_BE_OFF:
            found[name] = ""
        elif text:
            parameter = declared.get(name) or in_either(name)
            found[name] = (
                _number(text, _place(name)) if parameter.is_number else parameter.typed(text)
            )
    for name, ways in SWITCHES.items():
        on, off = ways
        chosen = getattr(options, on)
        if chosen is not None:
            found[name] = ways[on if chosen else off]
    runners = _listed("RunnerSubnetIds", options, settings)
    return {**found, "RunnerSubnetIds": ",".join(runners)} if runners else found


def _place(name: str) -> str:
    option, variable = SOURCES[name]
    return f"--{option.replace('_', '-')} or {variable}"


def _number(text: str, place: str) -> str:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise UsageProblem(
            f"{text!r} cannot be used", "a whole number above 0 is wanted", f"Correct {place}."
        )
    return str(int(text))


def _listed(name: str, options: DeployOptions, settings: Settings) -> tuple[str, ...]:
    option, variable = LISTS[name]
    given: tuple[str, ...] = getattr(options, option)
    parts = given or (settings.get(variable) or "").split(",")
    return tuple(part.strip() for part in parts if part.strip())


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


def _under_its_name(request: Request) -> Request:
    """With a domain clients call the port of HTTPS; the name is in a zone, which is looked up later."""
    found = brought_by_domain(request.given, request.previous)
    if found.get("ListenerPort") == "":
        found["ListenerPort"] = request.declared["ListenerPort"].default or ""
    return replace(request, given={**request.given, **found})


def _where_ecs_replaces(request: Request) -> Request:
    """With Managed Instances ``/data`` is on EFS, and the task in private subnets."""
    if not request.is_managed:
        return request
    return replace(request, given={**request.given, **wanted_by_managed(request.given)})


def _with_given_database(request: Request) -> Request:
    """A fleet that is made anew keeps its rows where it is told; one that is there keeps what it has.

    To take its database away would leave its rows behind.
    """
    if request.mode != MULTI_MACHINE or request.previous or "UseDatabase" not in request.declared:
        return request
    return replace(request, given={**request.given, "UseDatabase": "true"})


def _with_instance(request: Request) -> Request:
    """Where instances run and none was named, the default one's sibling with the right processor."""
    if not request.on_instances or "InstanceType" in {**request.given, **request.previous}:
        return request
    instance = for_processor(request.effective("InstanceType"), request.effective("Architecture"))
    return replace(request, given={**request.given, "InstanceType": instance})


def _checked(request: Request) -> Request:
    size = request.effective("Cpu"), request.effective("Memory")
    if not (request.is_ec2 or request.is_managed) and all(map(str.isdigit, size)):
        check_size(*map(int, size))
    _check_constraints(request)
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
    _check_data_place(request)
    check_domain(request.given, request.effective)
    _check_alarms(request)
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
            f"Correct --image or ASH_IMAGE, for instance {request.declared['Image'].default}.",
        )


def _check_constraints(request: Request) -> None:
    """Every value that was given is one that the template allows."""
    for name in SOURCES.keys() & request.given.keys() & request.declared.keys():
        why = request.declared[name].why_not(value := request.given[name])
        if why and (name, value) != ("AlarmBudget", OF_THE_PLAN):
            raise UsageProblem(f"{value!r} cannot be used", why, f"Correct {_place(name)}.")


def _check_data_place(request: Request) -> None:
    """A file system goes with EFS, a disk with EC2, and not both at once."""
    on_files = request.mode == MULTI_MACHINE or request.effective("UseEfs") == "true"
    if request.given.get("FileSystemId") and not on_files:
        raise UsageProblem(
            "--file-system goes with --efs",
            "without it /data is not on a file system",
            "Add --efs, or leave --file-system out.",
        )
    if request.given.get("RestoredFiles") == "true" and not request.effective("FileSystemId"):
        raise UsageProblem(
            "--restored goes with --file-system",
            "it says of a file system that AWS Backup restored it",
            "Name it with --file-system fs-..., or leave --restored out.",
        )
    if request.given.get("DataVolumeId") and (on_files or not request.is_ec2):
        raise UsageProblem(
            "--volume goes with --launch-type ec2 and without EFS",
            "only there /data is on a disk",
            "Leave --volume out, or --efs.",
        )


def _check_alarms(request: Request) -> None:
    """Somebody must be there to be told."""
    told = request.effective("AlarmEmail") or request.effective("AlarmTopicArn")
    if request.given.get("AlarmBudget") and not told:
        raise UsageProblem(
            "--alarm-budget tells nobody",
            "it says from which cost on somebody is told, and nobody was named",
            "Add --alarm-email ADDRESS or --alarm-topic ARN.",
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
    check_launch_type(request.mode, request.effective("LaunchType"))
    if not request.effective("RunnerSubnetIds"):
        raise UsageProblem(
            "Where the runners go is not known",
            "they need private subnets behind a NAT gateway: containers with a network interface of "
            "their own on EC2 never get a public address",
            "Name them: --runner-subnets subnet-...,subnet-... (ASH_ECS_RUNNER_SUBNET_IDS).",
        )


def _check_pair(subnets: tuple[str, ...], place: str) -> None:
    if subnets and len(subnets) < 2:
        raise UsageProblem(
            "One subnet is not enough",
            "the load balancer wants two, in two zones",
            f"Name two in {place}, separated by a comma.",
        )
