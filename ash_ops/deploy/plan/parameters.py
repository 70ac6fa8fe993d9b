"""The template's parameters: what was asked for, placed and stored, and nothing that is secret."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.request import Request
from ash_ops.deploy.run.secrets import KeyPlan
from ash_ops.errors import UsageProblem
from ash_ops.template_parameters import MULTI_MACHINE, default

PENDING_VERSION = "pending"


def build_parameters(
    request: Request,
    placement: Placement,
    cidrs: Sequence[str],
    secret: tuple[str, str],
    keys: KeyPlan,
    declared: Sequence[str],
) -> dict[str, str | None]:
    """The values to send; ``None`` keeps what the stack has.

    Args:
        request: what was asked for.
        placement: the network.
        cidrs: who may connect.
        secret: the secret's ARN, and the version that tasks are to start with.
        keys: which keys the secret holds.
        declared: the parameters that the template has; others are not sent.

    Raises:
        UsageProblem: something was asked for that the template has no parameter for.
    """
    wanted: dict[str, str | None] = {
        **dict.fromkeys(request.previous, None),
        **request.given,
        "Name": request.deployment.prefix,
        "VpcId": placement.vpc,
        "SubnetIds": ",".join(s.subnet_id for s in placement.balancer_subnets),
        "TaskSubnetIds": ",".join(s.subnet_id for s in placement.task_subnets),
        "AllowedCidr": cidrs[0],
        "AdditionalCidr": cidrs[1] if len(cidrs) > 1 else "",
        "SecretArn": secret[0],
        "SecretVersion": secret[1],
        "UseDatabase": _uses_given_database(request, keys),
    }
    # Where the disk is follows from what was asked for; a template without a disk needs none.
    foreign = sorted(set(request.given) - set(declared) - {"DataZone", "DataSubnetId"})
    if foreign:
        raise UsageProblem(
            f"The template has no parameter {foreign[0]}",
            f"the {request.mode} template does not know what was asked for",
            "Leave that option or variable out, or add the parameter to your template.",
        )
    return {name: value for name, value in wanted.items() if name in declared}


def _uses_given_database(request: Request, keys: KeyPlan) -> str:
    """Of one server whatever its secret holds; a fleet keeps the database that it was made with."""
    if request.mode == MULTI_MACHINE:
        return request.effective("UseDatabase") or "false"
    return "true" if keys.has_database else "false"


def planned_secret(
    keys: KeyPlan, request: Request, region: str, account: str, partition: str
) -> tuple[str, str]:
    """The ARN and version to plan with.

    While the secret is still to be written, both stand for what will be: so that a plan can be
    shown before anything is created.
    """
    if keys.stored is None:
        name = request.deployment.secret
        return (f"arn:{partition}:secretsmanager:{region}:{account}:secret:{name}", PENDING_VERSION)
    version = PENDING_VERSION if keys.pending else keys.stored.version or default("SecretVersion")
    return (keys.stored.arn, version)


def lets_in(cidrs: Sequence[str], address: str | None) -> bool:
    """Whether an address is in one of the ranges."""
    import ipaddress

    if address is None:
        return False
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(cidr) for cidr in cidrs)


def shown(parameters: Mapping[str, str | None]) -> str:
    """The few parameters that a reader of the plan wants to see, in one line."""
    names = ("Image", "Cpu", "Memory", "LaunchType", "AllowedCidr")
    return ", ".join(f"{name} {parameters[name]}" for name in names if parameters.get(name))
