"""``start``: what was stopped runs again."""

from __future__ import annotations

from ash_ops.commands import Result
from ash_ops.commands.deploy import environment_of
from ash_ops.commands.ports import Ports
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.pause.start import start as carry_out


def start(ports: Ports, choices: DeployChoices) -> Result:
    """Start a deployment that was stopped.

    Raises:
        OpsError: it cannot be done.
    """
    return Result(exit_code=carry_out(environment_of(ports), choices))
