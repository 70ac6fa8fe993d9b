"""Whose a target is, in which group it stands, and what a healthy one proves of the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ash_ops.checks.connection import _members as members
from ash_ops.checks.connection import _reached as reached
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from tests.support.each import each
from tests.support.ladders import DNS, HTTP, SILENT, TCP, TWO, row, rungs, second, task
from tests.support.one_check import GONE, snapshot, unread

PAIR = "acl-of-the-second-balancers-subnets-drops-the-port"
ARN = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/"
TG, TG2, OTHER = (f"{ARN}{n}/0123456789abcdef" for n in ("ash-cloud-tg", "ash-cloud-tg2", "other"))
LB = "service.loadBalancers"
STRANGER = row("10.0.1.99", "healthy")
WELL, ILL = {"State": "healthy"}, {"State": "unhealthy"}
HEALTH = ("target_health.0.TargetHealth", "target_health.1.TargetHealth")
NAMELESS = {"target_health.0.TargetGroupArn": GONE, "target_health.1.TargetGroupArn": GONE}
BLUE_GREEN = {f"{LB}.0.advancedConfiguration": {"alternateTargetGroupArn": OTHER}}
Case = tuple[Callable[[Snapshot], Any], str, dict[str, Any], Any]


def ids(find: Callable[[Snapshot], Any]) -> Callable[[Snapshot], list[str]]:
    return lambda seen: [target.target.id for target in find(seen)]


mine, strangers, lost = ids(members.own), ids(members.foreign), ids(members.out_of_service)


def silent(seen: Snapshot) -> list[tuple[str, str]]:
    """The targets that leave their callers without an answer, each with the name of its group."""
    rows = members.silent(seen, members.targets(seen))
    return [
        (
            each.target.id or "",
            members.group_of(seen, each).partition("group/")[2].partition("/")[0],
        )
        for each in rows
    ]


def group(seen: Snapshot) -> str:
    return members.group_of(seen, members.targets(seen)[-1])


def read(seen: Snapshot) -> str | None:
    found = members.read_group(seen, members.targets(seen)[-1])
    return found.target_group_name if found else None


def callers(seen: Snapshot) -> set[str]:
    return set(members.groups_with_callers(seen))


def of_ash(seen: Snapshot) -> list[bool]:
    return [members.is_of_ash(seen, each) for each in seen.target_groups.get() or ()]


def attributes(seen: Snapshot) -> list[dict[str, str]]:
    return [members.group_attributes(seen, each) for each in seen.target_groups.get() or ()]


def whole(seen: Snapshot) -> str:
    """What is not known of targets, in the words of the first test that cannot tell."""
    try:
        members.require_owners(seen, members.targets(seen))
        members.require_each_group(seen, members.targets(seen))
    except CannotTell as doubt:
        return doubt.reason
    return ""


ON_HOST: dict[str, Any] = {
    "target_groups.0.TargetType": "instance",
    "tasks.0.containerInstanceArn": "x/h",
    "container_instances": [{"containerInstanceArn": "x/h", "ec2InstanceId": "i-1"}],
}
OF_HOST = {**ON_HOST, "target_health.0.Target.Id": "i-1"}
OWN: dict[str, Case] = {
    "a task's": (mine, "", {"target_health.+": STRANGER}, ["10.0.1.23"]),
    "one that is leaving is none": (mine, "", {"target_health.0.TargetHealth.State": "draining"}, []),
    "a stranger": (strangers, "", {"target_health.+": STRANGER}, ["10.0.1.99"]),
    "a stranger that is leaving": (strangers, "", {"target_health.+": row("10.0.1.99", "draining")}, []),
    "strangers alone, that are well, are none of ours": (mine, "", {"target_health": [STRANGER]}, []),
    "strangers alone, that are not, speak for the service": (mine, "", {"target_health": [STRANGER, row("10.0.1.98", "unhealthy")]}, ["10.0.1.98"]),
    "all may be, where the tasks were not read": (mine, "", {"target_health.+": STRANGER, "tasks": unread()}, ["10.0.1.23", "10.0.1.99"]),
    "that of an instance": (mine, "", {**OF_HOST, "target_health.+": STRANGER}, ["i-1"]),
    "a stranger among instances": (strangers, "", {**OF_HOST, "target_health.+": STRANGER}, ["10.0.1.99"]),
    "of groups of both kinds addresses count": (mine, PAIR, {"target_groups.1.TargetType": "instance"}, ["10.0.1.23", "10.0.1.23"]),
    "one of us is healthy": (members.has_own_healthy, "", {}, True),
    "a stranger is healthy": (members.has_own_healthy, "", {"target_health": [STRANGER]}, False),
    "nobody knows": (members.has_own_healthy, "", {"target_health": unread()}, False),
}  # fmt: skip
AGES = {"service.healthCheckGracePeriodSeconds": 0}
LOST: dict[str, Case] = {
    "one of two that is sick": (lost, "", second("unhealthy"), ["10.0.2.42"]),
    "one that is well": (lost, "", second("healthy"), []),
    "one that is not used": (lost, "", second("unused"), ["10.0.2.42"]),
    "one that nobody checks": (lost, "", second("unavailable"), ["10.0.2.42"]),
    "one in its first checks, for hours": (lost, "", second("initial"), ["10.0.2.42"]),
    "one in a state of another name": (lost, "", second("unhealthy.draining"), []),
    "in its first checks, and none is well": (lost, "", {**second("initial"), HEALTH[0]: {"State": "initial"}}, []),
    "sick, and none is well": (lost, "", {**second("unhealthy"), HEALTH[0]: ILL}, ["10.0.1.23", "10.0.2.42"]),
    "of a task that is to stop": (lost, "", {**second("unhealthy"), "tasks.1.desiredStatus": "STOPPED"}, []),
    "of a task of four minutes": (lost, "", {**second("unhealthy"), **AGES, "tasks.1.startedAt": "2026-11-22T11:56:00Z"}, ["10.0.2.42"]),
    "of a task of a second less": (lost, "", {**second("unhealthy"), **AGES, "tasks.1.startedAt": "2026-11-22T11:56:01Z"}, []),
    "of a task that is only made": (lost, "", {**second("unhealthy"), **AGES, "tasks.1.startedAt": GONE, "tasks.1.createdAt": "2026-11-22T11:56:01Z"}, []),
    "of a task of nobody knows when": (lost, "", {**second("unhealthy"), "tasks.1.startedAt": GONE, "tasks.1.createdAt": GONE}, ["10.0.2.42"]),
    "in the grace of its service": (lost, "", {**second("unhealthy"), "service.healthCheckGracePeriodSeconds": 600, "tasks.1.startedAt": "2026-11-22T11:50:01Z"}, []),
    "of a task that starts": (lost, "", {**second("unhealthy"), "tasks.1.lastStatus": "PENDING"}, []),
    "of a task that stopped": (lost, "", {"stopped_tasks": [task("10.0.2.42", lastStatus="STOPPED")], "target_health.+": row("10.0.2.42", "unhealthy")}, []),
    "the targets were not read": (lost, "", {**TWO, "target_health": unread()}, []),
    "the tasks were not read": (lost, "", {**second("unhealthy"), "tasks": unread()}, []),
    "in one of two groups": (lost, PAIR, {}, ["10.0.1.23"]),
    "in one of two groups, and nothing tells in which": (lost, PAIR, NAMELESS, []),
    "in one of two groups, by the port": (lost, PAIR, {**NAMELESS, f"{LB}.1.containerPort": 8080, "target_health.1.Target.Port": 8080}, ["10.0.1.23"]),
    "of an instance": (lost, "", {**OF_HOST, HEALTH[0]: ILL}, ["i-1"]),
    "of an instance that nobody knows": (lost, "", {**OF_HOST, HEALTH[0]: ILL, "tasks.0.containerInstanceArn": "x/i"}, []),
}  # fmt: skip
GROUPS: dict[str, Case] = {
    "as it was read": (group, "", {"target_health.0.TargetGroupArn": OTHER}, OTHER),
    "the only one": (group, "", {"target_health.0.Target.Port": 9}, TG),
    "of two, by the port": (group, PAIR, {**NAMELESS, f"{LB}.1.containerPort": 8080, "target_health.1.Target.Port": 8080}, TG2),
    "of two, by the other port": (group, PAIR, {**NAMELESS, f"{LB}.1.containerPort": 8080}, TG),
    "of two of one port": (group, PAIR, NAMELESS, ""),
    "of two, by a port of neither": (group, PAIR, {**NAMELESS, "target_health.1.Target.Port": 9}, ""),
    "of blue and green": (group, "", BLUE_GREEN, ""),
    "of none": (group, "", {LB: []}, ""),
    "read with its check": (read, PAIR, {}, "ash-cloud-tg2"),
    "the first where nothing tells": (read, PAIR, NAMELESS, "ash-cloud-tg"),
    "none was read": (read, PAIR, {"target_groups": []}, None),
    "all have callers": (callers, PAIR, {}, {TG, TG2}),
    "of blue and green only one has": (callers, PAIR, BLUE_GREEN, set()),
    "without a balancer none has": (callers, "", {LB: []}, set()),
    "of the server": (of_ash, PAIR, {}, [True, True]),
    "of a sidecar": (of_ash, PAIR, {f"{LB}.1.containerName": "proxy"}, [True, False]),
    "of both": (of_ash, PAIR, {f"{LB}.1.containerName": "proxy", f"{LB}.1.targetGroupArn": TG}, [True, True]),
    "of a container that was not told": (of_ash, PAIR, {f"{LB}.1.containerName": None}, [True, True]),
    "of no container of the service": (of_ash, "", {f"{LB}.0.targetGroupArn": OTHER, f"{LB}.0.containerName": "proxy"}, [True]),
    "of a task that was not read": (of_ash, "", {f"{LB}.0.containerName": "proxy", "task_definition": unread()}, [True]),
    "of a service that was not read": (of_ash, "", {"service": unread()}, [True]),
    "the attributes of each": (attributes, PAIR, {"target_group_attributes": {"a": "1"}, "other_attributes": {TG2: {"a": "2"}}}, [{"a": "1"}, {"a": "2"}]),
    "none of another's": (attributes, PAIR, {"target_group_attributes": {"a": "1"}, "other_attributes": unread()}, [{"a": "1"}, {}]),
    "none at all": (attributes, PAIR, {"target_group_attributes": None, "other_attributes": None}, [{}, {}]),
}  # fmt: skip
SECONDS = {"tasks.+": task("10.0.2.42"), "service.runningCount": 2}
SILENCE: dict[str, Case] = {
    "a group without a healthy one": (silent, PAIR, {}, [("10.0.1.23", "ash-cloud-tg2")]),
    "all that it has": (silent, PAIR, {**SECONDS, "target_health.+": row("10.0.2.42", "initial", TargetGroupArn=TG2)}, [("10.0.1.23", "ash-cloud-tg2"), ("10.0.2.42", "ash-cloud-tg2")]),
    "with a healthy one beside it": (silent, PAIR, {**SECONDS, "target_health.+": row("10.0.2.42", "healthy", TargetGroupArn=TG2)}, []),
    "both": (silent, PAIR, {HEALTH[0]: ILL}, [("10.0.1.23", "ash-cloud-tg"), ("10.0.1.23", "ash-cloud-tg2")]),
    "one that is not used keeps nobody waiting": (silent, PAIR, {f"{HEALTH[1]}.State": "unused"}, []),
    "the only group": (silent, "", {HEALTH[0]: ILL}, []),
    "of blue and green": (silent, PAIR, BLUE_GREEN, []),
    "of the two that nothing tells apart one is sick": (silent, PAIR, NAMELESS, [("10.0.1.23", "")]),
    "neither is": (silent, PAIR, {**NAMELESS, HEALTH[1]: WELL}, []),
    "one is not used": (silent, PAIR, {**NAMELESS, f"{HEALTH[1]}.State": "unused"}, []),
    "the sick one's group is not told, the healthy one's is": (silent, PAIR, {"target_health.1.TargetGroupArn": GONE}, [("10.0.1.23", "")]),
    "the healthy one's is not told, the sick one's is": (silent, PAIR, {"target_health.0.TargetGroupArn": GONE}, [("10.0.1.23", "ash-cloud-tg2")]),
}  # fmt: skip
IN_ONE = "target 10.0.1.23 is unhealthy in one of 2 target groups, and it was not told in which: whether that group has another that answers is not known"
EMPTY = f"no task is registered in target group {TG2}, though one is in another"
KNOWN: dict[str, Case] = {
    "each has a target, each target an owner": (whole, PAIR, {}, ""),
    "one group has none": (whole, PAIR, {"target_health.1.TargetGroupArn": TG}, EMPTY),
    "the only group has none": (whole, "", {"target_health.0.TargetGroupArn": OTHER}, ""),
    "nothing tells which has": (whole, PAIR, {"target_health.1.TargetGroupArn": GONE}, ""),
    "blue and green": (whole, PAIR, {**BLUE_GREEN, "target_health.1.TargetGroupArn": TG}, ""),
    "a sick one, and the tasks were not read": (whole, "", {HEALTH[0]: ILL, "tasks": unread()}, "whether target 10.0.1.23, which is unhealthy, is a task that should serve: ecs:DescribeTasks could not be read (denied): AccessDenied"),
    "a healthy one, and they were not": (whole, "", {"tasks": unread()}, ""),
}  # fmt: skip
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-aaa"], "securityGroups": ["sg-task"]}}
REVISION = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime"
OLD = {"id": "1", "status": "ACTIVE", "taskDefinition": f"{REVISION}:7", "rolloutState": "COMPLETED", "networkConfiguration": NETWORK}  # fmt: skip
NEW = {"id": "2", "status": "PRIMARY", "taskDefinition": f"{REVISION}:8", "rolloutState": "IN_PROGRESS",
       "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-aaa"], "securityGroups": ["sg-new"]}}}  # fmt: skip


def rollout(**new: Any) -> dict[str, Any]:
    """A rollout whose tasks get a group of their own, beside the tasks that answer."""
    return {"service.deployments": [{**NEW, **new}, OLD]}


def dead(reason: str, revision: int = 8) -> dict[str, Any]:
    gone = {"taskArn": "x/d", "lastStatus": "STOPPED", "taskDefinitionArn": f"{REVISION}:{revision}", "stoppedReason": reason}  # fmt: skip
    return {**rollout(), "stopped_tasks": [gone]}


CHECKED = "Task failed ELB health checks in (target-group x)"
grave = reached.severity_of_a_block
PROVEN: dict[str, Case] = {
    "a healthy target": (reached.is_reached, "", {}, True),
    "none": (reached.is_reached, "", {HEALTH[0]: ILL}, False),
    "this machine is cut off": (reached.is_reached, "", {"probe.rungs": SILENT}, False),
    "of the tasks before, where new ones get another group": (reached.is_reached, "", rollout(), False),
    "of the tasks before, where new ones get the same": (reached.is_reached, "", rollout(networkConfiguration=NETWORK), True),
    "where it is over": (reached.is_reached, "", rollout(rolloutState="COMPLETED"), True),
    "where its groups were not told": (reached.is_reached, "", rollout(networkConfiguration=None), True),
    "where no other goes on": (reached.is_reached, "", {"service.deployments": [NEW]}, True),
    "where nobody knows whose the healthy one is": (reached.is_reached, "", {**rollout(), "tasks.0.taskDefinitionArn": None}, True),
    "where it is of the new ones": (reached.is_reached, "", {**rollout(), "tasks.0.taskDefinitionArn": f"{REVISION}:8"}, True),
    "a block keeps nobody out where one answers": (grave, "", {}, "warning"),
    "a block where none does": (grave, "", {HEALTH[0]: {"State": "initial"}}, "error"),
    "a block, and a task that should serve is lost": (grave, "", second("unhealthy"), "error"),
    "a block, the targets were not read, and it answers": (grave, "", {"target_health": unread()}, "warning"),
    "a block, the targets were not read, and it does not": (grave, "", {"target_health": unread(), "probe.rungs": rungs(DNS, TCP)}, "error"),
    "a block, and only this machine is answered": (grave, "", {HEALTH[0]: {"State": "initial"}, "probe.rungs": rungs(DNS, TCP, HTTP)}, "error"),
    "a block of the next tasks": (grave, "", rollout(), "warning"),
    "a block of the next tasks, which died of it": (grave, "", dead(CHECKED), "error"),
    "a block of the next tasks, which died of something else": (grave, "", dead("Essential container in task exited"), "warning"),
    "a block of the next tasks, and one of those before died of it": (grave, "", dead(CHECKED, 7), "warning"),
}  # fmt: skip


@each("case", OWN | LOST | GROUPS | SILENCE | KNOWN | PROVEN)
def test_what_a_target_is_and_what_it_proves(case: Case) -> None:
    find, base, changes, expected = case
    told = find(snapshot(base, changes))
    assert told == expected, told


UNKNOWN: dict[str, tuple[str, dict[str, Any], str]] = {
    "a target without an address": ("", {"target_health.0.Target.Id": ""}, "a target was told without its address"),
    "a task without one": ("", {"tasks.0.attachments": []}, "the address of task 8f2c1d0e is not known"),
    "two of one": ("", {"tasks.+": task("10.0.1.23")}, "two tasks are told to have one address"),
    "an instance that was not read": ("", {**OF_HOST, "container_instances": []}, "the instance of task 8f2c1d0e is not known"),
    "fewer than counted": ("", {"service.runningCount": 2}, "ECS counts 2 running tasks of the service and lists 1"),
}  # fmt: skip


@each("case", UNKNOWN)
def test_who_is_a_stranger_is_not_known_where_our_own_are_not(
    case: tuple[str, dict[str, Any], str],
) -> None:
    base, changes, reason = case
    with pytest.raises(CannotTell) as told:
        members.foreign(snapshot(base, changes))
    assert told.value.reason == reason


def test_in_which_group_a_sick_target_stands_is_asked_where_each_may_have_another() -> None:
    """Of three rows that nothing tells apart two are well: each of two groups may have one of those."""
    three = {**NAMELESS, **SECONDS, "target_health.+": row("10.0.2.42", "healthy")}
    with pytest.raises(CannotTell) as told:
        silent(snapshot(PAIR, three))
    assert told.value.reason == IN_ONE
