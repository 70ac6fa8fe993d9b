"""What following prints first, when it gives up, what it remembers and what it says."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.errors import ReadFailed
from ash_ops.logs.reading import Read
from tests.ash_ops.logs.simulation import EPOCH, Simulation
from tests.bench.logs_world import Faults, Happening, World, lines


def world(*happenings: tuple[float, float], **faults: Any) -> World:
    """A world of (stamped, visible) lines, numbered from 0."""
    made = [
        Happening(stamped=stamped, visible=visible, number=number)
        for number, (stamped, visible) in enumerate(happenings)
    ]
    return World(made, Faults(**faults), EPOCH)


def follow(what: World, until: float = 60.0, skew: float = 0.0, **options: Any) -> Simulation:
    simulation = Simulation(what, clock_skew=skew)
    simulation.run(simulation.tail(**options), until)
    return simulation


def test_the_last_lines_come_first_and_in_order() -> None:
    old = [(-at, -at + 0.1) for at in (900.0, 700.0, 50.0, 40.0, 30.0)]
    assert follow(world(*old, (5.0, 5.1)), count=3).numbers() == [2, 3, 4, 5]


def test_lines_before_the_late_window_make_up_the_number() -> None:
    old = [(-at, -at + 0.1) for at in (9000.0, 700.0, 600.0, 30.0)]
    assert follow(world(*old, (5.0, 5.1)), count=3).numbers() == [1, 2, 3, 4]


def test_a_count_of_zero_prints_only_what_is_new() -> None:
    assert follow(world((-20.0, -19.0), (5.0, 5.1)), count=0).numbers() == [1]


def test_since_prints_everything_from_then_on() -> None:
    old = [(-at, -at + 0.1) for at in (700.0, 500.0, 50.0)]
    assert follow(world(*old, (5.0, 5.1)), since=int((EPOCH - 600) * 1000)).numbers() == [1, 2, 3]


def test_a_late_line_from_before_since_is_printed_when_it_arrives() -> None:
    """``--since`` chooses among what is there; what arrives afterwards is new."""
    printed = follow(world((-60.0, 10.0), (5.0, 5.1)), since=int((EPOCH - 5) * 1000)).numbers()
    assert sorted(printed) == [0, 1]


def test_what_arrived_while_the_command_started_is_not_taken_for_old() -> None:
    many = [(-0.5 - n / 1000, -0.4) for n in range(5)]
    simulation = follow(world((-80.0, -0.1), *many), count=2)
    assert 0 in simulation.numbers()


@pytest.mark.parametrize("skew", [-290.0, 290.0])
def test_a_wrong_clock_of_this_machine_changes_nothing(skew: float) -> None:
    """Five minutes is all that a signature lets pass (AWS, Signature Version 4)."""
    lived = World(lines(seconds=30, tasks=3, flush=5, late=(0.1, 5, 100)), Faults(), EPOCH)
    simulation = follow(lived, 160, skew)
    assert simulation.lost(visible_until=140) == []
    assert simulation.doubled() == []


@pytest.mark.parametrize("skew", [-600.0, 600.0])
@pytest.mark.parametrize(
    "faults",
    [{}, {"no_date": True}, {"no_ingestion": True}, {"no_date": True, "no_ingestion": True}],
)
def test_a_service_that_checks_no_signature_may_be_minutes_away(
    faults: dict[str, Any], skew: float
) -> None:
    """An emulator may tell no time at all; then only the events do."""
    lived = World(
        lines(seconds=10, before=5, rate=20, tasks=2, late=(0.1, 5, 60)), Faults(**faults), EPOCH
    )
    simulation = follow(lived, 100, skew)
    assert simulation.lost(visible_until=80) == []
    assert simulation.doubled() == []


def test_no_request_reaches_below_one_that_was_forgotten() -> None:
    """Asking below the forgotten ids would print their events again."""
    simulation = Simulation(World(lines(seconds=120, before=30), Faults(), EPOCH))
    tail = simulation.tail()
    floors = [0]
    for second in range(1, 200):
        simulation.queries.clear()
        simulation.run(tail, float(second))
        # A range that was begun before may still be read to its end.
        begun = [query.start for query in simulation.queries if query.token is None]
        assert min(begun, default=floors[-1]) >= floors[-1]
        floors.append(tail.floor)
    assert floors == sorted(floors)
    assert floors[-1] > floors[1]


def test_memory_is_bounded_by_the_late_window() -> None:
    """However long it runs: the ids of the window, the slack and one round of sweeps."""
    simulation = Simulation(World(lines(seconds=240, rate=100), Faults(), EPOCH))
    simulation.run(simulation.tail(late_window=30_000), 250)
    assert simulation.lost(visible_until=240) == []
    assert simulation.most_ids <= 100 * 55


def test_a_burst_is_followed_to_its_last_page() -> None:
    same = [(5.0, 5.1)] * 900
    assert sorted(follow(world(*same, page_size=100)).numbers()) == list(range(900))


def test_a_late_line_is_counted() -> None:
    simulation = Simulation(world((1.0, 1.1), (20.0, 20.1), (2.0, 22.0)))
    tail = simulation.tail()
    simulation.run(tail, 60)
    assert tail.late_lines == 1


def test_a_stream_is_known_by_a_line_that_was_there_before() -> None:
    """Streams that were read are not looked at once more for what was never delivered."""
    simulation = Simulation(world((-30.0, -29.0), (-20.0, -19.0)))
    tail = simulation.tail(since=int((EPOCH - 60) * 1000))
    simulation.run(tail, 3)
    assert simulation.numbers() == [0, 1]
    assert tail.streams == {str(event["logStreamName"]) for _, event in simulation.printed}
    assert "" not in tail.streams


def test_being_behind_is_said_once_and_then_the_catching_up() -> None:
    lived = World(lines(seconds=60), Faults(outage_between=(10, 40)), EPOCH)
    notices = follow(lived, 80).notices
    assert [notice.split(":")[0].split(" after")[0] for notice in notices] == [
        "behind",
        "caught up",
    ]


def test_credentials_are_looked_for_again_until_there_are_new_ones() -> None:
    lived = World(lines(seconds=60), Faults(expired_between=(10, 40)), EPOCH)
    simulation = follow(lived, 120)
    assert simulation.renewals > 3
    assert simulation.lost(visible_until=110) == []
    assert "expired" in simulation.notices[0]


@pytest.mark.parametrize("kind", ["denied", "refused", "missing", "failed"])
def test_a_first_call_asked_in_vain_ends_the_tail(kind: str) -> None:
    tail = Simulation(world()).tail()
    step = tail.next_step()
    assert isinstance(step, Read)
    with pytest.raises(ReadFailed):
        tail.failed(step, ReadFailed("logs:FilterLogEvents", kind, "X", "no"))


@pytest.mark.parametrize("kind", ["denied", "refused", "missing", "failed", "expired", "timeout"])
def test_after_one_success_no_failure_ends_it(kind: str) -> None:
    simulation = Simulation(world((-1.0, -0.9)))
    tail = simulation.tail(count=0)
    simulation.run(tail, 2)
    for _ in range(200):
        step = tail.next_step()
        assert isinstance(step, Read)
        tail.failed(step, ReadFailed("logs:FilterLogEvents", kind, "X", "no"))
        simulation.now += 10
    assert isinstance(tail.next_step(), Read)
