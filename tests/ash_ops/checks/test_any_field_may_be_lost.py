"""Any field of any snapshot may be missing, null, empty or of another type.

Then no check throws; and where a look-up that proved the trouble is gone, the rest is not called
healthy. What a person or the server may leave out (the key here, a line of a log) proves nothing.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from ash_ops.diagnosis import Report, diagnose
from ash_ops.facts.model import fact_of
from ash_ops.facts.snapshot import READINGS, Snapshot
from tests.support import scenarios
from tests.support.each import each

Path = tuple[Any, ...]
HOWS = ("dropped", "null", "empty", "retyped")
# Without the state that stands here nobody can say that the deployment works.
PROOFS = (
    ("target_health", "value", "TargetHealth", "State"),
    ("tasks", "value", "lastStatus"),
    ("stack", "value", "StackStatus"),
    ("probe", "value", "rungs"),
    ("task_definition", "value"),
    ("probe", "value"),
)


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """The places of all values of a document."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in steps:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*path, key))


def facts_of(name: str) -> dict[str, Any]:
    facts: dict[str, Any] = scenarios.merged(scenarios.healthy(), scenarios.parts(name)[0])
    return facts


def without(facts: dict[str, Any], path: Path, how: str) -> Snapshot:
    """The facts with one value gone or changed, read as leniently as AWS's answers are.

    Raises:
        ValueError: what is left is no snapshot.
    """
    changed = copy.copy(facts)
    holder: Any = changed
    for key in path[:-1]:  # only what is on the way to it is copied
        holder[key] = copy.copy(holder[key])
        holder = holder[key]
    value = holder[path[-1]]
    if how == "dropped":
        del holder[path[-1]]
    elif how == "null":
        holder[path[-1]] = None
    elif how == "empty":
        holder[path[-1]] = type(value)() if isinstance(value, dict | list) else ""
    else:
        holder[path[-1]] = "odd" if isinstance(value, dict | list) else {"odd": 1}
    return fact_of(Snapshot, changed)


def places(facts: dict[str, Any]) -> list[Path]:
    readings = {name: facts[name] for name in READINGS if name in facts}
    return [p for p in paths(readings) if len(p) > 1 and p[1] not in {"call", "at"}]


def threw(report: Report) -> list[str]:
    return [u.reason for u in report.unknown if "internal error" in u.reason]


@each("name", scenarios.names())
def test_no_check_throws_whatever_is_lost(name: str) -> None:
    facts = facts_of(name)
    chosen = random.Random(name)  # the same places every time
    for path in chosen.sample(places(facts), 20):
        try:
            snapshot = without(facts, path, chosen.choice(HOWS))
        except ValueError:
            continue
        assert threw(diagnose(snapshot)) == [], path


PROOFS_OF_HEALTH = [
    (path, how)
    for path in places(scenarios.healthy())
    for how in HOWS
    if isinstance(path[-1], str) and tuple(k for k in path if isinstance(k, str)) in PROOFS
]


@pytest.mark.parametrize(("path", "how"), PROOFS_OF_HEALTH)
def test_a_lost_proof_of_health_is_never_health(path: Path, how: str) -> None:
    try:
        snapshot = without(scenarios.healthy(), path, how)
    except ValueError:
        return
    assert diagnose(snapshot).status != "healthy"


# What AWS always tells, and without which nobody can say that a way is shut.
ALWAYS_TOLD = (
    ("service", "networkConfiguration", "awsvpcConfiguration", "assignPublicIp"),
    ("task_definition", "containerDefinitions", 0, "secrets", 0, "valueFrom"),
    ("target_health", 0, "Target", "Id"),
    ("load_balancers", 0, "AvailabilityZones", 0, "ZoneName"),
    ("listeners", 0, "DefaultActions"),
    ("listeners", 0, "DefaultActions", 0, "TargetGroupArn"),
    ("route_tables", 0, "Routes"),
    ("internet_gateways", 0, "Attachments", 0, "VpcId"),
    ("network_acls", 0, "Entries", 0, "RuleAction"),
    ("network_acls", 0, "Entries", 0, "CidrBlock"),
    ("security_groups", 0, "IpPermissionsEgress", 0, "IpProtocol"),
    ("security_groups", 0, "IpPermissionsEgress", 0, "IpRanges"),
)


@pytest.mark.parametrize("place", ALWAYS_TOLD)
@pytest.mark.parametrize("how", HOWS)
def test_a_sound_deployment_is_no_problem_because_a_part_was_not_read(
    place: Path, how: str
) -> None:
    path = (place[0], "value", *place[1:])
    try:
        snapshot = without(scenarios.healthy(), path, how)
    except ValueError:
        return
    assert diagnose(snapshot).status != "problem"
