"""What explains what: subject, time, gravity and effect, each on its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ash_ops.checks.base import VERIFY, Check, Effect, Finding, Fix
from ash_ops.checks.relations import Relations
from ash_ops.diagnosis import diagnose
from ash_ops.facts.snapshot import Snapshot
from ash_ops.linking import explains_it, gathered
from tests.support import scenarios

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUNNING = (
    "task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"  # of revision 7, in subnet-aaa, behind this target:
)
TARGET = "target/10.0.1.23:4100"
RELATIONS = Relations(scenarios.snapshot())
IDLE = Relations(scenarios.snapshot({"tasks": {"value": []}}))


def made(cause: str = "task-security-group-blocks", **fields: Any) -> Finding:
    given: dict[str, Any] = {
        "id": cause,
        "title": "t",
        "severity": "error",
        "confidence": "confirmed",
        "playbook": "connection",
        "summary": "s",
        "effect": Effect.ANSWERS,
        **fields,
    }
    return Finding(cause=cause, **given)


OUTAGE = made("target-timeout", subject=TARGET, since=NOON)


def test_what_stops_answers_explains_that_its_own_target_gives_none() -> None:
    assert explains_it(made(subject=RUNNING), OUTAGE, RELATIONS)


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_nothing_less_grave_explains_an_outage(severity: str) -> None:
    assert not explains_it(made(severity=severity), OUTAGE, RELATIONS)


def test_a_thing_of_the_past_explains_no_outage() -> None:
    assert not explains_it(made(until=NOON + MINUTE), OUTAGE, RELATIONS)


def test_what_is_over_explains_what_began_before_that_and_is_over_too() -> None:
    past = made("crash-loop", severity="warning", since=NOON, until=NOON + 9 * MINUTE)
    cause = made(severity="warning", until=NOON + 5 * MINUTE)
    assert explains_it(cause, past, RELATIONS)
    assert not explains_it(made(severity="warning", until=NOON - 9 * MINUTE), past, RELATIONS)


def test_a_cause_begins_no_later_than_what_follows_from_it() -> None:
    assert explains_it(made(since=NOON + MINUTE), OUTAGE, RELATIONS)  # clocks differ by seconds
    assert not explains_it(made(since=NOON + 5 * MINUTE), OUTAGE, RELATIONS)


def test_a_rollout_is_begun_before_what_stops_it_shows() -> None:
    stuck = made("deployment-in-progress", since=NOON, effect=Effect.NEXT_START)
    assert explains_it(made(since=NOON + 9 * MINUTE), stuck, RELATIONS)


@pytest.mark.parametrize(
    ("subject", "related"),
    [
        ("", True),
        ("service/ash-cloud-runtime", True),
        ("subnet/subnet-aaa", True),
        ("revision/7", True),
        ("balancer/ash-cloud-nlb", True),
        ("listener/4100", True),
        ("subnet/subnet-bbb", False),
        ("revision/6", False),
        ("task/another", False),
        ("target/10.0.9.9:4100", False),
    ],
)
def test_a_cause_is_about_what_it_explains_or_what_belongs_to_it(
    subject: str, *, related: bool
) -> None:
    assert RELATIONS.related(subject, TARGET) is related
    assert RELATIONS.related(TARGET, subject) is related


def test_one_balancer_does_not_stand_for_another() -> None:
    assert not RELATIONS.related("balancer/internal", "balancer/ash-cloud-nlb")
    assert RELATIONS.related("listener/4100", "balancer/ash-cloud-nlb")
    assert not RELATIONS.related("listener/443", "balancer/ash-cloud-nlb")


def test_what_stops_the_next_start_has_not_stopped_a_task_that_runs() -> None:
    start = made("image-not-found", effect=Effect.NEXT_START)
    assert not explains_it(start, OUTAGE, RELATIONS)
    assert explains_it(start, OUTAGE, IDLE)
    assert explains_it(start, made("crash-loop", effect=Effect.NEXT_START), RELATIONS)


def test_what_stops_agents_stops_nothing_else() -> None:
    key = made("anthropic-key-missing", effect=Effect.AGENTS)
    assert explains_it(key, made("claude-exit", effect=Effect.AGENTS), RELATIONS)
    assert not explains_it(key, OUTAGE, RELATIONS)


def check(name: str, found: list[Finding], explains: tuple[str, ...] = ()) -> Check[Snapshot]:
    return Check(
        id=name,
        title=name,
        playbook="connection",
        run=lambda _: found,
        causes=tuple(f.cause for f in found),
        explains=explains,
    )


def parent_of(cause: str, *checks: Check[Snapshot]) -> str | None:
    report = diagnose(scenarios.snapshot(), checks=checks)
    return next(f.explained_by for f in report.findings if f.cause == cause)


def test_the_proven_cause_counts_before_the_likely_one() -> None:
    follows = ("target-timeout",)
    likely = check("a", [made("app-crash", confidence="likely", subject=TARGET)], follows)
    proven = check("b", [made("nacl-blocks")], follows)
    outage = check("c", [OUTAGE])
    assert parent_of("target-timeout", likely, proven, outage) == "nacl-blocks"


def test_of_two_proven_causes_the_nearer_counts_whatever_their_names() -> None:
    follows = ("target-timeout",)
    far = check("a", [made("aaa-far")], follows)
    near = check("b", [made("zzz-near", subject=RUNNING)], follows)
    assert parent_of("target-timeout", far, near, check("c", [OUTAGE])) == "zzz-near"


def test_a_past_error_makes_no_problem_and_never_leads() -> None:
    past = made("app-crash", until=NOON)
    present = made("nacl-blocks", severity="warning")
    report = diagnose(scenarios.snapshot(), checks=[check("a", [past]), check("b", [present])])
    assert report.status != "problem"


def test_what_stops_everyone_comes_before_what_stops_this_machine() -> None:
    here = check("a", [made("caller-address-blocked")])
    everyone = check("b", [made("app-crash", confidence="likely")])
    report = diagnose(scenarios.snapshot(), checks=[here, everyone])
    assert [f.cause for f in report.findings] == ["app-crash", "caller-address-blocked"]


def hung(address: str, **fields: Any) -> Finding:
    subject = f"target/{address}:4100"
    fix = (Fix(why=f"Look at {address}."), Fix(why=VERIFY))
    given: dict[str, Any] = {"subject": subject, "summary": f"{address} hangs.", "fix": fix}
    return made("target-timeout", **given, **fields, id=f"target-timeout:{address}")


def test_one_fault_of_two_subjects_is_one_finding_that_names_both() -> None:
    first, second = hung("10.0.1.1"), hung("10.0.2.2", explains=("conn-timeout",))
    met = made("conn-timeout", explained_by=second.id)
    both, follows = gathered([first, second, met])
    assert (both.subject, both.others) == (first.subject, (second.subject,))
    assert both.summary == "10.0.1.1 hangs. 10.0.2.2 hangs."
    assert [step.why for step in both.fix] == ["Look at 10.0.1.1.", "Look at 10.0.2.2.", VERIFY]
    assert (both.explains, follows.explained_by) == ((met.id,), both.id)


def test_of_many_subjects_the_first_is_told_and_the_others_are_named() -> None:
    (all_of_them,) = gathered([hung(f"10.0.1.{last}") for last in range(1, 13)])
    told = "10.0.1.1 hangs. The same holds for 10.0.1.2:4100, 10.0.1.3:4100"
    assert all_of_them.summary.startswith(told)
    assert all_of_them.summary.endswith("and 3 more.")
    assert len(all_of_them.others) == 11


@pytest.mark.parametrize(
    "other",
    [
        {"severity": "warning"},
        {"confidence": "likely"},
        {"until": NOON},
        {"explained_by": "nacl-blocks"},
        {"effect": Effect.NEXT_START},
    ],
)
def test_what_differs_in_more_than_its_subject_stays_apart(other: dict[str, Any]) -> None:
    root = made("nacl-blocks")
    assert len(gathered([root, hung("10.0.1.1"), hung("10.0.2.2", **other)])) == 3
