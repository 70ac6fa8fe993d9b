"""What a fleet of another size costs a month."""

from __future__ import annotations

from collections.abc import Mapping

from ash_ops.aws.client.session import Aws
from ash_ops.cost.answer import Request, answer
from ash_ops.errors import OpsError
from ash_ops.settings import Settings
from ash_ops.template_parameters import MULTI_MACHINE


def price_of_runners(
    settings: Settings, aws: Aws, parameters: Mapping[str, str], counts: tuple[int, int]
) -> str:
    """The monthly cost of two sizes of a deployment; empty where it cannot be told.

    Args:
        settings: the configuration.
        aws: where.
        parameters: the stack's.
        counts: how many runners there are, and are to be.
    """
    try:
        now, then = (_monthly(settings, aws, parameters, count) for count in counts)
    except OpsError:
        return ""  # a price that cannot be told stops nobody
    sign = "+" if then >= now else "-"
    return f"about ${now:.2f} a month -> ${then:.2f} ({sign}${abs(then - now):.2f}), mostly idle"


def _monthly(settings: Settings, aws: Aws, parameters: Mapping[str, str], count: int) -> float:
    chosen = {
        "region": aws.region,
        "mode": MULTI_MACHINE,
        "runners": str(count),
        "instance-type": parameters["InstanceType"],
        "architecture": parameters["Architecture"].lower(),
        "cpu": parameters["Cpu"],
        "memory": parameters["Memory"],
        "nat": "0",
    }
    asked = Request(chosen=chosen, only_plan=True, prices="bundled")
    return float(
        answer(settings, lambda: aws, asked, confirm=lambda _question: False).estimate.monthly
    )
