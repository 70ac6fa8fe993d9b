"""``--drain``: nobody new is let in, turns are waited for, and the door opens again whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_client import AshClient
from ash_client.testing import AshServer
from ash_ops.aws.client.session import Aws
from ash_ops.aws.cloudformation import find_stack
from ash_ops.deploy.connection import Connection
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.losses import EPHEMERAL
from ash_ops.deploy.sessions import drain, live
from ash_ops.deploy.sessions.live import LiveSessions, SessionLine, ends_sessions, lines, look
from ash_ops.errors import OpsError, UsageProblem
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.names import Deployment
from ash_ops.secret import Secret
from tests.support.deploying import FakeTime, User, settings_of, stack

Script = Callable[[str], Stubber]
NAMES = Deployment()
KEY = "the-key-of-a-test"
AT_WORK = LiveSessions(
    live=(SessionLine(id="s-1", agent="helper", status="active"),), paused=2, turns=1
)
QUIET = LiveSessions(live=AT_WORK.live, paused=2, turns=0)
DEAF = LiveSessions(unread="no answer")
WORLD = {"IpProtocol": "tcp", "FromPort": 4100, "ToPort": 4100}


@dataclass
class Door:
    """The load balancer's group: what it lets in, and every change of it."""

    lets_in: set[str] = field(default_factory=lambda: {"203.0.113.0/24"})
    history: list[str] = field(default_factory=list)

    def change(self, params: dict[str, Any], model: Any, **_: object) -> None:
        for rule in params.get("IpPermissions", ()):
            for each in rule["IpRanges"]:
                came = model.name.startswith("Authorize")
                self.history.append(("+" if came else "-") + each["CidrIp"])
                (self.lets_in.add if came else self.lets_in.discard)(each["CidrIp"])


@pytest.fixture
def door(aws: Aws, stub: Script) -> Door:
    cfn, ecs, ec2 = stub("cloudformation"), stub("ecs"), stub("ec2")
    cfn.add_response("describe_stacks", stack("CREATE_COMPLETE"))
    service = {
        "serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/ash-cloud/ash-cloud-runtime",
        "status": "ACTIVE",
        "tags": [{"key": "ash:deployment", "value": "ash-cloud"}],
    }
    ecs.add_response("describe_services", {"services": [service]})
    group = {
        "LogicalResourceId": "LoadBalancerSecurityGroup",
        "PhysicalResourceId": "sg-1",
        "ResourceType": "AWS::EC2::SecurityGroup",
        "ResourceStatus": "CREATE_COMPLETE",
        "LastUpdatedTimestamp": "2026-11-23T10:00:00Z",
    }
    cfn.add_response("list_stack_resources", {"StackResourceSummaries": [group]})
    rule = {**WORLD, "IpRanges": [{"CidrIp": "203.0.113.0/24"}]}
    found = {"GroupId": "sg-1", "IpPermissions": [rule]}
    ec2.add_response("describe_security_groups", {"SecurityGroups": [found]})
    for name in ("authorize", "revoke", "authorize", "revoke"):
        ec2.add_response(f"{name}_security_group_ingress", {})
    kept = Door()
    aws.client("ec2").meta.events.register("before-parameter-build.ec2", kept.change)
    return kept


def world(aws: Aws, time_: FakeTime, told: list[LiveSessions]) -> tuple[Environment, User]:
    """Sessions as they are told one look after the other; the last is told for ever."""
    user, remaining = User(), list(told)

    def sessions(_aws: Aws, _names: Deployment) -> LiveSessions:
        return remaining.pop(0) if len(remaining) > 1 else remaining[0]

    environment = Environment(
        aws=aws,
        settings=settings_of(),
        dialogue=user,
        clock=time_.clock,
        find_address=lambda: "198.51.100.7",
        sessions=sessions,
    )
    return environment, user


def drained(environment: Environment, minutes: float = 5) -> Any:
    found = find_stack(environment.aws, "ash-cloud")
    assert found is not None
    return drain.drained(environment, found, DeployChoices(drain=minutes))


def test_the_change_begins_when_no_turn_is_under_way(aws: Aws, time_: FakeTime, door: Door) -> None:
    environment, user = world(aws, time_, [AT_WORK, AT_WORK, QUIET])
    with drained(environment):
        assert door.lets_in == {"198.51.100.7/32"}
        assert len(time_.naps) == 2
    assert door.lets_in == {"203.0.113.0/24"}
    assert "draining: 1 live, 1 with a turn under way; 2 paused; 5 min left" in user.text


def test_newcomers_are_let_in_again_before_the_proof(aws: Aws, time_: FakeTime, door: Door) -> None:
    environment, _ = world(aws, time_, [QUIET])
    with drained(environment) as reopen:
        reopen()
        assert door.lets_in == {"203.0.113.0/24"}
        reopen()
    assert door.history == [
        "+198.51.100.7/32",
        "-203.0.113.0/24",
        "+203.0.113.0/24",
        "-198.51.100.7/32",
    ]


@pytest.mark.parametrize(
    ("told", "why"),
    [(AT_WORK, "still at work after 5 minutes"), (DEAF, "could not be seen")],
    ids=["turns that go on", "a server that does not answer"],
)
def test_nothing_is_changed_and_the_door_is_open_after(
    told: LiveSessions, why: str, aws: Aws, time_: FakeTime, door: Door
) -> None:
    environment, _ = world(aws, time_, [told])
    changed = False
    with pytest.raises(OpsError, match=why), drained(environment):
        changed = True
    assert not changed
    assert door.lets_in == {"203.0.113.0/24"}


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_the_door_opens_after_whatever_ends_the_change(
    error: type[BaseException], aws: Aws, time_: FakeTime, door: Door
) -> None:
    environment, _ = world(aws, time_, [QUIET])
    with pytest.raises(error), drained(environment):
        raise error
    assert door.lets_in == {"203.0.113.0/24"}


def test_one_that_is_not_waited_for_is_refused(aws: Aws, time_: FakeTime, stub: Script) -> None:
    stub("cloudformation").add_response("describe_stacks", stack("CREATE_COMPLETE"))
    environment, _ = world(aws, time_, [QUIET])
    found = find_stack(aws, "ash-cloud")
    assert found is not None
    choices = DeployChoices(drain=5, wait=False)
    with pytest.raises(UsageProblem), drain.drained(environment, found, choices):
        pytest.fail("it began")


def test_each_session_is_told_its_fate() -> None:
    kept = "\n".join(lines(AT_WORK, "on the stack's file system"))
    assert (
        "s-1 (helper, active): a turn under way is cut off; the session is kept on the stack's"
        in kept
    )
    assert "120 s" in kept
    lost = "\n".join(lines(AT_WORK, EPHEMERAL))
    assert "s-1 (helper, active): ends, and is lost with the task's /data" in lost
    assert "those that are paused (2): lost with /data" in lost


def test_many_sessions_are_counted_beyond_ten() -> None:
    many = LiveSessions(
        live=tuple(SessionLine(id=f"s-{n}", agent="a", status="active") for n in range(25))
    )
    assert "and 15 more" in "\n".join(lines(many, EPHEMERAL))


def test_what_could_not_be_counted_is_not_taken_for_none() -> None:
    assert "could not be counted (no answer)" in "\n".join(lines(DEAF, EPHEMERAL))
    assert not DEAF.is_quiet


def test_where_turns_cannot_be_seen_every_live_session_counts() -> None:
    assert not LiveSessions(live=AT_WORK.live, turns=None).is_quiet
    assert LiveSessions(turns=None).is_quiet


@pytest.mark.parametrize(
    ("type_", "ends"),
    [
        ("AWS::ECS::TaskDefinition", True),
        ("AWS::ECS::Service", True),
        ("AWS::EC2::LaunchTemplate", True),
        ("AWS::Logs::LogGroup", False),
        ("AWS::EC2::SecurityGroup", False),
    ],
)
def test_only_a_plan_that_replaces_tasks_ends_sessions(type_: str, ends: bool) -> None:
    change = Change(action="Modify", logical_id="X", physical_id=None, type=type_, replacement=None)
    assert ends_sessions([change]) is ends


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer(api_key=KEY, agents=["helper"]) as running:
        yield running


def test_the_servers_own_sessions_are_read(
    server: AshServer, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Connection(url=server.url, key=Secret(KEY))
    monkeypatch.setattr(live, "find_connection", lambda *_: found)
    with AshClient(server.url, api_key=KEY) as client:
        first = client.create_session(agent_name="helper")
        second = client.create_session(agent_name="helper")
        client.pause_session(second.id)
    told = look(aws, NAMES)
    assert [each.id for each in told.live] == [first.id]
    assert (told.paused, told.turns, told.unread) == (1, 0, "")


def test_a_server_that_cannot_be_reached_is_a_doubt(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = Connection(url="http://127.0.0.1:1", key=Secret("x"))
    monkeypatch.setattr(live, "find_connection", lambda *_: nobody)
    assert look(aws, NAMES).unread
