"""What explains what: subject, time, gravity and effect, each on its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ash_ops.aws import operations as op
from ash_ops.checks.base import VERIFY, Action, Check, Effect, Evidence, Finding, Fix
from ash_ops.checks.relations import Relations
from ash_ops.diagnosis import diagnose
from ash_ops.facts.snapshot import Snapshot
from ash_ops.linking import explains_it, gathered, merged
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


@pytest.mark.parametrize(("seconds", "explains"), [(119, True), (120, True), (121, False)])
def test_services_note_one_moment_up_to_two_minutes_apart(seconds: int, explains: bool) -> None:
    late = made(since=NOON + timedelta(seconds=seconds))
    assert explains_it(late, OUTAGE, RELATIONS) is explains
    past = made("crash-loop", severity="warning", since=NOON, until=NOON + 9 * MINUTE)
    over = made(severity="warning", until=NOON - timedelta(seconds=seconds))
    assert explains_it(over, past, RELATIONS) is explains


def test_a_rollout_does_not_follow_from_what_was_over_before_it_began() -> None:
    begun = {"severity": "warning", "effect": Effect.NEXT_START, "since": NOON}
    stuck = made("rollout-stuck", until=NOON + 9 * MINUTE, **begun)
    late = made(severity="warning", since=NOON + 5 * MINUTE, until=NOON + 6 * MINUTE)
    early = made(severity="warning", until=NOON - 5 * MINUTE)
    present = made(severity="warning", since=NOON + 5 * MINUTE)
    assert not explains_it(late, stuck, RELATIONS)
    assert not explains_it(early, stuck, RELATIONS)
    assert explains_it(present, stuck, RELATIONS)


def test_what_keeps_this_machine_out_explains_only_that_it_is_kept_out() -> None:
    blocked = made("caller-address-blocked")
    assert explains_it(blocked, made("conn-timeout"), RELATIONS)
    assert not explains_it(blocked, OUTAGE, RELATIONS)


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


def met(*found: Finding) -> list[Finding]:
    """What two checks found of one id, as one report has it."""
    checks = [check(f"c{number}", [item]) for number, item in enumerate(found)]
    return [
        item for _, item in merged(((c, f) for c, f in zip(checks, found, strict=True)), RELATIONS)
    ]


def proof(value: str) -> Evidence:
    return Evidence(source="ecs:DescribeServices", field="events[0]", value=value)


def test_two_checks_that_meet_at_one_cause_prove_it_together() -> None:
    """The graver and surer one leads; all proofs stand, each once; it began when the first of them says."""
    likely = made(confidence="likely", since=NOON, evidence=(proof("a"), proof("b")))
    sure = made(since=NOON + MINUTE, evidence=(proof("b"), proof("c")), subject=TARGET)
    for pair in ((likely, sure), (sure, likely)):
        (both,) = met(*pair)
        assert both.confidence == "confirmed"
        assert [e.value for e in both.evidence] == ["b", "c", "a"]
        assert both.since == NOON
        assert both.subject == TARGET


@pytest.mark.parametrize(
    ("more", "confidence"),
    [
        ({"severity": "warning"}, "confirmed"),
        ({"severity": "info"}, "likely"),
        ({"severity": "warning", "until": NOON}, "likely"),
        ({"severity": "warning", "confidence": "likely"}, "likely"),
    ],
)
def test_the_words_of_an_error_are_proven_by_a_look_up_of_the_present(
    more: dict[str, Any], confidence: str
) -> None:
    (both,) = met(made(confidence="likely"), made(**more))
    assert (both.severity, both.confidence) == ("error", confidence)


def test_a_message_joins_the_look_up_of_the_thing_that_it_names() -> None:
    said = made("subnet-no-ips", confidence="likely", summary="ECS said: none in subnet-b.")
    looked_up = [
        made("subnet-no-ips", id=f"subnet-no-ips:{name}", severity="warning", summary=name)
        for name in ("subnet-a", "subnet-b")
    ]
    named = [item for item in met(said, *looked_up) if item.severity == "error"]
    assert [(item.id, item.confidence) for item in named] == [
        ("subnet-no-ips:subnet-b", "confirmed")
    ]


@pytest.mark.parametrize(("first", "second"), [(TARGET, ""), ("", TARGET), (RUNNING, TARGET)])
def test_the_surer_one_says_whom_it_is_about_and_else_the_other(first: str, second: str) -> None:
    (both,) = met(made(subject=first), made(subject=second, confidence="likely"))
    assert both.subject == (first or second)


@pytest.mark.parametrize(
    ("first", "second", "until"),
    [
        (NOON, NOON + MINUTE, NOON),
        (NOON, None, None),
        (None, NOON, None),
        (None, None, None),
    ],
)
def test_it_is_over_only_where_both_say_so(
    first: datetime | None, second: datetime | None, until: datetime | None
) -> None:
    (both,) = met(made(until=first), made(until=second, confidence="likely"))
    assert both.until == until


CALL = Fix(
    why="c",
    command="aws ecs update-service --cluster c --service s --desired-count 1",
    action=Action(operation=op.UPDATE_SERVICE, parameters={"cluster": "c"}),
)
COMMAND = Fix(why="b", command="aws ecs update-service --cluster c --service s --desired-count 1")
AGAIN = Fix(
    why="a", command="aws ecs update-service --cluster c --service s --force-new-deployment"
)
LOOK = Fix(why="l", command="aws ecs describe-services --cluster c --services s")
WORDS = Fix(why="w")


@pytest.mark.parametrize(
    ("surer", "other", "kept"),
    [
        (WORDS, COMMAND, COMMAND),
        (COMMAND, CALL, CALL),
        (CALL, COMMAND, CALL),
        (COMMAND, WORDS, COMMAND),
        (LOOK, COMMAND, COMMAND),
        (AGAIN, COMMAND, COMMAND),
        (WORDS, LOOK, WORDS),
        (WORDS, AGAIN, WORDS),
        (COMMAND, Fix(why="d", command=COMMAND.command), COMMAND),
        (None, WORDS, WORDS),
    ],
)
def test_the_more_exact_repair_of_two_is_told(surer: Fix | None, other: Fix, kept: Fix) -> None:
    """A call that was worked out before a command before words; to look, or to try again, mends nothing."""
    (both,) = met(made(fix=(surer,) if surer else ()), made(fix=(other,), confidence="likely"))
    assert both.fix == (kept,)


def test_a_fault_of_several_lasts_from_its_first_to_its_last() -> None:
    early, late = NOON - MINUTE, NOON + MINUTE
    (both,) = gathered(
        [hung("10.0.1.1", since=NOON, until=NOON), hung("10.0.2.2", since=early, until=late)]
    )
    assert (both.since, both.until) == (early, late)
    (lasting,) = gathered([hung("10.0.1.1"), hung("10.0.2.2")])
    assert (lasting.since, lasting.until) == (None, None)


def test_what_either_of_two_checks_explains_follows_from_the_one_finding() -> None:
    here = check("a", [made("app-crash")], ("target-timeout",))
    there = check("b", [made("app-crash", confidence="likely")], ("conn-timeout",))
    outages = check("c", [OUTAGE, made("conn-timeout")])
    assert parent_of("target-timeout", here, there, outages) == "app-crash"
    assert parent_of("conn-timeout", here, there, outages) == "app-crash"


def test_one_fault_of_several_has_the_proofs_of_all_each_once() -> None:
    first = hung("10.0.1.1", evidence=(proof("a"), proof("b")))
    second = hung("10.0.2.2", evidence=(proof("b"), proof("c")))
    (both,) = gathered([first, second])
    assert [e.value for e in both.evidence] == ["a", "b", "c"]


def test_what_broke_something_comes_before_what_broke_nothing() -> None:
    alone = check("a", [made("aaa-alone")])  # though it is the surer one
    breaks = check("b", [made("zzz-breaks", confidence="likely")], ("target-timeout",))
    outage = check("c", [made("target-timeout")])
    report = diagnose(scenarios.snapshot(), checks=[alone, breaks, outage])
    assert [f.cause for f in report.findings] == ["zzz-breaks", "target-timeout", "aaa-alone"]


@pytest.mark.parametrize(("effect", "faults"), [(Effect.AGENTS, 2), (Effect.NEXT_START, 1)])
def test_a_message_joins_a_look_up_that_stops_the_same_and_not_that_of_the_runners(
    effect: Effect, faults: int
) -> None:
    told = made("efs-mount-failed", subject="revision/7", effect=Effect.NEXT_START)
    seen = made("efs-mount-failed", id="efs-mount-failed:x", subject="revision/7", effect=effect)
    assert len(met(told, seen)) == faults
