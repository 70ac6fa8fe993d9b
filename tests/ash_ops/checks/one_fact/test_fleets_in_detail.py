"""A coordinator and its runners: the other side of each fact, and how what is told of runners is told apart."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.base import NotApplicable
from ash_ops.checks.fleet import _runners as runners
from ash_ops.facts.reading import CannotTell
from tests.ash_ops.checks.one_fact.test_fleets import (
    DB,
    DOWN,
    FLEET,
    LOST,
    MINE,
    OF_DB,
    ONE,
    SECOND,
    SHUT,
    SHUT_OUT,
    TWO,
    row,
    rows,
    rule,
    rules,
)
from tests.support import one_check
from tests.support.each import each
from tests.support.one_check import GONE, Row, found, holds, unread

AGAIN = "tasks.0.startedAt"
STALE = f"runner-stale of runner/{TWO} since"
SERVER = "runner_definition.containerDefinitions.0"
KNOWN: dict[str, Row] = {
    "none is to run": ("runners-registered", FLEET, {"runner_service.desiredCount": 0}, "none of its business"),
    "none is to run, and those that run are ended": ("runners-registered", FLEET, {"runner_service.desiredCount": 0, "runner_service.status": "DRAINING"}, "sound"),
    "how many are to run was not told": ("runners-registered", FLEET, {"runner_service.desiredCount": None}, "? how many runners ECS is to run was not told"),
    "no service of theirs": ("runners-registered", FLEET, {"runner_service": None}, "none of its business"),
    "the runners were not read": ("runners-registered", FLEET, {"runner_tasks": unread()}, "? ecs:DescribeTasks could not be read (denied): AccessDenied"),
    "one that is only starting": ("runners-registered", FLEET, {**rows(row()), "runner_tasks.1.lastStatus": "PENDING"}, "sound"),
    "one that is starting, and has registered": ("runners-registered", FLEET, {"runner_tasks.1.lastStatus": "PENDING"}, "sound"),
    "when it started was not told": ("runners-registered", FLEET, {**rows(row()), "runner_tasks.1.startedAt": None}, "sound"),
    "one of two, and what ECS knows is quoted": (
        "runners-registered", FLEET, rows(row()), f"error {LOST}", f"runners[runner-{TWO}]', value='none'", "tasks[2b2b2b2b].lastStatus", "!Their revision has no",
        "Its own health check replaces it within two minutes.",
    ),
    "their revision was not read": ("runners-registered", FLEET, {**rows(row()), "runner_definition": unread()}, f"error {LOST}", "!Their revision has no"),
    "one too many, and one lost": (
        "runners-registered", FLEET, rows(row(), row("0", "10.0.1.43", "11:59:40")), f"error {LOST}; warning runner-stale of runner/0 since 11:59:40",
        "after 30 s of silence.",
    ),
    "silent for as long as a look takes": ("runners-registered", FLEET, rows(row(), row(TWO, "10.0.1.42", "11:59:25")), "sound"),
    "and a second more": ("runners-registered", FLEET, rows(row(), row(TWO, "10.0.1.42", "11:59:24")), f"warning {STALE} 11:59:24", f"runners[runner-{TWO}].lastHeartbeat"),
    "until it should have been replaced": ("runners-registered", FLEET, rows(row(), row(TWO, "10.0.1.42", "11:58:00")), f"warning {STALE} 11:58"),
    "and beyond": ("runners-registered", FLEET, rows(row(), row(TWO, "10.0.1.42", "11:57:59")), f"error {STALE} 11:57:59"),
    "a row that no task has, for long": (
        "runners-registered", FLEET, rows(row(), SECOND, row("0", "10.0.1.43", "11:50:00")), "warning runner-stale of runner/0 since 11:50",
    ),
    "astray is told before silent": (
        "runners-registered", FLEET, rows(row(), row(TWO, "10.0.9.9", "11:50:00")), f"error runner-id-collision of runner/{TWO}", f"runners[runner-{TWO}].host', value='10.0.9.9'",
        "tasks[2b2b2b2b].privateIpv4Address', value='10.0.1.42'", "If the next one does the same, put the template's command back.", "ash-ops deploy",
    ),
    "two lost, and a row of nobody's": (
        "runners-registered", FLEET, rows(row("0")), "error runner-id-collision of runner/runner-0", "Their command gives them no id of their own", "ash-ops deploy",
        "tasks[].taskArn', value='1a1a1a1a, 2b2b2b2b'",
    ),
}  # fmt: skip

ANEW: dict[str, Row] = {
    "the newest of two coordinators": (
        "coordinator-restarted", FLEET, {AGAIN: "2026-11-22T11:20:00Z", "tasks.+": {"taskArn": "x/c", "lastStatus": "RUNNING", "startedAt": "2026-11-22T11:30:00Z",
                                         "taskDefinitionArn": "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runtime:7"}},
        "warning coordinator-restarted of task/c since 11:30", "after 2 of its runners",
    ),
    "when a runner started was not told": ("coordinator-restarted", FLEET, {AGAIN: "2026-11-22T11:30:00Z", "runner_tasks.0.startedAt": None}, f"warning coordinator-restarted of {MINE} since 11:30", "after 1 of its runners", "tasks[2b2b2b2b].startedAt"),
    "what it is known by": ("coordinator-restarted", FLEET, {AGAIN: "2026-11-22T11:30:00Z"}, f"warning coordinator-restarted of {MINE} since 11:30", "tasks[8f2c1d0e].startedAt', value='2026-11-22T11:30:00+00:00'",
                            "tasks[1a1a1a1a].startedAt", "!events[].message"),
    "its lines were not read": ("coordinator-restarted", FLEET, {AGAIN: "2026-11-22T11:30:00Z", "log_lines": unread()}, f"warning coordinator-restarted of {MINE} since 11:30", "!requests were answered so"),
    "at the moment of a runner": ("coordinator-restarted", FLEET, {AGAIN: "2026-11-22T11:30:00Z", "runner_tasks.0.startedAt": "2026-11-22T11:30:00Z", "runner_tasks.1.startedAt": "2026-11-22T11:30:00Z"}, "sound"),
}  # fmt: skip

PREFIX = {"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100, "PrefixListIds": [{"PrefixListId": "pl-1"}]}  # fmt: skip
PLACE = "networkConfiguration.awsvpcConfiguration"
IN = "SecurityGroups[sg-task].IpPermissions"
REACH: dict[str, Row] = {
    "a list that was not read": ("runners-reach", FLEET, rules(0, PREFIX), "? prefix list pl-1, which a rule admits, was not read"),
    "addresses on another port": ("runners-reach", FLEET, rules(0, rule(4101, cidr="10.0.3.0/24")), SHUT_OUT, f"{IN}', value='no rule admits TCP 4100 from sg-runner-member or sg-runner'"),
    "by one subnet wholly and the other in part": ("runners-reach", FLEET, rules(0, rule(4100, cidr="10.0.3.0/24"), rule(4100, cidr="10.0.4.0/25")), SHUT_OUT),
    "no subnet of theirs was told": ("runners-reach", FLEET, {**rules(0, rule(4100, cidr="10.0.3.0/24")), f"runner_service.{PLACE}.subnets": []}, "? a subnet of ash-cloud-runners was not read"),
    "the coordinator names no group": ("runners-reach", FLEET, {f"service.{PLACE}.securityGroups": []}, "? service ash-cloud-runtime names no security group"),
    "the coordinator is let in by its subnets": ("runners-reach", FLEET, rules(3, rule(4200, cidr="10.0.1.0/24"), rule(4200, cidr="10.0.2.0/24")), "sound"),
    "by one of its subnets": ("runners-reach", FLEET, rules(3, rule(4200, cidr="10.0.1.0/24")), SHUT, "no rule admits TCP 4200 from sg-task", "Admit it."),
    "no coordinator's service": ("runners-reach", FLEET, {"service": None}, "none of its business"),
}  # fmt: skip
DATABASE: dict[str, Row] = {
    "a database of one server": ("runners-database", "", {}, "none of its business"),
    "it shuts the coordinator out, and is stopped": (
        "runners-database", FLEET, {f"{DB}.status": "stopped", **rules(4, rule(5432, "sg-nlb"))}, f"{DOWN}; {DOWN}", "DBInstances[ash-cloud-database-1].DBInstanceStatus', value='stopped'",
    ),
    "the coordinator's groups were not told": (
        "runners-database", FLEET, {f"service.{PLACE}.securityGroups": []}, "? the security groups of the coordinator or of its database are not known",
    ),
    "it admits addresses on another port": ("runners-database", FLEET, rules(4, rule(5433, cidr="10.0.1.0/24")), DOWN, '"FromPort": 5432, "ToPort": 5432', '"GroupId": "sg-task"'),
    "it is full, and lets it in": (
        "runners-database", FLEET, {f"{DB}.status": "storage-full"}, f"error database-full {OF_DB} stops answers now", "--query 'DBInstances[].[AllocatedStorage,MaxAllocatedStorage]'",
        "is your decision",
    ),
    "it was asked for, and not read": ("runners-database", FLEET, {DB: unread()}, "? rds:DescribeDBInstances could not be read (denied): AccessDenied"),
    "since yesterday": ("runners-database", FLEET, {f"{DB}.status": "failed"}, DOWN, "--duration 1440", "See what became of it, and remove that."),
}  # fmt: skip


@each("case", KNOWN | {f"again: {k}": v for k, v in ANEW.items()})
def test_what_a_coordinator_and_ecs_agree_about(case: Row) -> None:
    holds(case)


GROUP, BY_TWO = "runner_groups.0", "each has one to itself."
ONE_THERE = {
    f"{GROUP}.Instances": [{"InstanceId": "i-h1", "LifecycleState": "InService"}],
    f"{GROUP}.DesiredCapacity": 1,
}
NO_MORE = "scaling-group-cannot-launch of service/ash-cloud-runners stops agents"
NO_SIZE = "instance-too-small of service/ash-cloud-runners stops agents"
LARGE = f"{SERVER}.memory"
NO_RUNNER: dict[str, Any] = {"runner_tasks": [], "runner_service.runningCount": 0}
MACHINES: dict[str, Row] = {
    "one instance of two, and no more may be": (
        "runners-scaling-group", FLEET, {**ONE_THERE, f"{GROUP}.MaxSize": 1}, f"warning {NO_MORE}", "may start no other instance (maximum 1), and 2 runners are wanted", BY_TWO,
        "Let it have 2; each is billed.", "--desired-capacity 2 --max-size 2", "AutoScalingGroups[ash-cloud-Runners-1].MaxSize', value='1'",
    ),
    "one more may be": ("runners-scaling-group", FLEET, {**ONE_THERE, f"{GROUP}.MaxSize": 2}, "sound"),
    "how many may be was not told": ("runners-scaling-group", FLEET, {**ONE_THERE, f"{GROUP}.MaxSize": None}, "sound"),
    "one runner is wanted": ("runners-scaling-group", FLEET, {**ONE_THERE, f"{GROUP}.MaxSize": 1, "runner_service.desiredCount": 1}, "sound"),
    "more are there than may be": ("runners-scaling-group", FLEET, {f"{GROUP}.MaxSize": 1}, "sound"),
    "of a server one is enough": ("scaling-group", "ec2-as-it-should-be", {"service.desiredCount": 2}, "sound"),
    "none may be": (
        "runners-scaling-group", FLEET, {f"{GROUP}.MaxSize": 0}, "warning scaling-group-empty of service/ash-cloud-runners stops agents", f"Ask for 2 instances: {BY_TWO[:4]} runner has one to itself.",
        "--desired-capacity 2 --max-size 2",
    ),
    "a runner that no instance holds": ("runners-room-on-hosts", FLEET, {LARGE: 15501}, f"warning {NO_SIZE}", "A runner has an instance to itself. Which size", "--runner-memory MB", "!choose an instance type with"),
    "and none runs": ("runners-room-on-hosts", FLEET, {LARGE: 15501, **NO_RUNNER}, f"error {NO_SIZE}"),
    "a runner as large as an instance": ("runners-room-on-hosts", FLEET, {LARGE: 15500}, "sound"),
    "that all are full is as it should be": ("runners-room-on-hosts", FLEET, {"runner_service.desiredCount": 3}, "sound"),
}  # fmt: skip


@each("case", MACHINES)
def test_what_the_machines_of_runners_lack(case: Row) -> None:
    holds(case)


@each("case", REACH | {f"database: {k}": v for k, v in DATABASE.items()})
def test_who_is_let_in_by_whom(case: Row) -> None:
    holds(case)


IDS: dict[str, tuple[str, dict[str, Any]]] = {
    "runner-not-registered:2b2b2b2b": ("runners-registered", rows(row())),
    "runner-stale:runner-0": ("runners-registered", rows(row(), SECOND, row("0"))),
    "runner-id-collision": ("runners-registered", rows(row("0"))),
    "runner-id-collision:2b2b2b2b": ("runners-registered", rows(row(), row(TWO, "10.0.9.9"))),
    "database-full": ("runners-database", {f"{DB}.status": "storage-full"}),
    "db-unreachable:ash-cloud-database-1": ("runners-database", {f"{DB}.status": "stopped"}),
    "db-unreachable:ash-cloud-database-1-group": ("runners-database", rules(4, rule(5432, "sg-x"))),
}  # fmt: skip


@each("case", IDS.items())
def test_what_is_found_of_one_runner_has_an_id_of_its_own(
    case: tuple[str, tuple[str, dict[str, Any]]],
) -> None:
    name, (check, changes) = case
    assert [item.id for item in found(check, FLEET, changes)] == [name]


R = "arn:aws:ecs:us-east-1:111122223333:task-definition/ash-cloud-runners"
OLD = {"taskArn": "x/dddddddd", "taskDefinitionArn": f"{R}:1", "lastStatus": "STOPPED", "createdAt": "2026-11-22T11:50:00Z", "startedAt": "2026-11-22T11:51:00Z",
       "stoppedAt": "2026-11-22T11:58:00Z", "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited", "containers": [{"name": "ash", "exitCode": 1}]}  # fmt: skip
SPOT = {**OLD, "stopCode": "SpotInterruption", "stoppedReason": "Your Spot Task was interrupted."}
WAY = "agents"
SICK = {
    **OLD,
    "stoppedReason": "Task failed container health checks",
    "containers": [{"name": "ash", "healthStatus": "UNHEALTHY"}],
    "stopCode": "ServiceSchedulerInitiated",
}
REFUSED, ALONE = (
    "[runner] Registration failed: 401 Unauthorized",
    "[runner] Failed to register with coordinator: connect ECONNREFUSED 10.0.1.5:4100",
)


def told(*lines: str) -> dict[str, Any]:
    """A runner failed its own check, and these are its last words."""
    said = [
        {"stream": "r/ash/dddddddd", "at": "2026-11-22T11:57:00Z", "message": each_}
        for each_ in lines
    ]
    return {"stopped_runners": [SICK], "runner_lines": said, **NO_RUNNER}


OF_D = "of runner/dddddddd since 11:58"
APART: dict[str, Row] = {
    "its check failed, for its coordinator refused it": ("runners-stopped-tasks", FLEET, told(REFUSED), f"error ash-internal-secret {OF_D}"),
    "for nobody answered it": ("runners-stopped-tasks", FLEET, told(ALONE), f"error coordinator-unreachable {OF_D}"),
    "by its last word": ("runners-stopped-tasks", FLEET, told(REFUSED, ALONE), f"error coordinator-unreachable {OF_D}"),
    "by its last word of that": ("runners-stopped-tasks", FLEET, told(ALONE, REFUSED, "bye"), f"error ash-internal-secret {OF_D}"),
    "what it quotes is no word of its own": ("runners-stopped-tasks", FLEET, told(f"> {REFUSED}"), f"error container-healthcheck-failed {OF_D} stops agents"),
    "a runner that died": ("runners-stopped-tasks", FLEET, {"stopped_runners": [OLD]}, "error maybe app-crash of runner/dddddddd since 11:58 stops agents", "Of the runners: A task died of it", "doctor agents --wait"),
    "what AWS took, while another runs": ("runners-stopped-tasks", FLEET, {"stopped_runners": [SPOT]}, "warning spot-interruption of runner/dddddddd since 11:58 stops agents"),
    "what AWS took, and none runs": ("runners-stopped-tasks", FLEET, {"stopped_runners": [SPOT], **NO_RUNNER}, "error spot-interruption of runner/dddddddd since 11:58 stops agents"),
    "their service is gone": ("runners-service-exists", FLEET, {"runner_service.status": "DRAINING"}, "error service-missing of service/ash-cloud-runners stops agents", "Of the runners: Service ash-cloud-runners is being deleted"),
    "a revision that was deregistered": (
        "runners-revision-state", FLEET, {"runner_definition.status": "INACTIVE"}, "warning service-task-definition-inactive of service/ash-cloud-runners stops agents", "Of the runners: Task definition",
    ),
    "a server's own is none of theirs": ("runners-revision-state", FLEET, {"task_definition.status": "INACTIVE"}, "sound"),
    "the server's dead are none of theirs": ("runners-stopped-tasks", FLEET, {"stopped_tasks": [OLD]}, "sound"),
    "and theirs none of the server's": ("stopped-tasks", FLEET, {"stopped_runners": [OLD]}, "sound"),
}  # fmt: skip


@each("case", APART)
def test_what_befalls_runners_is_told_apart_from_what_befalls_the_server(case: Row) -> None:
    holds(case)
    for item in found(*case[:3]):
        if case[0].startswith("runners-"):
            assert item.id.endswith(":runners")
            assert item.playbook == WAY


def test_the_runners_are_seen_as_if_they_were_alone() -> None:
    facts = one_check.snapshot(FLEET, {"stack.Outputs": [{"OutputKey": "TaskDefinitionArn", "OutputValue": "server:7"}, {"OutputKey": "Url", "OutputValue": "u"}],
                                       "wanted": [{"logical_id": "RunnerService", "type": "AWS::ECS::Service", "physical_id": "arn:x/ash-cloud-runners",
                                                   "properties": {"TaskDefinition": f"{R}:9"}},
                                                  {"logical_id": "Service", "type": "AWS::ECS::Service", "physical_id": "arn:x/ash-cloud-runtime", "properties": {"TaskDefinition": "server:7"}}]})  # fmt: skip
    alone = runners.seen_alone(facts)
    assert runners.whole(alone) is facts
    assert runners.whole(facts) is facts
    assert alone.deployment.service == "ash-cloud-runners"
    assert alone.deployment.name == facts.deployment.name
    assert alone.stack.value
    assert alone.stack.value.outputs == {"TaskDefinitionArn": f"{R}:9", "Url": "u"}
    pairs = {
        "service": "runner_service", "task_definition": "runner_definition", "tasks": "runner_tasks", "stopped_tasks": "stopped_runners", "log_lines": "runner_lines",
        "service_deployments": "runner_deployments", "container_instances": "runner_hosts", "capacity_providers": "runner_providers", "scaling_groups": "runner_groups",
        "scaling_activities": "runner_scaling",
    }  # fmt: skip
    for name, theirs in pairs.items():
        assert getattr(alone, name) is getattr(facts, theirs), name
    for name in ("target_groups", "target_health", "load_balancers", "listeners", "probe", "archived_tasks", "host_events", "revision_pair", "service_revisions",
                 "other_task_definitions"):  # fmt: skip
        assert getattr(alone, name).value is None, name
    for name in ("cluster", "security_groups", "subnets", "taken_at"):
        assert getattr(alone, name) is getattr(facts, name), name


def test_what_the_stack_wants_of_them_was_not_read() -> None:
    facts = one_check.snapshot(FLEET, {"wanted": unread()})
    assert runners.seen_alone(facts).stack.gap is facts.wanted.gap
    nothing = one_check.snapshot(FLEET, {"stack": None})
    assert runners.seen_alone(nothing).stack is nothing.stack
    with pytest.raises(CannotTell):
        runners.seen_alone(one_check.snapshot(FLEET, {"runner_service": unread()}))
    with pytest.raises(NotApplicable):
        runners.seen_alone(one_check.snapshot())


def test_only_runners_that_run_count_and_for_how_long() -> None:
    facts = one_check.snapshot(FLEET, {"runner_tasks.0.lastStatus": "PENDING"})
    assert [task.id for task in runners.tasks(facts)] == [TWO]
    [task] = runners.tasks(facts)
    assert task.started_at
    assert (
        runners.running_since(task, facts.taken_at)
        == (facts.taken_at - task.started_at).total_seconds()
    )
    lost = one_check.snapshot(FLEET, {"runner_tasks.0.startedAt": GONE})
    assert runners.running_since(runners.tasks(lost)[0], lost.taken_at) == 0
    assert [t.id for t in runners.tasks(lost)] == [ONE, TWO]
    assert runners._within("ECS may") == "ECS may"
    assert runners._within("No task") == "no task"
