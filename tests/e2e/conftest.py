"""The embedded emulator for end-to-end tests: one process a session, an empty account a test."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.config import Config

from ash_ops.demo import Emulator
from ash_ops.deploy import clock
from ash_ops.deploy.plan.template_files import load_template
from tests.support.held_to_models import held
from tests.support.shared_clients import share_clients

API_KEY = "the-deployed-api-key"
SECRETS = {
    "ANTHROPIC_API_KEY": "sk-ant-emulated",
    "ASH_API_KEY": API_KEY,
    "ASH_INTERNAL_SECRET": "internal",
    "ASH_CREDENTIAL_KEY": "credential",
}
Clients = Callable[[str], Any]


@pytest.fixture(autouse=True)
def held_to_models() -> Iterator[dict[str, str]]:
    """In no test does ash-ops make a request that AWS would refuse by its own model of it."""
    with held() as seen:
        yield seen


@pytest.fixture(scope="session")
def emulator_process() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def point_at(emulator: Emulator, patch: pytest.MonkeyPatch, directory: Any) -> None:
    """Let commands of this process speak to an emulator, and see no other credentials."""
    for name in [n for n in os.environ if n.startswith(("AWS_", "ASH_", "ANTHROPIC_"))]:
        patch.delenv(name)
    for name, value in emulator.environment.items():
        patch.setenv(name, value)
    patch.chdir(directory)  # no .env of the repository is read
    patch.setattr(clock, "time", SimpleNamespace(sleep=_nap))
    share_clients(patch)


def _nap(seconds: float) -> None:
    """The emulated world is a hundred times faster than AWS: so are the looks at it."""
    time.sleep(seconds / 20)


@pytest.fixture
def emulator(
    emulator_process: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Iterator[Emulator]:
    """An empty account that the test's own environment points at; no other credentials are seen."""
    point_at(emulator_process, monkeypatch, tmp_path)
    yield emulator_process
    emulator_process.reset()


@pytest.fixture(scope="session")
def session_clients(emulator_process: Emulator) -> Iterator[Clients]:
    """Clients are slow to make, and all tests of a session share the emulator's address."""
    made: dict[str, Any] = {}
    environment = emulator_process.environment
    session = boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=emulator_process.region,
    )
    config = Config(retries={"total_max_attempts": 1}, read_timeout=60)

    def make(service: str) -> Any:
        if service not in made:
            made[service] = session.client(
                service, config=config, endpoint_url=emulator_process.url
            )
        return made[service]

    yield make
    for each in made.values():
        each.close()


@pytest.fixture
def client(emulator: Emulator, session_clients: Clients) -> Clients:
    """boto3 clients of the emulated account, which is empty at first; they try once."""
    return session_clients


class Stack:
    """The bundled template, deployed by API calls alone: of ash_ops only the template takes part."""

    def __init__(self, client: Clients, name: str = "ash-cloud") -> None:
        self.name = name
        self._client = client

    def create(self, **parameters: str) -> str:
        """Create it; answers with the stack's final status."""
        secret = self._client("secretsmanager").create_secret(
            Name=f"{self.name}/server", SecretString=json.dumps(SECRETS)
        )
        return self.change("CREATE", SecretArn=secret["ARN"], **self.network(), **parameters)

    def network(self) -> dict[str, str]:
        ec2 = self._client("ec2")
        subnets = ",".join(s["SubnetId"] for s in ec2.describe_subnets()["Subnets"][:2])
        vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
        return {
            "Name": self.name,
            "VpcId": vpc,
            "SubnetIds": subnets,
            "TaskSubnetIds": subnets,
            "AllowedCidr": "127.0.0.0/8",
        }

    def change(self, kind: str, **parameters: str) -> str:
        """Create and execute a change set; answers with the stack's final status."""
        cloudformation = self._client("cloudformation")
        cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=kind.lower(),
            ChangeSetType=kind,
            TemplateBody=load_template("standalone", None),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
        )
        self._client("cloudformation").get_waiter("change_set_create_complete").wait(
            StackName=self.name, ChangeSetName=kind.lower(), WaiterConfig={"Delay": 1}
        )
        cloudformation.execute_change_set(StackName=self.name, ChangeSetName=kind.lower())
        return self.final_status()

    def final_status(self) -> str:
        """The stack's status once it is no longer in progress."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            status = str(self.describe()["StackStatus"])
            if not status.endswith("_IN_PROGRESS"):
                return status
        raise AssertionError(f"the stack {self.name} is still {status}")

    def describe(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client("cloudformation").describe_stacks(StackName=self.name)[
            "Stacks"
        ][0]
        return found

    def outputs(self) -> dict[str, str]:
        return {o["OutputKey"]: o["OutputValue"] for o in self.describe()["Outputs"]}

    def tasks(self, status: str = "RUNNING") -> list[dict[str, Any]]:
        ecs = self._client("ecs")
        arns = ecs.list_tasks(cluster=self.name, desiredStatus=status)["taskArns"]
        found: list[dict[str, Any]] = (
            ecs.describe_tasks(cluster=self.name, tasks=arns)["tasks"] if arns else []
        )
        return found


@pytest.fixture
def stack(client: Clients) -> Stack:
    """The bundled template, not yet deployed."""
    return Stack(client)
