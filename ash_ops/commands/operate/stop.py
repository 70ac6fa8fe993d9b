"""``stop``: nothing runs, everything is kept."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ash_ops.commands import Result
from ash_ops.commands.deploy import environment_of
from ash_ops.commands.ports import Ports
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.pause.stop import stop as carry_out
from ash_ops.deploy.plan.price import price_of_stopped


def stop(ports: Ports, choices: DeployChoices) -> Result:
    """Stop a deployment.

    Raises:
        OpsError: it cannot be done.
    """
    environment = environment_of(ports)
    estimate = partial(price_of_stopped, ports.settings, environment.aws)
    return Result(exit_code=carry_out(replace(environment, estimate_stopped=estimate), choices))
