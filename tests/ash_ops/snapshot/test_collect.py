"""What a snapshot holds: everything a diagnosis needs, found from cluster and service."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from ash_ops.errors import CredentialsProblem
from ash_ops.facts.model import plain
from ash_ops.facts.reading import Reading
from ash_ops.facts.snapshot import READINGS, Snapshot
from tests.ash_ops.fakes import world as w
from tests.ash_ops.fakes.aws import AwsError, FakeAws
from tests.ash_ops.snapshot.conftest import Collect

P = "ash-cloud"


def readings(snapshot: Snapshot) -> dict[str, Reading[Any]]:
    return {name: getattr(snapshot, name) for name in READINGS}


def gaps(snapshot: Snapshot) -> dict[str, str]:
    return {name: r.gap.kind for name, r in readings(snapshot).items() if r.gap}


def raising(code: str, message: str = "") -> Any:
    def answer(_: dict[str, Any]) -> Any:
        raise AwsError(code, message)

    return answer


def test_a_healthy_deployment_has_every_reading_and_its_source(look: Collect) -> None:
    snapshot = look()
    assert gaps(snapshot) == {"denied_calls": "skipped", "image": "skipped", "probe": "skipped"}
    for name, reading in readings(snapshot).items():
        assert ":" in reading.call, name
        assert reading.at.tzinfo is not None
    assert snapshot.deployment.account == w.ACCOUNT
    assert snapshot.deployment.url == "http://127.0.0.1:1"


def test_a_deployment_without_a_stack_is_found_from_cluster_and_service(look: Collect) -> None:
    """The public Terraform makes no stack; that is an absence, not a failure."""
    snapshot = look()
    assert snapshot.stack.get() is None
    assert snapshot.stack_events.get() is None
    balancers = snapshot.load_balancers.get()
    assert balancers is not None
    assert balancers[0].load_balancer_name == f"{P}-nlb"


def test_no_secret_is_in_the_snapshot_even_in_memory(look: Collect) -> None:
    """The environment's value, the secret's value and the local key: all were met on the way."""
    text = repr(look()) + json.dumps(plain(look()))
    assert w.SECRET_KEY not in text
    assert w.PLAIN_KEY not in text
    assert "environment[ANTHROPIC_API_KEY]" in look().masked


def test_facts_about_masked_values_are_kept(look: Collect) -> None:
    """A check must know that a value is empty or an example's without seeing it."""
    definition = w.task_definition(P)
    definition["containerDefinitions"][0]["environment"] = [
        {"name": "ANTHROPIC_API_KEY", "value": "sk-ant-..."},
        {"name": "ASH_INTERNAL_SECRET", "value": ""},
        {"name": "ASH_API_KEY", "value": '"abc-1234567"\n'},
        {"name": "ASH_MODE", "value": "standalone"},
        {
            "name": "ASH_DATABASE_URL",
            "value": "postgresql://ash:hunter2@db:5432/ash?sslmode=require",
        },
    ]
    snapshot = look({"ecs:DescribeTaskDefinition": {"taskDefinition": definition}})
    found = snapshot.task_definition.get()
    assert found is not None
    by_name = {row.name: row for row in found.container_definitions[0].environment}
    assert by_name["ANTHROPIC_API_KEY"].is_placeholder
    assert by_name["ASH_INTERNAL_SECRET"].is_empty
    assert by_name["ASH_INTERNAL_SECRET"].value == ""
    assert set(by_name["ASH_API_KEY"].flaws) == {"quotes", "line-end"}
    assert by_name["ASH_MODE"].value == "standalone"
    shown = by_name["ASH_DATABASE_URL"].value or ""
    assert shown.endswith("@db:5432/ash?sslmode=require")
    assert "hunter2" not in shown


def test_tasks_of_another_service_are_never_this_ones(look: Collect) -> None:
    foreign = w.stopped(P, 9, group="service:other")
    own = [w.stopped(P, 1), w.stopped(P, 3), w.stopped(P, 2)]
    snapshot = look(w.with_tasks({}, [w.task(P, 5)], [foreign, *own]))
    stopped = snapshot.stopped_tasks.get() or ()
    assert [task.id[-1] for task in stopped] == ["3", "2", "1"]  # newest first


def test_a_service_that_is_gone_leaves_balancer_tasks_and_stack_readable(look: Collect) -> None:
    """After a rollback the service is gone; what is left is found by name and by family."""

    def list_tasks(request: dict[str, Any]) -> dict[str, Any]:
        if "serviceName" in request:
            raise AwsError("ServiceNotFoundException", "Service not found.")
        assert request["family"] == f"{P}-runtime"
        wanted = request["desiredStatus"] == "STOPPED"
        return {"taskArns": [w.task_arn(P, 1)] if wanted else []}

    events = [
        {"EventId": "2", "StackId": "s", "StackName": P, "LogicalResourceId": "Service",
         "ResourceType": "AWS::ECS::Service", "ResourceStatus": "CREATE_FAILED",
         "ResourceStatusReason": "circuit breaker", "Timestamp": w.START},
        {"EventId": "1", "StackId": "s", "StackName": P, "PhysicalResourceId": "s",
         "ResourceType": "AWS::CloudFormation::Stack", "ResourceStatus": "CREATE_IN_PROGRESS",
         "Timestamp": w.START},
    ]  # fmt: skip
    stack = {"StackId": "s", "StackName": P, "StackStatus": "ROLLBACK_COMPLETE",
             "CreationTime": w.START}  # fmt: skip
    snapshot = look(
        {
            "ecs:DescribeServices": {"services": [], "failures": [{"reason": "MISSING"}]},
            "ecs:ListTasks": list_tasks,
            "ecs:DescribeTasks": {"tasks": [w.stopped(P, 1)]},
            "cloudformation:DescribeStacks": {"Stacks": [stack]},
            "cloudformation:DescribeStackEvents": {"StackEvents": events},
        }
    )
    assert snapshot.service.get() is None
    assert len(snapshot.stopped_tasks.get() or ()) == 1
    assert snapshot.load_balancers.get()
    assert snapshot.target_health.get()
    assert (snapshot.stack_events.get() or ())[0].status == "CREATE_FAILED"
    assert snapshot.subnets.get()  # the balancer names the VPC


def test_a_stack_that_deleted_itself_still_tells_why(look: Collect) -> None:
    def events(request: dict[str, Any]) -> dict[str, Any]:
        if request["StackName"] == P:
            raise AwsError("ValidationError", f"Stack [{P}] does not exist")
        row = {"EventId": "1", "StackId": "id-1", "StackName": P, "Timestamp": w.START,
               "ResourceType": "AWS::ECS::Service", "ResourceStatus": "CREATE_FAILED"}  # fmt: skip
        return {"StackEvents": [row]}

    summary = {"StackId": "id-1", "StackName": P, "StackStatus": "DELETE_COMPLETE",
               "CreationTime": w.START}  # fmt: skip
    snapshot = look(
        {
            "ecs:DescribeClusters": {"clusters": [], "failures": [{"reason": "MISSING"}]},
            "ecs:DescribeServices": raising("ClusterNotFoundException"),
            "ecs:ListTasks": raising("ClusterNotFoundException"),
            "ecs:DescribeTaskDefinition": raising(
                "ClientException", "Unable to describe task definition."
            ),
            "elbv2:DescribeLoadBalancers": {"LoadBalancers": []},
            "elbv2:DescribeTargetGroups": {"TargetGroups": []},
            "cloudformation:DescribeStackEvents": events,
            "cloudformation:ListStacks": {"StackSummaries": [summary]},
        }
    )
    assert (snapshot.stack_events.get() or ())[0].status == "CREATE_FAILED"
    assert snapshot.cluster.get() is None
    assert snapshot.tasks.get() is None
    assert snapshot.subnets.get() is None


def test_nothing_of_that_name_is_an_answer_and_no_gap(look: Collect) -> None:
    snapshot = look(
        {
            "ecs:DescribeClusters": {"clusters": []},
            "ecs:DescribeServices": raising("ClusterNotFoundException"),
            "ecs:ListTasks": raising("ClusterNotFoundException"),
            "ecs:DescribeTaskDefinition": raising("ClientException", "Unable to describe it"),
            "elbv2:DescribeLoadBalancers": {"LoadBalancers": []},
            "elbv2:DescribeTargetGroups": {"TargetGroups": []},
            "logs:DescribeLogGroups": {"logGroups": []},
        }
    )
    assert gaps(snapshot) == {"denied_calls": "skipped", "probe": "skipped"}
    assert snapshot.deployment.url is None


@pytest.mark.parametrize(
    ("decision", "missing", "expected"),
    [
        ("allowed", [], "allowed"),
        ("implicitDeny", [], "implicitDeny"),
        ("explicitDeny", ["aws:SourceVpc"], "inconclusive"),  # context could have changed it
        ("implicitDeny", ["aws:ResourceTag/x"], "inconclusive"),
    ],
)
def test_a_simulated_denial_for_want_of_context_is_inconclusive(
    look: Collect, decision: str, missing: list[str], expected: str
) -> None:
    result = {"EvalActionName": "secretsmanager:GetSecretValue", "EvalResourceName": "*",
              "EvalDecision": decision, "MissingContextValues": missing}  # fmt: skip
    snapshot = look({"iam:SimulatePrincipalPolicy": {"EvaluationResults": [result]}})
    role = snapshot.execution_role.get()
    assert role is not None
    found = {row.decision for row in role.simulated if "secretsmanager" in row.action}
    assert found == {expected}


def test_a_simulation_that_is_denied_is_inconclusive_and_not_allowed(look: Collect) -> None:
    snapshot = look(faults={"iam:SimulatePrincipalPolicy": "denied"})
    role = snapshot.execution_role.get()
    assert role is not None
    assert {row.decision for row in role.simulated} == {"inconclusive"}
    assert role.simulation_gap is not None
    assert role.simulation_gap.action == "iam:SimulatePrincipalPolicy"


def test_the_simulator_gets_the_region_as_context(look: Collect, shared_fake: FakeAws) -> None:
    """Without it a policy with aws:RequestedRegion is simulated as a denial."""
    asked: list[dict[str, Any]] = []

    def simulate(request: dict[str, Any]) -> dict[str, Any]:
        asked.append(request)
        return {"EvaluationResults": []}

    look({"iam:SimulatePrincipalPolicy": simulate})
    assert all("aws:RequestedRegion" in request.values() for request in asked)
    assert len(asked) >= 2


def test_a_missing_secret_among_others_is_seen(look: Collect) -> None:
    snapshot = look(
        {
            "secretsmanager:DescribeSecret": raising("ResourceNotFoundException"),
            "secretsmanager:GetSecretValue": raising("ResourceNotFoundException"),
        }
    )
    states = snapshot.secrets.get() or ()
    assert [state.exists for state in states] == [False]
    assert states[0].variables == ("ASH_API_KEY",)


def test_a_secret_that_may_not_be_described_is_a_gap(look: Collect) -> None:
    """Were it left out, a check would find all secrets in order."""
    snapshot = look(faults={"secretsmanager:DescribeSecret": "denied"})
    assert snapshot.secrets.gap is not None
    assert snapshot.secrets.gap.action == "secretsmanager:DescribeSecret"


def test_json_keys_are_told_and_values_are_not(look: Collect) -> None:
    definition = w.task_definition(P)
    reference = f"{w.secret_arn(P)}:api:AWSCURRENT:"
    definition["containerDefinitions"][0]["secrets"] = [
        {"name": "ASH_API_KEY", "valueFrom": reference}
    ]
    text = '{"api": "planted-secret-0042", "empty": ""}'
    snapshot = look(
        {
            "ecs:DescribeTaskDefinition": {"taskDefinition": definition},
            "secretsmanager:GetSecretValue": {"ARN": "a", "SecretString": text},
        }
    )
    state = (snapshot.secrets.get() or ())[0]
    assert (state.is_json, state.json_keys, state.json_key) == (True, ("api", "empty"), "api")
    assert state.empty_keys == ("empty",)
    assert "planted-secret-0042" not in json.dumps(plain(snapshot))
    key = snapshot.local_key.get()
    assert key is not None
    assert key.deployed_fingerprint not in (None, key.fingerprint)


def test_the_local_key_is_compared_by_fingerprint(look: Collect) -> None:
    key = look().local_key.get()
    assert key is not None
    assert key.fingerprint == key.deployed_fingerprint
    assert key.origin == "environment"


def test_the_event_archive_is_read_when_ecs_has_forgotten(look: Collect) -> None:
    dead = w.stopped(P, 1)
    detail = {
        k: v for k, v in dead.items() if isinstance(v, (str, list)) and k != "attachments"
    } | {"stoppedAt": "2026-11-22T09:00:00Z"}
    lines = [
        json.dumps({"detail-type": "ECS Task State Change", "detail": detail}),
        json.dumps({"detail": detail | {"group": "service:other"}}),
        "not json at all",
    ]
    snapshot = look(
        {
            "logs:DescribeLogGroups": {
                "logGroups": [{"logGroupName": f"/{P}/{name}"} for name in ("events", "runtime")]
            },
            "logs:FilterLogEvents": {
                "events": [{"timestamp": 1, "message": line} for line in lines]
            },
        },
        clock=lambda: datetime(2026, 11, 22, 13, tzinfo=UTC),
    )
    archived = snapshot.archived_tasks.get() or ()
    assert [row.at.hour for row in archived] == [9]
    assert archived[0].task.stop_code == "EssentialContainerExited"


def test_a_customers_own_prefix_list_is_resolved(look: Collect) -> None:
    group = {"GroupId": "sg-1", "GroupName": "g", "VpcId": w.VPC, "IpPermissionsEgress": [
        {"IpProtocol": "-1", "PrefixListIds": [{"PrefixListId": "pl-own"}]}]}  # fmt: skip
    snapshot = look({"ec2:DescribeSecurityGroups": {"SecurityGroups": [group]}})
    found = {row.prefix_list_id: row.cidrs for row in snapshot.prefix_lists.get() or ()}
    assert found["pl-own"] == ("192.0.2.0/24",)
    assert "pl-63a5400a" in found


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "ExpiredToken", "SignatureDoesNotMatch"])
def test_refused_credentials_are_said_at_once(look: Collect, code: str) -> None:
    with pytest.raises(CredentialsProblem, match=code):
        look({"sts:GetCallerIdentity": raising(code)})


@pytest.mark.parametrize(
    ("operation", "answer", "remark"),
    [
        ("ecs:DescribeServices", {"services": [{"serviceName": f"{P}-runtime"}]}, "bare"),
        ("ecs:DescribeServices", {"services": [w.service(P) | {"desiredCount": "two"}]}, "type"),
        ("ecs:DescribeTaskDefinition", {"taskDefinition": {"containerDefinitions": [{}]}}, "empty"),
        (
            "ecs:DescribeTaskDefinition",
            {"taskDefinition": {"containerDefinitions": [{"name": "ash", "secrets": [{}]}]}},
            "leaked PascalCase leaves empty secrets",
        ),
        ("elbv2:DescribeTargetHealth", {"TargetHealthDescriptions": [{}]}, "a nameless row"),
        ("logs:GetLogEvents", {"events": [{"message": "no time"}]}, "no timestamp"),
        ("cloudwatch:GetMetricData", {"MetricDataResults": []}, "no metrics"),
        ("ec2:DescribeRouteTables", {"RouteTables": [{}]}, "a nameless table"),
    ],
)
def test_odd_answers_are_read_as_far_as_they_go(
    look: Collect, operation: str, answer: dict[str, Any], remark: str
) -> None:
    snapshot = look({operation: answer})
    assert isinstance(snapshot, Snapshot), remark
    assert gaps(snapshot).keys() <= {"denied_calls", "image", "probe"}, remark
