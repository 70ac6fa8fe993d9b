"""What could not be read is neither healthy nor a finding, whatever was not read and why."""

from __future__ import annotations

import itertools
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from ash_ops.diagnosis import Report, diagnose
from ash_ops.facts.model import parsed
from ash_ops.facts.reading import GapKind, Reading
from ash_ops.facts.snapshot import READINGS, Snapshot
from tests.support import scenarios
from tests.support.remembering import Memory

# Without these nobody can say that the deployment works.
VITAL = ("cluster", "service", "task_definition", "tasks", "stopped_tasks", "target_health")
VITAL_BALANCER = ("target_groups", "load_balancers", "listeners", "stack", "probe", "log_lines")
KINDS = tuple(kind for kind in get_args(GapKind) if kind != "skipped")


def with_gaps(change: dict[str, Any], gaps: dict[str, str]) -> Snapshot:
    """A scenario's snapshot in which some readings failed."""
    facts = scenarios.merged(scenarios.healthy(), change)
    for name, kind in gaps.items():
        reading = facts.get(name) or scenarios.healthy()[name]  # an old snapshot holds fewer
        facts[name] = {
            "call": reading["call"],
            "at": reading["at"],
            "gap": {"kind": kind, "code": "Code", "action": "some:Action"},
        }
    return parsed(Snapshot, facts)


def sources_of_gaps(snapshot: Snapshot) -> set[str]:
    readings: dict[str, Reading[Any]] = {n: getattr(snapshot, n) for n in READINGS}
    answered = {r.call for r in readings.values() if r.gap is None}
    return {r.call for r in readings.values() if r.gap is not None} - answered


def assert_honest(report: Report, snapshot: Snapshot) -> None:
    unread = sources_of_gaps(snapshot)
    for item in report.findings:
        assert not {e.source for e in item.evidence} <= unread, item.id
        assert not any(e.source in unread for e in item.evidence), item.id


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", [*VITAL, *VITAL_BALANCER])
def test_one_vital_reading_that_failed_is_never_healthy(name: str, kind: str) -> None:
    snapshot = with_gaps({}, {name: kind})
    report = diagnose(snapshot)
    assert report.status == "inconclusive"
    assert report.exit_code == 4
    assert any(item.vital for item in report.unknown)
    assert_honest(report, snapshot)


STARTS: dict[str, Any] = scenarios.parts("first-minute-of-a-deployment")[0]


@pytest.mark.parametrize("name", ["tasks", "stopped_tasks"])
def test_a_start_that_may_be_young_is_no_outage_whatever_of_it_was_not_read(name: str) -> None:
    assert diagnose(with_gaps(STARTS, {name: "throttled"})).status == "inconclusive"


REFUSED = {
    "rungs": [
        {
            "name": "tcp",
            "outcome": "failed",
            "error": "ConnectionRefusedError",
            "detail": "Connection refused",
        }
    ]
}
NAMELESS = {
    "rungs": [{"name": "dns", "outcome": "failed", "error": "gaierror", "detail": "no such host"}]
}


@pytest.mark.parametrize(
    ("made", "status"),
    [("2026-11-22T11:45:01Z", "inconclusive"), ("2026-11-22T11:45:00Z", "problem")],
)
def test_a_balancer_that_was_not_read_may_be_as_young_as_its_service(
    made: str, status: str
) -> None:
    change = {"service": {"value": {"createdAt": made}}, "probe": {"value": NAMELESS}}
    assert diagnose(with_gaps(change, {"load_balancers": "throttled"})).status == status


@pytest.mark.parametrize(
    ("pending", "said", "status"),
    [
        (1, "11:00:00", "inconclusive"),
        (0, "11:56:01", "inconclusive"),
        (0, "11:56:00", "problem"),
    ],
)
def test_a_service_counts_a_young_task_that_was_not_read(
    pending: int, said: str, status: str
) -> None:
    event = {
        "id": "e",
        "createdAt": f"2026-11-22T{said}Z",
        "message": "(service x) has started 1 tasks: (task y).",
    }
    change = {
        "service": {"value": {"pendingCount": pending, "events": [event]}},
        "target_health": {"value": []},
        "probe": {"value": REFUSED},
    }
    assert diagnose(with_gaps(change, {"tasks": "throttled"})).status == status


# What is not asked of AWS: the image's registry, and this machine's own key.
ELSEWHERE = ("image", "local_key")


@pytest.mark.parametrize("name", [name for name in READINGS if name not in ELSEWHERE])
def test_whatever_aws_did_not_answer_is_told_and_is_not_healthy(name: str) -> None:
    """Also where no check happened to need it: the report leaves nothing out."""
    report = diagnose(with_gaps({}, {name: "denied"}))
    assert report.status == "inconclusive"
    assert any("some:Action" in item.needs for item in report.unknown)


@pytest.mark.parametrize("name", READINGS)
def test_one_reading_that_failed_passes_no_check_that_needs_it(name: str) -> None:
    """Without it a check passes only if it does so whatever the reading would have said."""
    snapshot = with_gaps({}, {name: "denied"})
    report = diagnose(snapshot)
    assert report.status != "problem", [f.id for f in report.findings if f.severity == "error"]
    assert_honest(report, snapshot)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(scenarios.names()),
    gaps=st.dictionaries(st.sampled_from(tuple(READINGS)), st.sampled_from(KINDS), max_size=12),
)
def test_any_readings_that_fail_never_raise_nor_lie(name: str, gaps: dict[str, str]) -> None:
    """A broken deployment of which something could not be read is never called healthy."""
    change, expected = scenarios.parts(name)
    snapshot = with_gaps(change, gaps)
    report = diagnose(snapshot)
    assert_honest(report, snapshot)
    if report.status == "healthy":
        assert not set(gaps) & {*VITAL, *VITAL_BALANCER}, gaps
        assert expected["status"] != "problem" or gaps
    if expected["status"] == "healthy":
        assert report.status != "problem", [f.id for f in report.findings]


SOUND = tuple(n for n in scenarios.names() if scenarios.parts(n)[1]["status"] == "healthy")
PAIRS = tuple(itertools.combinations(READINGS, 2))
# Of the pairs that no check looks at together, so many are tried too; of all, so many without a memory.
_TRIED_ANYWAY, _MADE_AGAIN = 7, 97


def together(memory: Memory, whole: Snapshot, unread: dict[str, Any]) -> set[frozenset[str]]:
    """The pairs of readings that some check looks at both of, when one of them failed.

    Of any other pair each check says what it says when one of the two failed, for it does not get to
    the other: what is found is what is found without either.
    """
    pairs: set[frozenset[str]] = set()
    for name in READINGS:
        for seen in memory.looked_at(structs.replace(whole, **{name: unread[name]})).values():
            if name in seen:
                pairs |= {frozenset({name, other}) for other in seen - {name} if other in unread}
    return pairs


@pytest.mark.parametrize("name", SOUND)
def test_two_readings_that_failed_make_no_problem_of_a_sound_deployment(name: str) -> None:
    """Nor is it called healthy when AWS did not answer: each reading, and all pairs, one after the other."""
    change, _ = scenarios.parts(name)
    whole, memory = scenarios.snapshot(change), Memory()
    nothing_read = with_gaps(change, dict.fromkeys(READINGS, "denied"))
    unread = {each: getattr(nothing_read, each) for each in READINGS}
    matter = together(memory, whole, unread)
    for number, failed in enumerate([*((each,) for each in READINGS), *PAIRS]):
        if len(failed) == 2 and frozenset(failed) not in matter and number % _TRIED_ANYWAY:
            continue
        snapshot = structs.replace(whole, **{each: unread[each] for each in failed})
        report = diagnose(snapshot, checks=memory.checks)
        allowed = {"inconclusive"} if set(failed) - set(ELSEWHERE) else {"inconclusive", "healthy"}
        if name == "stopped-on-purpose" and "service" in failed:
            allowed |= {
                "problem"
            }  # it refuses calls, and that somebody wanted it so stands there alone
        assert report.status in allowed, failed
        if number % _MADE_AGAIN == 0:
            again = diagnose(with_gaps(change, dict.fromkeys(failed, "denied")))
            assert structs.replace(again, elapsed_ms=report.elapsed_ms) == report
