"""``key``: the server's API key."""

from __future__ import annotations

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.errors import ExitCode


def key(ports: Ports) -> Result:
    """Find the key that the running task was started with.

    Raises:
        OpsError: there is no such deployment, or its key cannot be known.
        ReadFailed: a read failed.
    """
    from ash_ops.deploy.connection import find_key

    found = find_key(ports.open_aws(), ports.settings.deployment)
    say_it_is_secret(ports)
    return Result(exit_code=ExitCode.OK, render=lambda: found.reveal() + "\n")


def say_it_is_secret(ports: Ports) -> None:
    """Warn who looks at a screen; a pipe needs no warning."""
    if ports.page.is_terminal:
        ports.note("This is a secret: anyone who has it can use the server.")
