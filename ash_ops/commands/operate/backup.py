"""``backup``: a copy of what a deployment keeps, or a list of the copies there are."""

from __future__ import annotations

from ash_ops.commands import Result
from ash_ops.commands.deploy import environment_of
from ash_ops.commands.ports import Ports
from ash_ops.deploy.keep.backup import backup as carry_out
from ash_ops.deploy.keep.backup import listed


def backup(
    ports: Ports, *, role: str | None, list_only: bool, plan_only: bool, wait: bool
) -> Result:
    """Copy what a deployment keeps, or list its copies.

    Raises:
        OpsError: it cannot be done.
    """
    environment, now = environment_of(ports), ports.now()
    if list_only:
        code, document = listed(environment, now)
        return Result(exit_code=code, render=lambda: document)
    code = carry_out(environment, now, role=role, plan_only=plan_only, wait=wait)
    return Result(exit_code=code)
