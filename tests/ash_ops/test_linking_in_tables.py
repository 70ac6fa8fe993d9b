"""Linking asked rule by rule, in tables: gravity, time, what was attested, what AWS took away, what is told of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ash_ops.checks.base import VERIFY, Effect, Evidence, Finding, Fix
from ash_ops.linking import explains_it, gathered, linked, ordered, wanted_so
from tests.ash_ops.test_linking import IDLE, MINUTE, NOON, RELATIONS, RUNNING, TARGET, made, met


@pytest.mark.parametrize(
    ("consequence", "causes"),
    [
        ("error", {"error"}),
        ("warning", {"error", "warning"}),
        ("info", {"error", "warning", "info"}),
    ],
)
def test_a_cause_is_no_less_grave_than_what_follows_but_that_errors_bring_warnings(
    consequence: str, causes: set[str]
) -> None:
    """A remark explains a remark only; nothing less than an error explains an outage."""
    item = made("target-timeout", severity=consequence)
    explaining = {
        severity
        for severity in ("error", "warning", "info")
        if explains_it(made(severity=severity), item, RELATIONS)
    }
    assert explaining == causes


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_what_was_stopped_on_purpose_explains_an_outage_though_it_is_none(severity: str) -> None:
    assert explains_it(
        made("stopped-on-purpose", severity=severity), made("target-timeout"), RELATIONS
    )


@pytest.mark.parametrize(
    ("ended", "began", "is_over", "explains"),
    [
        pytest.param(NOON, NOON - MINUTE, True, True, id="it began while the cause lasted"),
        pytest.param(NOON, NOON + 2 * MINUTE, True, True, id="as good as then"),
        pytest.param(NOON, NOON + 3 * MINUTE, True, False, id="it began after the cause was over"),
        pytest.param(NOON, None, True, True, id="nobody knows when, and it is over as well"),
        pytest.param(NOON, None, False, False, id="nobody knows when, and it lasts"),
        pytest.param(None, None, False, True, id="both last"),
    ],
)
def test_what_is_over_explains_what_it_can_have_begun(
    ended: datetime | None, began: datetime | None, *, is_over: bool, explains: bool
) -> None:
    over = NOON + 9 * MINUTE if is_over else None
    item = made("crash-loop", severity="warning", since=began, until=over)
    assert explains_it(made(severity="warning", until=ended), item, RELATIONS) is explains


@pytest.mark.parametrize(
    ("stops", "follows"),
    [
        (Effect.ANSWERS, set(Effect)),
        (Effect.NEXT_START, {Effect.NEXT_START, Effect.NOTHING}),
        (Effect.AGENTS, {Effect.AGENTS}),
        (Effect.NOTHING, {Effect.NOTHING}),
    ],
)
def test_a_cause_explains_only_what_is_of_the_kind_that_it_stops(
    stops: Effect, follows: set[Effect]
) -> None:
    """Of a task that runs: what stops answers stops all, what stops a start has not stopped this one."""
    cause = made("b", effect=stops)
    found = {
        effect
        for effect in Effect
        if explains_it(cause, made("a", effect=effect, subject=RUNNING), RELATIONS)
    }
    assert found == follows
    if stops is Effect.NEXT_START:
        assert explains_it(cause, made("a", subject=TARGET), IDLE), "nothing runs: nothing started"


TAKEN = made("fargate-maintenance", since=NOON, effect=Effect.ANSWERS)
NEXT = {"since": NOON + MINUTE, "effect": Effect.NEXT_START}


@pytest.mark.parametrize(
    ("other", "severity"),
    [
        pytest.param(made("image-not-found", **NEXT), "warning", id="no image for what takes its place"),
        pytest.param(made("container-oom", **NEXT), "warning", id="what takes its place dies"),
        pytest.param(made("image-not-found", effect=Effect.NEXT_START), "warning", id="since nobody knows when"),
        pytest.param(
            made("image-not-found", **{**NEXT, "since": NOON - 2 * MINUTE}), "warning",
            id="as good as at that moment",
        ),
        pytest.param(
            made("image-not-found", **{**NEXT, "since": NOON - 3 * MINUTE}), "error",
            id="it was so before, and the task ran all the same",
        ),
        pytest.param(made("image-not-found", severity="warning", **NEXT), "error", id="only a warning"),
        pytest.param(
            made("image-not-found", until=NOON + 2 * MINUTE, **NEXT), "error", id="which is over"
        ),
        pytest.param(made("spot-interruption", **NEXT), "error", id="taken away as well"),
        pytest.param(made("rollout-stuck", **NEXT), "error", id="what only says that there is no task"),
        pytest.param(made("nacl-blocks", **NEXT), "error", id="of the way in, not of the start"),
    ],
)  # fmt: skip
def test_what_aws_took_away_is_behind_once_something_keeps_the_next_task_back(
    other: Finding, severity: str
) -> None:
    """ECS puts another task in its place by itself: what stops that one is the present cause."""
    by_cause = {item.cause: item for item in met(TAKEN, other)}
    assert by_cause["fargate-maintenance"].severity == severity
    assert by_cause[other.cause].severity == other.severity


def test_what_is_no_error_is_not_made_graver_by_what_follows_it() -> None:
    remark = made("fargate-maintenance", since=NOON, severity="info")
    found = met(remark, made("image-not-found", **NEXT))
    assert {item.cause: item.severity for item in found}["fargate-maintenance"] == "info"


@pytest.mark.parametrize(
    ("surer", "weaker", "since"),
    [
        pytest.param(None, NOON, None, id="a setting is older than the complaint of it"),
        pytest.param(NOON, None, NOON, id="only the surer one says"),
        pytest.param(NOON, NOON - MINUTE, NOON - MINUTE, id="the first that is known"),
        pytest.param(None, None, None, id="nobody knows"),
    ],
)
def test_two_that_prove_one_thing_began_when_the_first_says_but_a_setting_is_older(
    surer: datetime | None, weaker: datetime | None, since: datetime | None
) -> None:
    pair = made(since=surer), made(since=weaker, confidence="likely")
    for found in (pair, pair[::-1]):
        (both,) = met(*found)
        assert both.since == since


def test_of_two_as_sure_as_each_other_none_is_a_setting() -> None:
    (both,) = met(made(since=None), made(since=NOON))
    assert both.since == NOON


def stopped(field: str) -> tuple[Evidence, ...]:
    return (Evidence(source="ecs:DescribeTasks", field=field, value="x"),)


@pytest.mark.parametrize(
    ("evidence", "effect", "attested"),
    [
        (stopped("tasks[0].stoppedReason"), Effect.NEXT_START, True),
        (stopped("tasks[1].containers[0].reason"), Effect.NEXT_START, True),
        (stopped("tasks[0].stopCode"), Effect.NEXT_START, False),
        (stopped("services[0].events[0].reason"), Effect.NEXT_START, False),
        (stopped("tasks[0].stoppedReason"), Effect.ANSWERS, False),
        ((), Effect.NEXT_START, False),
    ],
)
def test_of_two_that_would_stop_a_start_the_one_that_a_task_died_of_is_the_reason(
    evidence: tuple[Evidence, ...], effect: Effect, *, attested: bool
) -> None:
    """It came as far as one of them; else the one that explains the least is the nearest."""
    loop = made("crash-loop", effect=Effect.NEXT_START)
    follows = frozenset({"crash-loop"})
    narrow = (follows, made("image-not-found", effect=Effect.NEXT_START))
    wide = (follows | {"rollout-stuck"}, made("container-oom", effect=effect, evidence=evidence))
    found = linked([narrow, wide, (frozenset(), loop)], IDLE)
    parent = next(item.explained_by for item in found if item.cause == "crash-loop")
    assert parent == ("container-oom" if attested else "image-not-found")


def test_what_led_to_a_death_that_is_attested_is_as_near_as_the_death() -> None:
    death = made(
        "container-oom", effect=Effect.NEXT_START, evidence=stopped("tasks[0].stoppedReason")
    )
    loop = made("crash-loop", effect=Effect.NEXT_START)
    behind = (
        frozenset({"container-oom", "crash-loop", "rollout-stuck"}),
        made("disk-full", effect=Effect.NEXT_START),
    )
    other = (frozenset({"crash-loop"}), made("image-not-found", effect=Effect.NEXT_START))
    found = linked([other, behind, (frozenset(), death), (frozenset(), loop)], IDLE)
    by_cause = {item.cause: item.explained_by for item in found}
    assert by_cause == {
        "image-not-found": None,
        "disk-full": None,
        "container-oom": "disk-full",
        "crash-loop": "disk-full",
    }


def test_a_fault_of_one_subject_is_told_as_its_check_told_it() -> None:
    """Even where its steps are in an order of their own: only several are put together."""
    one = made(
        fix=(Fix(why=VERIFY), Fix(why="Then open it.")), evidence=stopped("a") + stopped("a")
    )
    assert gathered([one]) == [one]


def many(number: int, subject: str = "") -> Finding:
    return made("target-timeout", id=f"t:{number}", summary=f"{number} hangs.", subject=subject)


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (3, "0 hangs. 1 hangs. 2 hangs."),
        (4, "0 hangs. The same holds for t:1, t:2, t:3."),
        (9, "0 hangs. The same holds for t:1, t:2, t:3, t:4, t:5, t:6, t:7, t:8."),
        (11, "0 hangs. The same holds for t:1, t:2, t:3, t:4, t:5, t:6, t:7, t:8 and 2 more."),
    ],
)
def test_three_are_told_whole_and_of_more_eight_are_named(count: int, told: str) -> None:
    (all_of_them,) = gathered([many(number) for number in range(count)])
    assert all_of_them.summary == told


def test_one_with_a_subject_is_named_by_it_and_one_without_by_its_id() -> None:
    (told,) = gathered([many(0), many(1, "target/10.0.0.1:4100"), many(2), many(3, "subnet/s-1")])
    assert told.summary == "0 hangs. The same holds for 10.0.0.1:4100, t:2, s-1."
    assert told.others == ("target/10.0.0.1:4100", "subnet/s-1")


def test_what_follows_from_a_stop_on_purpose_is_told_and_is_no_trouble_at_any_depth() -> None:
    found = [
        made("stopped-on-purpose", severity="info"),
        made("target-timeout", explained_by="stopped-on-purpose"),
        made("conn-timeout", explained_by="target-timeout"),
        made("app-crash"),
        made("crash-loop", explained_by="app-crash"),
    ]
    assert {item.cause: item.severity for item in wanted_so(found)} == {
        "stopped-on-purpose": "info",
        "target-timeout": "info",
        "conn-timeout": "info",
        "app-crash": "error",
        "crash-loop": "error",
    }


ORDER: list[dict[str, Any]] = [
    {"severity": "error", "effect": Effect.ANSWERS},
    {"severity": "error", "effect": Effect.ANSWERS, "confidence": "likely"},
    {
        "severity": "error",
        "effect": Effect.NEXT_START,
        "evidence": stopped("tasks[0].stoppedReason"),
    },
    {"severity": "error", "effect": Effect.NEXT_START},
    {"severity": "error", "effect": Effect.AGENTS},
    {"severity": "error", "effect": Effect.NOTHING},
    {"severity": "error", "effect": Effect.ANSWERS, "until": NOON},
    {"severity": "warning", "effect": Effect.ANSWERS},
    {"severity": "info", "effect": Effect.ANSWERS},
]


@pytest.mark.parametrize("turn", range(len(ORDER)))
def test_what_stops_most_and_is_surest_comes_first(turn: int) -> None:
    """The present before the past; answers before the next start, that before agents, that before nothing."""
    rows = [made("app-crash", id=f"{place}", **row) for place, row in enumerate(ORDER)]
    found = ordered([*rows[turn:], *rows[:turn]])
    assert [item.id for item in found] == [str(place) for place in range(len(ORDER))]


def test_of_two_alike_the_one_that_explains_more_comes_first() -> None:
    follows = [
        made("conn-timeout", id=each, severity="warning", explained_by=by)
        for each, by in (("x", "b"), ("y", "b"), ("z", "a"))
    ]
    roots = [
        made("app-crash", id="a", explains=("z",)),
        made("app-crash", id="b", explains=("x", "y")),
    ]
    assert [item.id for item in ordered([*roots, *follows])] == ["b", "x", "y", "a", "z"]
