"""What keeps agents, runners and the next start from working, and what an end or a line proves: fact by fact."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ash_ops.diagnosis import Report, diagnose
from tests.support import scenarios
from tests.support.told import HEALTHY, told, values

TASK = HEALTHY["tasks"][0]


class TestWhatKeepsAgentsFromWorking:
    @staticmethod
    def on_an_instance(**container: Any) -> dict[str, str]:
        change, _ = scenarios.parts("ec2-as-it-should-be")
        own = change["task_definition"]["value"]["containerDefinitions"][0]
        own.update(container)
        report = diagnose(scenarios.snapshot(change))
        return {f.cause: f.severity for f in report.findings}

    @pytest.mark.parametrize(("container", "found"), [
        ({"privileged": True, "user": "root"}, False),
        ({"privileged": False}, True),
        ({"privileged": True, "user": "1000:1000"}, True),
        ({"privileged": False, "mountPoints": [{"containerPath": "/sys/fs/cgroup"}, {"sourceVolume": "data", "containerPath": "/data"}]}, False),
    ])  # fmt: skip
    def test_sandboxes_need_a_container_that_may_write_cgroups(
        self, container: dict[str, Any], found: bool
    ) -> None:
        assert ("sandbox-cgroups-unavailable" in self.on_an_instance(**container)) is found

    def test_no_sandbox_at_all_is_as_good_as_none_left(self) -> None:
        change = values(probe={"health": {"pool": {"running": 0, "total": 0, "maxCapacity": 0}}})
        assert told(change) == {"sandbox-capacity": "error"}

    @pytest.mark.parametrize(
        ("flaw", "found"), [("quotes", {"anthropic-key-missing": "error"}), ("line-end", {})]
    )
    def test_a_model_key_in_quotes_is_refused_and_a_line_end_is_not_sent(
        self, flaw: str, found: dict[str, str]
    ) -> None:
        states = copy.deepcopy(HEALTHY["secrets"])
        states[0] |= {"flaws": [flaw], "is_empty": False, "is_placeholder": False}
        assert told(values(secrets=states)) == found

    def test_what_is_mounted_elsewhere_keeps_no_data(self) -> None:
        container = copy.deepcopy(HEALTHY["task_definition"]["containerDefinitions"][0])
        container["mountPoints"][0]["containerPath"] = "/mnt"
        change = values(task_definition={"containerDefinitions": [container]})
        assert told(change) == {"state-not-durable": "warning"}

    def test_a_task_without_a_role_keeps_no_session_in_s3(self) -> None:
        container = copy.deepcopy(HEALTHY["task_definition"]["containerDefinitions"][0])
        container["mountPoints"] = []
        container["environment"] += [
            {"name": "ASH_SNAPSHOT_URL", "value": "s3://b/p/"},
            {"name": "ASH_DATABASE_URL", "value": ""},
        ]
        change = values(task_definition={"containerDefinitions": [container], "taskRoleArn": None})
        assert told(change) == {"snapshot-sync-failed": "warning"}


class TestRunners:
    @staticmethod
    def fleet(**readings: Any) -> Report:
        change, _ = scenarios.parts("fleet-as-it-should-be")
        return diagnose(scenarios.snapshot(scenarios.merged(change, values(**readings))))

    def test_a_service_of_runners_that_is_deleted_is_a_problem(self) -> None:
        report = self.fleet(runner_service={"status": "DRAINING", "desiredCount": 0})
        assert "service-missing" in {f.cause for f in report.findings if f.severity == "error"}

    def test_a_rollout_of_runners_that_failed_is_told(self) -> None:
        change, _ = scenarios.parts("fleet-as-it-should-be")
        rollout = change["runner_service"]["value"]["deployments"][0]
        report = self.fleet(runner_service={"deployments": [{**rollout, "rolloutState": "FAILED"}]})
        assert report.status == "problem"

    @pytest.mark.parametrize(
        ("active", "status"), [((20, 20), "problem"), ((20, 19), "healthy"), ((41, 20), "problem")]
    )
    def test_sessions_find_no_room_once_every_runner_is_full_or_drains(
        self, active: tuple[int, int], status: str
    ) -> None:
        change, _ = scenarios.parts("fleet-as-it-should-be")
        rows = change["registered_runners"]["value"]
        full = [{**row, "active": number} for row, number in zip(rows, active, strict=True)]
        assert self.fleet(registered_runners=full).status == status

    @pytest.mark.parametrize(("host", "cause"), [
        ({"status": "DEREGISTERING"}, "host-drained"),
        ({"healthStatus": {"overallStatus": "IMPAIRED", "details": []}}, "host-unhealthy"),
    ])  # fmt: skip
    def test_a_machine_that_leaves_or_is_impaired_is_told(
        self, host: dict[str, Any], cause: str
    ) -> None:
        change, _ = scenarios.parts("fleet-as-it-should-be")
        hosts = change["runner_hosts"]["value"]
        report = self.fleet(runner_hosts=[hosts[0], {**hosts[1], **host}])
        assert cause in {f.cause for f in report.findings}

    @pytest.mark.parametrize(("group", "cause"), [
        ({"SuspendedProcesses": [{"ProcessName": "Launch"}]}, "scaling-group-cannot-launch"),
        ({"SuspendedProcesses": [{"ProcessName": "AZRebalance"}]}, ""),
        ({"MaxSize": 0}, "scaling-group-empty"),
    ])  # fmt: skip
    def test_what_keeps_the_next_instance_away_is_a_warning_while_all_run(
        self, group: dict[str, Any], cause: str
    ) -> None:
        change, _ = scenarios.parts("fleet-as-it-should-be")
        report = self.fleet(runner_groups=[{**change["runner_groups"]["value"][0], **group}])
        assert report.status == "healthy"
        assert {f.cause for f in report.findings if f.cause.startswith("scaling")} == (
            {cause} if cause else set()
        )

    def test_a_state_of_a_runners_machine_that_nobody_knows_is_not_health(self) -> None:
        change, _ = scenarios.parts("fleet-as-it-should-be")
        hosts = change["runner_hosts"]["value"]
        assert (
            self.fleet(runner_hosts=[hosts[0], {**hosts[1], "status": "SLEEPING"}]).status
            == "inconclusive"
        )


@pytest.mark.parametrize(("lived", "runs", "status"), [
    (76, "11:57", "inconclusive"), (76, "11:54", "healthy"), (600, "11:57", "problem"), (76, "11:59", "problem"),
])  # fmt: skip
def test_what_the_tasks_of_now_have_outlived_twice_is_no_error(
    lived: int, runs: str, status: str
) -> None:
    """Certain after five minutes; of what lived for ten, two minutes prove nothing."""
    end = {76: "11:52:16", 600: "11:53:00"}[lived]
    begun = {76: "11:51:00", 600: "11:43:00"}[lived]
    dead = copy.deepcopy(TASK) | {
        "taskArn": TASK["taskArn"].replace("8f2c", "dead"), "lastStatus": "STOPPED", "desiredStatus": "STOPPED",
        "createdAt": f"2026-11-22T{begun}Z", "startedAt": f"2026-11-22T{begun}Z", "stoppedAt": f"2026-11-22T{end}Z",
        "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
        "containers": [{"name": "ash", "lastStatus": "STOPPED", "exitCode": 1}],
    }  # fmt: skip
    now = TASK | {"createdAt": f"2026-11-22T{runs}:00Z", "startedAt": f"2026-11-22T{runs}:00Z"}
    change = values(tasks=[now], stopped_tasks=[dead], denied_calls=[])
    assert diagnose(scenarios.snapshot(change)).status == status


def test_a_stack_that_is_deleted_is_told_before_it_is_gone() -> None:
    assert told(values(stack={"StackStatus": "DELETE_IN_PROGRESS"})) == {
        "deployment-in-progress": "warning"
    }


def test_a_stack_that_failed_without_a_word_of_why_is_open() -> None:
    change = values(stack={"StackStatus": "UPDATE_FAILED"})
    assert diagnose(scenarios.snapshot(change)).status == "inconclusive"


def test_a_task_that_is_not_connected_to_ecs_is_told() -> None:
    assert told(values(tasks=[{**TASK, "connectivity": "DISCONNECTED"}])) == {
        "agent-disconnected": "warning"
    }


@pytest.mark.parametrize(("image", "version", "found"), [
    ("ghcr.io/ash-ai-org/ash:0.2.0", "0.1.7", True),
    ("ghcr.io/ash-ai-org/ash:v0.2.0", "0.2.0", False),
    ("ghcr.io/ash-ai-org/ash:latest", "0.1.7", False),
    ("111122223333.dkr.ecr.us-east-1.amazonaws.com/ash:0.2.0", "0.1.7", False),
])  # fmt: skip
def test_a_server_of_another_version_than_the_published_image_is_another_server(
    image: str, version: str, found: bool
) -> None:
    container = {**HEALTHY["task_definition"]["containerDefinitions"][0], "image": image}
    change = values(
        task_definition={"containerDefinitions": [container]},
        probe={"health": {"version": version}},
        image={"reference": image},
    )
    assert ("version-differs" in told(change)) is found


def test_where_one_address_is_silent_the_acl_of_its_subnet_is_why() -> None:
    acl = HEALTHY["network_acls"][0]
    deny = {"RuleNumber": 20, "RuleAction": "deny", "Egress": False, "Protocol": "6", "CidrBlock": "0.0.0.0/0",
            "PortRange": {"From": 4100, "To": 4100}}  # fmt: skip
    shut = {
        **acl,
        "NetworkAclId": "acl-2",
        "Associations": [{"SubnetId": "subnet-bbb"}],
        "Entries": [deny, *acl["Entries"]],
    }
    rungs = copy.deepcopy(HEALTHY["probe"]["rungs"])
    rungs[1]["detail"] = "port 4100: 198.51.100.1 ok, 198.51.100.2 TimeoutError"
    change = values(
        network_acls=[{**acl, "Associations": [{"SubnetId": "subnet-aaa"}]}, shut],
        probe={"rungs": rungs},
    )
    assert told(change) == {"nacl-blocks": "error"}
    rungs[1]["detail"] = "port 4100: 198.51.100.1 ok, 198.51.100.2 ok"
    assert "error" not in told(change).values()


def dead(**fields: Any) -> dict[str, Any]:
    return copy.deepcopy(TASK) | {
        "taskArn": TASK["taskArn"].replace("8f2c", "dead"), "lastStatus": "STOPPED", "desiredStatus": "STOPPED",
        "stoppedAt": "2026-11-22T11:58:30Z", "stoppedReason": "Essential container in task exited",
    } | fields  # fmt: skip


def silence() -> dict[str, Any]:
    rungs = [{"name": "tcp", "outcome": "failed", "error": "ConnectionRefusedError"}]
    return values(tasks=[], target_health=[], service={"runningCount": 0}, denied_calls=[],
                  probe={"rungs": rungs, "health": None})  # fmt: skip


def test_a_helper_that_ends_well_and_takes_the_task_along_is_named() -> None:
    ended = [
        {"name": "ash", "lastStatus": "STOPPED", "exitCode": 143},
        {"name": "init", "lastStatus": "STOPPED", "exitCode": 0},
    ]
    change = silence() | values(
        stopped_tasks=[dead(stopCode="EssentialContainerExited", containers=ended)]
    )
    lead = diagnose(scenarios.snapshot(change)).findings[0]
    assert lead.cause == "app-crash"
    assert "init" in lead.summary
    assert "init" in lead.fix[0].why


def test_what_a_first_deployment_died_of_leads_after_its_service_is_gone() -> None:
    killed = [
        {
            "name": "ash",
            "lastStatus": "STOPPED",
            "exitCode": 137,
            "reason": "OutOfMemoryError: Container killed",
        }
    ]
    change = silence() | values(
        service=None, stack={"StackStatus": "ROLLBACK_COMPLETE"}, service_deployments=None,
        stopped_tasks=[dead(stopCode="EssentialContainerExited", containers=killed)],
    )  # fmt: skip
    report = diagnose(scenarios.snapshot(change))
    assert report.findings[0].cause == "container-oom"
    assert "cfn-rollback-complete" in {f.cause for f in report.findings}


def test_what_spot_took_two_minutes_ago_is_no_fault_while_the_next_one_starts() -> None:
    lost = dead(stopCode="SpotInterruption", stoppedReason="Your Spot Task was interrupted.")
    young = copy.deepcopy(TASK) | {
        "lastStatus": "PENDING",
        "createdAt": "2026-11-22T11:59:18Z",
        "startedAt": None,
    }
    change = silence() | values(stopped_tasks=[lost], tasks=[young])
    assert diagnose(scenarios.snapshot(change)).status == "inconclusive"


def test_a_name_that_leads_to_another_machine_as_well_is_the_names_fault() -> None:
    own, url = "198.51.100.1", "http://ash.example.com:4100"
    rungs = copy.deepcopy(HEALTHY["probe"]["rungs"])
    rungs[1]["detail"] = f"port 4100: {own} ok, 192.0.2.77 TimeoutError"
    change = values(probe={"url": url, "rungs": rungs, "balancer_addresses": [own]}) | {
        "deployment": {"url": url}
    }
    assert told(change) == {"domain-elsewhere": "error"}
    rungs[1]["detail"] = f"port 4100: {own} ok"
    assert told(change) == {}


@pytest.mark.parametrize(("task", "instances"), [("i", 0), ("", 1)])
def test_what_a_task_of_ours_that_starts_has_taken_is_no_lack_of_room(
    task: str, instances: int
) -> None:
    change, _ = scenarios.parts("ec2-as-it-should-be")
    host = change["container_instances"]["value"][0]
    host["remainingResources"] = [
        {"name": "CPU", "integerValue": 0},
        {"name": "MEMORY", "integerValue": 0},
    ]
    young = copy.deepcopy(TASK) | {
        "lastStatus": "PENDING", "createdAt": "2026-11-22T11:59:00Z", "startedAt": None, "launchType": "EC2",
        "containerInstanceArn": host["containerInstanceArn"] if task else None,
    }  # fmt: skip
    report = diagnose(
        scenarios.snapshot(scenarios.merged(change, silence() | values(tasks=[young])))
    )
    assert [f.cause for f in report.findings].count("instances-full") == instances


def test_a_task_of_the_deployment_before_reaches_the_model_by_its_own_network() -> None:
    new = copy.deepcopy(HEALTHY["service"]["networkConfiguration"])
    new["awsvpcConfiguration"]["assignPublicIp"] = "DISABLED"
    old = {**HEALTHY["service"]["deployments"][0], "status": "ACTIVE",
           "networkConfiguration": HEALTHY["service"]["networkConfiguration"]}  # fmt: skip
    primary = {
        **old,
        "id": "ecs-svc/2",
        "status": "PRIMARY",
        "networkConfiguration": new,
        "runningCount": 0,
    }
    change = values(service={"networkConfiguration": new, "deployments": [primary, old]})
    assert "anthropic-unreachable" not in told(change)
    change["service"]["value"]["deployments"] = [{**primary, "id": old["id"]}]
    assert told(change)["anthropic-unreachable"] == "error"


@pytest.mark.parametrize(("said", "severity"), [
    ("SqliteError: database disk image is malformed", "error"),
    ("Error: connect ECONNREFUSED 10.0.9.9:5432", "warning"),
])  # fmt: skip
def test_one_answer_disproves_a_refusal_and_no_damaged_file(said: str, severity: str) -> None:
    line = {
        "at": "2026-11-22T11:59:52Z",
        "stream": HEALTHY["log_lines"][0]["stream"],
        "message": said,
    }
    assert set(told(values(log_lines=[line])).values()) == {severity}
