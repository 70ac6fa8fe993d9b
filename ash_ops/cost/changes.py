"""How one thing chosen otherwise changes a plan: each function takes a plan and a text.

They raise ``UsageProblem`` for a text that cannot be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from ash_ops.cost.lines.base import HOURS
from ash_ops.cost.plan import (
    LOAD_BALANCER_ZONES,
    Database,
    Machines,
    Plan,
    Tasks,
    Traffic,
)
from ash_ops.errors import UsageProblem
from ash_ops.sizes.instance_types import for_processor
from ash_ops.template_parameters import (
    MULTI_MACHINE,
    SOURCES,
    allowed,
    bundled_parameters,
    default,
)

Part = TypeVar("Part", Tasks, Machines)

# What is chosen by deploy's own option and variable: choice -> parameter.
PARAMETERS = {
    "launch-type": "LaunchType",
    "architecture": "Architecture",
    "cpu": "Cpu",
    "memory": "Memory",
    "instance-type": "InstanceType",
    "container-insights": "ContainerInsights",
    "log-retention": "LogRetentionDays",
    "runners": "RunnerCount",
    "database": "DatabaseClass",
}
VARIABLES = {choice: SOURCES[parameter][1] for choice, parameter in PARAMETERS.items()}
DATABASE = default("DatabaseClass", MULTI_MACHINE)
_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0", "none"})


# Series, generation, what else it has, and one of AWS's sizes: ``m6i.large``, ``u-6tb1.metal``,
# ``db.x2g.16xlarge.tpc2.mem4x`` (EC2 user guide, "Instance type naming conventions").
_TYPE = re.compile(
    r"(db\.)?[a-z]+(-[0-9a-z]+)?\d[0-9a-z-]*"
    r"\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)(\.[0-9a-z.]+)?"
)


def one_of(name: str, text: str, values: Iterable[str]) -> str:
    """The text, if it is one of the values."""
    if text not in (allowed := tuple(values)):
        raise _wrong(name, text, f"it is one of {', '.join(allowed)}")
    return text


def _wrong(name: str, text: str, why: str) -> UsageProblem:
    place = f"--{name} or {VARIABLES[name]}" if name in VARIABLES else f"--{name}"
    return UsageProblem(f"{name} {text!r} cannot be right", why, f"Correct {place}.")


def number(name: str, text: str) -> Decimal:
    """A number from 0 to a thousand million."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _wrong(name, text, "it is not a number") from None
    if not value.is_finite() or value < 0 or value > 10**9:
        raise _wrong(name, text, "it is not a number from 0 to 1000000000")
    return value


def whole_number(name: str, text: str) -> int:
    """A whole number of that range."""
    value = number(name, text)
    if value != int(value):
        raise _wrong(name, text, "it is not a whole number")
    return int(value)


def check_number(name: str, text: str, mode: str) -> None:
    """Refuse a text where ``deploy`` wants a whole number, with its sentence.

    Raises:
        UsageProblem: it is no whole number above 0.
    """
    declared = bundled_parameters(mode).get(PARAMETERS[name])
    is_number = declared is not None and declared.is_number
    if is_number and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise _refused(name, text, "a whole number above 0 is wanted")


def check_allowed(name: str, text: str, mode: str) -> None:
    """Refuse what the template does not allow, with the sentence of ``deploy``.

    Raises:
        UsageProblem: the value is not one of the template's.
    """
    declared = bundled_parameters(mode).get(PARAMETERS[name])
    if declared is not None and (why := declared.why_not(declared.typed(text))):
        raise _refused(name, text, why)


def _refused(name: str, text: str, why: str) -> UsageProblem:
    place = f"--{name} or {VARIABLES[name]}"
    return UsageProblem(f"{text!r} cannot be used", why, f"Correct {place}.")


def _yes(name: str, text: str) -> bool:
    if text.lower() in _YES | _NO:
        return text.lower() in _YES
    raise _wrong(name, text, "it is yes or no")


def already_shaped(plan: Plan, _: str) -> Plan:
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


def set_cpu(plan: Plan, text: str) -> Plan:
    """CPU units of the server."""
    return _server(plan, lambda tasks: replace(tasks, cpu=whole_number("cpu", text)))


def set_memory(plan: Plan, text: str) -> Plan:
    """MB of the server."""
    return _server(plan, lambda tasks: replace(tasks, memory=whole_number("memory", text)))


def set_storage(plan: Plan, text: str) -> Plan:
    """Ephemeral storage of the server, in GB."""
    size = whole_number("ephemeral-storage", text)
    if not 20 <= size <= 200:
        raise _wrong("ephemeral-storage", text, "Fargate gives a task 20 to 200 GB")
    if not plan.tasks:
        raise _wrong("ephemeral-storage", text, "nothing runs on Fargate: its disk is --volume")
    return _server(plan, lambda tasks: replace(tasks, storage_gb=size))


def set_arch(plan: Plan, text: str) -> Plan:
    """Processor of everything; instance types follow it, to the same size."""
    arch = one_of("architecture", text.lower(), allowed("Architecture"))
    machines = tuple(
        replace(group, instance_type=for_processor(group.instance_type, arch))
        for group in plan.machines
    )
    tasks = tuple(replace(part, arch=arch) for part in plan.tasks)
    return replace(plan, tasks=tasks, machines=machines)


def set_spot(plan: Plan, text: str) -> Plan:
    """Spot capacity for everything, or on demand."""
    spot = _yes("spot", text)
    return replace(
        plan,
        tasks=tuple(replace(part, spot=spot) for part in plan.tasks),
        machines=tuple(replace(part, spot=spot) for part in plan.machines),
    )


def set_runners(plan: Plan, text: str) -> Plan:
    """How many runners."""
    count = Decimal(whole_number("runners", text))
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


def set_instance_type(plan: Plan, text: str) -> Plan:
    """The type of every EC2 instance."""
    if not plan.machines:
        raise _wrong("instance-type", text, "nothing runs on EC2: add --launch-type ec2")
    _check_type("instance-type", text, default("InstanceType"))
    machines = tuple(replace(group, instance_type=text) for group in plan.machines)
    return replace(plan, machines=machines)


def _check_type(name: str, text: str, example: str) -> None:
    """Refuse what has not the form of a type; one that no price list has is printed without a price."""
    if not _TYPE.fullmatch(text):
        raise _wrong(name, text, f"it is a type such as {example}")


def set_volume(plan: Plan, text: str) -> Plan:
    """The disk of every EC2 instance, in GB."""
    if not plan.machines:
        raise _wrong("volume", text, "nothing runs on EC2: add --launch-type ec2")
    size = whole_number("volume", text)
    return replace(plan, machines=tuple(replace(part, volume_gb=size) for part in plan.machines))


def set_private(plan: Plan, text: str) -> Plan:
    """Private subnets with a NAT gateway, or public ones."""
    private = _yes("private", text)
    # A NAT gateway is what a private subnet needs to reach ghcr.io; --nat 0 takes it away again.
    runners = any(not group.public for group in plan.machines)
    gateways = max(plan.nat_gateways, 1) if private or runners else 0
    return replace(plan, private=private, nat_gateways=gateways, addresses=None)


def set_internal(plan: Plan, text: str) -> Plan:
    """A load balancer without public addresses, or with one a zone."""
    addresses = 0 if _yes("internal", text) else LOAD_BALANCER_ZONES
    return replace(plan, load_balancer_addresses=addresses, addresses=None)


def set_nat(plan: Plan, text: str) -> Plan:
    """How many NAT gateways."""
    return replace(plan, nat_gateways=whole_number("nat", text), addresses=None)


def check_together(plan: Plan, chosen: Mapping[str, str]) -> None:
    """Refuse what each choice allows and no deployment can be.

    Raises:
        UsageProblem: NAT gateways that nothing uses, or instances of another processor.
    """
    behind = plan.private or any(not group.public for group in plan.machines)
    if "nat" in chosen and plan.nat_gateways and not behind:
        why = "a task with a public address goes out by itself: add --private"
        raise _wrong("nat", chosen["nat"], why)
    if "architecture" not in chosen or "instance-type" not in chosen:
        return
    wanted, arch = chosen["instance-type"], chosen["architecture"].lower()
    if plan.machines and (same := for_processor(wanted, arch)) != wanted:
        raise _wrong("instance-type", wanted, f"its processor is not {arch}; {same} has one")


def _traffic(plan: Plan) -> Traffic:
    return plan.traffic or Traffic()


def set_traffic_gb(plan: Plan, text: str) -> Plan:
    """GB a month through the load balancer."""
    per_hour = number("traffic-gb", text) / HOURS
    traffic = replace(_traffic(plan), gb_per_hour=per_hour, measured_units=None)
    return replace(plan, traffic=traffic)


def set_connections(plan: Plan, text: str) -> Plan:
    """Connections open at one time."""
    active = number("connections", text)
    return replace(plan, traffic=replace(_traffic(plan), active=active, measured_units=None))


def set_tls(plan: Plan, text: str) -> Plan:
    """Whether the load balancer ends TLS."""
    tls = _yes("tls", text)
    return replace(plan, traffic=replace(_traffic(plan), tls=tls, measured_units=None))


def set_insights(plan: Plan, text: str) -> Plan:
    """The mode of Container Insights, whose metrics are then counted anew."""
    mode = {"off": "disabled", "on": "enabled", "standard": "enabled"}.get(text, text)
    mode = one_of("container-insights", mode, allowed("ContainerInsights"))
    return replace(plan, insights=mode, insights_series=None)


def set_log_gb(plan: Plan, text: str) -> Plan:
    """GB of logs a month."""
    return replace(plan, log_gb=number("log-gb", text), log_stored_gb=None)


def set_log_days(plan: Plan, text: str) -> Plan:
    """Days that logs are kept."""
    days = whole_number("log-retention", text)
    return replace(plan, log_retention_days=days, log_stored_gb=None)


def set_efs(plan: Plan, text: str) -> Plan:
    """GB of EFS at ``/data``; what is read and written follows it, as nothing was measured at that size."""
    size = number("efs", text)
    return replace(plan, efs_gb=size, file_systems=0, efs_read_gb=None, efs_written_gb=None)


def set_database(plan: Plan, text: str) -> Plan:
    """The class of the database, with ``:multi-az`` if wanted; ``no`` for none."""
    if text.lower() in _NO:
        return replace(plan, database=None)
    name, _, zones = (DATABASE if text.lower() in _YES else text).partition(":")
    if not name.startswith("db.") or zones not in ("", "multi-az"):
        raise _wrong("database", text, f"it is a class such as {DATABASE} or db.t4g.small:multi-az")
    _check_type("database", name, DATABASE)
    return replace(plan, database=Database(instance_class=name, multi_az=bool(zones)))
