"""``health``: ask the server, and say what its answer is worth."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ash_ops.commands import Result
from ash_ops.commands.ports import Ports
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.examine import examine, judge

if TYPE_CHECKING:
    from ash_ops.report.health import Health
    from ash_ops.settings import Settings


def health(ports: Ports, format_name: str) -> Result:
    """Ask the server of ``ASH_SERVER_URL``, else the deployment's.

    The verdict is the doctor's on the deployment. Only where ``ASH_SERVER_URL`` leads to another
    server, or AWS cannot be asked, the server's answer is all there is, and that is said.

    Raises:
        UsageProblem: ``ASH_SERVER_URL`` is not a URL.
        OpsError: neither a URL nor AWS can be asked.
    """
    given = ports.settings.get("ASH_SERVER_URL")
    found = _of_deployment(ports) if given is None else _of_url(ports, _checked(ports.settings))
    from ash_ops.report.health import as_json, as_text

    def render() -> str:
        return as_json(found) if format_name == "json" else as_text(found, ports.page.width)

    return Result(exit_code=found.report.exit_code, render=render)


def _checked(settings: Settings) -> str:
    """Scheme, host and port of ``ASH_SERVER_URL``."""
    from ash_ops.snapshot.readings.server import local_url

    url = local_url(settings)
    if url is None or not url.startswith(("http://", "https://")):
        raise UsageProblem(
            "ASH_SERVER_URL cannot be used",
            "it is not a URL that starts with http:// or https:// and names a host",
            "Correct it, or unset it to ask the deployment's own address.",
        )
    return url


def _of_deployment(ports: Ports) -> Health:
    snapshot, report = examine(ports.open_aws(), ports.settings.deployment)
    from ash_ops.report.health import Health

    return Health(url=snapshot.deployment.url, probe=snapshot.probe.value, report=report)


def _of_url(ports: Ports, url: str) -> Health:
    try:
        found = _of_deployment(ports)
    except UsageProblem:
        raise
    except OpsError as error:
        return _alone(ports, url, str(error))
    if found.url is not None and _meet(url, found.url):
        return found
    return _alone(ports, url, f"ASH_SERVER_URL does not lead to {ports.settings.deployment.prefix}")


def _alone(ports: Ports, url: str, why: str) -> Health:
    from ash_ops.report.health import Health
    from ash_ops.snapshot.server_alone import ask_server

    started = ports.clock()
    snapshot = ask_server(ports.settings, url, ports.now())
    report = judge(snapshot, (), started)
    return Health(url=snapshot.deployment.url, probe=snapshot.probe.value, report=report, alone=why)


def _meet(given: str, deployed: str) -> bool:
    """Whether two URLs lead to the same machines, by one name or by two."""
    ours, theirs = (urlsplit(url).hostname for url in (given, deployed))
    return ours == theirs or bool(_addresses(ours) & _addresses(theirs))


def _addresses(host: str | None) -> set[str]:
    try:
        return {str(row[4][0]) for row in socket.getaddrinfo(host or "", None)}
    except (OSError, UnicodeError):
        return set()
