"""``rollout`` and ``rollback``: another version of the image, and nothing else."""

from __future__ import annotations

from ash_ops.commands import Result
from ash_ops.commands.deploy import environment_of
from ash_ops.commands.ports import Ports
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.run import rollout as run


def rollout(ports: Ports, version: str | None, choices: DeployChoices) -> Result:
    """Run another version of the image; ``None`` starts new tasks of the one that is set.

    Raises:
        OpsError: it cannot be done.
    """
    return Result(exit_code=run.rollout(environment_of(ports), version, choices))


def rollback(ports: Ports, choices: DeployChoices) -> Result:
    """Go back to the image that ran before.

    Raises:
        OpsError: it cannot be done.
    """
    return Result(exit_code=run.rollback(environment_of(ports), choices))
