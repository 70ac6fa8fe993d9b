"""A coordinator and its runners: the fact that decides what is told of them."""

from __future__ import annotations

from typing import Any

from tests.support.each import each
from tests.support.one_check import GONE, Row, holds, said

FLEET = "fleet-as-it-should-be"
ONE, TWO = "1a" * 16, "2b" * 16
ROW = {
    "host": "10.0.1.41",
    "port": 4200,
    "active": 1,
    "most": 20,
    "last_heartbeat": "2026-11-22T11:59:55Z",
}


def rows(*known: dict[str, Any]) -> dict[str, Any]:
    return {"registered_runners": list(known)}


def row(of: str = ONE, host: str = "10.0.1.41", heard: str = "11:59:55") -> dict[str, Any]:
    return {
        **ROW,
        "runner_id": f"runner-{of}",
        "host": host,
        "last_heartbeat": f"2026-11-22T{heard}Z",
    }


SECOND = row(TWO, "10.0.1.42")
LOST = f"runner-not-registered of runner/{TWO}"
REGISTERED: dict[str, Row] = {
    "both are known": ("runners-registered", FLEET, {}, "sound"),
    "one server has none": ("runners-registered", "", {}, "none of its business"),
    "one is not known, for hours": (
        "runners-registered", FLEET, rows(row()), f"error {LOST}", "Runner 2b2b2b2b runs since 2 h, and the coordinator does not know it: it gets no session.",
        "ash-ops logs --task 2b2b2b2b", f"runners drain runner-{TWO} --wait", "lastStatus', value='RUNNING'",
    ),
    "for three minutes": ("runners-registered", FLEET, {**rows(row()), "runner_tasks.1.startedAt": "2026-11-22T11:57:00Z"}, f"warning {LOST}"),
    "for a second more": ("runners-registered", FLEET, {**rows(row()), "runner_tasks.1.startedAt": "2026-11-22T11:56:59Z"}, f"error {LOST}"),
    "for a minute": ("runners-registered", FLEET, {**rows(row()), "runner_tasks.1.startedAt": "2026-11-22T11:59:00Z"}, f"warning {LOST}"),
    "for less than a minute": ("runners-registered", FLEET, {**rows(row()), "runner_tasks.1.startedAt": "2026-11-22T11:59:01Z"}, "sound"),
    "neither is": ("runners-registered", FLEET, rows(), f"error runner-not-registered of runner/{ONE}; error {LOST}"),
    "they are told of no coordinator": (
        "runners-registered", FLEET, {**rows(row()), "runner_definition.containerDefinitions.0.environment": []}, f"error {LOST}",
        "Their revision has no ASH_SERVER_URL, so they ask nobody: put back what the stack wants.",
    ),
    "one id for both": (
        "runners-registered", FLEET, rows(row("0")), "error runner-id-collision of runner/runner-0",
        "2 runners (1a1a1a1a, 2b2b2b2b) are registered under one id, runner-0: the last to register gets the sessions of all.", "value='runner-0'",
    ),
    "one too many": (
        "runners-registered", FLEET, rows(row(), SECOND, row("0", "10.0.1.43", "11:59:40")), "warning runner-stale of runner/0 since 11:59:40",
        "runner-0 is registered at 10.0.1.43 and was last heard of 20 s ago; ECS runs no such task", "2026-11-22T11:59:40+00:00",
    ),
    "it advertises another address": (
        "runners-registered", FLEET, rows(row(), row(TWO, "0.0.0.0")), f"error runner-id-collision of runner/{TWO}",
        f"runner-{TWO} is registered at 0.0.0.0, and its task is at 10.0.1.42: its sessions go astray.", f"runners drain runner-{TWO} --wait",
    ),
    "its own address was not told": ("runners-registered", FLEET, {**rows(row(), row(TWO, "0.0.0.0")), "runner_tasks.1.attachments": []}, "sound"),
    "silent, and its task runs": (
        "runners-registered", FLEET, rows(row(), row(TWO, "10.0.1.42", "11:58:00")), f"warning runner-stale of runner/{TWO} since 11:58",
        "was last heard of 2 min ago, and its task still runs: what is sent to it hangs.",
    ),
    "the table was not read": ("runners-registered", FLEET, {"registered_runners": None}, "? the coordinator's table of runners was not read"),
}  # fmt: skip


def rules(number: int, *admitted: dict[str, Any]) -> dict[str, Any]:
    return {f"security_groups.{number}.IpPermissions": list(admitted)}


def rule(port: int, group: str = "", cidr: str = "") -> dict[str, Any]:
    sides: dict[str, Any] = (
        {"UserIdGroupPairs": [{"GroupId": group}]} if group else {"IpRanges": [{"CidrIp": cidr}]}
    )
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **sides}


SHUT_OUT, SHUT = (
    "error coordinator-unreachable of service/ash-cloud-runtime",
    "error runner-unreachable of service/ash-cloud-runners",
)
REACH: dict[str, Row] = {
    "they let each other in": ("runners-reach", FLEET, {}, "sound"),
    "the coordinator shuts them out": (
        "runners-reach", FLEET, rules(0, rule(4100, "sg-nlb")), SHUT_OUT, "Security group sg-task of ash-cloud-runtime, TCP 4100: the coordinator does not admit the runners",
        "no rule admits TCP 4100 from sg-runner-member or sg-runner", "--group-id sg-task", '"GroupId": "sg-runner-member"',
    ),
    "on another port": ("runners-reach", FLEET, rules(0, rule(4101, "sg-runner-member")), SHUT_OUT),
    "by the other of their groups": ("runners-reach", FLEET, rules(0, rule(4100, "sg-runner")), "sound"),
    "by both of their subnets": ("runners-reach", FLEET, rules(0, rule(4100, cidr="10.0.3.0/24"), rule(4100, cidr="10.0.4.0/24")), "sound"),
    "by one of their subnets": ("runners-reach", FLEET, rules(0, rule(4100, cidr="10.0.3.0/24")), SHUT_OUT),
    "by subnets that were not read": (
        "runners-reach", FLEET, {**rules(0, rule(4100, cidr="10.0.3.0/24")), "subnets": []}, "? a subnet of ash-cloud-runners was not read",
    ),
    "they shut the coordinator out": (
        "runners-reach", FLEET, rules(3, rule(4200, "sg-nlb")), SHUT, "Security group sg-runner of ash-cloud-runners, TCP 4200: the runners do not admit the coordinator",
        "--group-id sg-runner ", '"FromPort": 4200', '"GroupId": "sg-task"',
    ),
    "both do": ("runners-reach", FLEET, {**rules(0, rule(4100, "sg-nlb")), **rules(3, rule(4200, "sg-nlb"))}, f"{SHUT_OUT}; {SHUT}"),
    "a service that names no group": (
        "runners-reach", FLEET, {"runner_service.networkConfiguration.awsvpcConfiguration.securityGroups": []}, "? service ash-cloud-runners names no security group",
    ),
}  # fmt: skip

DB, OF_DB = "runner_database", "of database/ash-cloud-database-1"
DOWN = f"error db-unreachable {OF_DB}"
DATABASE: dict[str, Row] = {
    "it answers": ("runners-database", FLEET, {}, "sound"),
    "there is none": ("runners-database", FLEET, {DB: None}, "none of its business"),
    "it is full": (
        "runners-database", FLEET, {f"{DB}.status": "storage-full"}, f"error database-full {OF_DB} stops answers now", "has no storage left: it writes nothing", "value='storage-full'",
        "describe-db-instances --db-instance-identifier ash-cloud-database-1",
    ),
    "it is stopped": (
        "runners-database", FLEET, {f"{DB}.status": "stopped"}, DOWN, "Database ash-cloud-database-1 is stopped: the coordinator cannot keep anything",
        "start-db-instance --db-instance-identifier ash-cloud-database-1", "!describe-events",
    ),
    "it failed": ("runners-database", FLEET, {f"{DB}.status": "failed"}, DOWN, "describe-events --source-type db-instance --source-identifier ash-cloud-database-1", "!start-db-instance"),
    "it shuts the coordinator out": (
        "runners-database", FLEET, rules(4, rule(5432, "sg-nlb")), DOWN, "Security group sg-db of database ash-cloud-database-1 does not admit the coordinator on TCP 5432.",
        "no rule admits TCP 5432 from sg-task", "--group-id sg-db",
    ),
    "on another port": ("runners-database", FLEET, {f"{DB}.port": 6432}, DOWN, "on TCP 6432."),
    "it admits addresses": (
        "runners-database", FLEET, rules(4, rule(5432, cidr="10.0.1.0/24")), "? the database's security group admits addresses, which may hold the coordinator",
    ),
    "its groups were not told": ("runners-database", FLEET, {f"{DB}.groups": []}, "? the security groups of the coordinator or of its database are not known"),
}  # fmt: skip

MINE = "task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"
ANEW: dict[str, Row] = {
    "as old as its runners": ("coordinator-restarted", FLEET, {"tasks.0.startedAt": "2026-11-22T09:00:50Z"}, "sound"),
    "younger": (
        "coordinator-restarted", FLEET, {"tasks.0.startedAt": "2026-11-22T11:30:00Z"}, f"warning coordinator-restarted of {MINE} since 11:30",
        "The coordinator started 30 min ago, after 2 of its runners", "logs --previous", "!requests were answered so",
    ),
    "younger than one": (
        "coordinator-restarted", FLEET, {"tasks.0.startedAt": "2026-11-22T11:30:00Z", "runner_tasks.1.startedAt": "2026-11-22T11:31:00Z"},
        f"warning coordinator-restarted of {MINE} since 11:30", "after 1 of its runners",
    ),
    "for an hour": ("coordinator-restarted", FLEET, {"tasks.0.startedAt": "2026-11-22T11:00:00Z"}, f"warning coordinator-restarted of {MINE} since 11:00"),
    "for an hour and a second": ("coordinator-restarted", FLEET, {"tasks.0.startedAt": "2026-11-22T10:59:59Z"}, "sound"),
    "none runs": ("coordinator-restarted", FLEET, {"tasks.0.startedAt": GONE}, "none of its business"),
    "and requests met it": (
        "coordinator-restarted", FLEET, {"tasks.0.startedAt": "2026-11-22T11:30:00Z", "log_lines": [
            {"stream": "ash/ash/1", "at": f"2026-11-22T{at}Z", "message": "Sandbox not found"} for at in ("11:29:59", "11:30:00", "11:40:00")]},
        f"warning coordinator-restarted of {MINE} since 11:30", "2 requests were answered so.", "events[].message",
    ),
}  # fmt: skip


@each("case", REGISTERED | {f"again: {k}": v for k, v in ANEW.items()})
def test_which_runners_a_coordinator_knows(case: Row) -> None:
    holds(case)


@each("case", REACH | {f"database: {k}": v for k, v in DATABASE.items()})
def test_who_lets_whom_in(case: Row) -> None:
    holds(case)


# RDS's own list ("Viewing Amazon RDS DB instance status"): what answers meanwhile, what passes, what does not.
ANSWERS = (
    "available backing-up modifying configuring-enhanced-monitoring storage-optimization storage-initialization delete-precheck "
    "renaming converting-to-vpc moving-to-vpc storage-config-upgrade resetting-master-credentials"
)
PASSES = "creating maintenance rebooting starting upgrading insufficient-resource-limits"
DOES_NOT = "stopped stopping failed deleting inaccessible-encryption-credentials incompatible-network incompatible-option-group restore-error insufficient-capacity"


@each("status", [*ANSWERS.split(), *PASSES.split(), *DOES_NOT.split(), "dreaming", ""])
def test_what_a_state_of_the_database_means(status: str) -> None:
    told = said("runners-database", FLEET, {f"{DB}.status": status})
    if status in DOES_NOT.split():
        assert told == DOWN
    elif status in PASSES.split():
        assert (
            told
            == f"? database ash-cloud-database-1 is {status}, which is not over yet: look again"
        )
    elif status in ANSWERS.split():
        assert told == "sound"
    else:
        assert (
            told
            == f"? database ash-cloud-database-1 is {status or 'in no state'}, which is not known here"
        )
