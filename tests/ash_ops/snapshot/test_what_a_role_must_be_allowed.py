"""What a task's execution role must be allowed follows from what its definition refers to.

AWS, "Amazon ECS task execution IAM role": logs, secrets, parameters and images of ECR, each by its ARN.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any

import pytest

from ash_ops.aws import iam
from ash_ops.errors import ReadFailed
from ash_ops.facts.model import fact_of
from ash_ops.facts.start import Role, SimulatedAction
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.snapshot.fan_out import Absent
from ash_ops.snapshot.readings import permissions
from tests.ash_ops.snapshot.test_small_readings import Context

ROLE = "arn:aws-cn:iam::111122223333:role/path/exec"
HERE = "arn:aws-cn:{}:us-east-1:111122223333:{}"
SECRET = "arn:aws:secretsmanager:eu-west-1:999988887777:secret:db-AbCdEf"


class Readings(Context):
    """A task definition that was read, and jobs that are done at once."""

    def __init__(self, definition: TaskDefinition | None, **found: Any) -> None:
        super().__init__(task_definition=definition, **found)
        self.aws.region = "us-east-1"

    def several(
        self, jobs: Iterable[Callable[[], Any]], join: Callable[[Sequence[Future[Any]]], Any]
    ) -> Any:
        parts = []
        for job in jobs:
            part: Future[Any] = Future()
            try:
                part.set_result(job())
            except Exception as error:  # noqa: BLE001 - as a thread keeps it
                part.set_exception(error)
            parts.append(part)
        return join(parts)


def definition(role: str | None = ROLE, **container: Any) -> TaskDefinition:
    raw = {"executionRoleArn": role, "containerDefinitions": [{"name": "ash", **container}]}
    return fact_of(TaskDefinition, raw)


def needs(found: TaskDefinition) -> list[tuple[list[str], list[str]]]:
    context: Any = Readings(found)
    return permissions.execution_needs(context, found)


def logs_to(group: str | None) -> dict[str, Any]:
    options = {"awslogs-group": group} if group else {}
    return {"logDriver": "awslogs", "options": options}


@pytest.mark.parametrize(
    ("container", "needed"),
    [
        pytest.param({}, [], id="a public image and no logs need nothing"),
        pytest.param({"image": "ghcr.io/ash-ai-org/ash:1"}, [], id="no registry of AWS"),
        pytest.param({"logConfiguration": logs_to(None)}, [], id="no group"),
        pytest.param(
            {"logConfiguration": logs_to("/ash/runtime")},
            [
                (
                    ["logs:CreateLogStream", "logs:PutLogEvents"],
                    [HERE.format("logs", "log-group:/ash/runtime:log-stream:*")],
                )
            ],
            id="logs",
        ),
        pytest.param(
            {
                "secrets": [
                    {"name": "A", "valueFrom": f"{SECRET}:key::"},
                    {"name": "B", "valueFrom": "/ash/parameter"},
                    {"name": "C", "valueFrom": "plain"},
                    {"name": "D", "valueFrom": "arn:aws:ssm:eu-west-1:1:parameter/far"},
                ]
            },
            [
                (["secretsmanager:GetSecretValue"], [SECRET]),
                (
                    ["ssm:GetParameters"],
                    [
                        HERE.format("ssm", "parameter/ash/parameter"),
                        HERE.format("ssm", "parameter/plain"),
                        "arn:aws:ssm:eu-west-1:1:parameter/far",
                    ],
                ),
            ],
            id="secrets and parameters",
        ),
        pytest.param(
            {"image": "444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/ash:1"},
            [
                (
                    ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
                    ["arn:aws:ecr:eu-west-1:444455556666:repository/team/ash"],
                ),
                (["ecr:GetAuthorizationToken"], ["*"]),
            ],
            id="an image of ECR, in its own account and region",
        ),
    ],
)
def test_what_it_refers_to_is_what_is_needed(
    container: dict[str, Any], needed: list[tuple[list[str], list[str]]]
) -> None:
    assert needs(definition(**container)) == needed


def test_without_a_role_the_account_is_not_known_and_any_counts() -> None:
    ((_, (arn,)),) = needs(definition(None, logConfiguration=logs_to("/g")))
    assert arn == "arn:aws:logs:us-east-1:*:log-group:/g:log-stream:*"


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was simulated; each action is allowed."""
    asked: list[tuple[Any, ...]] = []

    def simulate(_aws: Any, arn: str, actions: list[str], resources: list[str], on: Any) -> Any:
        asked.append((arn, tuple(actions), tuple(resources), on))
        return [
            SimulatedAction(action=action, resource=resource, decision="allowed")
            for action in actions
            for resource in resources
        ]

    monkeypatch.setattr(iam, "simulate", simulate)
    monkeypatch.setattr(iam, "role", lambda _aws, arn: Role(arn=arn, name="exec", exists=True))
    return asked


LOGGING = definition(logConfiguration=logs_to("/g"))


def test_a_call_is_simulated_as_ecs_makes_it(simulated: list[tuple[Any, ...]]) -> None:
    """Policies may ask for the region, for TLS, and for the account that the call is made for."""
    context: Any = Readings(LOGGING)
    role: Any = permissions.execution_role(context)
    ((arn, _, _, conditions),) = simulated
    assert arn == ROLE
    assert conditions == {
        "aws:RequestedRegion": "us-east-1",
        "aws:SecureTransport": "true",
        "aws:PrincipalAccount": "111122223333",
        "aws:SourceAccount": "111122223333",
    }
    assert [row.decision for row in role.simulated] == ["allowed", "allowed"]
    assert role.simulation_gap is None


def test_the_role_of_the_server_itself_is_only_looked_at(simulated: list[tuple[Any, ...]]) -> None:
    raw = fact_of(TaskDefinition, {"taskRoleArn": ROLE, "executionRoleArn": "arn:other"})
    context: Any = Readings(raw)
    role: Any = permissions.task_role(context)
    assert (role.arn, simulated) == (ROLE, [])


@pytest.mark.parametrize("read", [permissions.execution_role, permissions.task_role])
def test_no_role_is_an_absence_and_no_gap(read: Callable[[Any], Any]) -> None:
    with pytest.raises(Absent):
        read(Readings(fact_of(TaskDefinition, {})))


def test_a_role_that_is_gone_is_one_that_does_not_exist(
    simulated: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(iam, "role", lambda *_: None)
    context: Any = Readings(LOGGING)
    role: Any = permissions.execution_role(context)
    assert (role.exists, role.arn, role.name) == (False, ROLE, "exec")
    assert simulated, "it is asked beside the role, not after it"


@pytest.mark.parametrize("kind", ["denied", "throttled", "missing"])
def test_what_could_not_be_simulated_is_inconclusive_and_says_why(
    simulated: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def refused(*_: Any) -> Any:
        raise ReadFailed("iam:SimulatePrincipalPolicy", kind, "Code", "no")

    monkeypatch.setattr(iam, "simulate", refused)
    context: Any = Readings(LOGGING)
    role: Any = permissions.execution_role(context)
    group = HERE.format("logs", "log-group:/g:log-stream:*")
    assert [(row.action, row.resource, row.decision) for row in role.simulated] == [
        ("logs:CreateLogStream", group, "inconclusive"),
        ("logs:PutLogEvents", group, "inconclusive"),
    ]
    assert role.simulation_gap is not None
    assert role.simulation_gap.kind == kind


def test_an_action_that_the_simulation_is_silent_about_is_inconclusive(
    simulated: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS answers names in its own writing: upper and lower case do not matter."""
    answer = SimulatedAction(action="LOGS:putlogevents", resource="r", decision="allowed")
    monkeypatch.setattr(iam, "simulate", lambda *_: [answer])
    context: Any = Readings(LOGGING)
    role: Any = permissions.execution_role(context)
    assert [(row.action, row.decision) for row in role.simulated] == [
        ("LOGS:putlogevents", "allowed"),
        ("logs:CreateLogStream", "inconclusive"),
    ]
    assert role.simulation_gap is None


@pytest.mark.parametrize("kind", ["denied", "timeout"])
def test_a_role_that_may_not_be_read_is_a_gap_of_the_reading(
    simulated: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def refused(*_: Any) -> Any:
        raise ReadFailed("iam:GetRole", kind, "Code", "no")

    monkeypatch.setattr(iam, "role", refused)
    with pytest.raises(ReadFailed, match="iam:GetRole"):
        permissions.execution_role(Readings(LOGGING))  # type: ignore[arg-type]  # as much of a context as is asked


def test_a_fault_of_our_own_is_not_taken_for_an_answer_of_aws(
    simulated: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise KeyError("a bug")

    monkeypatch.setattr(iam, "role", broken)
    with pytest.raises(KeyError, match="a bug"):
        permissions.execution_role(Readings(LOGGING))  # type: ignore[arg-type]  # likewise


@pytest.mark.parametrize(
    ("providers", "arn"),
    [
        (
            [{"name": "FARGATE"}, {"managedInstancesProvider": {"infrastructureRoleArn": ROLE}}],
            ROLE,
        ),
        ([{"name": "FARGATE"}], None),
        ([], None),
    ],
)
def test_the_role_that_starts_managed_instances_is_that_of_their_provider(
    simulated: list[tuple[Any, ...]], providers: list[dict[str, Any]], arn: str | None
) -> None:
    from ash_ops.facts.hosts import CapacityProvider

    found = tuple(fact_of(CapacityProvider, {"name": "p", **raw}) for raw in providers)
    context: Any = Readings(None, capacity_providers=found)
    if arn is None:
        with pytest.raises(Absent):
            permissions.infrastructure_role(context)
    else:
        role: Any = permissions.infrastructure_role(context)
        assert (role.arn, simulated) == (arn, [])
