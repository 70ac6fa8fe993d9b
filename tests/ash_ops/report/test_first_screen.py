"""What `ash-ops doctor` prints fits a terminal of 80 x 24, and holds the answer."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from ash_ops.checks.base import VERIFY
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.failure import explain_with
from ash_ops.diagnosis import Report, Unknown, diagnose
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report import screen
from ash_ops.report._tree import headline, roots
from ash_ops.style import Style
from tests.support import scenarios
from tests.support.each import each


def rows(text: str, width: int = screen.WIDTH) -> int:
    """The rows of a terminal that a text takes."""
    return sum(max(1, -(-len(line) // width)) for line in text.splitlines())


def joined(text: str) -> str:
    return " ".join(text.split())


def looked(name: str) -> tuple[Snapshot, Report]:
    snapshot = scenarios.load(name)[0]
    return snapshot, diagnose(snapshot)


@each("name", scenarios.names())
def test_every_scenario_fits_one_screen_and_holds_the_answer(name: str) -> None:
    snapshot, report = looked(name)
    shown = screen.render(report, snapshot)
    assert rows(shown) <= 23, shown  # and the prompt on the 24th
    assert joined(headline(report)) in joined(shown)
    assert "passed " in shown
    assert "-v shows everything" in shown
    errors = [f for f in roots(report) if f.severity == "error" and f.until is None]
    assert ("\ncause   " in shown) == bool(errors)
    if errors:
        _holds_the_cause(errors[0].cause, report, shown)
    warnings = [f for f in roots(report) if f is not next(iter(errors), None)]
    assert all(f.cause in shown for f in warnings) or "…" in shown
    assert not report.unknown or "\nunknown " in shown


def _holds_the_cause(cause: str, report: Report, shown: str) -> None:
    main = next(f for f in report.findings if f.cause == cause)
    assert f"[{cause}, {main.confidence}]" in shown
    assert "\nproof   " in shown
    assert "\nrepair  1. " in shown
    last = shown.splitlines()[-1]
    assert last.startswith(cause)
    changing = [s.command for s in main.fix if s.command and s.interrupts and s.why[:3] != "Or "]
    looking = [s.command for s in main.fix if s.command and s.why != VERIFY]
    if command := next(iter(changing or looking), None):
        assert f"        $ {command}\n" in shown  # whole, to be copied
        assert last.endswith((f"$ {command}", "see the repair above")) or not changing


@pytest.mark.parametrize("width", [60, 100])
@pytest.mark.parametrize("name", ["out-of-memory", "public-terraform", "may-not-describe-tasks"])
def test_rows_are_broken_at_the_width_of_the_terminal(name: str, width: int) -> None:
    snapshot, report = looked(name)
    shown = screen.render(report, snapshot, width=width)
    assert rows(shown, width) <= 23
    assert all(len(line) <= width for line in shown.splitlines() if "$ " not in line)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("out-of-memory", "you -> balancer active -> no target -✗-> no task; the last died: OutOfMemoryError:"),
        ("pending-no-route", "-> no task -✗-> 2 subnets: no route to the internet, no VPC endpoint"),
        ("image-not-found", "-> no task -✗-> registry ✗ not found"),
        ("unhealthy-target", "you -> balancer active -✗-> target ✗ unhealthy (Target.FailedHealthChecks) -> task"),
        ("wrong-key", "you ✗ Wrong or malformed Ash API key -> balancer active -> target healthy -> task running, healthy"),
        ("caller-not-admitted", "you -✗-> balancer active -> target healthy -> task running, healthy"),
        ("no-listener-at-all", "you -> balancer ✗ No listener on the port you call -> target healthy"),
        ("died-a-minute-ago-and-came-back", "-> target healthy -> task ✗ Container killed: out of memory"),
        ("execution-role-may-not-read-the-secret", "-> no task -> secret ✗ Execution role may not read"),
        ("no-anthropic-key", "-> task running, healthy -> agents ✗ The server has no key for the model's API"),
        ("rolled-back-by-an-alarm", "-> task running, healthy -> next start ✗ Deployment was rolled back to"),
        ("third-task-finds-no-fargate-capacity", "-> 2 tasks: running, healthy -> next start ✗ No Fargate capacity"),
        ("healthy-as-it-is", "you -> balancer active -> target healthy -> task running, healthy"),
    ],
)  # fmt: skip
def test_the_path_is_one_line_with_its_mark_at_what_is_broken(name: str, path: str) -> None:
    snapshot, report = looked(name)
    assert path in joined(screen.render(report, snapshot))


def test_where_nothing_of_a_deployment_is_known_there_is_no_path() -> None:
    snapshot, report = looked("nothing-of-that-name")
    assert "\npath " not in screen.render(report, snapshot)


def test_the_proof_is_the_fact_that_decides_and_not_the_first_one() -> None:
    """ECS says of every death that an essential container exited."""
    _, report = looked("out-of-memory")
    proof = screen.decisive(report.findings[0])
    assert proof is not None
    assert proof.field == "tasks[dead0000].containers[ash].reason"


def test_a_line_that_is_down_is_one_reason_for_all_checks() -> None:
    calls = ("ecs:DescribeClusters", "ecs:DescribeServices", "logs:DescribeLogGroups")
    told = "could not be read (unreachable): EndpointConnectionError"
    unknown = tuple(
        Unknown(check=call, reason=f"{call} {told}", unreachable=True) for call in calls
    )
    report = replace(looked("nothing-of-that-name")[1], findings=(), unknown=unknown)
    report = replace(report, status="inconclusive")
    first = f"AWS cannot be reached (3 calls; the first: ecs:DescribeClusters {told})"
    assert headline(report) == f"Could not tell: {first}."
    assert screen.render(report).count("\nunknown ") == 1
    assert screen.render(report).count("EndpointConnectionError") == 1


def test_colour_takes_no_room_and_is_never_the_only_sign() -> None:
    snapshot, report = looked("out-of-memory")
    coloured = screen.render(report, snapshot, style=Style(enabled=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == screen.render(report, snapshot)


def test_of_a_text_that_is_too_long_the_ends_are_kept() -> None:
    long = " ".join(f"word{n}" for n in range(99))
    (row,) = screen.fitted(long, 40)
    assert (row[:5], row[-1], len(row) <= 40) == ("word0", "…", True)
    two = screen.fitted(long, 40, 2)
    assert len(two) == 2
    assert two[-1].endswith("word98")


def test_a_deployment_that_does_not_work_ends_with_the_same_screen_and_names_what_shows_more() -> (
    None
):
    looked_at = looked("out-of-memory")
    told = explain_with(Evidence(), looked_at)
    same = screen.render(looked_at[1], looked_at[0], more="ash-ops doctor -v")
    assert told == same.strip()
    assert rows(told) <= 23
    assert "; ash-ops doctor -v shows everything" in told
