"""What becomes of each step of a repair when it is tried on the facts, with a diagnosis that is given here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.checks.base import Effect, Evidence, Finding, Fix, Interruption
from ash_ops.facts.snapshot import Snapshot
from ash_ops.repairs.judge import judged
from tests.ash_ops.repairs.test_effects import PRIVATE, quoted
from tests.support import scenarios

SERVICE = "aws ecs update-service --cluster ash-cloud --service ash-cloud-runtime"
RESTART = f"{SERVICE} --force-new-deployment"
KEPT = "aws logs put-retention-policy --log-group-name /ash-cloud/runtime --retention-in-days"
ALLOW = (
    "aws ec2 authorize-security-group-ingress --group-id sg-task --protocol tcp --port 5000 --cidr"
)
GRACE = f"{SERVICE} --health-check-grace-period-seconds"
UNKNOWN = "aws ec2 reboot-instances --instance-ids i-1"


def step(command: str | None, why: str = "Do it.") -> Fix:
    return Fix(why=why, command=command)


def finding(id_: str, *commands: str | None, **more: Any) -> Finding:
    fields = {"cause": id_, "severity": "error", **more}
    return Finding(
        id=id_, title=id_, confidence="certain", playbook="deploy", summary=f"{id_} is broken.",
        fix=tuple(step(each) for each in commands), **fields,
    )  # fmt: skip


Diagnosis = Callable[[Snapshot], list[Finding]]


def whole(_: Snapshot) -> list[Finding]:
    return []


def tried(
    item: Finding, diagnose: Diagnosis = whole, *others: Finding, change: Any = None
) -> list[Fix]:
    snapshot = scenarios.snapshot(change or {})
    before = [item, *others]
    (found,) = judged(snapshot, [item], before, diagnose)
    assert replace(found, fix=()) == replace(item, fix=())
    return list(found.fix)


def test_steps_that_change_something_are_told_with_what_they_interrupt() -> None:
    steps = tried(finding("a", f"{ALLOW} 10.1.0.0/16", None, UNKNOWN, "aws ecs describe-services"))
    assert [(s.command, s.interrupts) for s in steps] == [
        (f"{ALLOW} 10.1.0.0/16", Interruption.NOTHING),
        (None, None),
        (UNKNOWN, Interruption.UNKNOWN),
        ("aws ecs describe-services", None),
    ]


def test_what_is_so_already_is_left_out_after_an_earlier_step_too() -> None:
    again = f"{ALLOW} 10.1.0.0/16"
    assert [s.command for s in tried(finding("a", again, f"{KEPT} 30", again))] == [again]


def test_what_aws_would_refuse_is_left_to_a_person_and_the_next_is_tried() -> None:
    refused, told = tried(finding("a", f"{ALLOW} ::/0", f"{ALLOW} 10.1.0.0/16"))
    assert (refused.command, refused.breaks) == (None, ())
    assert refused.why == (
        "Do it. Not printed as a command: it needs your decision. AWS would refuse the call now: "
        "::/0 is no IPv4 range, and --cidr takes no other."
    )
    assert told.command == f"{ALLOW} 10.1.0.0/16"


@pytest.mark.parametrize(
    ("command", "name"),
    [("aws cloudformation delete-stack --stack-name ash-cloud", "aws cloudformation delete-stack"), ("ash-ops stop", "ash-ops stop"), ("aws secretsmanager delete-secret --secret-id x", "aws secretsmanager delete-secret")],
)  # fmt: skip
def test_what_takes_the_service_or_data_away_is_never_printed(command: str, name: str) -> None:
    (left,) = tried(finding("a", command))
    assert (left.command, left.breaks) == (None, ())
    assert f"Not printed as a command: it needs your decision. `{name}` " in left.why
    assert tried(finding("a", f"{KEPT} 7"))[0].command == f"{KEPT} 7", "old lines are the step's own word"  # fmt: skip


def grace_of(facts: Snapshot) -> int | None:
    service: Any = facts.service.get()
    seconds: int | None = service.health_check_grace_period_seconds
    return seconds


def admitted(facts: Snapshot) -> set[str | None]:
    """The ranges that the task's group lets in on port 5000."""
    groups: Any = facts.security_groups.get()
    rules = [rule for rule in groups[0].ingress if rule.from_port == 5000]
    return {each.cidr_ip for rule in rules for each in rule.ip_ranges}


def when(*found: Finding, seconds: int = 300) -> Diagnosis:
    """These are broken where the grace is as long."""
    return lambda facts: list(found) if grace_of(facts) == seconds else []


def test_what_would_break_something_whole_is_left_to_a_person_with_what_it_breaks() -> None:
    news = (finding("new"), finding("newer"), finding("hint", severity="warning"))
    left, told = tried(finding("a", f"{GRACE} 300", f"{GRACE} 200"), when(*news))
    assert left.command is None
    assert left.breaks == ("new is broken.", "newer is broken.")
    assert left.why.endswith("needs your decision. It would break what works: new is broken.")
    assert told.command == f"{GRACE} 200"


PROOF = Evidence(source="ecs:DescribeTasks", field="tasks", value="x")


@pytest.mark.parametrize(
    ("before", "then", "is_known"),
    [
        (finding("b"), finding("b"), True),
        (finding("b", severity="warning"), finding("b"), False),
        (finding("b"), finding("b/2", cause="b"), True),
        (finding("b/1", cause="b"), finding("b", cause="b"), True),
        (finding("b/1", cause="b"), finding("b/2", cause="b"), False),
        (finding("b", evidence=(PROOF,)), finding("c", evidence=(PROOF,)), True),
        (finding("b", evidence=(PROOF,)), finding("c", evidence=(replace(PROOF, value="y"),)), False),
        (finding("b", evidence=(PROOF,)), finding("c", evidence=(replace(PROOF, field="y"),)), False),
        (finding("b", evidence=(PROOF,)), finding("c", evidence=(replace(PROOF, source="y"),)), False),
        (finding("b"), finding("c"), False),
    ],
)  # fmt: skip
def test_one_trouble_may_go_by_another_name_afterwards(
    before: Finding, then: Finding, *, is_known: bool
) -> None:
    """The same id, the same cause as a whole, or the same proof; a warning was no trouble yet."""
    (told,) = tried(finding("a", f"{GRACE} 300"), when(then), before)
    assert (told.command is not None) is is_known


def test_what_another_finding_repairs_comes_first_where_a_step_needs_it() -> None:
    """Without it, the step would break what works; with it, nothing."""
    other = finding("new", None, UNKNOWN, f"{ALLOW} 10.1.0.0/16", f"{ALLOW} 10.2.0.0/16", severity="warning")  # fmt: skip

    def diagnose(facts: Snapshot) -> list[Finding]:
        breaks = grace_of(facts) == 300 and not admitted(facts)
        return [replace(other, severity="error")] if breaks else []

    first, second, third = tried(finding("a", f"{GRACE} 300", f"{GRACE} 200"), diagnose, other)
    assert (first.command, first.why) == (f"{ALLOW} 10.1.0.0/16", "Before that: Do it.")
    assert first.interrupts is Interruption.NOTHING
    assert (second.command, second.why) == (f"{GRACE} 300", "Do it.")
    assert third.command == f"{GRACE} 200"


def test_a_repair_that_does_not_help_is_not_put_before_a_step() -> None:
    other = finding("new", f"{ALLOW} 10.1.0.0/16", severity="warning")
    (left,) = tried(finding("a", f"{GRACE} 300"), when(replace(other, severity="error")), other)
    assert (left.command, left.breaks) == (None, ("new is broken.",))


@pytest.mark.parametrize(("causes", "is_told"), [(1, True), (2, True), (3, True), (4, False)])
def test_as_many_as_three_other_repairs_may_come_first(causes: int, *, is_told: bool) -> None:
    others = [
        finding(f"n{n}", f"{ALLOW} 10.{n}.0.0/16", severity="warning") for n in range(1, causes + 1)
    ]

    def diagnose(facts: Snapshot) -> list[Finding]:
        missing = [o for n, o in enumerate(others, 1) if f"10.{n}.0.0/16" not in admitted(facts)]
        return [replace(o, severity="error") for o in missing] if grace_of(facts) == 300 else []

    steps = tried(finding("a", f"{GRACE} 300"), diagnose, *others)
    if is_told:
        assert [s.command for s in steps] == [*(o.fix[0].command for o in others), f"{GRACE} 300"]
    else:
        (left,) = steps
        assert (left.command, len(left.breaks)) == (None, causes)


def test_a_restart_is_told_with_what_else_would_stop_the_next_start() -> None:
    stops = finding("stops", f"{KEPT} 60", effect=Effect.NEXT_START)
    same = finding("a/2", f"{KEPT} 90", cause="a", effect=Effect.NEXT_START)
    now = finding("now", f"{KEPT} 365", effect=Effect.ANSWERS)
    item = finding("a", RESTART)
    first, restart = tried(item, lambda _: [same, now, stops], same, now, stops)
    assert (first.command, first.why) == (f"{KEPT} 60", "Before that: Do it.")
    assert first.interrupts is Interruption.LOGS
    assert (restart.command, restart.interrupts) == (RESTART, Interruption.SESSIONS)
    (alone,) = tried(item, lambda _: [same, now], same, now)
    assert alone.command == RESTART


def test_where_another_repair_starts_fresh_tasks_the_restart_is_left_out() -> None:
    moved = f"{SERVICE} --network-configuration {quoted(PRIVATE)}"
    stops = finding("stops", moved, effect=Effect.NEXT_START)
    steps = tried(finding("a", RESTART), lambda _: [stops], stops)
    assert [s.command for s in steps] == [moved]


def test_a_repair_without_a_command_is_not_tried() -> None:
    def diagnose(_: Snapshot) -> list[Finding]:
        raise AssertionError

    item = finding("a", None, None)
    (found,) = judged(scenarios.snapshot(), [item], [item], diagnose)
    assert found is item


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["ash-ops deploy --name blue", "ash-ops doctor"], ["ash-ops deploy --name blue", "ash-ops doctor --name blue"]),
        (["ash-ops deploy --name blue", "ash-ops doctor --name red"], ["ash-ops deploy --name blue", "ash-ops doctor --name red"]),
        (["ash-ops deploy --name ash-cloud", "ash-ops doctor"], ["ash-ops deploy --name ash-cloud", "ash-ops doctor"]),
        (["ash-ops deploy --cpu 512", "ash-ops doctor"], ["ash-ops deploy --cpu 512", "ash-ops doctor"]),
        (["ash-ops doctor", "ash-ops deploy --name blue"], ["ash-ops doctor", "ash-ops deploy --name blue"]),
        (["ash-ops deploy --name blue", "ash-ops logs"], ["ash-ops deploy --name blue", "ash-ops logs"]),
        (["ash-ops rollout 1 --name blue", "ash-ops doctor"], ["ash-ops rollout 1 --name blue", "ash-ops doctor"]),
    ],
)  # fmt: skip
def test_what_a_second_deployment_repairs_is_looked_at_there(
    steps: list[str], told: list[str]
) -> None:
    assert [s.command for s in tried(finding("a", *steps))] == told
