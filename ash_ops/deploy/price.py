"""What a deployment costs a month, in one line of a plan or of a teardown."""

from __future__ import annotations

from ash_ops.aws.session import Aws
from ash_ops.cost.answer import Request as CostRequest
from ash_ops.cost.answer import answer
from ash_ops.cost.estimate import Estimate
from ash_ops.deploy.request import Request
from ash_ops.errors import OpsError
from ash_ops.settings import Settings


def price_of_request(settings: Settings, aws: Aws, request: Request) -> str:
    """The monthly cost of what is to be deployed; empty when it cannot be told."""
    chosen = {
        "region": aws.region,
        "mode": request.mode,
        "launch-type": request.effective("LaunchType").lower(),
    }
    if not request.is_ec2:
        chosen["cpu"] = request.effective("Cpu")
        chosen["memory"] = request.effective("Memory")
    return _line(settings, aws, CostRequest(chosen=chosen, only_plan=True, prices="bundled"))


def price_of_deployment(settings: Settings, aws: Aws) -> str:
    """The monthly cost of what is there; empty when it cannot be told."""
    return _line(settings, aws, CostRequest(prices="bundled"))


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
