"""Keys compared in every way, deaths and complaints at the edges of their windows, and names that must exist."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ash_ops.causes import CAUSES
from ash_ops.checks import _effects
from ash_ops.checks._names import filled
from ash_ops.checks.base import Effect
from ash_ops.checks.catalogue import CHECKS, deployment_checks
from ash_ops.checks.network.whole import require_destinations
from ash_ops.facts.network import Route, RouteTable
from ash_ops.facts.reading import CannotTell
from tests.ash_ops.checks.test_one_fact_decides import asked
from tests.support import scenarios

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
STARTED = datetime(2026, 11, 22, 9, 0, 50, tzinfo=UTC)


def said(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_a_cause_stops_is_said_of_causes_that_there_are() -> None:
    named = [cause for causes in _effects._OF_CAUSE.values() for cause in causes]
    assert set(named) <= set(CAUSES)
    assert len(named) == len(set(named)), "one is said to stop two things"
    assert set(_effects.OF_THIS_CALLER) <= set(CAUSES)
    for cause in named:
        usual = _effects._OF_CATEGORY.get(CAUSES[cause].category, Effect.NOTHING)
        assert _effects.effect_of(cause) is not usual, f"{cause} stops what its category stops"


@pytest.mark.parametrize(
    "check",
    [*CHECKS, *deployment_checks("plan"), *deployment_checks("proof")],
    ids=lambda check: str(check.id),
)
def test_a_check_speaks_of_causes_and_explains_causes_that_there_are(check: Any) -> None:
    assert set(check.causes) <= set(CAUSES)
    assert {each.partition(":")[0] for each in check.explains} <= set(CAUSES)
    assert check.title[:1].isupper()
    assert not check.title.endswith(".")


def secrets(changed: datetime) -> dict[str, Any]:
    every = scenarios.healthy()["secrets"]["value"]
    return {"value": [{**each, "last_changed_at": said(changed)} for each in every]}


@pytest.mark.parametrize(
    ("here", "deployed", "after", "stale"),
    [
        pytest.param("aaaa", "aaaa", 1, True, id="the same key, changed after the start"),
        pytest.param("aaaa", "aaaa", 0, False, id="changed at the start"),
        pytest.param("aaaa", "aaaa", -1, False, id="changed before it"),
        pytest.param("aaaa", "bbbb", 1, False, id="another key: the task's is not compared"),
        pytest.param(None, "bbbb", 1, True, id="none is here to compare"),
        pytest.param("aaaa", None, 1, True, id="the deployed one may not be read"),
    ],
)
def test_a_task_has_the_old_key_where_the_secret_changed_after_its_start(
    here: str | None, deployed: str | None, after: int, stale: bool
) -> None:
    local = {"origin": "environment", "fingerprint": here, "deployed_fingerprint": deployed}
    (check,) = [c for c in CHECKS if "api-key-stale" in c.causes]
    changed = secrets(STARTED + timedelta(seconds=after))
    found = asked(check.id, {"secrets": changed, "local_key": {"value": local}})
    assert ("api-key-stale" in [f.cause for f in found.findings]) is stale


REFUSED = {"name": "auth", "outcome": "failed", "status": 401, "elapsed_ms": 5.0}


def probe(rejected: bool | None, *, text: str = "Unauthorized") -> dict[str, Any]:
    value = dict(scenarios.healthy()["probe"]["value"])
    if rejected:
        body = {"error": text} if text else None
        last = {**REFUSED, "body": body}
        value |= {"rungs": [*value["rungs"][:-1], last], "key_rejected": text}
    return {"value": value}


FLAWS = {
    "quotes": "it is wrapped in quotation marks",
    "spaces": "it has spaces around it",
    "line-end": "it ends with a line break",
    "bearer-prefix": "it begins with the word Bearer",
}


@pytest.mark.parametrize("flaw", FLAWS)
@pytest.mark.parametrize("rejected", [True, False])
def test_a_damaged_key_is_warned_of_unless_the_server_refuses_it_which_says_more(
    rejected: bool, flaw: str
) -> None:
    local = {"origin": "environment", "fingerprint": "aaaa", "flaws": [flaw]}
    change = {"local_key": {"value": local}, "probe": probe(rejected)}
    found = [f for f in asked("api-key-form", change).findings if f.cause == "api-key-malformed"]
    expected = [] if rejected else [f"The key of environment looks damaged: {FLAWS[flaw]}."]
    assert [each.summary for each in found] == expected
    refused = asked("api-key", change).findings
    assert [FLAWS[flaw] in each.summary for each in refused] == [True] * rejected


@pytest.mark.parametrize(
    ("here", "deployed", "words"),
    [
        ("aaaa", "bbbb", "The key of environment is not the deployed one: "),
        ("aaaa", "aaaa", "The server refuses the key of environment: "),
        ("aaaa", None, "The server refuses the key of environment: "),
    ],
)
def test_a_refused_key_is_said_to_be_another_only_where_both_are_known(
    here: str, deployed: str | None, words: str
) -> None:
    local = {"origin": "environment", "fingerprint": here, "deployed_fingerprint": deployed}
    change = {"local_key": {"value": local}, "probe": probe(rejected=True)}
    (found,) = asked("api-key", change).findings
    assert found.summary.startswith(words)
    values = " ".join(str(each.value) for each in found.evidence)
    assert f"here {here} (environment), deployed {deployed or 'not readable'}" in values


@pytest.mark.parametrize(
    ("age", "told"),
    [(timedelta(minutes=59, seconds=59), True), (timedelta(hours=1), True),
     (timedelta(hours=1, seconds=1), False)],
)  # fmt: skip
def test_ecs_complaints_of_the_last_hour_are_told_and_no_older_ones(
    age: timedelta, told: bool
) -> None:
    (check,) = [c for c in CHECKS if c.id == "service-events"]
    text = (
        "(service ash-cloud-runtime) was unable to place a task because no container instance met "
        "all of its requirements."
    )
    service = scenarios.healthy()["service"]["value"]
    rollout = {**service["deployments"][0], "createdAt": said(NOW - timedelta(hours=5))}
    events = [{"id": "e", "createdAt": said(NOW - age), "message": text}]
    found = asked(check.id, {"service": {"value": {"events": events, "deployments": [rollout]}}})
    assert bool(found.findings) is told


@pytest.mark.parametrize(
    "route",
    [
        Route(destination_cidr_block="0.0.0.0/0"),
        Route(destination_ipv6_cidr_block="::/0"),
        Route(destination_prefix_list_id="pl-1"),
    ],
)
def test_each_kind_of_destination_makes_a_route_whole(route: Route) -> None:
    """EC2 tells exactly one of the three of every route."""
    require_destinations(RouteTable(route_table_id="rtb-1", routes=(route,)))
    with pytest.raises(CannotTell, match="rtb-1"):
        require_destinations(RouteTable(route_table_id="rtb-1", routes=(route, Route())))
    with pytest.raises(CannotTell):
        require_destinations(RouteTable(route_table_id="rtb-1", routes=()))


@pytest.mark.parametrize(
    ("placeholder", "value"),
    [
        ("cluster", "ash-cloud"),
        ("service", "ash-cloud-runtime"),
        ("region", "us-east-1"),
        ("name", "ash-cloud"),
        ("your-address", "203.0.113.7"),
        ("secret", "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-cloud-runtime-AbCdEf"),
        (
            "target-group",
            "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/ash-cloud-tg/0123456789abcdef",
        ),
    ],
)
def test_a_name_of_the_catalogue_is_filled_in_with_what_was_read(
    placeholder: str, value: str
) -> None:
    assert filled(scenarios.snapshot(), f"a <{placeholder}> b") == f"a {value} b"


@pytest.mark.parametrize(
    ("placeholder", "reading", "field"),
    [
        ("load-balancer", "load_balancers", "LoadBalancerArn"),
        ("listener", "listeners", "ListenerArn"),
    ],
)
def test_a_name_stays_open_where_it_was_not_read(
    placeholder: str, reading: str, field: str
) -> None:
    known = scenarios.healthy()[reading]["value"][0][field]
    assert filled(scenarios.snapshot(), f"<{placeholder}>") == known
    unread = scenarios.snapshot({reading: scenarios.gap()})
    assert filled(unread, f"<{placeholder}>") == f"<{placeholder}>"
