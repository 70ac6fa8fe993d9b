"""``status`` and ``health`` say what the doctor says, on any facts; and what they add is right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ash_client.testing import AshServer
from ash_ops.aws.client.session import Aws
from ash_ops.commands.health import health
from ash_ops.diagnosis import diagnose
from ash_ops.errors import CredentialsProblem, ExitCode, UsageProblem
from ash_ops.report._tree import headline
from ash_ops.report.status import Status, folded
from ash_ops.report.status import json as as_json
from ash_ops.report.status import text as as_text
from tests.support import scenarios
from tests.support.contracts import holds
from tests.support.deploying import ports_of, settings_of
from tests.support.each import each

KEY = "right-key"


def shown(name: str) -> tuple[Status, dict[str, Any]]:
    snapshot, expected = scenarios.load(name)
    return Status(snapshot, diagnose(snapshot)), expected


@each("name", scenarios.names())
def test_status_gives_the_doctors_verdict_in_the_doctors_words(name: str) -> None:
    status, expected = shown(name)
    document = json.loads(as_json.render(status))
    holds("status", document)
    text = as_text.render(status)
    assert document["status"] == expected["status"]
    assert document["headline"] == headline(status.report)
    assert text.splitlines()[1] == f"  status   {document['headline']}"
    assert "arn:aws" not in text


def test_a_finding_that_leads_is_told_in_one_line() -> None:
    status, _ = shown("curl-health-check")
    text = as_text.render(status)
    (line,) = [line for line in text.splitlines() if line.startswith("  finding ")]
    assert line.endswith(f"[{status.report.findings[0].cause}]")
    assert "unhealthy" in text.lower()


def test_a_stack_without_a_service_is_told() -> None:
    status, _ = shown("stack-rolled-back")
    assert "  stack    ash-cloud ROLLBACK_COMPLETE" in as_text.render(status)
    document = json.loads(as_json.render(status))
    assert document["service"] is None
    assert document["stack"]["status"] == "ROLLBACK_COMPLETE"


def test_a_narrow_screen_breaks_no_row_in_the_middle_of_its_label() -> None:
    lines = as_text.render(shown("out-of-memory")[0], width=60).splitlines()
    assert all(len(line) <= 60 or " " not in line.strip() for line in lines[:-1])


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("arn:aws:ecs:us-east-1:123456789012:task-definition/ash:7", "task-definition/ash:7"),
        ("in (target-group arn:aws-cn:elasticloadbalancing:cn-north-1:1:targetgroup/a/b)",
         "in (target-group targetgroup/a/b)"),
        ("arn:aws:iam::123456789012:role/x", "role/x"),
        ("no arn here: nothing", "no arn here: nothing"),
    ],
)  # fmt: skip
def test_an_arn_is_folded_to_what_it_names(text: str, short: str) -> None:
    assert folded(text) == short


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer(api_key=KEY) as running:
        yield running


def no_account() -> Aws:
    raise CredentialsProblem("There are no AWS credentials", "none was found", "Set some.")


def asked(url: str, key: str = KEY, open_aws: Callable[[], Aws] = no_account) -> tuple[int, Any]:
    settings = settings_of(ASH_SERVER_URL=url, ASH_API_KEY=key)
    result = health(ports_of(settings, open_aws), "json")
    told = json.loads(result.render())
    holds("health", told)
    return result.exit_code, told


def test_a_server_can_be_asked_without_an_account(server: AshServer) -> None:
    code, told = asked(server.url)
    assert (code, told["status"], told["text"]) == (ExitCode.OK, "healthy", "status ok")
    assert told["server_alone"] is True


def test_a_server_alone_that_is_not_well_is_a_problem(server: AshServer) -> None:
    code, told = asked(server.url, key="wrong-key")
    assert (code, told["status"]) == (ExitCode.PROBLEMS, "problem")
    assert "wrong-key" not in json.dumps(told)


def test_a_server_that_nobody_hears_is_never_called_healthy() -> None:
    code, told = asked("http://127.0.0.1:1")
    assert (code, told["status"]) == (ExitCode.PROBLEMS, "problem")
    assert "tcp failed" in told["text"]


def test_what_cannot_be_right_is_not_taken_for_an_account_out_of_reach() -> None:
    def broken() -> Aws:
        raise UsageProblem("The profile cannot be used", "there is none", "Name another.")

    with pytest.raises(UsageProblem):
        asked("http://127.0.0.1:1", open_aws=broken)


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://[::1", "http://127.0.0.1:99999"])
def test_a_url_that_cannot_be_one_is_wrong_usage(url: str) -> None:
    with pytest.raises(UsageProblem):
        asked(url)


def test_the_runners_of_a_coordinator_are_told_and_a_lone_server_has_none() -> None:
    fleet, _ = shown("coordinator-without-runners")
    assert "  runners  0 registered with the coordinator" in as_text.render(fleet)
    assert json.loads(as_json.render(fleet))["runners"] == 0
    alone, _ = shown("healthy-as-it-is")
    assert "  runners " not in as_text.render(alone)
    assert json.loads(as_json.render(alone))["runners"] is None


def test_both_views_of_a_fleet_are_told_and_where_they_differ() -> None:
    """A row of a task that ECS has not is no registered runner."""
    whole, _ = shown("fleet-as-it-should-be")
    assert "  runners  2 of 2 running, 2 registered; 2 sandboxes at work" in as_text.render(whole)
    assert json.loads(as_json.render(whole))["fleet"] == {
        "wanted": 2,
        "running": 2,
        "registered": 2,
        "at_work": 2,
        "disagreements": [],
        "unasked": None,
    }
    taken, _ = shown("fleet-a-taken-host-is-not-missed-yet")
    (line,) = [x for x in as_text.render(taken).splitlines() if x.startswith("  differs ")]
    assert "ECS runs no such task" in line
    assert "1 of 2 running, 1 registered" in as_text.render(taken)
    assert json.loads(as_json.render(shown("healthy-as-it-is")[0]))["fleet"] is None


def test_what_was_changed_past_the_stack_is_told() -> None:
    status, _ = shown("service-runs-another-revision-than-its-stack")
    (line,) = [x for x in as_text.render(status).splitlines() if x.startswith("  differs ")]
    assert "its revision is ash-cloud-runtime:7" in line
    assert "the stack wants ash-cloud-runtime:6" in line
    assert json.loads(as_json.render(status))["drift"]
    assert json.loads(as_json.render(shown("healthy-as-it-is")[0]))["drift"] is None
