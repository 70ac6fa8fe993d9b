"""``teardown``: remove what is ours, and show the receipt."""

from __future__ import annotations

from functools import partial

from ash_ops.commands import Result
from ash_ops.commands.deploy import environment_of
from ash_ops.commands.ports import Ports
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.plan.price import price_of_deployment
from ash_ops.deploy.remove.context import TeardownContext
from ash_ops.deploy.remove.teardown import teardown as carry_out
from ash_ops.deploy.sessions.drain import drained
from ash_ops.facts.stacks import Stack


def teardown(
    ports: Ports,
    *,
    delete_data: bool,
    delete_secret_now: bool,
    adopt: bool,
    delete_backups: bool = False,
    drain: float | None = None,
) -> Result:
    """Remove a deployment.

    Args:
        ports: the world.
        delete_data: whether to delete what holds data too.
        delete_secret_now: whether to destroy the keys at once.
        adopt: whether to offer removing what is not ours, thing by thing.
        delete_backups: whether to delete the copies of AWS Backup, EC2 and RDS.
        drain: for how many minutes to wait for turns under way; ``None`` cuts them off.

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
        delete_backups=delete_backups,
        now=ports.now,
        drain=partial(_drain, ports, drain),
    )
    code, receipt = carry_out(work)
    return Result(exit_code=code, render=lambda: receipt + "\n")


def _drain(ports: Ports, minutes: float | None, stack: Stack) -> None:
    with drained(environment_of(ports), stack, DeployChoices(drain=minutes)):
        pass  # the deletion that follows ends whoever comes now
