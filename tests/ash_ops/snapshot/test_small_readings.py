"""Readings that are worked out of others: each row its own, what is not there an absence, no key a guess."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from ash_client.testing import AshServer
from ash_ops import redact
from ash_ops.facts.model import NameValue
from ash_ops.facts.network import Vpc
from ash_ops.facts.start import Quota
from ash_ops.facts.tasks import Attachment, Container, Task
from ash_ops.secret import MASK, Secret
from ash_ops.settings import Options, load
from ash_ops.snapshot.assemble import _cleaned
from ash_ops.snapshot.canary import send_canary
from ash_ops.snapshot.fan_out import Absent, Pool
from ash_ops.snapshot.probe import Ladder, _bearer, _Climber
from ash_ops.snapshot.readings import account, balancers, fleet, hosts, network, server, service
from tests.support import scenarios


class Context:
    """What other readings found, by name; what is not named was not found."""

    def __init__(self, /, **found: Any) -> None:
        self._found = found
        self.aws: Any = SimpleNamespace(
            settings=load(Options(env_file=None), found.pop("environ", {}))
        )
        self.deployment: Any = self.aws.settings.deployment
        self.hidden: list[str] = []

    def seek(self, name: str) -> Any:
        return self._found.get(name)

    need = seek


def done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(value)
    return future


def test_each_vpc_has_its_own_switches() -> None:
    parts: list[Any] = [
        (Vpc(vpc_id="vpc-1"),), True, False,
        (Vpc(vpc_id="vpc-2"),), False, True,
    ]  # fmt: skip
    found = network._vpcs_with_switches([done(part) for part in parts])
    assert [(v.vpc_id, v.enable_dns_support, v.enable_dns_hostnames) for v in found] == [
        ("vpc-1", True, False),
        ("vpc-2", False, True),
    ]


@pytest.mark.parametrize(
    ("stack", "variable", "target", "name"),
    [
        ("https://a.example.com", "", "http://lb:443", "a.example.com"),
        ("https://a.example.com:4100", "", "http://lb:4100", "a.example.com"),
        ("https://a.example.com", "https://b.example.com", "https://lb", "a.example.com"),
        ("http://a.example.com:443", "https://b.example.com", "https://lb", "b.example.com"),
        ("https://a.example.com:4100", "", "http://lb:443", None),
        ("http://a.example.com:4100", "", "http://lb:4100", None),
        ("", "", "http://lb:443", None),
    ],
)
def test_clients_know_the_balancer_by_an_https_name_on_the_same_port(
    stack: str, variable: str, target: str, name: str | None
) -> None:
    """The stack's address before the variable's; a certificate says nothing of plain HTTP."""
    facts = SimpleNamespace(outputs={"Url": stack} if stack else {})
    environ = {"ASH_SERVER_URL": variable} if variable else {}
    context: Any = Context(_stack=facts, environ=environ)
    assert server.known_as(context, target) == name


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ('{"api_key": "from-the-file"}', "from-the-file"),
        ('{"api_key": ""}', None),
        ('{"api_key": 7}', None),
        ('{"api_key": ["x"]}', None),
        ('["api_key"]', None),
        ("no json", None),
        (None, None),
    ],
)
def test_the_clients_file_gives_a_key_only_as_a_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str | None, key: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ash").mkdir()
    if written is not None:
        (tmp_path / ".ash" / "config.json").write_text(written)
    found, origin = server.local_secret(load(Options(env_file=None), {}))
    assert (found.reveal() if found else None) == key
    assert (origin == "none") == (key is None)
    given, origin = server.local_secret(load(Options(env_file=None), {"ASH_API_KEY": "given"}))
    assert given is not None
    assert (given.reveal(), origin == "none") == ("given", False)


def ip_of(answer: str | OSError | None) -> Callable[[], str | None]:
    def ask() -> str | None:
        if isinstance(answer, OSError):
            raise answer
        return answer

    return ask


@pytest.mark.parametrize(
    ("own", "target", "seen", "told"),
    [
        ("8.8.4.4", "8.8.8.8", "1.1.1.1", {"caller_ip": "8.8.4.4"}),
        ("192.168.1.5", "10.0.0.9", "1.1.1.1", {"caller_ip": "192.168.1.5"}),
        ("192.168.1.5", "8.8.8.8", "1.1.1.1", {"caller_ip": "1.1.1.1"}),
        ("192.168.1.5", "8.8.8.8", OSError("nobody answers"), {"caller_ip": None}),
        ("127.0.0.1", "8.8.8.8", "1.1.1.1", {}),
        (None, "8.8.8.8", "1.1.1.1", {}),
        ("8.8.4.4", None, "1.1.1.1", {}),
    ],
)
def test_a_server_sees_this_machine_at_its_own_address_or_at_that_behind_which_it_stands(
    monkeypatch: pytest.MonkeyPatch,
    own: str | None,
    target: str | None,
    seen: str | OSError,
    told: dict[str, str | None],
) -> None:
    monkeypatch.setattr(_Climber, "_own_address", lambda _: own)
    ladder = Ladder(public_ip=ip_of(seen))
    climber = _Climber(ladder, "http://x", addresses=[target] if target else [])
    pool = Pool(1)
    climber._find_caller(pool)
    pool.close()
    assert climber.found == told


def test_a_key_goes_out_on_one_line() -> None:
    assert _bearer(Secret(" one\r\n two ")) == {"Authorization": "Bearer one two"}


def test_a_session_of_its_own_agent_leaves_no_agent_behind() -> None:
    with AshServer(api_key="k") as there:
        rung = send_canary(there.url, Secret("k"), own_agent=True)
        made = [(r.method, r.path) for r in there.requests if r.path.startswith("/api/agents")]
    assert (rung["name"], rung["outcome"]) == ("canary", "ok")
    assert "a session of ash-ops-canary-" in rung["detail"]
    assert [method for method, _ in made] == ["POST", "DELETE"]


def group(name: str, **tags: str) -> Any:
    tagged = tuple(SimpleNamespace(key=key, value=value) for key, value in tags.items())
    return SimpleNamespace(auto_scaling_group_name=name, tags=tagged)


def test_groups_are_ours_by_their_tag_or_by_a_provider_that_may_be_unknown() -> None:
    mine = SimpleNamespace(key="ash:deployment", value="ash-cloud")
    tagged = SimpleNamespace(auto_scaling_group_name="a", tags=(mine,))
    found: tuple[Any, ...] = (tagged, group("b"), group("c", **{"ash:deployment": "ash-cloud-2"}))
    unknown: Any = Context(_scaling_groups=found)
    assert list(hosts.own_scaling_groups(unknown)) == [tagged]
    provider = SimpleNamespace(group_name="b")
    known: Any = Context(_scaling_groups=found, capacity_providers=(provider,))
    assert list(hosts.own_scaling_groups(known)) == list(found[:2])


def test_runners_groups_are_those_behind_their_providers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ash_ops.aws.machines.hosts.scaling_groups", lambda _aws: (group("a"), group("b"))
    )
    behind: Any = Context(runner_providers=(SimpleNamespace(group_name="b"),))
    assert [each.auto_scaling_group_name for each in fleet.groups(behind)] == ["b"]
    none: Any = Context(runner_providers=(SimpleNamespace(group_name=None),))
    with pytest.raises(Absent):
        fleet.groups(none)


def archived(moments: dict[str, Any], *, time: Any = None, **more: Any) -> dict[str, Any]:
    detail = {
        "group": "service:ash-cloud-runtime",
        "clusterArn": "arn:aws:ecs:us-east-1:1:cluster/ash-cloud",
        "lastStatus": "STOPPED",
        **moments,
        **more,
    }
    return {"message": json.dumps({"detail": detail, "time": time})}


OURS = {"ash-cloud", "ash-cloud-runtime"}


@pytest.mark.parametrize(
    ("moments", "time", "minute"),
    [
        ({"stoppedAt": "2026-11-27T12:01:00Z", "stoppingAt": "2026-11-27T12:02:00Z"}, "2026-11-27T12:03:00Z", 1),
        ({"stoppingAt": "2026-11-27T12:02:00Z"}, "2026-11-27T12:03:00Z", 2),
        ({}, "2026-11-27T12:03:00Z", 3),
    ],
)  # fmt: skip
def test_an_archived_task_stopped_when_it_says_or_when_the_event_was_sent(
    moments: dict[str, str], time: str, minute: int
) -> None:
    row = service.archived_task(archived(moments, time=time), OURS)
    assert row is not None
    assert row["at"] == datetime(2026, 11, 27, 12, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    "more",
    [
        {"group": "service:ash-cloud-2-runtime"},
        {"clusterArn": "arn:aws:ecs:us-east-1:1:cluster/ash-cloud-2"},
        {"lastStatus": "RUNNING"},
        {"group": None},
    ],
)
def test_an_event_of_another_service_or_of_a_task_that_lives_is_none(more: dict[str, Any]) -> None:
    event = archived({"stoppedAt": "2026-11-27T12:01:00Z"}, **more)
    assert service.archived_task(event, OURS) is None


def test_one_line_with_a_key_learnt_later_is_changed_and_the_others_are_spared() -> None:
    """And where nothing is masked nothing is copied."""
    lines = scenarios.snapshot().log_lines.get() or ()
    context: Any = Context()
    assert _cleaned(context, "log_lines", lines) is lines
    learnt = "Zq8Xw2Vn5Lk7Tb4Rm9"
    redact.learn(learnt, name="ASH_API_KEY")
    first, *others = lines
    planted = replace(first, message=f"refused {learnt} from 10.0.0.1")
    cleaned = _cleaned(context, "log_lines", (planted, *others))
    assert learnt not in cleaned[0].message
    assert cleaned[0].message.endswith(" from 10.0.0.1")
    assert all(a is b for a, b in zip(cleaned[1:], others, strict=True))


def test_a_key_learnt_later_is_masked_in_every_member_that_may_hold_it_however_deep() -> None:
    """A task's own reason, a container's, and what its network interface tells; names stay as they are."""
    learnt = "Qw7Er2Ty9Ui4Op6As1"
    redact.learn(learnt, name="ASH_API_KEY")
    detail = NameValue(name="note", value=f"kept {learnt}")
    task = Task(
        task_arn="arn:aws:ecs:us-east-1:1:task/a/b",
        stopped_reason=f"refused {learnt}",
        containers=(Container(name="ash", reason=f"said {learnt}"),),
        attachments=(Attachment(id="eni", details=(detail,)),),
    )
    context: Any = Context()
    cleaned = _cleaned(context, "tasks", (task,))[0]
    assert learnt not in str(cleaned)
    assert str(cleaned).count(MASK) == 3
    assert cleaned.task_arn == task.task_arn


def test_attributes_are_read_of_every_group_and_listener_but_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Those of the first have readings of their own; where there is no other, nothing is asked."""

    class Asking(Context):
        def several(self, jobs: Any, join: Any) -> Any:
            return join([done(job()) for job in jobs])

    for name in ("target_group_attributes", "listener_attributes"):
        monkeypatch.setattr(balancers.elbv2, name, lambda _aws, arn, name=name: {name: arn})
    groups = [SimpleNamespace(target_group_arn=arn) for arn in ("g1", "g2", "g3")]
    listeners = [SimpleNamespace(listener_arn=arn) for arn in ("l1", "l2")]
    found: Any = Asking(target_groups=groups, listeners=listeners)
    assert balancers.other_attributes(found) == {
        "g2": {"target_group_attributes": "g2"},
        "g3": {"target_group_attributes": "g3"},
        "l2": {"listener_attributes": "l2"},
    }
    alone: Any = Asking(target_groups=groups[:1])
    assert balancers.other_attributes(alone) == {}


def test_a_task_ended_when_it_stopped_else_when_it_was_stopping_and_began_when_it_was_made() -> (
    None
):
    one, two, three = (datetime(2026, 11, 27, hour, tzinfo=UTC) for hour in (1, 2, 3))
    task = Task(task_arn="t", created_at=one, stopping_at=two, stopped_at=three)
    never = Task(task_arn="t")
    assert service._ended(task) == three
    assert service._ended(replace(task, stopped_at=None)) == two
    assert service._ended(replace(task, stopped_at=None, stopping_at=None)) == one
    assert service._began(task) == one
    assert service._began(replace(task, created_at=None)) == two
    assert service._ended(never) == service._began(never) < one


def test_of_a_rollout_the_other_revisions_are_read_each_once() -> None:
    refs = ("ash:7", "ash:6", None, "ash:6", "ash:5")
    deployments = tuple(SimpleNamespace(task_definition=ref) for ref in refs)
    context: Any = Context(
        service=SimpleNamespace(task_definition="ash:7", deployments=deployments)
    )
    context.several = lambda calls, join: ([call.args[1] for call in calls], join)
    asked, join = service.other_task_definitions(context)
    assert asked == ["ash:6", "ash:5"]
    found = [SimpleNamespace(definition=ref) if ref else None for ref in ("ash:6", None)]
    assert join([done(each) for each in found]) == ("ash:6",)


@pytest.mark.parametrize(
    ("peaks", "used", "memory"), [((71.5, 12.0), 12.0, 71.5), ((71.5, None), None, 71.5), (None, None, None)]
)  # fmt: skip
def test_of_what_cloudwatch_measured_memory_and_quota_take_their_part(
    monkeypatch: pytest.MonkeyPatch, peaks: Any, used: float | None, memory: float | None
) -> None:
    told = Quota(code="L-3032A538", value=30.0)
    monkeypatch.setattr(account.cloudwatch, "fargate_vcpu", lambda _: told)
    context: Any = Context(_peaks=peaks)
    assert account.quota(context) == replace(told, used=used)
    if peaks is not None:
        assert account.memory_utilization(context) == memory
    monkeypatch.setattr(account.cloudwatch, "fargate_vcpu", lambda _: None)
    assert account.quota(context) is None


def test_a_full_buffer_of_a_log_driver_drops_lines_unless_the_account_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The default of accounts since June 2025."""
    context: Any = Context()
    for told, mode in (("blocking", "blocking"), (None, "non-blocking"), ("", "non-blocking")):
        monkeypatch.setattr(account.ecs, "log_driver_mode", lambda _, told=told: told)
        assert account.log_driver_mode(context) == mode
