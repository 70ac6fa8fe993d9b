"""Agents: where sandboxes find room, which way leads to the model, what the log says."""

from __future__ import annotations

import json
from typing import Any

from ash_ops.checks.agents._lines import answered, asserted, grade, is_of_a_sandbox, spoken
from ash_ops.diagnosis import diagnose
from tests.support.each import each
from tests.support.ladders import SILENT
from tests.support.one_check import GONE, Row, holds, snapshot, unread

SERVER = "task_definition.containerDefinitions.0"
ENVIRONMENT, SECRETS = f"{SERVER}.environment", f"{SERVER}.secrets"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-cloud-runtime-AbCdEf:"
FLEET = "fleet-as-it-should-be"
NO_TASK = {"tasks": [], "service.runningCount": 0, "target_health": []}
COORDINATOR = {f"{ENVIRONMENT}.0.value": "coordinator"}


def env(name: str, value: str, **more: Any) -> dict[str, Any]:
    return {f"{ENVIRONMENT}.+": {"name": name, "value": value, **more}}


def canary(how: str, detail: str = "", **more: Any) -> dict[str, Any]:
    return {"probe.rungs.+": {"name": "canary", "outcome": how, "detail": detail, **more}}


BELOW, OWN = "warning memory-below-sandbox", "warning container-limit-below-sandbox of revision/7"
SIZE, LIMIT = "task_definition.memory", f"{SERVER}.memory"
ON_FARGATE = "warning maybe sandbox-cgroups-unavailable"
IN_B = {"taskArn": "x/" + "b" * 32, "lastStatus": "RUNNING",
        "attachments": [{"type": "ElasticNetworkInterface", "details": [{"name": "subnetId", "value": "subnet-bbb"}]}]}  # fmt: skip
SANDBOXES: dict[str, Row] = {
    "a megabyte more than a sandbox": ("sandbox-memory", "", {SIZE: "1025"}, "sound"),
    "as much as a sandbox": (
        "sandbox-memory", "", {SIZE: "1024"}, BELOW, "The task has 1024 MB in all, but a single sandbox may use 1024 MB", "--memory", "value='1024'",
    ),
    "by default a sandbox may use 2048": ("sandbox-memory", "", {SIZE: "2048", f"{ENVIRONMENT}.1": {"name": "X", "value": "1"}}, BELOW, "may use 2048 MB"),
    "a limit that is no number is the default": ("sandbox-memory", "", {SIZE: "2048", f"{ENVIRONMENT}.1.value": "much"}, BELOW),
    "the container's where the task has none": ("sandbox-memory", "", {SIZE: GONE, LIMIT: 512}, BELOW, "has 512 MB in all"),
    "neither has one": ("sandbox-memory", "", {SIZE: GONE}, "sound"),
    "a coordinator has none": ("sandbox-memory", "", {SIZE: "512", **COORDINATOR}, "none of its business"),
    "a limit of the container's own": (
        "container-memory", "", {LIMIT: 1024}, OWN, "Container ash may use 1024 MB of the task's 4096 MB, but a single sandbox may use 1024 MB", "value='1024'",
    ),
    "a megabyte more": ("container-memory", "", {LIMIT: 1025}, "sound"),
    "as large as the task": ("container-memory", "", {LIMIT: 4096}, "none of its business"),
    "no limit": ("container-memory", "", {}, "none of its business"),
    "no size of the task": ("container-memory", "", {LIMIT: 512, SIZE: GONE}, OWN, "may use 512 MB, but"),
    "by default 2048": ("container-memory", "", {LIMIT: 2048, f"{ENVIRONMENT}.1": {"name": "X", "value": "1"}}, OWN),
    "on a coordinator": ("container-memory", "", {LIMIT: 512, **COORDINATOR}, "none of its business"),
    "one is free": ("sandbox-capacity", "", {"probe.health.pool.running": 19}, "sound"),
    "none is free": (
        "sandbox-capacity", "", {"probe.health.pool.running": 20}, "error sandbox-capacity", "All 20 sandboxes are in use: new sessions are answered 503.",
        "20 of 20", "--max-sandboxes 40",
    ),
    "one is free on a runner": ("sandbox-capacity", FLEET, {"registered_runners.0.active": 20, "registered_runners.1.active": 19}, "sound"),
    "none is free on the runners": (
        "sandbox-capacity", FLEET, {"registered_runners.0.active": 20, "registered_runners.1.active": 21}, "error sandbox-capacity",
        "No runner has a sandbox left (40 on 2 in all): new sessions are answered 503.", "--runner-count N", "21 active of 20", "!--max-sandboxes",
    ),
    "nothing is told of it": ("sandbox-capacity", "", {"probe.health.pool": GONE}, "none of its business"),
    "how many there may be is not": ("sandbox-capacity", "", {"probe.health.pool.maxCapacity": GONE}, "none of its business"),
    "none may be": (
        "sandbox-capacity", "", {"probe.health.pool.maxCapacity": 0}, "error sandbox-capacity", "The server may start no sandbox at all (ASH_MAX_SANDBOXES)", "--max-sandboxes 20",
    ),
    "on Fargate": (
        "sandbox-host", "", {}, ON_FARGATE, "Only a session proves it: run doctor with --canary.", "tasks[8f2c1d0e].launchType", "doctor agents --canary",
    ),
    "on Fargate, by the service's own word": ("sandbox-host", "", {"tasks.0.launchType": GONE}, ON_FARGATE),
    "on Fargate, proven": (
        "sandbox-host", "", canary("failed", "CGROUP is read-only"), "error sandbox-cgroups-unavailable", "!Only a session proves it", "value='CGROUP is read-only'",
    ),
    "on Fargate, another failure proves nothing": ("sandbox-host", "", canary("failed", "no key"), ON_FARGATE, "!rungs[canary]"),
    "on Fargate, and a session ran": ("sandbox-host", "", canary("ok"), "sound"),
    "the second of two tasks on Fargate": ("sandbox-host", "", {"tasks.0.launchType": "EC2", "tasks.+": {**IN_B, "launchType": "FARGATE"}}, ON_FARGATE, "tasks[bbbbbbbb].launchType"),
    "both": ("sandbox-host", "", {"tasks.+": {**IN_B, "launchType": "FARGATE"}}, ON_FARGATE, "tasks[8f2c1d0e].launchType"),
    "on EC2": ("sandbox-host", "", {"tasks.0.launchType": "EC2"}, "sound"),
    "in a container that is not privileged": (
        "sandbox-host", "ec2-as-it-should-be", {f"{SERVER}.privileged": False}, ON_FARGATE, "Container ash is not privileged", "value='false'", "Let it be privileged and run as root",
    ),
    "of which nobody told": ("sandbox-host", "ec2-as-it-should-be", {f"{SERVER}.privileged": None}, ON_FARGATE, "value='not set'"),
    "in one that is": ("sandbox-host", "ec2-as-it-should-be", {f"{SERVER}.privileged": True}, "sound"),
    "by another user": (
        "sandbox-host", "ec2-as-it-should-be", {f"{SERVER}.privileged": True, f"{SERVER}.user": "node:node"}, ON_FARGATE, "runs as user node", "value='node'",
    ),
    "by root of a group": ("sandbox-host", "ec2-as-it-should-be", {f"{SERVER}.privileged": True, f"{SERVER}.user": "0:0"}, "sound"),
    "proven by a session": ("sandbox-host", "ec2-as-it-should-be", {f"{SERVER}.privileged": None, **canary("failed", "cgroups")}, "error sandbox-cgroups-unavailable"),
    "no task runs": ("sandbox-host", "", NO_TASK, "none of its business"),
    "a coordinator runs none": ("sandbox-host", "", COORDINATOR, "none of its business"),
}  # fmt: skip

KEY = "error anthropic-key-missing"
TOKEN = "ANTHROPIC_AUTH_TOKEN"


def stored(**more: Any) -> dict[str, Any]:
    return {f"secrets.0.{name}": value for name, value in more.items()}


def without_key(**more: Any) -> dict[str, Any]:
    return {f"{SECRETS}.0": {"name": "OTHER", "valueFrom": SECRET + "OTHER::"}, **more}


MODEL_KEYS: dict[str, Row] = {
    "in its secret": ("model-key", "", {}, "sound"),
    "none": (
        "model-key", "", without_key(), KEY, "Agents cannot run: the task definition sets no ANTHROPIC_API_KEY.", "Put ANTHROPIC_API_KEY in .env and deploy again", "ash-ops deploy",
    ),
    "none, and the secrets were not read": ("model-key", "", without_key(secrets=unread()), KEY, "sets no ANTHROPIC_API_KEY.", "ash-ops deploy"),
    "set to nothing": ("model-key", "", without_key(**env("ANTHROPIC_API_KEY", "")), KEY, "ANTHROPIC_API_KEY is set to nothing."),
    "in clear": ("model-key", "", without_key(**env("ANTHROPIC_API_KEY", "sk-ant-x")), "sound"),
    "another way to a model": ("model-key", "", without_key(**env("CLAUDE_CODE_USE_BEDROCK", "1")), "sound"),
    "another way that is set to nothing": ("model-key", "", without_key(**env("CLAUDE_CODE_USE_BEDROCK", "")), KEY),
    "another way, in a secret": ("model-key", "", {f"{SECRETS}.0": {"name": TOKEN, "valueFrom": SECRET + "T::"}}, "sound"),
    "its secret is empty": ("model-key", "", stored(is_empty=True), KEY, "the value of ANTHROPIC_API_KEY in its secret is empty."),
    "its key in the secret is empty": ("model-key", "", stored(empty_keys=["ANTHROPIC_API_KEY"]), KEY),
    "another key in the secret is empty": ("model-key", "", stored(empty_keys=["ASH_API_KEY"]), "sound"),
    "its secret holds an example": (
        "model-key", "", stored(is_placeholder=True), KEY, "the value of ANTHROPIC_API_KEY in its secret is a placeholder, as guides have it.",
    ),
    "its secret holds an example, and a session ran": ("model-key", "", {**stored(is_placeholder=True), **canary("ok")}, "sound"),
    "the version before was whole": (
        "model-key", "", stored(is_empty=True, whole_version="v1", version="v2"), KEY, "--move-to-version-id v1 --remove-from-version-id v2", "--force-new-deployment",
    ),
    "in clear, in quotes": ("model-key", "", without_key(**env("ANTHROPIC_API_KEY", "x", flaws=["quotes"])), KEY, "the value of ANTHROPIC_API_KEY is refused by the model's API: it is wrapped in quotation marks."),
    "in clear, with a line end": ("model-key", "", without_key(**env("ANTHROPIC_API_KEY", "x", flaws=["line-end"])), "sound"),
    "another value in quotes": ("model-key", "", env("OTHER", "x", flaws=["quotes"]), "sound"),
    "in clear, an example": ("model-key", "", without_key(**env("ANTHROPIC_API_KEY", "x", isPlaceholder=True, flaws=["quotes"])), KEY, "the value of ANTHROPIC_API_KEY is a placeholder", "!in its secret", "!is refused"),
    "another value is an example": ("model-key", "", env("OTHER", "x", isPlaceholder=True), "sound"),
    "another's secret holds an example": ("model-key", "", {"secrets.1.is_placeholder": True}, "sound"),
    "half of what its secret holds was told": ("model-key", "", stored(is_placeholder=None, is_empty=False), "? what ANTHROPIC_API_KEY in its secret holds was not told whole"),
    "nothing of it was": ("model-key", "", stored(is_placeholder=None, is_empty=None), "sound"),
    "where it comes from was not told": ("model-key", "", {f"{SECRETS}.0.valueFrom": ""}, "? where ANTHROPIC_API_KEY comes from was not told"),
    "a secret without its variable": ("model-key", "", {f"{SECRETS}.0.name": ""}, "? a secret of the task definition names no variable"),
}  # fmt: skip

LOCAL = {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}
SHUT = {"route_tables.0.Routes": [LOCAL]}
CUT = "error anthropic-unreachable of subnet/subnet-aaa"
BEDROCK = {"VpcEndpointId": "vpce-b", "VpcEndpointType": "Interface", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.us-east-1.bedrock-runtime",
           "State": "available", "PrivateDnsEnabled": True}  # fmt: skip
REACH: dict[str, Row] = {
    "open": ("model-reach", "", {}, "sound"),
    "shut": (
        "model-reach", "", SHUT, CUT, "The server answers, but its agents cannot reach the model's API, and no task could be started anew there.",
        "create-route --route-table-id rtb-main",
    ),
    "shut, and the server is silent": ("model-reach", "", {**SHUT, "probe.rungs": [{"name": "tcp", "outcome": "failed"}]}, CUT, "Beside that, its agents"),
    "no task": ("model-reach", "", {**SHUT, **NO_TASK}, "none of its business"),
    "by a proxy": ("model-reach", "", {**SHUT, **env("HTTPS_PROXY", "http://p")}, "none of its business"),
    "a session ran": ("model-reach", "", {**SHUT, **canary("ok")}, "none of its business"),
    "the group lets nothing out": (
        "model-reach", "", {"security_groups.0.IpPermissionsEgress": []}, "error anthropic-unreachable", "Security group sg-task does not let HTTPS",
    ),
    "of one of two tasks": (
        "model-reach", "", {**SHUT, "route_tables.0.Associations": [{"SubnetId": "subnet-aaa"}], "route_tables.+": {
            "RouteTableId": "rtb-b", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-bbb"}],
            "Routes": [LOCAL, {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]}, "tasks.+": IN_B},
        CUT, "the agents of 1 of its 2 tasks (8f2c1d0e) cannot reach",
    ),
}  # fmt: skip
THROUGH, NO_PROXY = "ecr-image-through-endpoints", {f"{ENVIRONMENT}.2": GONE}
ANOTHER = (
    "give the server another way to a model in its environment: HTTPS_PROXY, or ANTHROPIC_BASE_URL"
)
REACH |= {
    f"by {name}": ("model-reach", "", {**SHUT, **env(name, "x")}, "none of its business")
    for name in ("ANTHROPIC_BASE_URL", "CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "https_proxy")
} | {
    "by a gateway that a secret names": ("model-reach", "", {**SHUT, f"{SECRETS}.+": {"name": "ANTHROPIC_BASE_URL", "valueFrom": SECRET + "B::"}}, "none of its business"),
    "by another name": ("model-reach", "", {**SHUT, **env("HTTP_PROXY_OF_OURS", "x")}, CUT),
    "where endpoints serve a start": ("model-reach", THROUGH, NO_PROXY, CUT, "cannot reach the model's API.", ANOTHER, "!could be started anew"),
    "where they serve Bedrock, too": ("model-reach", THROUGH, {**NO_PROXY, "vpc_endpoints.+": BEDROCK}, "? whether the agents call the model through the VPC's endpoint of Bedrock was not told"),
    "where only Bedrock is served": ("model-reach", "", {**SHUT, "vpc_endpoints": [BEDROCK]}, CUT, f"!{ANOTHER}"),
    "of both subnets": ("model-reach", "", {**SHUT, "tasks.+": IN_B}, CUT, "its agents cannot reach"),
    "of both, each by its own table": (
        "model-reach", "", {"route_tables": [{"RouteTableId": f"rtb-{x}", "VpcId": "vpc-1", "Associations": [{"SubnetId": f"subnet-{x}"}], "Routes": [LOCAL]} for x in ("bbb", "aaa")], "tasks.+": IN_B},
        CUT, "route table rtb-aaa has no default route. Subnet subnet-bbb has no route", "--route-table-id rtb-aaa", "--route-table-id rtb-bbb",
    ),
    "of both, for two causes": ("model-reach", "", {**SHUT, "security_groups.0.IpPermissionsEgress": []}, "error anthropic-unreachable"),
    "nobody was asked, and the balancer calls it healthy": ("model-reach", "", {**SHUT, "probe": None}, CUT, "The server answers, but its agents"),
}  # fmt: skip

HEALTH = "probe.health.remoteRunners"
RUNNERS: dict[str, Row] = {
    "it runs its sandboxes itself": ("runners", "", {HEALTH: 0}, "none of its business"),
    "as many as wanted": ("runners", FLEET, {}, "sound"),
    "more": ("runners", FLEET, {HEALTH: 3}, "sound"),
    "one lacks": (
        "runners", FLEET, {HEALTH: 1}, "warning ash-runner-missing", "1 of 2 runners are registered with the coordinator: the others get no session.",
        "--service ash-cloud-runners --desired-count 2", "remoteRunners', value='1'", "Parameters[RunnerCount]', value='2'",
    ),
    "none": ("runners", FLEET, {HEALTH: 0}, "error ash-no-runner", "The coordinator has no runner: every new session is answered 503.", "ash-ops runners", "describe-services"),
    "none, and nobody asked for one": ("runners", FLEET, {HEALTH: 0, "runner_service.desiredCount": 0}, "error ash-no-runner", "--desired-count 2", "!describe-services"),
    "none, and their service was deleted": (
        "runners", FLEET, {HEALTH: 0, "runner_service.status": "INACTIVE"}, "error ash-no-runner", "The service of the runners was deleted: make it anew.", "!--desired-count",
    ),
    "how many is not told": ("runners", FLEET, {HEALTH: GONE}, "none of its business"),
    "the stack wants none": ("runners", FLEET, {HEALTH: 1, "stack.Parameters": []}, "sound"),
    "a session could not run": (
        "canary", "", canary("failed", "boom", error="OddError"), "error maybe ash-server-error", "A session could not run: boom", "OddError: boom", "logs --since 5m",
    ),
    "a session did not run, and nobody told how": ("canary", "", canary("failed", "no room"), "error maybe ash-server-error", "A session could not run: no room", "field='rungs[canary]', value='no room'"),
    "a session did not run, and nobody told anything": ("canary", "", canary("failed"), "error maybe ash-server-error", "A session could not run: no answer.", "value='none'"),
    "a session ran": ("canary", "", canary("ok"), "sound"),
    "none was made": ("canary", "", canary("skipped"), "none of its business"),
    "nobody asked for one": ("canary", "", {}, "none of its business"),
    "no sandbox could start": (
        "canary", "", canary("failed", "Failed to create session: SECURITY: cgroups not available on Linux.", status=500), "error sandbox-cgroups-unavailable",
    ),
}  # fmt: skip

STREAM = "ash/ash/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f"
OF = "of task/8f2c1d0e9b7a4c5d8e6f1a2b3c4d5e6f since"


def line(message: str, at: str = "11:50:00", stream: str = STREAM) -> dict[str, Any]:
    return {"stream": stream, "at": f"2026-11-22T{at}Z", "message": message}


def logged(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"log_lines": list(lines), **more}


DISK, MODEL = (
    "Error: ENOSPC: no space left on device, write",
    "Error: connect ETIMEDOUT 160.79.104.10:443 api.anthropic.com",
)
ASLEEP = {"probe": None}
LOG: dict[str, Row] = {
    "nothing": ("server-log", "", logged(line("Server listening at http://0.0.0.0:4100")), "sound"),
    "no line of a task that runs": ("server-log", "", logged(line(DISK, stream="ash/ash/0")), "none of its business"),
    "no task": ("server-log", "", {**logged(line(DISK)), **NO_TASK}, "none of its business"),
    "a disk that is full": (
        "server-log", "", logged(line(DISK)), f"error disk-full {OF} 11:50", "The server logged 10 min ago: Error: ENOSPC", "events[8f2c1d0e].message", "logs --since 1h",
    ),
    "an hour ago": ("server-log", "", logged(line(DISK, "11:00:00")), f"error disk-full {OF} 11:00"),
    "an hour and a second ago": ("server-log", "", logged(line(DISK, "10:59:59")), "sound"),
    "the newest of two": ("server-log", "", logged(line(DISK, "11:20:00"), line(DISK, "11:40:00")), f"error disk-full {OF} 11:40"),
    "its logger calls it a warning": (
        "server-log", "", logged(line(json.dumps({"level": 40, "msg": DISK}))), f"warning disk-full {OF} 11:50", "10 min ago: Error: ENOSPC",
    ),
    "its logger calls it normal": ("server-log", "", logged(line(json.dumps({"level": 30, "msg": DISK}))), "sound"),
    "what another task of before said": ("server-log", "", logged(line(DISK, stream="ash/ash/0"), line("x")), "sound"),
    "a database that a tool called": ("server-log", "", logged(line("[sandbox 1] Error: connect ECONNREFUSED 10.0.9.9:5432")), "sound"),
    "a database that the server called": (
        "server-log", "", logged(line("Error: connect ECONNREFUSED 10.0.9.9:5432"), **ASLEEP), f"error db-unreachable {OF} 11:50",
    ),
    "and it has answered an authenticated call since": (
        "server-log", "", logged(line("Error: connect ECONNREFUSED 10.0.9.9:5432")), f"warning db-unreachable {OF} 11:50 until 12:00",
        "The server has answered since, at 12:00:00 UTC.",
    ),
    "and it has answered another since, for it said so a quarter of an hour ago": (
        "server-log", "", logged(line("Error: connect ECONNREFUSED 10.0.9.9:5432", "11:45:00"), line("POST /api/sessions 200", "11:55:00"), **ASLEEP),
        f"warning db-unreachable {OF} 11:45 until 11:55",
    ),
    "and it has refused another since": (
        "server-log", "", logged(line("Error: connect ECONNREFUSED 10.0.9.9:5432", "11:45:00"), line("POST /api/sessions 300", "11:55:00"), **ASLEEP),
        f"error db-unreachable {OF} 11:45",
    ),
    "an answer that was given before proves nothing": (
        "server-log", "", logged(line("POST /api/sessions 200", "11:45:00"), line("Error: connect ECONNREFUSED 10.0.9.9:5432", "11:45:00"), **ASLEEP),
        f"error db-unreachable {OF} 11:45",
    ),
    "a port that is taken, and the balancer calls it healthy": ("server-log", "", logged(line("Error: listen EADDRINUSE: address already in use 0.0.0.0:4100")), "sound"),
    "a port that is taken": (
        "server-log", "", {**logged(line("Error: listen EADDRINUSE: address already in use 0.0.0.0:4100"), **ASLEEP), "target_health": []}, f"error port-in-use {OF} 11:50",
    ),
}  # fmt: skip

LOG |= {
    f"and it has answered with {status} since": (
        "server-log", "", logged(line("Error: connect ECONNREFUSED 10.0.9.9:5432", "11:45:00"), line(f"POST /api/sessions {status}", "11:55:00"), **ASLEEP), answer,
    )
    for status, answer in ((199, f"error db-unreachable {OF} 11:45"), (299, f"warning db-unreachable {OF} 11:45 until 11:55"), (300, f"error db-unreachable {OF} 11:45"))
}  # fmt: skip

LINES = {
    "trace": ('{"level": 10}', "info"),
    "pino's info": ('{"level": 39}', "info"),
    "pino's warning": ('{"level": 40}', "warning"),
    "still a warning": ('{"level": 49}', "warning"),
    "pino's error": ('{"level": 50}', "error"),
    "a word": ('{"severity": "NOTICE"}', "info"),
    "a warning in a word": ('{"lvl": "Warn"}', "warning"),
    "no level": ('{"msg": "x"}', "error"),
    "a request that was refused": ('{"level": 50, "res": {"statusCode": 400}}', "info"),
    "the last of those": ('{"level": 50, "res": {"statusCode": 499}}', "info"),
    "a request that failed": ('{"level": 50, "res": {"statusCode": 500}}', "error"),
    "one that went well": ('{"level": 50, "res": {"statusCode": 399}}', "error"),
    "in plain words": ("2026-11-22T11:50:00Z INFO listening", "info"),
    "in plain words, a warning": ("[11:50:00] [ash] warning: slow", "warning"),
    "in logfmt": ('msg="x" level=debug', "info"),
    "what a user says": ("user: Error: out of memory", "info"),
    "what a tool says": ("tool output: Error", "info"),
    "a list is no object": ("[1]", "error"),
}


@each("case", SANDBOXES)
def test_where_sandboxes_find_room(case: Row) -> None:
    holds(case)


@each("case", MODEL_KEYS | {f"way: {k}": v for k, v in REACH.items()})
def test_whether_agents_reach_a_model(case: Row) -> None:
    holds(case)


LINES |= {
    f"the {word} of a line": (f'{{"{word}": "warn"}}', "warning")
    for word in ("level", "severity", "levelname", "lvl", "loglevel")
} | {
    f"no trouble is {word}": (f'{{"level": "{word.upper()}"}}', "info")
    for word in ("trace", "debug", "verbose", "info", "information", "notice", "default")
} | {
    f"in plain words, {word}": (f"[x] {word.upper()} listening", grade_)
    for word, grade_ in (("trace", "info"), ("debug", "info"), ("verbose", "info"), ("notice", "info"), ("warn", "warning"), ("fatal", "error"))
} | {
    f"what {who} says, in plain words": (f"12:00:01 {who}: Error", "info")
    for who in ("user", "human", "assistant", "prompt", "tool result", "user 7")
}  # fmt: skip


@each("case", RUNNERS | {f"log: {k}": v for k, v in LOG.items()})
def test_whether_sessions_run(case: Row) -> None:
    holds(case)


def test_a_table_that_two_subnets_share_is_one_trouble_of_balancer_and_agents() -> None:
    """Both tell of the first subnet: of two, neither would be the other's consequence."""
    shared = {**SHUT, "tasks.+": IN_B, "service.runningCount": 2, "probe.rungs": SILENT}
    found = {item.cause: item for item in diagnose(snapshot("", shared)).findings}
    roots = found["balancer-subnet-private"], found["anthropic-unreachable"]
    assert [item.subject for item in roots] == ["subnet/subnet-aaa"] * 2
    assert roots[1].explained_by == roots[0].id


@each("case", LINES)
def test_how_grave_a_line_is(case: tuple[str, str]) -> None:
    text, expected = case
    assert grade(text) == expected


def test_what_a_line_says_of_the_server_alone() -> None:
    request = json.dumps(
        {
            "level": 30,
            "msg": "done",
            "req": {"url": "/x?ENOSPC"},
            "path": "/ENOSPC",
            "err": {"message": "gone"},
        }
    )
    assert asserted(request) == json.dumps({"level": 30, "msg": "done", "err": {"message": "gone"}})
    for sent in ("req", "request", "url", "path", "query", "headers", "text", "prompt"):
        assert asserted(json.dumps({"msg": "x", sent: "ENOSPC"})) == '{"msg": "x"}'
    for word in ("err", "error", "exception"):
        assert spoken(json.dumps({"msg": "done", word: {"message": "gone"}})) == "done: gone"
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert asserted(f"{method} /out-of-memory 200") == f"{method} / 200"
    assert spoken(request) == "done: gone"
    assert spoken('{"msg": "x", "error": "x"}') == "x"
    assert spoken('{"level": 50}') == '{"level": 50}'
    assert spoken("plain") == "plain"
    assert is_of_a_sandbox('{"msg": "[sandbox 7] Error"}')
    assert not is_of_a_sandbox("the sandbox ended")


def test_with_which_status_a_request_was_answered() -> None:
    assert answered('"GET /x HTTP/1.1" 503 12') == 503
    assert answered("POST /api/sessions 201") == 201
    assert answered("it took 200 ms") is None
    assert answered('{"res": {"statusCode": 204}}') == 204
    assert answered('{"res": {"statusCode": "204"}}') is None
    assert answered('{"res": 204}') is None
