"""``doctor --wait`` ends when time has settled what it can, and never waits for what it cannot."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from ash_ops.commands.ports import Ports
from ash_ops.commands.watching import settled
from ash_ops.diagnosis import Unknown
from ash_ops.errors import ReadFailed
from tests.support import scenarios
from tests.support.deploying import FakeTime

if TYPE_CHECKING:
    from ash_ops.examine import Looked

SNAPSHOT, _ = scenarios.load("healthy-as-it-is")
CERTAIN = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


def looked(*unknown: Unknown) -> Looked:
    return cast("Looked", (SNAPSHOT, SimpleNamespace(unknown=unknown)))


YOUNG = looked(Unknown(check="deaths", reason="certain at 12:00:00 UTC", until=CERTAIN))
DENIED = looked(Unknown(check="logs", reason="it was denied"))
WELL = looked()


class World:
    """A fake clock, and what each look finds."""

    def __init__(self, *finds: Looked | Exception) -> None:
        self.time, self.finds, self.shown = FakeTime(), list(finds), list[str]()

    def look(self) -> Looked:
        found = self.finds.pop(0) if len(self.finds) > 1 else self.finds[0]
        if isinstance(found, Exception):
            raise found
        return found

    def settle(self, first: Looked) -> Looked:
        clock: Any = SimpleNamespace(clock=lambda: self.time.now, sleep=self.time.sleep)
        return settled(cast(Ports, clock), self.look, first, self.shown.append)


def test_a_repair_too_young_is_waited_for_until_it_is_certain() -> None:
    world = World(YOUNG, ReadFailed("ecs:DescribeTasks", "failed", "Throttled", "later"), WELL)
    assert world.settle(YOUNG) is WELL
    assert world.shown[0] == "certain at 12:00:00 UTC"
    assert any("could not look" in line for line in world.shown)


def test_what_time_does_not_settle_is_not_waited_for() -> None:
    world = World(WELL)
    assert world.settle(DENIED) is DENIED
    assert world.settle(WELL) is WELL
    assert world.shown == []


def test_the_waiting_ends_though_nothing_is_settled() -> None:
    world = World(YOUNG)
    began = world.time.now
    assert world.settle(YOUNG) is YOUNG
    assert 1200 <= world.time.now - began < 1300
