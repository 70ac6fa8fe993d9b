"""What a user may choose about a plan: the size options, and the pairs of ``--compare``.

Both say the same things under the same names, so one table serves both. A choice takes a plan and
a text and gives the changed plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from ash_ops.cost.lines import HOURS
from ash_ops.cost.plan import (
    ARM,
    DEFAULT_DATABASE,
    DEFAULT_INSTANCE_TYPE,
    DEFAULT_RUNNER_TYPE,
    EC2,
    FARGATE,
    INSIGHTS_MODES,
    LOAD_BALANCER_ZONES,
    MULTI_MACHINE,
    STANDALONE,
    X86,
    Database,
    Machines,
    Plan,
    Tasks,
    Traffic,
    default_plan,
)
from ash_ops.errors import UsageProblem
from ash_ops.fargate import check_size
from ash_ops.settings import DEFAULT_REGION, Settings

Apply = Callable[[Plan, str], Plan]
Part = TypeVar("Part", Tasks, Machines)

_SHAPES = ("mode", "launch-type")
# The variables of the same names as deploy's.
_VARIABLES = {
    "launch-type": "ASH_ECS_LAUNCH_TYPE",
    "architecture": "ASH_ECS_ARCHITECTURE",
    "cpu": "ASH_ECS_CPU",
    "memory": "ASH_ECS_MEMORY",
    "instance-type": "ASH_ECS_INSTANCE_TYPE",
    "container-insights": "ASH_CONTAINER_INSIGHTS",
    "log-retention": "ASH_LOG_RETENTION_DAYS",
}
_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0", "none"})


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
    return change(base, {name: text for name, text in given.items() if name not in _SHAPES})


def _from_variables(settings: Settings) -> dict[str, str]:
    found = {key: settings.get(name) for key, name in _VARIABLES.items()}
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
    for name, choice in CHOICES.items():
        if name in chosen:
            changed = choice.apply(changed, chosen[name])
    for tasks in changed.tasks:
        check_size(tasks.cpu, tasks.memory)
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
    mode = _one_of("mode", chosen.get("mode", plan.mode), (STANDALONE, MULTI_MACHINE))
    usual = EC2 if mode == MULTI_MACHINE else FARGATE
    kept = EC2 if plan.machines and mode == plan.mode else usual
    launch_type = _one_of("launch-type", chosen.get("launch-type", kept), (FARGATE, EC2))
    return replace(
        default_plan(mode, launch_type), region=plan.region, traffic=plan.traffic, s3_gb=plan.s3_gb
    )


def _one_of(name: str, text: str, values: Iterable[str]) -> str:
    if text not in (allowed := tuple(values)):
        raise _wrong(name, text, f"it is one of {', '.join(allowed)}")
    return text


def _wrong(name: str, text: str, why: str) -> UsageProblem:
    place = f"--{name} or {_VARIABLES[name]}" if name in _VARIABLES else f"--{name}"
    return UsageProblem(f"{name} {text!r} cannot be right", why, f"Correct {place}.")


def _number(name: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _wrong(name, text, "it is not a number") from None
    if not value.is_finite() or value < 0 or value > 10**9:
        raise _wrong(name, text, "it is not a number from 0 to 1000000000")
    return value


def _whole(name: str, text: str) -> int:
    value = _number(name, text)
    if value != int(value):
        raise _wrong(name, text, "it is not a whole number")
    return int(value)


def _yes(name: str, text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise _wrong(name, text, "it is yes or no")


def _already_shaped(plan: Plan, _: str) -> Plan:
    """Mode and launch type decide what there is, so ``_shape`` has applied them before all else."""
    return plan


def _is_server(part: Tasks | Machines) -> bool:
    return part.role in ("server", "coordinator")


def _server(plan: Plan, edit: Callable[[Tasks], Tasks]) -> Plan:
    """Change the Fargate tasks of the server or coordinator; runners stay as they are.

    A server on an EC2 instance costs what the instance costs, whatever the size of its task.
    """
    return replace(
        plan, tasks=tuple(edit(part) if _is_server(part) else part for part in plan.tasks)
    )


def _cpu(plan: Plan, text: str) -> Plan:
    return _server(plan, lambda tasks: replace(tasks, cpu=_whole("cpu", text)))


def _memory(plan: Plan, text: str) -> Plan:
    return _server(plan, lambda tasks: replace(tasks, memory=_whole("memory", text)))


def _storage(plan: Plan, text: str) -> Plan:
    size = _whole("ephemeral-storage", text)
    if not 20 <= size <= 200:
        raise _wrong("ephemeral-storage", text, "Fargate gives a task 20 to 200 GB")
    return _server(plan, lambda tasks: replace(tasks, storage_gb=size))


def _arch(plan: Plan, text: str) -> Plan:
    arch = _one_of("architecture", text.lower(), (X86, ARM))
    usual = {
        name: types[arch]
        for types in (DEFAULT_INSTANCE_TYPE, DEFAULT_RUNNER_TYPE)
        for name in types.values()
    }
    machines = tuple(
        replace(group, instance_type=usual.get(group.instance_type, group.instance_type))
        for group in plan.machines
    )
    tasks = tuple(replace(part, arch=arch) for part in plan.tasks)
    return replace(plan, tasks=tasks, machines=machines)


def _spot(plan: Plan, text: str) -> Plan:
    spot = _yes("spot", text)
    return replace(
        plan,
        tasks=tuple(replace(part, spot=spot) for part in plan.tasks),
        machines=tuple(replace(part, spot=spot) for part in plan.machines),
    )


def _runners(plan: Plan, text: str) -> Plan:
    count = Decimal(_whole("runners", text))
    if not any(part.role == "runner" for part in plan.parts):
        raise _wrong("runners", text, "only multi-machine mode has runners: add --mode")
    return replace(
        plan,
        tasks=_counted(plan.tasks, count),
        machines=_counted(plan.machines, count),
        addresses=None,
    )


def _counted(parts: tuple[Part, ...], count: Decimal) -> tuple[Part, ...]:
    kept = (replace(part, count=count) if part.role == "runner" else part for part in parts)
    return tuple(part for part in kept if part.count)


def _instance_type(plan: Plan, text: str) -> Plan:
    if not plan.machines:
        raise _wrong("instance-type", text, "nothing runs on EC2: add --launch-type ec2")
    machines = tuple(replace(group, instance_type=text) for group in plan.machines)
    return replace(plan, machines=machines)


def _volume(plan: Plan, text: str) -> Plan:
    if not plan.machines:
        raise _wrong("volume", text, "nothing runs on EC2: add --launch-type ec2")
    size = _whole("volume", text)
    return replace(plan, machines=tuple(replace(part, volume_gb=size) for part in plan.machines))


def _private(plan: Plan, text: str) -> Plan:
    private = _yes("private", text)
    # A NAT gateway is what a private subnet needs to reach ghcr.io; --nat 0 takes it away again.
    runners = any(not group.public for group in plan.machines)
    gateways = max(plan.nat_gateways, 1) if private or runners else 0
    return replace(plan, private=private, nat_gateways=gateways, addresses=None)


def _internal(plan: Plan, text: str) -> Plan:
    addresses = 0 if _yes("internal", text) else LOAD_BALANCER_ZONES
    return replace(plan, load_balancer_addresses=addresses, addresses=None)


def _nat(plan: Plan, text: str) -> Plan:
    return replace(plan, nat_gateways=_whole("nat", text), addresses=None)


def _traffic(plan: Plan) -> Traffic:
    return plan.traffic or Traffic()


def _traffic_gb(plan: Plan, text: str) -> Plan:
    per_hour = _number("traffic-gb", text) / HOURS
    traffic = replace(_traffic(plan), gb_per_hour=per_hour, measured_units=None)
    return replace(plan, traffic=traffic)


def _connections(plan: Plan, text: str) -> Plan:
    active = _number("connections", text)
    return replace(plan, traffic=replace(_traffic(plan), active=active, measured_units=None))


def _tls(plan: Plan, text: str) -> Plan:
    tls = _yes("tls", text)
    return replace(plan, traffic=replace(_traffic(plan), tls=tls, measured_units=None))


def _insights(plan: Plan, text: str) -> Plan:
    mode = {"off": "disabled", "on": "enabled", "standard": "enabled"}.get(text, text)
    mode = _one_of("container-insights", mode, INSIGHTS_MODES)
    return replace(plan, insights=mode, insights_series=None)


def _log_gb(plan: Plan, text: str) -> Plan:
    return replace(plan, log_gb=_number("log-gb", text), log_stored_gb=None)


def _log_days(plan: Plan, text: str) -> Plan:
    return replace(plan, log_retention_days=_whole("log-retention", text), log_stored_gb=None)


def _database(plan: Plan, text: str) -> Plan:
    if text.lower() in _NO:
        return replace(plan, database=None)
    name, _, zones = (DEFAULT_DATABASE if text.lower() in _YES else text).partition(":")
    if not name.startswith("db.") or zones not in ("", "multi-az"):
        raise _wrong(
            "database", text, "it is a class such as db.t4g.micro or db.t4g.small:multi-az"
        )
    return replace(plan, database=Database(instance_class=name, multi_az=bool(zones)))


_TABLE = (
    Choice(
        "mode",
        "One server, or a coordinator with runners. [default: standalone]",
        _already_shaped,
        values=(STANDALONE, MULTI_MACHINE),
    ),
    Choice(
        "launch-type",
        "Where agents run. [default: fargate; with multi-machine ec2]",
        _already_shaped,
        values=(FARGATE, EC2),
    ),
    Choice(
        "region",
        "AWS region to price.",
        lambda plan, text: replace(plan, region=text),
    ),
    Choice("cpu", "CPU units of the server's task. [env ASH_ECS_CPU; default: 512]", _cpu),
    Choice("memory", "MB of the server's task. [env ASH_ECS_MEMORY; default: 1024]", _memory),
    Choice("architecture", "Processor. [default: x86_64]", _arch, values=(X86, ARM), alias="arch"),
    Choice("spot", "Spot capacity instead of on demand.", _spot, flag=True),
    Choice("runners", "Runners, in multi-machine mode. [default: 2]", _runners),
    Choice(
        "instance-type",
        "EC2 instance type. [default: m6i.large; runners: m6i.xlarge]",
        _instance_type,
    ),
    Choice("volume", "GB of gp3 disk an EC2 instance. [default: 50]", _volume),
    Choice("ephemeral-storage", "GB of disk of the server's task. [default: 20]", _storage),
    Choice("private", "Tasks in private subnets, behind a NAT gateway.", _private, flag=True),
    Choice(
        "nat", "NAT gateways of this deployment's own. [default: 1 if private or for runners]", _nat
    ),
    Choice(
        "endpoints",
        "Interface endpoints times zones. [default: 0]",
        lambda plan, text: replace(plan, endpoint_zones=_whole("endpoints", text)),
    ),
    Choice("internal", "Load balancer inside the VPC only.", _internal, flag=True),
    Choice("tls", "The load balancer ends TLS.", _tls, flag=True),
    Choice(
        "container-insights",
        "Container Insights. [default: enabled]",
        _insights,
        values=INSIGHTS_MODES,
    ),
    Choice("log-gb", "GB of logs a month. [default: 0.5]", _log_gb),
    Choice("log-retention", "Days that logs are kept. [default: 30]", _log_days),
    Choice("traffic-gb", "GB a month through the load balancer. [default: 7.3]", _traffic_gb),
    Choice("connections", "Connections open at one time. [default: 10]", _connections),
    Choice(
        "secrets",
        "Secrets in Secrets Manager. [default: 1]",
        lambda plan, text: replace(plan, secrets=_whole("secrets", text)),
    ),
    Choice(
        "image-gb",
        "GB of images in your own ECR. [default: 0]",
        lambda plan, text: replace(plan, image_gb=_number("image-gb", text)),
    ),
    Choice(
        "efs",
        "GB of EFS at /data; alone, 5 GB.",
        lambda plan, text: replace(plan, efs_gb=_number("efs", text)),
        bare="5",
    ),
    Choice(
        "database",
        "RDS PostgreSQL class, :multi-az if wanted; alone, db.t4g.micro.",
        _database,
        bare=DEFAULT_DATABASE,
    ),
    Choice(
        "s3",
        "GB of snapshots in S3; alone, 1 GB.",
        lambda plan, text: replace(plan, s3_gb=_number("s3", text)),
        bare="1",
    ),
    Choice(
        "alarms",
        "CloudWatch alarms. [default: 0]",
        lambda plan, text: replace(plan, alarms=_whole("alarms", text)),
    ),
)

CHOICES = {choice.name: choice for choice in _TABLE}
"""Everything that can be chosen, by name, in the order in which it is applied."""

_ALIASES = {choice.alias: choice.name for choice in _TABLE if choice.alias}
