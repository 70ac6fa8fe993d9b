"""What a deployment costs a month, in one line of a plan or of a teardown."""

from __future__ import annotations

from decimal import Decimal

from ash_ops.aws.client.session import Aws
from ash_ops.cost.answer import Request as CostRequest
from ash_ops.cost.answer import answer
from ash_ops.cost.at_rest import at_rest
from ash_ops.cost.estimate import Estimate
from ash_ops.cost.plan import FARGATE, MOUNTED_GB, ROOT_DISK_GB
from ash_ops.deploy.plan.request import Request
from ash_ops.errors import OpsError
from ash_ops.settings import Settings
from ash_ops.template_parameters import MULTI_MACHINE


def price_of_request(settings: Settings, aws: Aws, request: Request) -> str:
    """The monthly cost of what is to be deployed; empty when it cannot be told."""
    chosen = chosen_of(request, aws.region)
    return _line(settings, aws, CostRequest(chosen=chosen, only_plan=True, prices="bundled"))


def monthly_of_request(settings: Settings, aws: Aws, request: Request) -> Decimal | None:
    """What a request costs a month, in US dollars; ``None`` where a price is not known."""
    wanted = CostRequest(chosen=chosen_of(request, aws.region), only_plan=True, prices="bundled")
    try:
        found = answer(settings, lambda: aws, wanted, confirm=_refuse).estimate
    except OpsError:
        return None
    return None if found.at_least else found.monthly


def chosen_of(request: Request, region: str) -> dict[str, str]:
    """Everything in a request that changes what it costs, by the names that ``ash-ops cost`` takes."""
    on_runners = request.mode == MULTI_MACHINE
    chosen = {
        "region": region,
        "mode": request.mode,
        "launch-type": request.effective("LaunchType").lower() or FARGATE,
        "architecture": request.effective("Architecture").lower(),
        **{name: _yes(on) for name, on in _switches(request).items()},
        **_given(request),
    }
    if not (request.is_ec2 or request.is_managed):
        chosen |= {"cpu": request.effective("Cpu"), "memory": request.effective("Memory")}
    if request.effective("UseEfs") == "true" or on_runners:
        chosen["efs"] = str(MOUNTED_GB)
    if request.effective("AlarmEmail") or request.effective("AlarmTopicArn"):
        chosen["alarms"] = "1"
    if request.effective("SnapshotsBucket"):
        chosen["s3"] = "1"
    if on_runners:
        # The template makes no NAT gateway: that of the runners' subnets is there and paid already.
        chosen |= {"database": _database(request), "nat": "0"}
    elif request.is_ec2:
        size = int(request.effective("DataVolumeSize"))
        chosen["volume"] = str(ROOT_DISK_GB[request.mode] + size)
    return chosen


def _switches(request: Request) -> dict[str, bool]:
    """Whether the task is private, the load balancer internal, and TLS ended there."""
    return {
        "private": request.effective("AssignPublicIp") == "DISABLED",
        "internal": request.effective("Scheme") == "internal",
        "tls": request.has_tls,
    }


def _yes(on: bool) -> str:
    return "yes" if on else "no"


# Parameters that the plan knows by another name; what nobody chose is left to its defaults.
_ANYWHERE = {"LogRetentionDays": "log-retention", "ContainerInsights": "container-insights"}
_ON_INSTANCES = {"InstanceType": "instance-type"}
_ON_RUNNERS = {"RunnerCount": "runners", **_ON_INSTANCES}


def _given(request: Request) -> dict[str, str]:
    names = dict(_ANYWHERE)
    if request.mode == MULTI_MACHINE:
        names |= _ON_RUNNERS
    elif request.on_instances:
        names |= _ON_INSTANCES
    found = {choice: request.effective(parameter) for parameter, choice in names.items()}
    return {choice: value for choice, value in found.items() if value}


def _database(request: Request) -> str:
    if request.effective("UseDatabase") == "true":
        return "no"  # that of ASH_DATABASE_URL is there and paid already
    zones = ":multi-az" if request.effective("DatabaseMultiAz") == "true" else ""
    return f"{request.effective('DatabaseClass')}{zones}"


def price_of_deployment(settings: Settings, aws: Aws) -> str:
    """The monthly cost of what is there; empty when it cannot be told."""
    return _line(settings, aws, CostRequest(prices="bundled"))


def price_of_stopped(settings: Settings, aws: Aws) -> str:
    """What a deployment costs a month as it runs and once it is stopped; empty when it cannot be told."""
    try:
        now = answer(settings, lambda: aws, CostRequest(prices="bundled"), confirm=_refuse).estimate
    except OpsError:
        return ""
    rest = at_rest(now)
    kept = sorted((line for line in rest if line.monthly), key=lambda line: -(line.monthly or 0))
    dearest = ", ".join(f"{line.quantity.item} ${line.monthly:.2f}" for line in kept[:4])
    least = "at least " if any(line.monthly is None for line in rest) else "about "
    total = sum((line.monthly or Decimal(0) for line in rest), Decimal(0))
    still = f"{least}${total:.2f} a month once it is stopped" + (f" ({dearest})" if dearest else "")
    return f"{_told(now).partition(';')[0]} now; {still}"


def _line(settings: Settings, aws: Aws, request: CostRequest) -> str:
    try:
        estimate = answer(settings, lambda: aws, request, confirm=_refuse).estimate
    except OpsError:
        # A price that cannot be told stops nobody; `ash-ops cost` says why it cannot.
        return ""
    return _told(estimate)


def _told(estimate: Estimate) -> str:
    least = "at least " if estimate.at_least else "about "
    return (
        f"{least}${estimate.monthly:.2f} a month (${estimate.hourly:.3f} an hour), mostly idle; "
        "`ash-ops cost` itemises it"
    )


def _refuse(_question: str) -> bool:
    """The bundled prices are asked for nothing that is billed; were it asked, the answer is no."""
    return False
