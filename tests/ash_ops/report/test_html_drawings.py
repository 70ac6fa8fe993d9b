"""What the HTML report draws: each state in words, the edge that is broken, the hour, the memory."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from ash_ops.diagnosis import diagnose
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report import render
from ash_ops.report.html.events import EventKind, events, unread
from ash_ops.report.html.svg import WIDTH, fitted, wrapped
from ash_ops.report.html.timeline import LEFT, RIGHT, x_of
from ash_ops.report.path import stops as path
from ash_ops.report.path.breaks import Hop, broken
from ash_ops.report.path.line import path_line
from ash_ops.report.path.state import State
from ash_ops.report.path.steps import steps
from tests.support import scenarios
from tests.support.each import each


def hops(name: str) -> set[Hop]:
    snapshot = scenarios.load(name)[0]
    return set(broken(diagnose(snapshot), snapshot))


def drawings(snapshot: Snapshot) -> list[str]:
    """The texts of each picture."""
    text = render(diagnose(snapshot), "html", snapshot=snapshot)
    return [
        unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)", found)))
        for found in re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    ]


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("out-of-memory", Hop.TASKS), ("image-not-found", Hop.REGISTRY), ("secret-not-found", Hop.SECRETS),
        ("secret-lacks-a-json-key", Hop.SECRETS), ("unhealthy-target", Hop.TARGETS), ("no-listener-at-all", Hop.BALANCER),
        ("pending-no-route", Hop.NETWORK), ("image-private", Hop.REGISTRY), ("nat-gateway-failed", Hop.NETWORK),
        ("listener-forwards-elsewhere", Hop.TARGETS), ("zonal-shift-takes-the-only-zone", Hop.BALANCER),
        ("quota-is-full-and-nothing-starts", Hop.TASKS), ("switched-off", Hop.TASKS), ("wrong-key", Hop.CALLER),
        ("role-does-not-trust-ecs", Hop.SECRETS), ("server-listens-on-loopback", Hop.TASKS),
        ("sandboxes-impossible-in-the-log", Hop.AGENTS), ("internal-balancer-called-from-outside", Hop.BALANCER),
        ("caller-not-admitted", Hop.CLIENT), ("died-a-minute-ago-and-came-back", Hop.TASKS), ("server-answers-anyone", Hop.TASKS),
        ("second-balancer-is-not-admitted-to-the-task", Hop.TARGETS), ("rolled-back-by-an-alarm", Hop.NEXT_START),
    ],
)  # fmt: skip
def test_the_part_that_the_root_breaks_is_marked(name: str, where: Hop) -> None:
    assert hops(name) == {where}


@each("name", scenarios.names())
def test_the_path_is_broken_exactly_where_there_is_a_problem_and_at_what_is_broken(
    name: str,
) -> None:
    snapshot = scenarios.load(name)[0]
    report = diagnose(snapshot)
    breaks = broken(report, snapshot)
    assert bool(breaks) == (report.status == "problem")
    drawn = drawings(snapshot)[0]
    for item in breaks.values():
        assert item.title.split()[0] in drawn
    told = path_line(snapshot, report)
    way = steps(snapshot, report)
    marked = [item.id for step in way for item in (step.lost, step.fault) if item]
    assert sorted(marked) == sorted(item.id for item in breaks.values())
    # Between two sound things nothing is broken, but on the way from here to the load balancer.
    behind = re.findall(r"-✗-> (?!(?:2 )?balancer)(.*?)(?= -> | -✗-> |$)", told)
    assert [
        part
        for part in behind
        if re.fullmatch(r"[a-z0-9 ]+:? (?:found|healthy|running(?:, healthy)?)", part)
    ] == []


def test_a_healthy_path_is_ok_from_end_to_end_and_says_so() -> None:
    drawn = drawings(scenarios.snapshot())[0]
    assert "✗" not in drawn
    assert "?" not in drawn
    for words in (
        "✓ status ok, Ash 0.2.0", "✓ active", "us-east-1a subnet-aaa", "listens on TCP 4100", "10.0.1.23:4100",
        "✓ healthy", "✓ running, healthy", "✓ 0.0.0.0/0 -> igw-1", "✓ found", "✓ ok",
    ):  # fmt: skip
        assert words in drawn


def test_a_dead_server_shows_why_the_last_task_died() -> None:
    drawn = drawings(scenarios.load("out-of-memory")[0])[0]
    assert "✗ tcp failed: Connection refused" in drawn
    assert "! affected" in drawn
    assert "✗ Container killed: out of memory" in drawn.replace("✗ ✗", "✗")
    assert "OutOfMemoryError" in drawn


READINGS = ("load_balancers", "target_health", "tasks", "image", "secrets")


@pytest.mark.parametrize("name", READINGS)
def test_what_was_not_read_is_a_question_never_a_tick(name: str) -> None:
    snapshot = scenarios.snapshot({name: scenarios.gap(action="x:Describe")})
    stops: dict[str, path.Stop] = {
        "load_balancers": path.balancer(snapshot),
        "target_health": path.targets(snapshot),
        "tasks": path.tasks(snapshot),
        "image": path.registry(snapshot),
        "secrets": path.secrets(snapshot),
    }
    assert stops[name].state is State.UNKNOWN
    assert {stop.state for other, stop in stops.items() if other != name} == {State.OK}
    assert "needs x:Describe" in drawings(snapshot)[0]


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"route_tables": scenarios.gap()}, State.UNKNOWN),
        ({"subnets": scenarios.gap()}, State.UNKNOWN),
        ({"service": scenarios.gap()}, State.UNKNOWN),
        ({"route_tables": {"value": []}}, State.AFFECTED),
    ],
)
def test_the_network_is_no_better_than_what_is_known_of_it(change: Any, state: State) -> None:
    assert path.network(scenarios.snapshot(change)).state is state


def test_a_state_that_nobody_knows_is_a_question() -> None:
    row = {"Target": {"Id": "10.0.0.1"}, "TargetHealth": {"State": "brand-new"}}
    snapshot = scenarios.snapshot({"target_health": {"value": [row]}})
    assert path.targets(snapshot).state is State.UNKNOWN


def test_the_hour_has_each_death_with_its_reason_and_leaves_the_rest_to_the_fold() -> None:
    snapshot = scenarios.load("out-of-memory")[0]
    deaths = [event for event in events(snapshot) if event.kind is EventKind.DEATH]
    assert [f"{event.at:%H:%M}" for event in deaths] == ["11:46", "11:50", "11:54", "11:58"]
    assert all("OutOfMemoryError" in event.words and "137" in event.words for event in deaths)
    assert all(event.state is State.BROKEN for event in deaths)
    shown = render(diagnose(snapshot), "html", snapshot=snapshot)
    assert shown.index("11:58:00") < shown.index("before it</summary>")


def test_a_task_that_was_asked_to_stop_is_no_failure() -> None:
    snapshot = scenarios.load("scaled-in-normally")[0]
    assert {e.state for e in events(snapshot) if e.kind is EventKind.DEATH} == {State.NONE}


@pytest.mark.parametrize(
    ("message", "is_error"),
    [
        ('{"level":50,"msg":"boom"}', True), ('{"level":60,"msg":"boom"}', True), ('{"level":"error","msg":"x"}', True),
        ('{"level":30,"msg":"no error here"}', False), ("TypeError: x is not a function", False),
        ("Error: connect ECONNREFUSED", True), ("listening on 4100", False), ('{"level":', False), ("[1]", False),
        ("{broken error", True),
    ],
)  # fmt: skip
def test_errors_of_the_log_are_marked_by_level_or_word(message: str, is_error: bool) -> None:
    line = {"at": "2026-11-22T11:30:00Z", "message": message}
    snapshot = scenarios.snapshot({"log_lines": {"value": [line]}})
    assert any(event.kind is EventKind.LOG for event in events(snapshot)) is is_error


def test_a_lane_that_was_not_read_says_so() -> None:
    snapshot = scenarios.snapshot({"stopped_tasks": scenarios.gap()})
    assert unread(snapshot) == {
        EventKind.START: "ecs:DescribeTasks",
        EventKind.DEATH: "ecs:DescribeTasks",
    }
    assert drawings(snapshot)[1].count("? could not tell") == 2


def test_a_clock_that_is_ahead_stays_on_the_axis() -> None:
    now = scenarios.snapshot().taken_at
    assert x_of(now + timedelta(hours=5), now) == RIGHT
    assert x_of(now, now) == RIGHT
    assert x_of(now - timedelta(hours=1), now) == LEFT
    assert x_of(now - timedelta(days=9), now) == LEFT


def test_memory_shows_its_limit_its_use_and_the_kills() -> None:
    snapshot = scenarios.load("out-of-memory")[0]
    drawn = drawings(snapshot)[2]
    assert "4,096 MiB" in drawn
    assert "✓ at most 31.5 %" in drawn
    assert drawn.count("✗") == 5  # four kills, and the legend
    shown = render(diagnose(snapshot), "html", snapshot=snapshot)
    assert "Killed for want of memory: 4 times, 4 of them in this hour." in shown
    assert "CPU: limit 0.5 vCPU" in shown


def test_memory_that_was_not_read_has_no_line() -> None:
    snapshot = scenarios.snapshot({"memory_utilization": scenarios.gap()})
    assert "at most" not in drawings(snapshot)[2]
    assert "Its use could not be told" in render(diagnose(snapshot), "html", snapshot=snapshot)


def test_texts_fit_their_width() -> None:
    name = "ash-cloud-" + "x" * 200
    assert fitted("short", 100) == "short"
    assert len(fitted(name, WIDTH)) == int(WIDTH / 7.3)
    assert fitted(name, WIDTH)[:10] == "ash-cloud-"
    assert all(
        len(row) <= 13 for row in wrapped("a longer sentence that takes more than it may", 100)
    )
    assert wrapped("one two", 100) == ["one two"]
    assert wrapped("", 100) == [""]
