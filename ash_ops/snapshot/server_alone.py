"""The server alone, asked without AWS: what somebody can know who has a URL and no account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ash_ops.facts.model import fact_of
from ash_ops.facts.reading import Gap, Reading
from ash_ops.facts.server import LocalKey, Probe
from ash_ops.facts.snapshot import READINGS, DeploymentFacts, Snapshot
from ash_ops.settings import DEFAULT_REGION, Settings
from ash_ops.snapshot.probe import Ladder
from ash_ops.snapshot.readings.server import CALL, climb, key_facts, local_secret


def ask_server(
    settings: Settings, url: str, at: datetime, ladder: Ladder | None = None
) -> Snapshot:
    """Climb the ladder to a URL; every reading of AWS is a gap of kind ``skipped``.

    Args:
        settings: where the local key is found.
        url: where the server is.
        at: the time of the readings.
        ladder: how to ask, if not in the usual way.
    """
    found = climb(ladder or Ladder(), url, local_secret(settings)[0])
    gap = Gap(kind="skipped", message="only the server was asked")
    readings: dict[str, Any] = {
        name: Reading(call=f"local:{name}", at=at, gap=gap) for name in READINGS
    }
    readings["probe"] = Reading(call=CALL, at=at, value=fact_of(Probe, found))
    local = fact_of(LocalKey, key_facts(settings, None))
    readings["local_key"] = Reading(call="local:ASH_API_KEY", at=at, value=local)
    return Snapshot(taken_at=at, deployment=_facts(settings, url), **readings)


def _facts(settings: Settings, url: str) -> DeploymentFacts:
    names = settings.deployment
    return DeploymentFacts(
        name=names.prefix,
        region=settings.region or DEFAULT_REGION,
        cluster=names.cluster,
        service=names.service,
        log_group=names.log_group,
        url=url,
    )
