"""A log group of 300 lines on loopback, and what ``ash-ops logs`` is told to find it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.logs_standin import StandIn
from tests.bench.logs_world import Faults, World, lines

ROOT = Path(__file__).parents[3]


def environment(url: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "not-a-secret-at-all",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": url,
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def standin() -> Iterator[StandIn]:
    made = lines(seconds=0, before=30, tasks=2, rate=10, lag=(0.0, 0.0))
    world = World(made, Faults(quota=0, page_size=70), time.time())
    with StandIn(world, latency=0.0) as running:
        yield running


def numbers(out: str) -> list[int]:
    return [int(line.rpartition("line ")[2].strip('"}')) for line in out.splitlines()]
