"""``status``: one screen of what runs, with the doctor's verdict."""

from __future__ import annotations

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.examine import examine


def status(ports: Ports, format_name: str) -> Result:
    """Look once at everything.

    Raises:
        CredentialsProblem: AWS does not accept the credentials.
    """
    looked = examine(ports.open_aws(), ports.settings.deployment)
    from ash_ops.report.status import Status, json, text

    shown = Status(*looked)
    if format_name == "json":
        return Result(exit_code=shown.report.exit_code, render=lambda: json.render(shown))
    return Result(
        exit_code=shown.report.exit_code,
        render=lambda: text.render(shown, width=ports.page.width),
    )
