"""More than one machine, from nothing to nothing: every runner and every session is a real one."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from ash_client import AshClient, AshError
from ash_ops.aws.client.session import Aws
from ash_ops.commands.ports import Ports
from ash_ops.commands.runners import drain, list_runners, scale
from ash_ops.cost.answer import Request, answer
from ash_ops.demo import Emulator
from ash_ops.deploy.fleet.change import FleetChoices
from ash_ops.errors import ExitCode
from ash_ops.settings import Options, load
from tests.e2e.test_deploy_and_teardown import run
from tests.support.deploying import FakeTime, User

OWN_DATABASE = "postgresql://ash:PLANTED-password@db.example.com:5432/ash"
CLUSTER, RUNNERS, SERVER = "ash-cloud", "ash-cloud-runners", "ash-cloud-runtime"


def until(happened: Callable[[], Any], *, wakes: bool = True) -> Any:
    """Wait for the state; each look at AWS moves the emulated world on."""
    end = time.monotonic() + 60.0
    while not (found := happened()):
        assert time.monotonic() < end, "it has not come about"
        if wakes:
            boto3.client("ecs").list_clusters()
    return found


def private_subnets() -> str:
    """Two subnets behind a NAT gateway, for runners get no public address."""
    ec2 = boto3.client("ec2")
    known = ec2.describe_subnets()["Subnets"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=known[0]["SubnetId"], AllocationId=address)
    table = ec2.create_route_table(VpcId=known[0]["VpcId"])["RouteTable"]["RouteTableId"]
    ec2.create_route(
        RouteTableId=table,
        DestinationCidrBlock="0.0.0.0/0",
        NatGatewayId=gateway["NatGateway"]["NatGatewayId"],
    )
    made = []
    for number, subnet in enumerate(known[:2]):
        new = ec2.create_subnet(
            VpcId=subnet["VpcId"],
            CidrBlock=f"172.31.{200 + number}.0/24",
            AvailabilityZone=subnet["AvailabilityZone"],
        )["Subnet"]["SubnetId"]
        ec2.associate_route_table(RouteTableId=table, SubnetId=new)
        made.append(new)
    return ",".join(made)


class Fleet:
    """A deployed fleet, and what somebody does with it."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        settings = load(Options(), None)
        self.aws = Aws(settings)
        self.user = User()
        time_ = FakeTime()
        self.ports = Ports(
            settings=settings,
            open_aws=lambda: self.aws,
            dialogue=self.user,
            note=self.user.say,
            show=self.user.say,
            clock=lambda: time_.now,
            sleep=time_.sleep,
        )
        exports = dict(re.findall(r"export (\w+)=(\S+)", run("connect")[1]))
        self.client = AshClient(
            exports["ASH_SERVER_URL"], api_key=exports["ASH_API_KEY"], timeout=60.0, max_retries=0
        )

    def scale(self, count: int, **how: Any) -> ExitCode:
        self.user.answers = [True]
        return scale(self.ports, count, FleetChoices(**how)).exit_code

    def drain(self, runner: str, *, undo: bool = False, **how: Any) -> ExitCode:
        self.user.answers = [True]
        return drain(self.ports, runner, FleetChoices(**how), undo=undo).exit_code

    def view(self) -> dict[str, Any]:
        """The fleet as both see it."""
        found: dict[str, Any] = json.loads(list_runners(self.ports, "json").render())
        return found

    def causes(self) -> set[str]:
        """What the doctor finds of agents now, errors and warnings."""
        found = json.loads(run("doctor", "agents", "--format", "json")[1])["findings"]
        return {f["cause"] for f in found if f["severity"] != "info" and f["until"] is None}

    def ids(self) -> set[str]:
        return {runner["id"] for runner in self.view()["runners"] if runner["registered"]}

    def arn(self, runner: str) -> str:
        return next(str(r["task"]) for r in self.view()["runners"] if r["id"] == runner)

    def settled(self, count: int) -> set[str]:
        """Wait until so many runners run, all of them registered."""

        def as_it_should_be() -> set[str]:
            view = self.view()
            whole = len(view["runners"]) == view["registered"] == view["wanted"] == count
            return self.ids() if whole and not view["disagreements"] else set()

        found: set[str] = until(as_it_should_be)
        return found


@pytest.fixture
def fleet(
    request: pytest.FixtureRequest, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Fleet]:
    """One runner; with what a test's parameter adds to the environment."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-PLANTED-anthropic-0123456789")
    # No runner is struck off for a machine's stall, and one that is taken is there for whoever looks.
    emulator.seed({"do": "believe_runners", "seconds": 3600})
    for name, value in getattr(request, "param", {}).items():
        monkeypatch.setenv(name, value)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    shape = ("--mode", "multi-machine", "--runner-subnets", private_subnets())
    code, _, err = run(
        "deploy", *shape, "--runner-count", "1", "--listener-port", str(port), "--yes"
    )
    assert code == 0, err
    assert "PLANTED" not in err
    assert "Its runners are registered" in err
    assert re.search(r"An agent runs: a session of [^ ]+ on runner-\w+ answered", err)
    made = Fleet(emulator)
    yield made
    made.client.close()


def test_scaled_to_three_and_back_to_one_no_live_session_is_lost(fleet: Fleet) -> None:
    """The one with the session stays; its stream goes on, and so does the session."""
    session = fleet.client.create_session(agent_name="my-agent")
    holder = session.runner_id

    for change, told in (
        (("scale", "3"), "Runners: 1 -> 3"),
        (("drain", holder), f"leaves   {holder}"),
        (("drain", holder, "--undo"), f"{holder} would take sessions again"),
    ):
        code, out, err = run("runners", *change, "--plan")
        assert (code, told in out + err) == (0, True), out + err
    assert fleet.settled(1) == {holder}

    assert fleet.scale(3) is ExitCode.OK, fleet.user.text
    assert len(fleet.settled(3)) == 3
    assert len({r["zone"] for r in fleet.view()["runners"]}) == 2
    assert "Cost:" in fleet.user.text

    assert fleet.scale(1) is ExitCode.OK, fleet.user.text
    assert fleet.settled(1) == {holder}
    assert not any(runner["draining"] for runner in fleet.view()["runners"])
    with fleet.client.send_message(session.id, message="Are you there?") as stream:
        assert "Are you there?" in stream.get_final_text()
    hosts = boto3.client("ecs").list_container_instances(cluster=CLUSTER)
    assert len(hosts["containerInstanceArns"]) == 1

    assert fleet.scale(1) is ExitCode.OK, fleet.user.text
    assert "Nothing to change" in fleet.user.text


@pytest.mark.parametrize(
    "fleet", [{"ASH_DATABASE_URL": OWN_DATABASE}], indirect=True, ids=["own database"]
)
def test_a_runner_with_a_session_is_drained_only_when_it_has_ended(fleet: Fleet) -> None:
    """It takes no other meanwhile; and it can be opened again: with a PostgreSQL of the user's own as well."""
    assert not boto3.client("rds").describe_db_instances()["DBInstances"]
    secret = boto3.client("secretsmanager").get_secret_value(SecretId="ash-cloud/server")
    assert json.loads(secret["SecretString"])["ASH_DATABASE_URL"] == OWN_DATABASE
    session = fleet.client.create_session(agent_name="my-agent")
    holder = str(session.runner_id)

    until(lambda: fleet.causes() == set())
    assert "1 of 1 running, 1 registered" in run("status")[1]
    assert fleet.drain(holder) is ExitCode.OK, fleet.user.text
    assert "takes no new session from now on; it is not ended yet" in fleet.user.text
    until(lambda: next(r for r in fleet.view()["runners"] if r["id"] == holder)["draining"])
    with pytest.raises(AshError, match="No runners available"):
        until(lambda: fleet.client.create_session(agent_name="my-agent") and False)
    assert fleet.client.get_session(session.id).status == "active"

    assert fleet.drain(holder, undo=True) is ExitCode.OK, fleet.user.text
    until(lambda: not fleet.view()["runners"][0]["draining"])
    fleet.client.end_session(session.id)
    for other in fleet.client.list_sessions():
        fleet.client.end_session(other.id)
    assert fleet.drain(holder[:12], wait=True) is ExitCode.OK, fleet.user.text
    assert holder not in fleet.settled(1)


def test_a_killed_runner_a_taken_host_and_a_restarted_coordinator_are_told(fleet: Fleet) -> None:
    """What was lost is said as it is; what runs afterwards is whole."""
    ecs = boto3.client("ecs")
    assert fleet.scale(2) is ExitCode.OK, fleet.user.text
    assert len(fleet.settled(2)) == 2
    session = fleet.client.create_session(agent_name="my-agent")
    holder = str(session.runner_id)

    # A runner stopped by force: the session is paused, and resumed on another.
    assert fleet.drain(holder, force=True) is ExitCode.OK, fleet.user.text
    assert fleet.client.get_session(session.id).status == "paused"
    now = fleet.settled(2)
    assert holder not in now
    resumed = fleet.client.resume_session(session.id)
    assert resumed.runner_id in now

    # The coordinator is started anew: it knows the runners still, and no sandbox any more.
    (task,) = ecs.list_tasks(cluster=CLUSTER, serviceName=SERVER)["taskArns"]
    ecs.stop_task(cluster=CLUSTER, task=task)
    until(lambda: run("health")[0] == 0)
    assert fleet.ids() == now
    # A heartbeat may have met nobody meanwhile: the next one disproves what its runner said of that.
    until(lambda: fleet.causes() == {"coordinator-restarted"})
    with pytest.raises(AshError, match="Sandbox not found"):
        fleet.client.send_message(session.id, message="Still there?")

    # A host is taken: nobody says so, and the session stays active until the runner is struck off.
    session = fleet.client.create_session(agent_name="my-agent")
    taken = next(r for r in fleet.view()["runners"] if r["id"] == session.runner_id)
    fleet.emulator.seed({"do": "take_host", "instance": taken["host"]})
    (told,) = until(lambda: _about(fleet, taken["id"]))
    assert "ECS runs no such task" in told
    until(lambda: "runner-stale" in fleet.causes())
    assert list_runners(fleet.ports, "text").exit_code is ExitCode.PROBLEMS
    with pytest.raises(AshError), fleet.client.send_message(session.id, message="?") as stream:
        stream.get_final_text()
    assert fleet.client.get_session(session.id).status == "active"


def _about(fleet: Fleet, runner: str) -> list[str]:
    """What is told of a runner of which the two views disagree, as soon as all others are as they should be."""
    view = fleet.view()
    told = view["disagreements"]
    others_agree = view["registered"] == view["wanted"] and {d["runner"] for d in told} == {runner}
    return [d["text"] for d in told] if others_agree else []


def test_rolled_out_priced_and_torn_down(fleet: Fleet) -> None:
    """The bill of the plan is that of what is there; nothing is left in the end."""
    assert fleet.scale(2) is ExitCode.OK, fleet.user.text
    before = fleet.settled(2)
    planned = {"mode": "multi-machine", "runners": "2", "nat": "0"}
    bills = [
        answer(fleet.ports.settings, lambda: fleet.aws, request, confirm=lambda _: False).estimate
        for request in (
            Request(chosen=planned, only_plan=True, prices="bundled"),
            Request(prices="bundled"),
        )
    ]
    assert abs(bills[0].monthly / bills[1].monthly - 1) < 0.02, [str(b.plan) for b in bills]

    code, _, err = run("rollout", "0.2.0", "--yes")
    assert code == 0, err
    assert "Its runners are registered" in err
    assert not any(runner["draining"] for runner in fleet.view()["runners"])
    assert before.isdisjoint(fleet.settled(2))
    assert {r["version"] for r in fleet.view()["runners"]} == {"0.2.0"}

    # The same tag once more: the runners are started anew as well, not their coordinator alone.
    before = fleet.ids()
    code, _, err = run("rollout", "--yes")
    assert code == 0, err
    assert before.isdisjoint(fleet.settled(2))

    fleet.client.create_session(
        agent_name="my-agent"
    )  # its runner is protected, and goes all the same
    code, receipt, err = run("teardown", "--yes", "--delete-data")
    assert (code, "Nothing billable is left." in receipt) == (0, True), receipt + err
