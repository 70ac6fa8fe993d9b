"""The engine's own rules, with checks made for it: what counts, what is told, and what it amounts to."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from ash_ops import examine as examining
from ash_ops.checks.base import Check, Effect, Finding, NotApplicable
from ash_ops.diagnosis import Report, Unknown, answered, diagnose
from ash_ops.errors import ExitCode
from ash_ops.examine import examine, judge
from ash_ops.facts.model import plain
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from tests.support import scenarios

SOUND = scenarios.snapshot()


def finding(cause: str = "crash", severity: str = "error", **more: Any) -> Finding:
    known: dict[str, Any] = {
        "id": cause,
        "cause": cause,
        "title": cause,
        "severity": severity,
        "confidence": "confirmed",
        "playbook": "restarts",
        "summary": f"{cause}.",
    }
    return Finding(**{**known, **more})


def check(id_: str, run: Callable[[Any], Iterable[Finding]], **more: Any) -> Check[Any]:
    known: dict[str, Any] = {"title": id_, "playbook": "restarts", "causes": ()}
    return Check(id=id_, run=run, **{**known, **more})


def raises(error: BaseException) -> Callable[[Any], Iterable[Finding]]:
    def run(_: Any) -> Iterable[Finding]:
        raise error

    return run


def finds(*found: Finding) -> Callable[[Any], Iterable[Finding]]:
    return lambda _: iter(found)


def report(*checks: Check[Any], facts: Snapshot = SOUND, **more: Any) -> Report:
    return diagnose(facts, checks=checks, **more)


def test_a_check_that_finds_nothing_has_passed_and_is_named() -> None:
    found = report(check("a", finds()), check("b", finds(finding())))
    assert found.passed == ("a",)
    assert [f.cause for f in found.findings] == ["crash"]
    assert found.unknown == ()


def test_what_was_found_before_a_check_got_stuck_still_counts() -> None:
    def run(_: Any) -> Iterable[Finding]:
        yield finding()
        raise CannotTell("the rest was not read")

    found = report(check("a", run))
    assert [f.cause for f in found.findings] == ["crash"]
    assert [u.reason for u in found.unknown] == ["the rest was not read"]
    assert found.passed == ()


def test_a_check_with_nothing_to_look_at_neither_passed_nor_is_unknown() -> None:
    found = report(check("a", raises(NotApplicable())))
    assert (found.findings, found.unknown, found.passed) == ((), (), ())
    assert found.status == "healthy"


def test_a_check_that_breaks_is_unknown_by_its_name_and_the_others_stand() -> None:
    broken = check("a", raises(ZeroDivisionError("by 0")), vital=True)
    found = report(broken, check("b", finds(finding())), check("c", finds()))
    assert found.unknown == (
        Unknown(
            check="a",
            reason="internal error in check a (ZeroDivisionError: by 0)",
            vital=True,
            unreachable=False,
        ),
    )
    assert found.passed == ("c",)
    assert len(found.findings) == 1


@pytest.mark.parametrize("vital", [True, False])
@pytest.mark.parametrize("by_choice", [True, False])
@pytest.mark.parametrize("unread", [True, False])
def test_only_what_may_hide_an_outage_makes_it_inconclusive(
    vital: bool, by_choice: bool, unread: bool
) -> None:
    """What AWS was asked and did not answer always may; what a user left out never does."""
    if by_choice and unread:
        return
    gap = CannotTell("why", ("x:Y",), by_choice=by_choice, unread=unread, unreachable=unread)
    found = report(check("a", raises(gap), vital=vital))
    expected = unread or (vital and not by_choice)
    assert found.unknown == (
        Unknown(check="a", reason="why", needs=("x:Y",), vital=expected, unreachable=unread),
    )
    assert found.status == ("inconclusive" if expected else "healthy")


STUCK = check("b", raises(CannotTell("why", unread=True)))


@pytest.mark.parametrize(
    ("checks", "status", "code"),
    [
        ((check("a", finds()),), "healthy", ExitCode.OK),
        ((check("a", finds(finding(severity="warning"))),), "healthy", ExitCode.OK),
        ((check("a", finds(finding(severity="warning"))), STUCK), "inconclusive", ExitCode.INCONCLUSIVE),
        ((check("a", finds(finding())), STUCK), "problem", ExitCode.PROBLEMS),
        ((check("a", finds(finding(until=SOUND.taken_at))),), "healthy", ExitCode.OK),
        ((check("a", finds(finding(until=SOUND.taken_at))), STUCK), "inconclusive", ExitCode.INCONCLUSIVE),
    ],
)  # fmt: skip
def test_an_error_that_is_not_over_is_a_problem_and_a_doubt_no_health(
    checks: tuple[Check[Any], ...], status: str, code: ExitCode
) -> None:
    found = report(*checks)
    assert (found.status, found.exit_code) == (status, code)
    alone = answered(checks, SOUND, SOUND.deployment)
    assert (alone.status, alone.passed) == (status, found.passed)
    assert alone.elapsed_ms == 0  # nobody timed it


def test_only_the_chapters_that_were_asked_for_are_looked_at_and_what_all_need() -> None:
    made = (
        check("a", finds()),
        check("b", finds(), playbook="auth"),
        check("c", finds(), playbook="deploy", always=True),
    )
    assert report(*made).passed == ("a", "b", "c")
    assert diagnose(SOUND, ("auth",), checks=made).passed == ("b", "c")


def test_a_reading_that_failed_is_told_though_no_check_missed_it() -> None:
    facts = scenarios.snapshot({"service": scenarios.gap("throttled")})
    found = report(check("a", finds()), facts=facts)
    (told,) = [u.reason for u in found.unknown]
    assert "could not be read (throttled)" in told
    assert found.status == "inconclusive"
    again = report(check("a", raises(CannotTell(told, unread=True))), facts=facts)
    assert [u.reason for u in again.unknown].count(told) == 1
    of_one = diagnose(facts, ("restarts",), checks=(check("a", finds()),))
    assert of_one.unknown == ()


def test_what_was_left_out_by_choice_is_not_told() -> None:
    facts = scenarios.snapshot({"service": scenarios.gap("skipped")})
    assert report(check("a", finds()), facts=facts).unknown == ()


def test_the_time_that_it_took_is_in_milliseconds() -> None:
    ticks = itertools.chain([10.0, 12.5], itertools.repeat(99.0))
    assert report(check("a", finds()), clock=lambda: next(ticks)).elapsed_ms == 2500


def test_errors_stand_before_warnings_in_their_order() -> None:
    made = (
        check("a", finds(finding("one", "warning"))),
        check("b", finds(finding("two"), finding("three"))),
    )
    found = answered(made, SOUND, SOUND.deployment)
    assert [f.cause for f in found.findings] == ["two", "three", "one"]
    assert found.deployment == SOUND.deployment
    assert found.passed == ()


def test_the_facts_are_given_to_each_check_and_may_be_of_any_kind() -> None:
    def run(facts: dict[str, str]) -> Iterable[Finding]:
        yield finding(facts["planned"])

    found = answered([check("a", run)], {"planned": "dear"}, SOUND.deployment)
    assert [f.cause for f in found.findings] == ["dear"]


def canary(outcome: str) -> Snapshot:
    """The healthy deployment, in which a session was run."""
    rungs = scenarios.healthy()["probe"]["value"]["rungs"]
    last = {**rungs[-1], "name": "canary", "outcome": outcome}
    return scenarios.snapshot({"probe": {"value": {"rungs": [*rungs, last]}}})


def test_a_session_proves_that_agents_run_and_else_an_error_disproves_it() -> None:
    stops = finding(effect=Effect.AGENTS)
    assert report(check("a", finds())).agents is None
    assert report(check("a", finds(stops))).agents is False
    assert (
        report(check("a", finds(finding(effect=Effect.AGENTS, severity="warning")))).agents is None
    )
    over = finding(effect=Effect.AGENTS, until=SOUND.taken_at)
    assert report(check("a", finds(over))).agents is None
    assert report(check("a", finds(stops)), facts=canary("ok")).agents is True
    assert report(check("a", finds()), facts=canary("failed")).agents is False
    assert report(check("a", finds()), facts=canary("skipped")).agents is None


def test_limits_and_whether_it_answers_go_with_the_report() -> None:
    facts = scenarios.snapshot({"limits": ["only 100 tasks were looked at"]})
    found = report(check("a", finds()), facts=facts)
    assert found.limits == ("only 100 tasks were looked at",)
    assert found.answers is True
    unread = {"target_health": scenarios.gap()}
    blind = scenarios.snapshot({**unread, "probe": {"value": None}})
    assert report(check("a", finds()), facts=blind).answers is None
    # One of the two witnesses is enough: the load balancer, or this machine's own call.
    assert report(check("a", finds()), facts=scenarios.snapshot(unread)).answers is True
    unasked = scenarios.snapshot({"probe": {"value": None}})
    assert report(check("a", finds()), facts=unasked).answers is True


def test_a_report_names_its_contract() -> None:
    assert plain(report(check("a", finds())))["schema"] == "ash-ops.doctor/1"


def test_what_changed_is_looked_for_only_where_it_does_not_work() -> None:
    assert report(check("a", finds())).changed is None
    sick, _ = scenarios.load("switched-off")
    assert diagnose(sick).status == "problem"
    assert diagnose(SOUND).changed is None


def test_an_examination_reads_then_judges_and_counts_from_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def collect(aws: Any, deployment: Any, **how: Any) -> Snapshot:
        asked.append((aws, deployment, how.pop("meanwhile"), how))
        return SOUND

    monkeypatch.setattr("ash_ops.snapshot.collect.collect", collect)
    monkeypatch.setattr("ash_ops.snapshot.canary_memory.with_proof", lambda facts, _: facts)
    times = iter([100.0, 103.5])
    monkeypatch.setattr(examining.time, "monotonic", lambda: next(times, 103.5))
    facts, found = examine("aws", "names", ("auth",), probe=False)  # type: ignore[arg-type]  # handed on
    ((aws, names, meanwhile, how),) = asked
    assert (aws, names, how) == ("aws", "names", {"probe": False})
    assert list(meanwhile), "it imports piece by piece what the facts will be put through"
    assert facts is SOUND
    assert found.elapsed_ms == 3500
    everything = judge(SOUND, (), 103.5)
    assert len(everything.passed) > len(found.passed) > 0
    assert everything.elapsed_ms == 0
