"""``connect``: the two lines that a client's shell needs."""

from __future__ import annotations

import shlex

from ash_ops.commands import Result
from ash_ops.commands.key import say_it_is_secret
from ash_ops.commands.ports import Ports
from ash_ops.errors import ExitCode


def connect(ports: Ports) -> Result:
    """Find the address and the key of the deployment.

    Raises:
        OpsError: there is no such deployment, or its key cannot be known.
        ReadFailed: a read failed.
    """
    from ash_ops.deploy.connection import find_connection
    from ash_ops.deploy.plan.callers import in_clear

    found = find_connection(ports.open_aws(), ports.settings.deployment)
    if in_clear(found.url):
        ports.note(
            f"{found.url} is plain HTTP: the key and all messages travel in clear, readable on the "
            "way. `ash-ops deploy --certificate ARN --hostname NAME` encrypts."
        )
    say_it_is_secret(ports)
    variables = {"ASH_SERVER_URL": found.url, "ASH_API_KEY": found.key.reveal()}
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()]
    return Result(exit_code=ExitCode.OK, render=lambda: "".join(lines))
