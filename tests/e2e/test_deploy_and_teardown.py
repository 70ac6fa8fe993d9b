"""From nothing to a verified server and back to nothing, against the embedded emulator."""

from __future__ import annotations

import io
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import boto3
import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.cli import main
from ash_ops.demo import Emulator
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.remove.context import TeardownContext
from ash_ops.deploy.remove.teardown import teardown
from ash_ops.deploy.run.deploy import deploy
from ash_ops.deploy.run.rollout import rollout
from ash_ops.errors import ExitCode
from ash_ops.report.receipt import Receipt
from ash_ops.settings import Options, load
from tests.support.deploying import FakeTime, User
from tests.support.shared_clients import with_own_clients

PLANTED = {
    "ANTHROPIC_API_KEY": "sk-ant-PLANTED-anthropic-0123456789",
    "ASH_API_KEY": "PLANTED-api-key-0123456789",
    "ASH_INTERNAL_SECRET": "PLANTED-internal-0123456789",
    "ASH_CREDENTIAL_KEY": "PLANTED-credential-0123456789",
}


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def planted(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    for name, value in PLANTED.items():
        monkeypatch.setenv(name, value)
    return emulator


def run(*args: str) -> tuple[int, str, str]:
    """The command line in this process: its exit code and both of its streams."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as stop:
        main(list(args))
    return int(stop.value.code or 0), out.getvalue(), err.getvalue()


def everything_aws_shows() -> Iterator[str]:
    """All that a reader of the account without access to the secret itself can see."""
    cfn, ecs = boto3.client("cloudformation"), boto3.client("ecs")
    for stack in cfn.describe_stacks()["Stacks"]:
        yield json.dumps(stack, default=str)
        name = stack["StackName"]
        yield json.dumps(cfn.describe_stack_events(StackName=name), default=str)
        yield json.dumps(cfn.get_template(StackName=name), default=str)
        for summary in cfn.list_change_sets(StackName=name)["Summaries"]:
            told = cfn.describe_change_set(StackName=name, ChangeSetName=summary["ChangeSetName"])
            yield json.dumps(told, default=str)
    for arn in ecs.list_task_definitions()["taskDefinitionArns"]:
        yield json.dumps(ecs.describe_task_definition(taskDefinition=arn), default=str)
    yield json.dumps(boto3.client("secretsmanager").list_secrets(), default=str)


def assert_no_secret(*texts: str) -> None:
    for name, value in PLANTED.items():
        assert all(value not in text for text in texts), name


def test_deploy_twice_and_remove(planted: Emulator, port: int) -> None:
    """What is printed and stored on the way holds no secret; only ``key`` and ``connect`` do."""
    code, out, err = run("deploy", "--yes", "--listener-port", str(port))
    assert (code, out) == (0, ""), err
    assert "Deployed and verified: http://127." in err
    assert_no_secret(err, *everything_aws_shows())

    code, _, again = run("deploy", "--yes")
    assert code == 0
    assert "Nothing to change" in again

    code, shown, noise = run("status")
    assert code == 0, noise
    assert_no_secret(shown, noise)
    assert json.loads(run("status", "--format", "json")[1])["status"] == "healthy"
    assert run("health")[0] == 0
    assert run("key")[1] == PLANTED["ASH_API_KEY"] + "\n"
    lines = run("connect")[1].splitlines()
    assert re.fullmatch(rf"export ASH_SERVER_URL=http://127\.[\d.]+:{port}", lines[0])
    assert lines[1] == f"export ASH_API_KEY={PLANTED['ASH_API_KEY']}"

    code, receipt, err = run("teardown", "--yes")
    assert code == 0, err
    assert "Nothing billable is left." in receipt
    assert_no_secret(receipt, err)
    assert not boto3.client("secretsmanager").list_secrets()["SecretList"]


def test_a_changed_secret_starts_new_tasks_with_it(
    planted: Emulator, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("deploy", "--yes", "--listener-port", str(port))[0] == 0
    monkeypatch.setenv("ASH_API_KEY", "PLANTED-another-key")

    code, _, err = run("deploy", "--yes")

    assert code == 0, err
    assert "SecretVersion" in err
    assert "ash-cloud-runtime:2" in err
    assert run("key")[1] == "PLANTED-another-key\n"


def test_an_update_that_fails_puts_the_old_keys_back_and_says_so(
    planted: Emulator, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old revision must not meet values that it was never started with."""
    assert run("deploy", "--yes", "--listener-port", str(port))[0] == 0
    monkeypatch.setenv("ASH_API_KEY", "PLANTED-another-key")
    planted.fault("cloudformation:ExecuteChangeSet", "deny")

    code, _, err = run("deploy", "--yes")

    assert code == 1
    assert "has the old values again (ASH_API_KEY)" in err
    planted.heal()
    assert run("key")[1] == PLANTED["ASH_API_KEY"] + "\n"


def test_what_is_not_given_stays_as_it_is(planted: Emulator, port: int) -> None:
    size = ("--cpu", "1024", "--memory", "2048")
    assert run("deploy", "--yes", "--listener-port", str(port), *size)[0] == 0

    assert "Nothing to change" in run("deploy", "--yes")[2]
    parameters = boto3.client("cloudformation").describe_stacks()["Stacks"][0]["Parameters"]
    told = {item["ParameterKey"]: item["ParameterValue"] for item in parameters}
    assert (told["Cpu"], told["Memory"], told["ListenerPort"]) == ("1024", "2048", str(port))


def test_a_plan_creates_nothing(planted: Emulator) -> None:
    code, out, err = run("deploy", "--plan")

    assert (code, out) == (0, "")
    assert "+ add      LoadBalancer" in err
    assert "a month" in err
    assert (
        boto3.client("cloudformation").list_stacks(
            StackStatusFilter=["REVIEW_IN_PROGRESS", "CREATE_COMPLETE"]
        )["StackSummaries"]
        == []
    )
    assert not boto3.client("secretsmanager").list_secrets()["SecretList"]


def test_a_declined_plan_leaves_nothing(planted: Emulator) -> None:
    user = User(False)
    assert deploy(_around(user), DeployOptions(), DeployChoices()) is ExitCode.FAILED
    assert "Nothing was created" in user.text
    assert not boto3.client("secretsmanager").list_secrets()["SecretList"]


def test_opening_to_everyone_says_what_that_means(planted: Emulator) -> None:
    code, _, err = run("deploy", "--plan", "--allow-cidr", "0.0.0.0/0")
    assert code == 0
    assert "read the API key" in err


def test_another_version_and_back(planted: Emulator, port: int) -> None:
    assert run("deploy", "--yes", "--listener-port", str(port))[0] == 0

    code, _, err = run("rollout", "0.2.0", "--yes")
    assert code == 0, err
    assert json.loads(run("status", "--format", "json")[1])["image"].endswith(":0.2.0")

    code, _, err = run("rollback", "--yes")
    assert code == 0, err
    assert json.loads(run("status", "--format", "json")[1])["image"].endswith(":latest")

    assert run("rollout", "latest", "--yes")[0] == 0  # the same tag: new tasks, no stack update


def test_a_version_that_is_not_what_was_asked_for_is_a_problem(
    planted: Emulator, port: int
) -> None:
    """The image's tag promises a version; ``/health`` tells another."""
    other = {"image": "ghcr.io/ash-ai-org/ash:0.3.9", "version": "0.2.0"}
    planted.seed({"do": "publish_image", **other})
    assert run("deploy", "--yes", "--listener-port", str(port))[0] == 0
    user = User(True)
    environment = _around(user, quick=True)

    assert rollout(environment, "0.3.9", DeployChoices()) is ExitCode.PROBLEMS
    assert "The server is version 0.2.0, 0.3.9 was wanted" in user.text


def test_a_deployment_of_another_tool_is_left_alone(planted: Emulator, port: int) -> None:
    assert run("deploy", "--yes", "--listener-port", str(port))[0] == 0
    _make_it_anothers(planted)

    code, _, err = run("deploy", "--yes")
    assert code == 1
    assert "public Terraform" in err
    assert "terraform destroy" in err
    code, _, err = run("teardown", "--yes")
    assert code == 1
    assert "terraform destroy" in err
    assert "ash-cloud-runtime:1" in run("status")[1]
    assert run("key")[1] == PLANTED["ASH_API_KEY"] + "\n"  # Terraform puts it into the environment
    assert run("rollout", "0.2.0", "--yes")[0] == 1


def test_a_failed_creation_is_explained_and_the_next_run_leads_out(
    planted: Emulator, port: int
) -> None:
    planted.prepare("stack-rolled-back")
    user = User(True)
    options = DeployOptions(listener_port=port)
    assert deploy(_around(user), options, DeployChoices()) is ExitCode.PROBLEMS
    assert "[cfn-quota" in user.text
    assert_no_secret(user.text, *everything_aws_shows())
    code, _, err = run("deploy", "--plan")
    assert code == 1
    assert "ROLLBACK_COMPLETE" in err

    again = User(True, False)  # delete what is stuck, and then think better of it
    assert deploy(_around(again), options, DeployChoices()) is ExitCode.FAILED
    assert again.asked == ["Delete it and go on?", "Deploy this?"]
    assert run("teardown", "--yes")[0] == 0


def test_without_an_answer_nothing_is_done(planted: Emulator) -> None:
    assert not sys.stdin.isatty()
    code, _, err = run("deploy")
    assert code == 2
    assert "--yes" in err
    assert (
        boto3.client("cloudformation").list_stacks(StackStatusFilter=["REVIEW_IN_PROGRESS"])[
            "StackSummaries"
        ]
        == []
    )


def _make_it_anothers(emulator: Emulator) -> None:
    """What another tool would have made: a cluster and a service of these names, and no stack."""
    ecs = boto3.client("ecs")
    service = ecs.describe_services(cluster="ash-cloud", services=["ash-cloud-runtime"])[
        "services"
    ][0]
    definition = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])
    containers = definition["taskDefinition"]["containerDefinitions"]
    emulator.reset()
    containers[0].pop("secrets", None)
    containers[0]["environment"] = [{"name": "ASH_API_KEY", "value": PLANTED["ASH_API_KEY"]}]
    ecs.create_cluster(clusterName="ash-cloud")
    ecs.register_task_definition(
        family="ash-cloud-runtime",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="512",
        memory="1024",
        containerDefinitions=containers,
    )
    subnets = [s["SubnetId"] for s in boto3.client("ec2").describe_subnets()["Subnets"]]
    ecs.create_service(
        cluster="ash-cloud",
        serviceName="ash-cloud-runtime",
        taskDefinition="ash-cloud-runtime",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": subnets[:2]}},
    )


def _around(user: User, *, quick: bool = False, **more: Any) -> Environment:
    settings = load(Options())
    clock = FakeTime().clock if quick else Clock(sleep=lambda _seconds: time.sleep(0.05))
    return Environment(aws=Aws(settings), settings=settings, dialogue=user, clock=clock, **more)


class Stop:
    """Interrupts, as Ctrl-C does, right before one of the operations that the main thread calls."""

    def __init__(self, aws: Aws, operation: str, nth: int) -> None:
        self.wanted = (operation, nth)
        self.seen: list[str] = []
        # Only the session knows every client that will be made.
        with_own_clients(aws)._session.register("before-call", self)

    def __call__(self, model: Any, **_: Any) -> None:
        if threading.current_thread() is not threading.main_thread():
            return  # a signal reaches the main thread alone
        self.seen.append(model.name)
        operation, nth = self.wanted
        if model.name == operation and self.seen.count(operation) == nth:
            raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("operation", "nth"),
    [
        ("GetCallerIdentity", 1),  # before anything
        ("DescribeSubnets", 1),  # while looking
        ("DescribeChangeSet", 1),  # the plan is being made: a shell of a stack is there
        ("CreateChangeSet", 2),  # the secret is there, the final plan is not
        ("DescribeStackEvents", 1),  # the stack is under way
        ("DescribeServices", 2),  # its service is
        ("DescribeTargetHealth", 1),  # it is being proven
    ],
)
def test_interrupted_at_any_step_it_is_finished_by_running_it_again(
    planted: Emulator, port: int, operation: str, nth: int
) -> None:
    """Nothing is lost and nothing is doubled, whichever call the interruption precedes."""
    options = DeployOptions(listener_port=port)
    environment = _around(User(True))
    Stop(environment.aws, operation, nth)
    with pytest.raises(KeyboardInterrupt):
        deploy(environment, options, DeployChoices())

    assert deploy(_around(User(True, True, True)), options, DeployChoices()) is ExitCode.OK

    _assert_one_of_everything()


def _tear_down(environment: Environment) -> Receipt:
    return teardown(
        TeardownContext(
            aws=environment.aws,
            names=environment.deployment,
            dialogue=environment.dialogue,
            clock=environment.clock,
        )
    )


def _assert_one_of_everything() -> None:
    secrets = boto3.client("secretsmanager").list_secrets()["SecretList"]
    assert [s["Name"] for s in secrets] == ["ash-cloud/server"]
    stacks = boto3.client("cloudformation").describe_stacks()["Stacks"]
    assert [s["StackStatus"] for s in stacks] == ["CREATE_COMPLETE"]
    balancers = boto3.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert [b["LoadBalancerName"] for b in balancers] == ["ash-cloud-nlb"]
