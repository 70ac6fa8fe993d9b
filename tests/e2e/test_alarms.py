"""Somebody is told when it breaks: off unless asked for, priced, and gone with the deployment."""

from __future__ import annotations

import io
import re
import socket
import sys

import pytest

from tests.e2e.conftest import Clients
from tests.e2e.test_what_runs import run


@pytest.fixture(autouse=True)
def _keys(client: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-api03-emulated-0123456789")
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("ASH_ECS_LISTENER_PORT", str(server.getsockname()[1]))
    monkeypatch.setattr(sys, "stdin", io.StringIO())


def test_alarms_come_when_they_are_asked_for_and_go_with_the_deployment(client: Clients) -> None:
    assert run("deploy", "--yes")[0] == 0
    alarms = client("cloudwatch").describe_alarms
    assert not alarms()["MetricAlarms"]
    assert not client("sns").list_topics()["Topics"]

    code, said = run("deploy", "--yes", "--alarm-email", "me@example.org", "--alarm-budget", "plan")
    assert code == 0, said
    assert "confirm" in said
    assert "cost allocation tag" in said
    cost, told_from = (
        re.search(r"about \$([\d.]+) a month", said),
        re.search(r"more than \$(\d+)", said),
    )
    assert cost
    assert told_from
    assert 0 <= int(told_from[1]) - float(cost[1]) < 1, "in whole dollars, what the plan costs"
    (alarm,) = alarms()["MetricAlarms"]
    (topic,) = client("sns").list_topics()["Topics"]
    assert alarm["AlarmActions"] == alarm["OKActions"] == [topic["TopicArn"]]
    (told,) = client("sns").list_subscriptions_by_topic(TopicArn=topic["TopicArn"])["Subscriptions"]
    assert (told["Protocol"], told["Endpoint"]) == ("email", "me@example.org")
    rules = client("events").list_rules()["Rules"]
    (rule,) = [r["Name"] for r in rules if "FailureEvents" in r["Name"]]
    (target,) = client("events").list_targets_by_rule(Rule=rule)["Targets"]
    assert target["Arn"] == topic["TopicArn"]
    assert "CloudWatch alarms" in run("cost")[1]
    assert run("doctor")[0] == 0

    code, said = run("deploy", "--yes", "--alarm-email", "off", "--alarm-budget", "off")
    assert code == 0, said
    assert not alarms()["MetricAlarms"]
    assert run("deploy", "--yes", "--alarm-topic", topic["TopicArn"])[0] == 0
    assert run("teardown", "--yes")[0] == 0
    assert not alarms()["MetricAlarms"]
    assert not client("sns").list_topics()["Topics"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--alarm-budget", "90"), "nobody was named"),
        (("--alarm-email", "nobody"), "an e-mail address"),
        (("--alarm-topic", "arn:aws:sqs:us-east-1:123456789012:queue"), "an SNS topic"),
    ],
)
def test_what_tells_nobody_is_refused_before_anything_is_made(
    options: tuple[str, str], why: str
) -> None:
    code, said = run("deploy", "--plan", *options)
    assert (code, why in said) == (2, True), said
