"""A directory of the EC2 instance outlives the task: no warning that a restart loses what is in it."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.diagnosis import diagnose
from ash_ops.facts.model import parsed
from ash_ops.facts.snapshot import Snapshot
from tests.support import scenarios


def causes(volume: dict[str, Any]) -> set[str]:
    facts = scenarios.healthy()
    definition = facts["task_definition"]["value"]
    definition["volumes"] = [volume]
    for container in definition["containerDefinitions"]:
        container["mountPoints"] = [{"sourceVolume": "data", "containerPath": "/data"}]
    return {f.cause for f in diagnose(parsed(Snapshot, facts)).findings}


def test_a_directory_of_the_instance_is_durable() -> None:
    kept = causes({"name": "data", "host": {"sourcePath": "/var/lib/ash"}})
    assert "state-not-durable" not in kept


@pytest.mark.parametrize("host", [{}, {"sourcePath": None}])
def test_a_volume_that_ends_with_the_task_is_not(host: dict[str, Any]) -> None:
    assert "state-not-durable" in causes({"name": "data", "host": host})
