"""What a watch says of one look after another: what was not read is not over, one throttle is no event."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.diagnosis import Report, diagnose
from ash_ops.errors import CredentialsProblem, ReadFailed
from ash_ops.report.changes import Watched
from tests.support import scenarios


def report(name: str = "healthy-as-it-is", **readings: Any) -> Report:
    change, _ = scenarios.parts(name)
    return diagnose(scenarios.snapshot(scenarios.merged(change, readings)))


def throttled(name: str = "healthy-as-it-is", *readings: str) -> Report:
    return report(name, **{each: scenarios.gap("throttled") for each in readings})


def lines(watched: Watched, seen: Report) -> list[str]:
    return list(watched.take(seen).lines())


def test_what_began_and_what_ended_has_a_line_and_then_the_verdict() -> None:
    watched = Watched(report())
    began = lines(watched, report("switched-off"))
    assert any(line.startswith("+ error") and "service-desired-zero" in line for line in began)
    assert began[-1].startswith("Problem")
    ended = lines(watched, report())
    assert any(line.startswith("- error") and "service-desired-zero" in line for line in ended)
    assert ended[-1].startswith("Healthy")


def test_a_finding_that_could_not_be_read_is_not_over() -> None:
    watched = Watched(report("switched-off"))
    for _ in range(3):
        changes = watched.take(throttled("switched-off", "service"))
        assert "service-desired-zero" not in {each.cause for each in changes.ended}
        assert watched.verdict.status == "problem"
    assert lines(watched, report("switched-off")) == ["? everything is read again"]


def test_one_look_that_was_throttled_says_nothing() -> None:
    watched = Watched(report())
    blind = throttled("healthy-as-it-is", "service", "tasks", "target_health", "log_lines")
    for _ in range(4):
        assert lines(watched, blind) == []
        assert lines(watched, report()) == []
    assert watched.verdict.status == "healthy"


def test_what_cannot_be_read_twice_is_one_line_and_then_silence() -> None:
    watched = Watched(report())
    blind = throttled("healthy-as-it-is", "service", "tasks", "target_health", "log_lines")
    assert lines(watched, blind) == []
    told = lines(watched, blind)
    assert [line[:2] for line in told] == ["? ", "Co"]  # one for all checks, and the verdict
    assert "checks" in told[0]
    assert lines(watched, blind) == []
    assert lines(watched, report()) == ["? everything is read again", watched.verdict.headline]
    assert watched.verdict.status == "healthy"


def test_what_may_last_is_named_with_what_could_not_be_read() -> None:
    watched = Watched(report("switched-off"))
    lines(watched, throttled("switched-off", "service"))
    told = lines(watched, throttled("switched-off", "service"))
    assert "it lasts: service-desired-zero" in told[0]


def test_gaps_of_the_first_report_are_not_told_again_until_they_were_closed() -> None:
    blind = throttled("healthy-as-it-is", "memory_utilization", "service")
    watched = Watched(blind)
    assert lines(watched, blind) == []
    assert lines(watched, blind) == []
    assert lines(watched, report())[-1].startswith("Healthy")
    assert lines(watched, blind) == []
    assert lines(watched, blind)[0].startswith("? could not tell")


def test_refused_credentials_are_told_at_once_and_once() -> None:
    watched = Watched(report())
    refused = CredentialsProblem("AWS does not accept these credentials", "ExpiredToken", "Log in.")
    told = list(watched.fail(refused).lines())
    assert "ExpiredToken" in told[0]
    assert "Log in." in told[0]
    assert told[-1].startswith("Could not tell")
    assert list(watched.fail(refused).lines()) == []
    assert lines(watched, report())[-1].startswith("Healthy")


def test_a_look_that_fails_for_another_reason_is_told_when_the_next_fails_too() -> None:
    watched = Watched(report())
    failure = ReadFailed("sts:GetCallerIdentity", "unreachable", "EndpointConnectionError", "no")
    assert list(watched.fail(failure).lines()) == []
    assert "could not look" in next(watched.fail(failure).lines())
    assert list(watched.fail(failure).lines()) == []


def test_a_known_problem_stays_one_while_nobody_can_look() -> None:
    watched = Watched(report("switched-off"))
    for _ in range(3):
        watched.fail(CredentialsProblem("Refused", "expired", "Log in."))
    assert watched.verdict.status == "problem"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("switched-off", "switched-off", True),
        ("switched-off", "out-of-memory", False),
        ("switched-off", "healthy-as-it-is", False),
    ],
)
def test_a_fingerprint_is_that_of_status_and_causes(one: str, other: str, same: bool) -> None:
    first, second = Watched(report(one)).verdict, Watched(report(other)).verdict
    assert (first.fingerprint == second.fingerprint) is same
