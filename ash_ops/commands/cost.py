"""``cost``: price a deployment or a plan, with the source of every price."""

from __future__ import annotations

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.cost.answer import Request, answer
from ash_ops.errors import ExitCode
from ash_ops.report.cost import as_json, as_text


def cost(ports: Ports, request: Request, format_name: str) -> Result:
    """Price what was asked for.

    Raises:
        OpsError: a value cannot be right, or what is deployed could not be read.
    """
    found = answer(
        ports.settings,
        ports.open_aws,
        request,
        confirm=ports.dialogue.agree_to_charge,
        today=ports.now().date(),
    )
    for note in found.notes:
        ports.note(note)
    if format_name == "json":
        return Result(exit_code=ExitCode.OK, render=lambda: as_json(found) + "\n")
    fancy = ports.page.has_blocks
    return Result(exit_code=ExitCode.OK, render=lambda: as_text(found, fancy=fancy) + "\n")
