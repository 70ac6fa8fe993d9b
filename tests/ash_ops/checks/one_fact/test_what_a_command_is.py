"""A printed command read as data; the chapter, the certainty and the subject of what is found."""

from __future__ import annotations

from typing import Any

from ash_ops.aws import operations as op
from ash_ops.causes import CAUSES, classify
from ash_ops.checks._findings import confidence_of, playbook_of, verify
from ash_ops.checks.base import Action, Fix, Interruption
from ash_ops.checks.commands import Command, command_of, of_text, option_name
from ash_ops.checks.relations import entrance_subject, target_subject
from tests.support import one_check
from tests.support.each import each

LINES: dict[str, tuple[str, Command | None]] = {
    "an option with its value": ("aws ec2 x --group-id sg-1 --region eu-west-1", Command("aws", "ec2 x", {"group-id": "sg-1", "region": "eu-west-1"})),
    "a switch": ("aws ecs update-service --force-new-deployment", Command("aws", "ecs update-service", {"force-new-deployment": True})),
    "a switch that is off": ("aws x y --no-wait --a b", Command("aws", "x y", {"wait": False, "a": "b"})),
    "several values": ("aws elbv2 set-subnets --subnets a b c", Command("aws", "elbv2 set-subnets", {"subnets": ["a", "b", "c"]})),
    "JSON": ("aws x y --a '{\"b\": [1, true]}' --c '[2]'", Command("aws", "x y", {"a": {"b": [1, True]}, "c": [2]})),
    "what only looks like JSON": ("aws x y --a '{b' --c '[d'", Command("aws", "x y", {"a": "{b", "c": "[d"})),
    "pairs": ("aws x y --a Key=k,Value=v --b Name=n", Command("aws", "x y", {"a": {"Key": "k", "Value": "v"}, "b": {"Name": "n"}})),
    "a value with a sign of equality in it": ("aws x y --a Value=v=w", Command("aws", "x y", {"a": {"Value": "v=w"}})),
    "what is no pair": ("aws x y --a k-1=v --b From=1,To", Command("aws", "x y", {"a": "k-1=v", "b": "From=1,To"})),
    "of ours, with options before it": ("ash-ops --name x --region=eu-west-1 doctor deploy --wait", Command("ash-ops", "doctor", {"name": "x", "region=eu-west-1": "doctor", "wait": True})),
    "of ours, with a letter before it": ("ash-ops -v status", Command("ash-ops", "status", {})),
    "of ours, one value an option": ("ash-ops deploy --memory 1 2", Command("ash-ops", "deploy", {"memory": "1"})),
    "of ours, alone": ("ash-ops", Command("ash-ops", "", {})),
    "of the shell": ('eval "$(ash-ops key --export)"', Command("ash-ops", "key", {"export": True})),
    "of another program": ("curl -H x http://a --b c", Command("curl", "", {"b": "c"})),
    "of another with a name": ("docker buildx build", Command("docker", "buildx", {})),
    "what no shell reads": ("aws x y --a 'b", None),
    "nothing": ("", None),
}  # fmt: skip


@each("line", LINES)
def test_a_line_is_read_as_a_shell_and_its_program_read_it(
    line: tuple[str, Command | None],
) -> None:
    text, expected = line
    assert of_text(text) == expected


def test_a_step_is_its_call_before_its_text() -> None:
    call = Action(
        operation=op.UPDATE_SERVICE, parameters={"forceNewDeployment": True, "cluster": "c"}
    )
    read = Command("aws", "ecs update-service", {"force-new-deployment": True, "cluster": "c"})
    assert command_of(Fix(why="x", command="aws a b", action=call)) == read
    assert command_of(Fix(why="x", command="aws a b")) == Command("aws", "a b", {})
    assert command_of(Fix(why="x")) is None
    assert [option_name(n) for n in ("TargetGroupArn", "cluster", "vpcId")] == [
        "target-group-arn",
        "cluster",
        "vpc-id",
    ]


CHAPTERS = {
    "pending": "pending", "connection": "connection", "restart": "restarts", "auth": "auth", "agents": "agents", "deploy": "deploy", "aws-access": "deploy", "healthy": "deploy",
}  # fmt: skip


def test_each_cause_is_told_in_the_chapter_of_its_category() -> None:
    assert {cause.category for cause in CAUSES.values()} == set(CHAPTERS)
    for slug, cause in CAUSES.items():
        assert playbook_of(slug) == CHAPTERS[cause.category], slug


SURE = {
    "OutOfMemoryError: Container killed due to memory usage": "confirmed",
    "Essential container in task exited": "likely",
}


@each("words", SURE.items())
def test_how_sure_a_message_makes(words: tuple[str, str]) -> None:
    text, expected = words
    task = {"stoppedReason": text, "stopCode": "EssentialContainerExited", "containers": [{"name": "ash", "exitCode": 1, "reason": text}]}  # fmt: skip
    assert confidence_of(classify("stopped_task", task)) == expected


def test_the_last_step_looks_again_and_waits_where_only_time_proves() -> None:
    facts = one_check.snapshot()
    assert verify(facts, "deploy").command == "ash-ops doctor deploy"
    assert verify(facts, "agents", wait=True).command == "ash-ops doctor agents --wait"


SUBJECTS: dict[str, tuple[dict[str, Any], str]] = {
    "its balancer": ({}, "balancer/ash-cloud-nlb"),
    "in capitals": ({"load_balancers.0.DNSName": "ASH-CLOUD-NLB-0123.elb.us-east-1.amazonaws.com"}, "balancer/ash-cloud-nlb"),
    "another's": ({"load_balancers.0.DNSName": "x.org"}, ""),
    "no balancer": ({"load_balancers": []}, ""),
    "none was read": ({"load_balancers": one_check.unread()}, ""),
    "no address": ({"deployment.url": None, "load_balancers.0.DNSName": None}, ""),
}  # fmt: skip


@each("case", SUBJECTS)
def test_what_this_machine_connects_to(case: tuple[dict[str, Any], str]) -> None:
    changes, expected = case
    assert entrance_subject(one_check.snapshot("", changes)) == expected
    assert target_subject("10.0.1.5", 4100) == "target/10.0.1.5:4100"
    assert target_subject("10.0.1.5", None) == "target/10.0.1.5"


SPARES = {Interruption.NOTHING, Interruption.CONNECTIONS, Interruption.ROUTE}


@each("kind", list(Interruption))
def test_whether_what_a_command_interrupts_leaves_the_task_in_peace(kind: Interruption) -> None:
    assert kind.spares_the_task is (kind in SPARES)
