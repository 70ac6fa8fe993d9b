"""What a user may choose about a plan: the size options, and the pairs of ``--compare``.

Both say the same things under the same names, so one table serves both. A choice takes a plan and
a text and gives the changed plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from ash_ops.cost.changes import (
    DATABASE,
    PARAMETERS,
    VARIABLES,
    already_shaped,
    check_allowed,
    check_number,
    check_together,
    number,
    one_of,
    set_arch,
    set_connections,
    set_cpu,
    set_database,
    set_efs,
    set_insights,
    set_instance_type,
    set_internal,
    set_log_days,
    set_log_gb,
    set_memory,
    set_nat,
    set_private,
    set_runners,
    set_spot,
    set_storage,
    set_tls,
    set_traffic_gb,
    set_volume,
    whole_number,
)
from ash_ops.cost.plan import (
    EC2,
    FARGATE,
    INCLUDED_STORAGE_GB,
    MANAGED,
    MOUNTED_GB,
    ROOT_DISK_GB,
    Plan,
    default_plan,
)
from ash_ops.errors import UsageProblem
from ash_ops.settings import DEFAULT_REGION, Settings
from ash_ops.sizes.fargate import check_size
from ash_ops.sizes.launch_type import check_launch_type
from ash_ops.template_parameters import (
    MODES,
    MULTI_MACHINE,
    STANDALONE,
    allowed,
    default,
    default_number,
    option_help,
)

Apply = Callable[[Plan, str], Plan]

_SHAPES = ("mode", "launch-type")
_OF_RUNNERS = ("runners", "database")
# What has words of its own here, such as ``on`` or ``db.t4g.small:multi-az``, is checked by itself.
_CHECKED = PARAMETERS.keys() - {"launch-type", "architecture", "container-insights", "database"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose.

    Attributes:
        name: as an option without its dashes, and as a key of ``--compare``.
        help: what it means, with its default.
        apply: makes the changed plan.
        values: the texts it accepts, where there are few.
        flag: whether the option takes no value on the command line.
        bare: what the option means when it is given without a value; ``None`` requires one.
        alias: another name of it.
    """

    name: str
    help: str
    apply: Apply
    values: tuple[str, ...] = ()
    flag: bool = False
    bare: str | None = None
    alias: str | None = None


def planned(settings: Settings, chosen: Mapping[str, str]) -> Plan:
    """The plan that options, environment and ``.env`` describe.

    Raises:
        UsageProblem: a value cannot be right, or Fargate has no such size.
    """
    given = {**_from_variables(settings), **chosen}
    base = replace(default_plan(), region=settings.region or DEFAULT_REGION)
    base = _shape(_stores(base, settings), given)
    if not base.machines and "instance-type" not in chosen:
        # deploy, too, keeps the type in .env for a later --launch-type ec2.
        given.pop("instance-type", None)
    if base.mode != MULTI_MACHINE:
        # Likewise what only that mode has.
        given = {n: text for n, text in given.items() if n in chosen or n not in _OF_RUNNERS}
    return change(base, {name: text for name, text in given.items() if name not in _SHAPES})


def _from_variables(settings: Settings) -> dict[str, str]:
    found = {key: settings.get(name) for key, name in VARIABLES.items()}
    given = {key: text.strip() for key, text in found.items() if text is not None}
    for key in given.keys() & {"launch-type", "architecture"}:
        given[key] = given[key].lower()
    tls = {"tls": "yes"} if settings.get("ASH_ECS_CERTIFICATE_ARN") else {}
    return {**given, **tls}


def _stores(plan: Plan, settings: Settings) -> Plan:
    """Stores that ``.env`` names: a bucket for snapshots is this deployment's own."""
    url = settings.get("ASH_SNAPSHOT_URL") or ""
    has_bucket = url.startswith("s3://") or settings.get("ASH_SNAPSHOTS_BUCKET")
    return replace(plan, s3_gb=Decimal(1)) if has_bucket else plan


def change(plan: Plan, chosen: Mapping[str, str]) -> Plan:
    """The plan with some things chosen otherwise.

    Raises:
        UsageProblem: an unknown name or an impossible value.
    """
    unknown = sorted(chosen.keys() - CHOICES.keys())
    if unknown:
        raise UsageProblem(
            f"{unknown[0]!r} cannot be chosen",
            f"the names are {', '.join(CHOICES)}",
            "For instance --compare cpu=2048,memory=4096 or --compare region=eu-west-1.",
        )
    changed = _shape(plan, chosen)
    declared = {name: text for name, text in chosen.items() if name in _CHECKED}
    for name, text in declared.items():
        check_number(name, text, changed.mode)
    for name, choice in CHOICES.items():
        if name in chosen:
            changed = choice.apply(changed, chosen[name])
    for tasks in changed.tasks:
        check_size(tasks.cpu, tasks.memory)
    for name, text in declared.items():
        check_allowed(name, text, changed.mode)
    check_together(changed, chosen)
    return changed


def parse_pairs(text: str) -> dict[str, str]:
    """``cpu=2048,memory=4096`` as a mapping.

    Raises:
        UsageProblem: a part is not ``name=value``, or a name comes twice.
    """
    pairs: dict[str, str] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        key = name.lower().removeprefix("--").replace("_", "-")
        key = _ALIASES.get(key, key)
        if not equals or not key or not value or key in pairs:
            why = "a name is given twice" if key in pairs else f"{part!r} is not name=value"
            raise UsageProblem(
                f"--compare {text!r} cannot be read", why, "Write --compare cpu=2048,memory=4096."
            )
        pairs[key] = value
    return pairs


def _shape(plan: Plan, chosen: Mapping[str, str]) -> Plan:
    """The plan of another mode or launch type; the region and what carries traffic stay."""
    if not any(name in chosen for name in _SHAPES):
        return plan
    mode = one_of("mode", chosen.get("mode", plan.mode), (STANDALONE, MULTI_MACHINE))
    usual = FARGATE if mode == MULTI_MACHINE else default("LaunchType").lower()
    kept = _on_machines(plan) if plan.machines and mode == plan.mode == STANDALONE else usual
    launch_type = one_of("launch-type", chosen.get("launch-type", kept), (FARGATE, EC2, MANAGED))
    check_launch_type(mode, launch_type)
    return replace(
        default_plan(mode, launch_type), region=plan.region, traffic=plan.traffic, s3_gb=plan.s3_gb
    )


def _on_machines(plan: Plan) -> str:
    return MANAGED if any(group.managed for group in plan.machines) else EC2


def _disks() -> str:
    """The disks of an instance, in both modes: its own, and in standalone mode the one of ``/data``."""
    server = ROOT_DISK_GB[STANDALONE] + default_number("DataVolumeSize")
    runner = ROOT_DISK_GB[MULTI_MACHINE]
    return f"{server}" if server == runner else f"{server}; {MULTI_MACHINE}: {runner}"


_TABLE = (
    Choice(
        "mode",
        f"One server, or a coordinator with runners. [default: {STANDALONE}]",
        already_shaped,
        values=MODES,
    ),
    Choice(
        "launch-type",
        option_help(
            "LaunchType", f"Where agents run; {MULTI_MACHINE}: runners are on {EC2} always."
        ),
        already_shaped,
        values=allowed("LaunchType"),
    ),
    Choice(
        "region",
        "AWS region to price.",
        lambda plan, text: replace(plan, region=text),
    ),
    Choice("cpu", option_help("Cpu", "CPU units of the server's task."), set_cpu),
    Choice("memory", option_help("Memory", "MB of the server's task."), set_memory),
    Choice(
        "architecture",
        option_help("Architecture", "Processor."),
        set_arch,
        values=allowed("Architecture"),
        alias="arch",
    ),
    Choice("spot", "Spot capacity instead of on demand.", set_spot, flag=True),
    Choice("runners", option_help("RunnerCount", "How many runners."), set_runners),
    Choice("instance-type", option_help("InstanceType", "EC2 instance type."), set_instance_type),
    Choice("volume", f"GB of gp3 disk an EC2 instance. [default: {_disks()}]", set_volume),
    Choice(
        "ephemeral-storage",
        f"GB of disk of the server's task. [default: {INCLUDED_STORAGE_GB}]",
        set_storage,
    ),
    Choice("private", "Tasks in private subnets, behind a NAT gateway.", set_private, flag=True),
    Choice(
        "nat",
        "NAT gateways of this deployment's own. [default: 1 if private or for runners]",
        set_nat,
    ),
    Choice(
        "endpoints",
        "Interface endpoints times zones. [default: 0]",
        lambda plan, text: replace(plan, endpoint_zones=whole_number("endpoints", text)),
    ),
    Choice("internal", "Load balancer inside the VPC only.", set_internal, flag=True),
    Choice("tls", "The load balancer ends TLS.", set_tls, flag=True),
    Choice(
        "container-insights",
        option_help("ContainerInsights", "Container Insights."),
        set_insights,
        values=allowed("ContainerInsights"),
    ),
    Choice("log-gb", "GB of logs a month. [default: 0.5]", set_log_gb),
    Choice("log-retention", option_help("LogRetentionDays"), set_log_days),
    Choice("traffic-gb", "GB a month through the load balancer. [default: 7.3]", set_traffic_gb),
    Choice("connections", "Connections open at one time. [default: 10]", set_connections),
    Choice(
        "secrets",
        "Secrets in Secrets Manager. [default: 1]",
        lambda plan, text: replace(plan, secrets=whole_number("secrets", text)),
    ),
    Choice(
        "image-gb",
        "GB of images in your own ECR. [default: 0]",
        lambda plan, text: replace(plan, image_gb=number("image-gb", text)),
    ),
    Choice(
        "efs",
        f"GB of EFS at /data; alone, {MOUNTED_GB} GB.",
        set_efs,
        bare=str(MOUNTED_GB),
    ),
    Choice(
        "database",
        f"RDS PostgreSQL class, :multi-az if wanted; alone, {DATABASE}.",
        set_database,
        bare=DATABASE,
    ),
    Choice(
        "s3",
        "GB of snapshots in S3; alone, 1 GB.",
        lambda plan, text: replace(plan, s3_gb=number("s3", text)),
        bare="1",
    ),
    Choice(
        "alarms",
        "CloudWatch alarms. [default: 0]",
        lambda plan, text: replace(plan, alarms=whole_number("alarms", text)),
    ),
)

CHOICES = {choice.name: choice for choice in _TABLE}
"""Everything that can be chosen, by name, in the order in which it is applied."""

_ALIASES = {choice.alias: choice.name for choice in _TABLE if choice.alias}
