"""Which subjects have to do with one another, and which checks a verdict cannot do without."""

from __future__ import annotations

from ash_ops.checks.catalogue import CHECKS
from ash_ops.checks.relations import Relations
from tests.support import one_check
from tests.support.each import each

TARGET, PLACE, NODE = "target/10.0.1.23:4100", "subnet/subnet-aaa", "balancer/ash-cloud-nlb"
MINE = "task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"
RELATED = [
    (TARGET, TARGET, True), (TARGET, PLACE, True), (TARGET, MINE, True), (PLACE, MINE, True), ("revision/7", MINE, True), ("revision/6", MINE, False), ("subnet/subnet-bbb", MINE, False),
    ("subnet/subnet-bbb", TARGET, False), ("target/10.0.9.9:4100", MINE, False), ("task/x", MINE, False), ("role/r", MINE, True), ("", MINE, True), (NODE, "listener/4100", True),
    (NODE, "listener/80", False), (NODE, MINE, True), ("balancer/other", MINE, False), ("balancer/other", "role/r", True), ("balancer/other", NODE, False),
]  # fmt: skip


@each("pair", {f"{a} and {b}": (a, b, related) for a, b, related in RELATED})
def test_which_subjects_have_to_do_with_one_another(pair: tuple[str, str, bool]) -> None:
    one, other, expected = pair
    relations = Relations(one_check.snapshot())
    assert relations.related(one, other) is relations.related(other, one) is expected
    distance = (
        0
        if one == other
        else 1
        if {one.partition("/")[0], other.partition("/")[0]}
        <= {"task", "target", "subnet", "revision"}
        else 2
    )
    assert relations.distance(one, other) == distance


def test_a_task_whose_place_was_not_told_may_stand_anywhere() -> None:
    lost = Relations(one_check.snapshot("", {"tasks.0.attachments": []}))
    assert lost.related("subnet/subnet-bbb", MINE)
    assert lost.related("target/10.0.9.9:4100", MINE)
    assert lost.runs("subnet/subnet-bbb")
    assert not Relations(one_check.snapshot()).runs("subnet/subnet-bbb")
    assert Relations(one_check.snapshot()).runs("role/r")
    assert not Relations(one_check.snapshot("", {"tasks": []})).runs("role/r")


UNREAD = {
    "listeners": [
        (NODE, "listener/4100", False),
        (NODE, MINE, True),
        ("balancer/other", MINE, True),
    ],
    "load_balancers": [(NODE, "listener/4100", False), (NODE, MINE, False)],
    "target_groups": [(NODE, MINE, True), ("balancer/other", MINE, True)],
    "target_health": [(TARGET, MINE, False), (PLACE, MINE, True)],
    "tasks": [(TARGET, MINE, False), ("role/r", MINE, True)],
    "stopped_tasks": [(TARGET, MINE, True)],
    "archived_tasks": [(TARGET, MINE, True)],
}


@each("reading", list(UNREAD))
def test_what_was_not_read_relates_what_is_known_and_no_more(reading: str) -> None:
    relations = Relations(one_check.snapshot("", {reading: one_check.unread()}))
    for one, other, expected in UNREAD[reading]:
        assert relations.related(one, other) is relations.related(other, one) is expected, (
            one,
            other,
        )


VITAL = {
    "live-ladder",
    "listener",
    "load-balancer",
    "target-health",
    "service-exists",
    "rollout-state",
    "rollout-outcome",
    "stack-state",
    "unknown-values",
    "room-on-hosts",
    "hosts",
    "task-phase",
    "stopped-tasks",
    "running-count",
    "service-events",
    "api-key",
    "model-key",
    "server-log",
}


def test_which_checks_a_deployment_may_not_be_called_healthy_without() -> None:
    """Each would show an outage that no other shows: silence of one of them is no health."""
    own = {check.id for check in CHECKS if check.vital and not check.id.startswith("runners-")}
    assert own == VITAL
    assert {check.id for check in CHECKS if check.always} == {"service-exists"}
    assert {check.id for check in CHECKS if check.last} == {
        "foreign-targets",
        "durable-state",
        "circuit-breaker-enabled",
    }
