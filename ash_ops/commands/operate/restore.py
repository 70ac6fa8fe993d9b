"""``restore``: a copy becomes a new deployment, by a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from msgspec import structs

from ash_ops.commands import Result
from ash_ops.commands.deploy import deploy, environment_of
from ash_ops.commands.ports import Ports
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.keep.restore import Restored
from ash_ops.deploy.keep.restore import restore as carry_out
from ash_ops.errors import ExitCode
from ash_ops.names import Deployment
from ash_ops.settings import Settings, Variable


def restore(
    ports: Ports, name: str, *, point: str | None, role: str | None, plan_only: bool
) -> Result:
    """Restore a copy into a new deployment.

    Raises:
        OpsError: it cannot be done; what was restored by then was told, and is kept.
    """
    target = Deployment(name)
    found = carry_out(
        environment_of(ports),
        target,
        ports.now(),
        point=point,
        role=role,
        plan_only=plan_only,
    )
    if found is None:
        return Result(exit_code=ExitCode.OK)
    ports.note(
        f"\nNow the deployment; if it ends early: `{_again(target, found.wanted)}` goes on.\n"
    )
    settings = _settings(ports.settings, target, found)
    ports.turn_to(target.prefix)
    return deploy(structs.replace(ports, settings=settings), found.wanted, DeployChoices())


def _settings(settings: Settings, target: Deployment, found: Restored) -> Settings:
    """The configuration of the new deployment; keys that the user gives come before the old ones."""
    old = {
        name: Variable(name, value.reveal(), f"the secret {settings.deployment.secret}")
        for name, value in found.keys.items()
    }
    given = {name: each for name, each in settings.variables.items() if each.value}
    return replace(settings, deployment=target, variables={**old, **given})


def _again(target: Deployment, wanted: Mapping[str, Any]) -> str:
    """The command that makes the deployment of what was restored."""
    options = ("mode", "launch_type", "file_system", "volume", "database_snapshot")
    values = {name.replace("_", "-"): str(wanted.get(name) or "").lower() for name in options}
    named = [f"--{name} {value}" for name, value in values.items() if value]
    switches = [f"--{switch}" for switch in ("efs", "restored") if wanted.get(switch)]
    return " ".join(["ash-ops deploy", f"--name {target.prefix}", *named, *switches])
