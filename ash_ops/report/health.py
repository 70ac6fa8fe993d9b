"""``health``: the server's own answer, and the verdict on what is behind it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ash_ops.diagnosis import Report
from ash_ops.facts.server import Probe
from ash_ops.report._tree import command_for, headline
from ash_ops.wrapping import wrapped

if TYPE_CHECKING:
    from ash_ops.documents import deployment as documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a server answered, and how that is to be judged.

    Attributes:
        url: where it was asked; ``None`` when there is no address.
        probe: what it answered.
        report: the diagnosis: of the deployment, or of the answer alone.
        alone: why only the server was asked; ``None`` when the deployment was looked at too.
    """

    url: str | None
    probe: Probe | None
    report: Report
    alone: str | None = None


def as_text(health: Health, width: int | None = None) -> str:
    """The answer, the verdict, and what to do next; broken at ``width`` columns if it is given."""
    probe = health.probe
    version = f", version {probe.version}" if probe and probe.version else ""
    heard = f"{health.url}: {probe.answer}{version}" if probe else "The server was not asked."
    lines = [heard]
    if health.alone is None or health.report.status != "healthy":
        lines.append(headline(health.report))
    if health.alone is not None:
        lines.append(f"Only the server was asked: {health.alone}.")
    if health.report.status != "healthy":
        lines.append(f"Next: `{command_for('doctor', health.report)}` finds the cause.")
    return wrapped("\n".join(lines), width) + "\n"


def as_json(health: Health) -> str:
    """The same as the JSON contract ``ash-ops.health/1``."""
    probe = health.probe
    document: documents.Health = {
        "schema": "ash-ops.health/1",
        "url": health.url,
        "status": health.report.status,
        "headline": headline(health.report),
        "text": probe.answer if probe else "the server was not asked",
        "version": probe.version if probe else None,
        "server_alone": health.alone is not None,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
