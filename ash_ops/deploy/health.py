"""``health``: the server's own answer, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from ash_ops.aws.session import Aws
from ash_ops.deploy.connection import find_url
from ash_ops.deploy.live import require_service
from ash_ops.deploy.server import Reply, ask_health
from ash_ops.errors import ExitCode
from ash_ops.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What ``GET /health`` of a URL answered."""

    url: str
    reply: Reply

    @property
    def exit_code(self) -> ExitCode:
        """0 healthy, 3 answers but is not, 4 could not be reached."""
        codes = {True: ExitCode.OK, False: ExitCode.PROBLEMS, None: ExitCode.INCONCLUSIVE}
        return codes[self.reply.ok]

    def text(self) -> str:
        """One or two lines."""
        version = f", version {self.reply.version}" if self.reply.version else ""
        words = {True: "healthy", False: "not healthy", None: "could not be reached"}
        lines = [f"{self.url} {words[self.reply.ok]}: {self.reply.text}{version}"]
        if not self.reply.ok:
            lines.append("Next: `ash-ops doctor connection` finds the cause.")
        return "\n".join(lines)

    def json(self) -> str:
        """The same as JSON."""
        words = {True: "healthy", False: "problem", None: "inconclusive"}
        document = {
            "schema": "ash-ops.health/1",
            "url": self.url,
            "status": words[self.reply.ok],
            "text": self.reply.text,
            "version": self.reply.version,
        }
        return json.dumps(document, indent=2)


def read_health(settings: Settings, open_aws: Callable[[], Aws]) -> Health:
    """Ask the server.

    Raises:
        OpsError: there is no deployment to ask, or it has no address.
    """
    url = settings.get("ASH_SERVER_URL")
    if url is None:
        aws = open_aws()
        url = find_url(aws, require_service(aws, settings.deployment))
    return Health(url=url, reply=ask_health(url))
