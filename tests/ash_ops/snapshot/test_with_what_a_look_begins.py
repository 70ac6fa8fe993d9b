"""With what a look begins: who asks the server and the registry, by when, and what each call is quoted as."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from ash_ops.errors import ReadFailed
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.model import fact_of
from ash_ops.facts.server import Probe
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.facts.tasks import Container, Task
from ash_ops.secret import Secret
from ash_ops.snapshot import assemble, collect, http_get, plan, probe
from ash_ops.snapshot.canary import send_canary
from ash_ops.snapshot.declaration import DECLARED
from ash_ops.snapshot.fan_out import Absent, Run
from ash_ops.snapshot.probe import Ladder, ask_public_ip
from ash_ops.snapshot.readings import logs, server
from tests.ash_ops.snapshot.test_small_readings import Context
from tests.ash_ops.snapshot.test_what_a_role_must_be_allowed import Readings

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)


def begun(monkeypatch: pytest.MonkeyPatch, endpoint: str | None = None, **options: Any) -> Any:
    """The context with which a look waits for its answers, and the deadline in seconds."""
    seen: dict[str, Any] = {}

    def finish(run: Run, deadline: float, meanwhile: Iterator[object] | None) -> None:
        seen.update(deadline=deadline, meanwhile=meanwhile, clock=run.clock)

    def assembled(context: Any, taken_at: datetime, correction: timedelta) -> Any:
        return SimpleNamespace(context=context, taken_at=taken_at, correction=correction, **seen)

    monkeypatch.setattr(collect, "time", SimpleNamespace(monotonic=lambda: 1000.0))
    monkeypatch.setattr(collect, "_start", lambda *_: None)
    monkeypatch.setattr(collect, "_go_on", lambda _: None)
    monkeypatch.setattr(Run, "finish", finish)
    monkeypatch.setattr(assemble, "assemble", assembled)
    aws: Any = SimpleNamespace(settings=SimpleNamespace(endpoint_url=endpoint), ahead=None)
    deployment: Any = "the deployment"
    return collect.collect(aws, deployment, clock=lambda: AT, **options)


def test_aws_itself_is_asked_over_the_world_and_an_emulator_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = begun(monkeypatch).context
    assert (real.fetch, real.ladder.public_ip, real.ladder.canary) == (http_get.get, ask_public_ip, None)  # fmt: skip
    emulated = begun(monkeypatch, "http://127.0.0.1:4566", canary=True).context
    assert (emulated.fetch, emulated.ladder.public_ip) == (None, None)
    assert emulated.ladder.canary is send_canary
    assert begun(monkeypatch, canary=True).context.ladder.public_ip is ask_public_ip


def test_what_is_given_is_used_and_a_probe_that_is_not_wanted_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fetch(*_: Any) -> Any:
        raise AssertionError

    given = begun(monkeypatch, ladder=Ladder(timeout=9.0), fetch=fetch)
    assert given.context.ladder == Ladder(timeout=9.0)
    assert given.context.fetch is fetch
    assert begun(monkeypatch, ladder=Ladder(), probe=False).context.ladder is None
    assert begun(monkeypatch, probe=False).context.ladder is None


@pytest.mark.parametrize(
    ("options", "seconds"),
    [({}, 14.25), ({"timeout": 100.0}, 95.0), ({"canary": True}, 89.25), ({"timeout": 0.0}, 0.0)],
)
def test_of_the_time_allowed_a_twentieth_is_kept_and_a_session_has_its_own(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], seconds: float
) -> None:
    work = iter(())
    look = begun(monkeypatch, meanwhile=work, **options)
    assert look.deadline - 1000.0 == pytest.approx(seconds)
    assert look.meanwhile is work
    assert (look.taken_at, look.correction, look.clock()) == (AT, timedelta(0), AT)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, None), (0, None), (44.9, None), (-44.9, None), (45, "1 min behind"), (-45, "1 min ahead of"), (89, "1 min behind"),
        (91, "2 min behind"), (-600, "10 min ahead of"),
    ],
)  # fmt: skip
def test_a_clock_that_is_wrong_by_three_quarters_of_a_minute_is_put_right_and_said(
    seconds: float | None, said: str | None
) -> None:
    ahead = None if seconds is None else timedelta(seconds=seconds)
    context: Any = SimpleNamespace(aws=SimpleNamespace(ahead=ahead), limits=[])
    assert collect._correction(context) == (ahead if said else timedelta(0))
    told = [f"this machine's clock is {said} AWS's: all times are AWS's, put right by the Date of its answers"]  # fmt: skip
    assert context.limits == (told if said else [])


# Readings made of several calls are quoted by that whose answer they are.
QUOTED = {
    "cluster": "ecs:DescribeClusters",
    "tasks": "ecs:DescribeTasks",
    "stopped_tasks": "ecs:DescribeTasks",
    "archived_tasks": "logs:FilterLogEvents",
    "host_events": "logs:FilterLogEvents",
    "secrets": "secretsmanager:DescribeSecret",
    "stack_events": "cloudformation:DescribeStackEvents",
    "wanted": "cloudformation:GetTemplate",
    "container_instances": "ecs:DescribeContainerInstances",
    "service_deployments": "ecs:DescribeServiceDeployments",
    "service_revisions": "ecs:DescribeServiceRevisions",
    "target_groups": "elasticloadbalancing:DescribeTargetGroups",
    "load_balancers": "elasticloadbalancing:DescribeLoadBalancers",
    "other_attributes": "elasticloadbalancing:DescribeTargetGroupAttributes",
    "execution_role": "iam:SimulatePrincipalPolicy",
    "vpcs": "ec2:DescribeVpcAttribute",
    "prefix_lists": "ec2:DescribePrefixLists",
    "runner_tasks": "ecs:DescribeTasks",
    "runner_hosts": "ecs:DescribeContainerInstances",
    "image": "registry:GetManifest",
    "probe": "probe:GET",
    "local_key": "local:ASH_API_KEY",
}


def test_a_reading_is_quoted_by_the_call_whose_answer_it_is() -> None:
    assert QUOTED.keys() <= plan.READS.keys() | {"probe", "local_key"}
    assert {name: DECLARED[name].call for name in QUOTED} == QUOTED


BALANCER = LoadBalancer(dns_name="lb.example.com")


class Asked(Context):
    """What the probe was told to climb."""

    def __init__(self, ladder: Ladder | None, **found: Any) -> None:
        super().__init__(**found)
        self.ladder = ladder
        self.run: Any = SimpleNamespace(value_of=lambda name: found.get(name))

    def need(self, name: str) -> Any:
        found = self.seek(name)
        if found is None:
            raise Absent(name)
        return found


def climbed(monkeypatch: pytest.MonkeyPatch, context: Any) -> tuple[Ladder, str, Any]:
    seen: list[Any] = []
    monkeypatch.setattr(Ladder, "climb", lambda self, url, key: seen.append((self, url, key)) or {"url": url})  # fmt: skip
    monkeypatch.setattr("pathlib.Path.expanduser", lambda _: SimpleNamespace(read_text=lambda _: "{}"))  # fmt: skip
    told = server.probe(context)
    ((ladder, url, key),) = seen
    assert told == Probe(url=url)
    return ladder, url, key.reveal() if key else None


OUTPUT = SimpleNamespace(outputs={"Url": "https://ash.example.com"})
DEPLOYED = [(SimpleNamespace(variables=("ASH_API_KEY",)), Secret("deployed-key-1"))]


def test_the_server_is_asked_where_its_balancer_is_with_the_key_of_this_machine_or_the_deployed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"load_balancers": (BALANCER,), "_secrets": DEPLOYED}
    ladder, url, key = climbed(monkeypatch, Asked(Ladder(), **there))
    assert (url, key) == ("http://lb.example.com:4100", "deployed-key-1")
    assert (ladder.balancer, ladder.known_as) == ("lb.example.com", None)
    own = Asked(Ladder(), environ={"ASH_API_KEY": "a-local-key-1"}, **there)
    assert climbed(monkeypatch, own)[2] == "a-local-key-1"
    assert climbed(monkeypatch, Asked(Ladder(), load_balancers=(BALANCER,)))[2] is None


def test_another_address_or_name_that_is_given_comes_before_that_of_the_stack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = {"load_balancers": (BALANCER,), "_stack": OUTPUT}
    ladder, url, _ = climbed(monkeypatch, Asked(Ladder(url="https://mine.example.com"), **there))
    assert (url, ladder.known_as) == ("https://mine.example.com", "ash.example.com")
    named = Ladder(url="https://mine.example.com", known_as="given.example.com")
    assert climbed(monkeypatch, Asked(named, **there))[0].known_as == "given.example.com"


def test_nobody_is_asked_without_a_ladder_or_an_address() -> None:
    off: Any = Asked(None, load_balancers=(BALANCER,))
    with pytest.raises(ReadFailed) as skipped:
        server.probe(off)
    assert (skipped.value.kind, skipped.value.call) == ("skipped", "probe:GET")
    assert skipped.value.message == "live probes were switched off"
    for found in ({}, {"load_balancers": (LoadBalancer(),)}):
        nowhere: Any = Asked(Ladder(), **found)
        with pytest.raises(Absent):
            server.probe(nowhere)


def test_any_kind_of_answer_is_taken_unless_one_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for headers, accepted in (({}, "*/*"), ({"Accept": "text/x"}, "text/x")):
        near, far = socket.socketpair()
        with far:
            far.sendall(b"HTTP/1.1 204 x\r\n\r\n")
            answer = http_get.get_over(near, "h", "/p", headers, 1.0)
            asked = far.recv(999).decode()
        assert answer.status == 204
        assert f"Accept: {accepted}\r\n" in asked
        assert asked.count("Accept:") == 1
    assert probe.get is http_get.get


def logged(name: str, **options: str) -> dict[str, Any]:
    named = {key.replace("_", "-"): value for key, value in options.items()}
    return {"name": name, "logConfiguration": {"logDriver": "awslogs", "options": named}}


def test_streams_are_those_of_containers_that_log_to_the_group_of_the_server() -> None:
    ours = {"awslogs_group": "/g", "awslogs_stream_prefix": "ash"}
    rows = [
        logged("ash", **ours),
        logged("side", **{**ours, "awslogs_stream_prefix": "beside"}),
        logged("elsewhere", **{**ours, "awslogs_group": "/other"}),
        logged("nameless", awslogs_group="/g"),
        {"name": "silent"},
    ]
    definition = fact_of(TaskDefinition, {"containerDefinitions": rows})
    names = ("ash", "side", "elsewhere", "nameless", "silent", "injected")
    task = Task(task_arn="arn:aws:ecs:us-east-1:1:task/c/0a1b", containers=tuple(Container(name=n) for n in names))  # fmt: skip
    assert list(logs._streams(task, definition)) == ["ash/ash/0a1b", "beside/side/0a1b"]
    assert list(logs._streams(Task(task_arn="", containers=task.containers), definition)) == []


def test_of_each_stream_the_last_lines_are_read_once_cut_and_with_their_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def last(_aws: Any, group: str, stream: str, *, limit: int, region: str | None) -> Any:
        asked.append((group, stream, limit, region))
        return [{"timestamp": 1500, "message": "x" * 4001}, {"timestamp": None, "message": None}]

    monkeypatch.setattr(logs.logs, "last_lines", last)
    options = {"awslogs_group": "/g", "awslogs_stream_prefix": "ash", "awslogs_region": "eu-west-1"}
    definition = fact_of(TaskDefinition, {"containerDefinitions": [logged("ash", **options)]})
    task = Task(task_arn="arn:aws:ecs:us-east-1:1:task/c/0a1b", containers=(Container(name="ash"),))
    context: Any = Readings(definition)
    lines: Any = logs.lines_of(context, [task, task], definition)
    assert asked == [("/g", "ash/ash/0a1b", 180, "eu-west-1")]
    nowhere = fact_of(TaskDefinition, {"containerDefinitions": [logged("ash")]})
    empty: Any = logs.lines_of(context, [task], nowhere)
    assert (empty, len(asked)) == ((), 1)
    assert [(line.at.timestamp(), line.message, line.stream) for line in lines] == [
        (0.0, "", "ash/ash/0a1b"),
        (1.5, "x" * 4000, "ash/ash/0a1b"),
    ]


def test_a_session_is_waited_for_as_long_as_is_said_and_asked_for_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A first sandbox takes several seconds to start, and a second session would cost as much again."""
    made: list[Any] = []

    class Client:
        def __init__(self, url: str, **options: Any) -> None:
            made.append((url, options))

        def __enter__(self) -> Client:
            return self

        def __exit__(self, *_: object) -> None: ...

        def list_agents(self) -> list[Any]:
            return []

    monkeypatch.setattr("ash_client.AshClient", Client)
    rung = send_canary("http://h", Secret("a-key"), patience=7.5)
    assert (rung["outcome"], rung["name"]) == ("skipped", "canary")
    assert rung["detail"] == "no agent is deployed, so no session can be made"
    send_canary("http://h", None)
    assert made == [
        ("http://h", {"api_key": "a-key", "timeout": 7.5, "max_retries": 0}),
        ("http://h", {"api_key": "", "timeout": 60.0, "max_retries": 0}),
    ]
