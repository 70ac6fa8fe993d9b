"""``teardown``: remove what is ours, and show the receipt."""

from __future__ import annotations

from functools import partial

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.plan.price import price_of_deployment
from ash_ops.deploy.remove.teardown import TeardownContext
from ash_ops.deploy.remove.teardown import teardown as carry_out
from ash_ops.report.receipt import LABEL
from ash_ops.wrapping import wrapped


def teardown(ports: Ports, *, delete_data: bool, delete_secret_now: bool, adopt: bool) -> Result:
    """Remove a deployment.

    Args:
        ports: the world.
        delete_data: whether to delete what holds data too.
        delete_secret_now: whether to destroy the keys at once.
        adopt: whether to offer removing what is not ours, thing by thing.

    Raises:
        OpsError: it cannot be done.
    """
    aws = ports.open_aws()
    work = TeardownContext(
        aws=aws,
        names=ports.settings.deployment,
        dialogue=ports.dialogue,
        clock=Clock(ports.clock, ports.sleep),
        estimate=partial(price_of_deployment, ports.settings, aws),
        delete_data=delete_data,
        delete_secret_now=delete_secret_now,
        adopt=adopt,
    )
    code, receipt = carry_out(work)
    told = wrapped(receipt, ports.page.width, " " * LABEL)
    return Result(exit_code=code, render=lambda: told + "\n")
