"""A clock that is wrong makes no fault of a young task: AWS's own time counts, and that is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ash_ops.snapshot.collect import collect
from tests.ash_ops.fakes.aws import FakeAws
from tests.ash_ops.fakes.world import world
from tests.ash_ops.snapshot.conftest import session_for


@pytest.mark.parametrize(
    ("ahead", "words"),
    [(-600.0, "10 min ahead of AWS's"), (600.0, "10 min behind AWS's"), (5.0, "")],
)
def test_times_are_those_of_aws(ahead: float, words: str) -> None:
    with FakeAws(world(port=1)) as fake:
        fake.ahead = ahead
        aws = session_for(fake)
        snapshot = collect(aws, aws.settings.deployment, probe=False)
    shift = (snapshot.taken_at - datetime.now(UTC)).total_seconds()
    expected = ahead if words else 0.0
    assert abs(shift - expected) < 60
    assert abs(snapshot.service.at - snapshot.taken_at) < timedelta(seconds=60)
    told = [limit for limit in snapshot.limits if "clock" in limit]
    assert len(told) == bool(words)
    assert all(words in limit for limit in told)
