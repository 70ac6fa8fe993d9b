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
from ash_ops.files import require_writable, write_file
from ash_ops.report import format_of
from ash_ops.report.receipt import LABEL, Receipt
from ash_ops.wrapping import wrapped


def teardown(
    ports: Ports,
    *,
    delete_data: bool,
    delete_secret_now: bool,
    adopt: bool,
    delete_backups: bool = False,
    drain: float | None = None,
    output: str | None = None,
) -> Result:
    """Remove a deployment.

    Args:
        ports: the world.
        delete_data: whether to delete what holds data too.
        delete_secret_now: whether to destroy the keys at once.
        adopt: whether to offer removing what is not ours, thing by thing.
        delete_backups: whether to delete the copies of AWS Backup, EC2 and RDS.
        drain: for how many minutes to wait for turns under way; ``None`` cuts them off.
        output: the file to write the receipt to, a page where its ending asks for one; ``None``
            prints it.

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
    if output is not None:
        require_writable(output, option="--output")  # before anything is removed, not after
    receipt = carry_out(work)
    if output is not None:
        write_file(output, _document(receipt, output), option="--output")
        ports.note(f"{receipt.last} The receipt is in {output}.")
        return Result(exit_code=receipt.exit_code)
    told = wrapped(receipt.text(), ports.page.width, " " * LABEL)
    return Result(exit_code=receipt.exit_code, render=lambda: told + "\n")


def _drain(ports: Ports, minutes: float | None, stack: Stack) -> None:
    with drained(environment_of(ports), stack, DeployChoices(drain=minutes)):
        pass  # the deletion that follows ends whoever comes now


def _document(receipt: Receipt, path: str) -> str:
    if format_of(path) == "html":
        from ash_ops.report.html.receipt import page

        return page(receipt)
    return receipt.text() + "\n"
