"""``deploy``: from what was asked for to a server that is proven to work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.price import monthly_of_request, price_of_request
from ash_ops.deploy.plan.request import check_values
from ash_ops.deploy.run.deploy import deploy as carry_out
from ash_ops.deploy.run.secrets import refuse_placeholders

_LISTS = ("subnets", "task_subnets", "runner_subnets")


def deploy(ports: Ports, wanted: Mapping[str, Any], choices: DeployChoices) -> Result:
    """Deploy.

    Args:
        ports: the world.
        wanted: the fields of ``DeployOptions``, lists as ``a,b``.
        choices: how to go about it.

    Raises:
        OpsError: it cannot be done.
    """
    options = options_of(wanted)
    # What can be seen to be wrong is said before AWS is asked.
    refuse_placeholders(ports.settings)
    check_values(ports.settings, options, choices.template)
    environment = environment_of(ports)
    estimate = partial(price_of_request, ports.settings, environment.aws)
    monthly = partial(monthly_of_request, ports.settings, environment.aws)
    environment = replace(environment, estimate=estimate, monthly=monthly)
    return Result(exit_code=carry_out(environment, options, choices))


def environment_of(ports: Ports) -> Environment:
    """The world as the deploy floor sees it."""
    return Environment(
        aws=ports.open_aws(),
        settings=ports.settings,
        dialogue=ports.dialogue,
        clock=Clock(ports.clock, ports.sleep),
    )


def options_of(wanted: Mapping[str, Any]) -> DeployOptions:
    """Words of a command line as options; what was not given is left out."""
    fields = {name: value for name, value in wanted.items() if value not in (None, ())}
    for name in _LISTS:
        if name in fields:
            fields[name] = tuple(part.strip() for part in fields[name].split(",") if part.strip())
    return DeployOptions(**fields)
