"""Of all that an account holds, what is read as a deployment's own: balancers, groups, networks, runners."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ash_ops.errors import ReadFailed
from ash_ops.facts.load_balancing import Listener, LoadBalancer, TargetGroup
from ash_ops.facts.model import fact_of
from ash_ops.facts.network import PrefixList, SecurityGroup, Subnet
from ash_ops.facts.services import Service
from ash_ops.facts.stacks import StackEvent
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.snapshot.fan_out import Absent
from ash_ops.snapshot.readings import balancers, fleet, hooks, network
from tests.ash_ops.snapshot.test_what_a_role_must_be_allowed import Readings


class Asking(Readings):
    """Readings that were made; one that found nothing is an absence to who needs it."""

    def __init__(self, **found: Any) -> None:
        super().__init__(None, **found)
        self.limits: list[str] = []

    def need(self, name: str) -> Any:
        found = self.seek(name)
        if found is None:
            raise Absent(name)
        return found

    def each(self, jobs: Any) -> Any:
        return self.several(jobs, lambda parts: tuple(part.result() for part in parts))


def group(arn: str, *used_by: str, name: str = "") -> TargetGroup:
    return TargetGroup(target_group_arn=arn, target_group_name=name or arn, load_balancer_arns=used_by)  # fmt: skip


def balancer(arn: str, name: str = "", **fields: Any) -> LoadBalancer:
    return LoadBalancer(load_balancer_arn=arn, load_balancer_name=name or arn, **fields)


def service(*groups: str) -> Service:
    rows = [
        {"targetGroupArn": arn, "containerName": "ash", "containerPort": 4100} for arn in groups
    ]
    return fact_of(Service, {"serviceName": "s", "loadBalancers": rows})


def tagged(monkeypatch: pytest.MonkeyPatch, tags: Any) -> list[list[str]]:
    asked: list[list[str]] = []

    def answer(_aws: Any, arns: list[str]) -> Any:
        asked.append(arns)
        if isinstance(tags, Exception):
            raise tags
        return tags

    monkeypatch.setattr(balancers.elbv2, "tags", answer)
    return asked


OURS = {"ash:deployment": "ash-cloud"}
DENIED = ReadFailed("elasticloadbalancing:DescribeTags", "denied", "AccessDenied", "no")
NAME = "ash-cloud-tg"


@pytest.mark.parametrize(
    ("found", "own", "tags", "told", "asked"),
    [
        (("a", "b", "c"), ("c", "a"), {}, ["a", "c"], 0),
        (("a", NAME), ("a",), {}, ["a"], 0),
        (("a", NAME), (), {}, [NAME], 0),
        (("a", NAME), ("gone",), {}, [NAME], 0),
        (("a", "b"), (), {"b": OURS, "a": {"ash:deployment": "ash-cloud-2"}}, ["b"], 1),
        (("a", "b"), (), {"b": {"other": "ash-cloud"}}, None, 1),
        (("a",), (), DENIED, None, 1),
        ((), (), {}, None, 0),
    ],
)  # fmt: skip
def test_a_target_group_is_ours_by_the_service_else_by_its_name_else_by_its_tag(
    monkeypatch: pytest.MonkeyPatch, found: Any, own: Any, tags: Any, told: Any, asked: int
) -> None:
    calls = tagged(monkeypatch, tags)
    context: Any = Asking(_target_groups=tuple(map(group, found)), service=service(*own))
    groups = balancers.target_groups(context)
    assert (None if groups is None else [g.target_group_arn for g in groups]) == told
    assert len(calls) == asked


def test_a_group_that_a_balancer_uses_comes_before_one_that_waits() -> None:
    found = (group("green"), group("blue", "nlb"), group("other", "nlb"))
    context: Any = Asking(_target_groups=found, service=service("green", "blue"))
    groups = balancers.target_groups(context) or ()
    assert [g.target_group_arn for g in groups] == ["blue", "green"]


@pytest.mark.parametrize(
    ("used_by", "names", "tags", "told"),
    [
        (("b", "a"), {}, {}, ["a", "b"]), (("i", "a"), {}, {}, ["a", "i"]), ((), {"b": "ash-cloud-nlb"}, {}, ["b"]),
        (("gone",), {"b": "ash-cloud-nlb"}, {}, ["b"]), (("a",), {"b": "ash-cloud-nlb"}, {}, ["a"]), ((), {}, {"i": OURS}, ["i"]), ((), {}, {}, None),
    ],
)  # fmt: skip
def test_a_balancer_is_ours_by_the_groups_and_one_that_faces_the_world_comes_first(
    monkeypatch: pytest.MonkeyPatch, used_by: Any, names: Any, tags: Any, told: Any
) -> None:
    tagged(monkeypatch, tags)
    found = tuple(balancer(arn, names.get(arn, ""), scheme="internal" if arn == "i" else "internet-facing") for arn in "iab")  # fmt: skip
    context: Any = Asking(_load_balancers=found, target_groups=(group("g", *used_by),))
    own = balancers.load_balancers(context)
    assert (None if own is None else [b.load_balancer_arn for b in own]) == told


def test_tags_are_asked_of_twenty_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as DescribeTags takes."""
    asked = tagged(monkeypatch, {})
    found = (TargetGroup(target_group_name="no arn"), *(group(f"g{n}") for n in range(25)))
    context: Any = Asking(_target_groups=found)
    assert balancers.target_groups(context) is None
    assert asked == [[f"g{n}" for n in range(20)]]


def test_what_is_read_of_each_goes_by_its_own_arn(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("target_health", "listeners"):
        monkeypatch.setattr(balancers.elbv2, name, lambda _, arn, name=name: (f"{name} of {arn}",))
    for name in ("target_group_attributes", "load_balancer_attributes", "listener_attributes"):
        monkeypatch.setattr(balancers.elbv2, name, lambda _, arn, name=name: {name: arn})
    monkeypatch.setattr(balancers.acm, "certificate", lambda _, arn: f"certificate {arn}")
    shown = [{"CertificateArn": f"arn:aws:{x}"} for x in ("acm:1", "iam:2", "acm:3", "acm:1")]
    first = fact_of(Listener, {"ListenerArn": "l1", "Certificates": shown[:2]})
    second = fact_of(Listener, {"ListenerArn": "l2", "Certificates": shown[2:]})
    context: Any = Asking(
        target_groups=(group("g1"), group("g2")),
        load_balancers=(balancer("b1"), balancer("b2")),
        listeners=(first, second),
    )
    read: Any = balancers
    assert read.target_health(context) == ("target_health of g1", "target_health of g2")
    assert read.listeners(context) == ("listeners of b1", "listeners of b2")
    assert read.target_group_attributes(context) == {"target_group_attributes": "g1"}
    assert read.load_balancer_attributes(context) == {"load_balancer_attributes": "b1"}
    assert read.listener_attributes(context) == {"listener_attributes": "l1"}
    assert read.certificates(context) == ("certificate arn:aws:acm:1", "certificate arn:aws:acm:3")
    none: Any = Asking(listeners=())
    assert read.listener_attributes(none) is None
    assert read.certificates(none) == ()


def placed(*subnets: str) -> Service:
    network_ = {"awsvpcConfiguration": {"subnets": list(subnets)}}
    return fact_of(Service, {"serviceName": "s", "networkConfiguration": network_})


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Which subnets were asked for by their names: each lies in a VPC of its letter."""
    asked: list[list[str]] = []

    def subnets(_aws: Any, ids: list[str]) -> tuple[Subnet, ...]:
        asked.append(ids)
        return tuple(Subnet(subnet_id=id_, vpc_id=f"vpc-{id_[0]}") for id_ in ids)

    monkeypatch.setattr(network.ec2, "subnets_named", subnets)
    monkeypatch.setattr(network.ec2, "in_vpcs", lambda _, kind, vpcs: (kind(subnet_id="s1"), *vpcs) if kind is Subnet else (kind, vpcs))  # fmt: skip
    return asked


@pytest.mark.parametrize(
    ("found", "vpcs", "asked"),
    [
        ({"load_balancers": (balancer("b", vpc_id="v1"),), "target_groups": (TargetGroup(vpc_id="v2"), TargetGroup(vpc_id="v1"))}, ["v1", "v2"], []),
        ({"load_balancers": (balancer("b"),), "service": placed("a1")}, ["vpc-a"], [["a1"]]),
        ({"service": placed("a1", "b1", "a2", "a1")}, ["vpc-a", "vpc-b"], [["a1", "b1", "a2"]]),
        ({"target_groups": (TargetGroup(vpc_id="v2"),), "service": placed("a1")}, ["v2"], []),
    ],
)  # fmt: skip
def test_the_network_is_that_of_the_balancer_else_that_of_the_tasks(
    named: list[list[str]], found: dict[str, Any], vpcs: list[str], asked: list[list[str]]
) -> None:
    context: Any = Asking(**found)
    assert (network.vpc_ids(context), named) == (vpcs, asked)


def test_without_a_place_there_is_no_network(named: list[list[str]]) -> None:
    for found, missing in (({}, "service"), ({"service": service()}, "subnets")):
        nowhere: Any = Asking(**found)
        with pytest.raises(Absent, match=missing):
            network.vpc_ids(nowhere)
    empty: Any = Asking(_vpc_ids=[])
    with pytest.raises(Absent, match="vpc"):
        network.by_vpc(SecurityGroup)(empty)
    assert named == []
    there: Any = Asking(_vpc_ids=["v1"])
    assert network.by_vpc(SecurityGroup)(there) == (SecurityGroup, ["v1"])


def test_subnets_of_the_task_in_yet_another_vpc_are_read_by_their_names(
    named: list[list[str]],
) -> None:
    context: Any = Asking(_vpc_ids=[], service=placed("s1", "z9", "z8"))
    context._found["_vpc_ids"] = (Subnet(subnet_id="s2"),)
    told = network.subnets(context)
    assert [subnet.subnet_id for subnet in told] == ["s1", "s2", "z8", "z9"]
    assert named == [["z8", "z9"]]
    at_home: Any = Asking(_vpc_ids=(Subnet(subnet_id="s2"),), service=placed("s1"))
    assert len(network.subnets(at_home)) == 2
    assert named == [["z8", "z9"]]


def test_prefix_lists_of_the_customer_are_read_where_a_rule_names_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(network.ec2, "own_prefix_list", lambda _, name: name)
    known = (PrefixList(prefix_list_id="pl-aws"),)

    def rules(*ids: str) -> list[dict[str, Any]]:
        return [{"PrefixListIds": [{"PrefixListId": id_} for id_ in ids]}]

    groups = tuple(fact_of(SecurityGroup, {"GroupId": "g", **more}) for more in ({"IpPermissions": rules("pl-b", "pl-aws")}, {"IpPermissionsEgress": rules("pl-a", "pl-b", "")}, {}))  # fmt: skip
    context: Any = Asking(_aws_prefix_lists=known, security_groups=groups)
    read: Any = network.prefix_lists
    assert read(context) == (*known, "pl-a", "pl-b")
    assert read(Asking(_aws_prefix_lists=known)) == known


def coordinator(mode: str | None) -> Any:
    variables = [{"name": "PORT", "value": "coordinator"}]
    variables += [{"name": "ASH_MODE", "value": mode}] if mode else []
    row = {"name": "ash", "environment": variables}
    return SimpleNamespace(definition=fact_of(TaskDefinition, {"containerDefinitions": [row]}))


@pytest.mark.parametrize("mode", ["coordinator", "standalone", "runner", None])
def test_only_a_coordinator_has_runners(monkeypatch: pytest.MonkeyPatch, mode: str | None) -> None:
    monkeypatch.setattr(fleet.ecs, "service", lambda _, cluster, name: (cluster, name))
    context: Any = Asking(_revision=coordinator(mode))
    if mode == "coordinator":
        assert fleet.service(context) == ("ash-cloud", context.deployment.runner_service)
    else:
        with pytest.raises(Absent):
            fleet.service(context)
    for name in ("definition", "tasks", "stopped", "deployments", "machines", "providers", "database", "registered"):  # fmt: skip
        with pytest.raises(Absent):
            getattr(fleet, name)(Asking())


def test_what_is_read_of_runners_is_of_their_own_service(monkeypatch: pytest.MonkeyPatch) -> None:
    brief = SimpleNamespace(service_deployment_arn="d1")
    monkeypatch.setattr(fleet.ecs, "task_definition", lambda _, ref: SimpleNamespace(definition=ref) if ref == "r:7" else None)  # fmt: skip
    monkeypatch.setattr(fleet.fleet, "runner_tasks", lambda _, *names: names)
    monkeypatch.setattr(fleet, "tasks_of", lambda _, *rest: rest)
    monkeypatch.setattr(fleet.rollouts, "rollouts", lambda _, _cluster, name: [brief] if name.endswith("runners") else [])  # fmt: skip
    monkeypatch.setattr(fleet.rollouts, "service_deployments", lambda _, arns: arns)
    monkeypatch.setattr(fleet.hosts, "capacity_providers", lambda _, cluster, names: (cluster, names))  # fmt: skip
    found = SimpleNamespace(task_definition="r:7", host_providers=("p",))
    context: Any = Asking(runner_service=found)
    own = context.deployment.runner_service
    read: Any = fleet
    assert own == "ash-cloud-runners"
    assert read.definition(context) == "r:7"
    assert read.tasks(context) == ("ash-cloud", own)
    assert read.stopped(context) == (own, "STOPPED", 200)
    assert read.deployments(context) == ["d1"]
    assert read.providers(context) == ("ash-cloud", ("p",))
    gone: Any = Asking(runner_service=SimpleNamespace(task_definition="r:6", host_providers=()))
    assert read.definition(gone) is None
    nameless: Any = Asking(runner_service=SimpleNamespace(task_definition=None, host_providers=()))
    for reading in (read.definition, read.providers):
        with pytest.raises(Absent):
            reading(nameless)


def test_of_runners_the_lines_of_four_that_died_and_of_four_that_run_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fleet, "lines_of", lambda _, newest, definition: (newest, definition))
    context: Any = Asking(runner_definition="d", runner_tasks=(*"abcde",), stopped_runners=(*"vwxyz",))  # fmt: skip
    read: Any = fleet.lines
    assert read(context) == ([*"vwxyabcd"], "d")
    assert read(Asking(runner_definition="d")) == ([], "d")


def test_a_database_is_ours_by_its_tag(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"TagList": [{"Key": "ash:deployment", "Value": name}], "id": name} for name in ("ash-cloud-2", "ash-cloud")]  # fmt: skip
    monkeypatch.setattr(fleet, "database_of", lambda row: row["id"])
    monkeypatch.setattr(fleet, "databases", lambda _: [{"id": "untagged"}, *rows])
    context: Any = Asking(runner_service="there")
    assert fleet.database(context) == "ash-cloud"
    monkeypatch.setattr(fleet, "databases", lambda _: rows[:1])
    assert fleet.database(context) is None


@pytest.mark.parametrize(("failed", "read"), [(0, 0), (1, 1), (5, 5), (6, 5)])
def test_of_hooks_that_failed_five_results_are_read_each_once(
    monkeypatch: pytest.MonkeyPatch, failed: int, read: int
) -> None:
    monkeypatch.setattr(hooks.cloudformation, "hook_result", lambda _, id_: id_)
    events = [StackEvent(hook_status="HOOK_COMPLETE_FAILED", hook_invocation_id=f"h{n}") for n in range(failed)]  # fmt: skip
    others = [StackEvent(hook_status="HOOK_COMPLETE_SUCCEEDED", hook_invocation_id="x"), StackEvent(hook_status="HOOK_COMPLETE_FAILED"), StackEvent()]  # fmt: skip
    context: Any = Asking(_stack_events=(*others, *events, *events))
    results: Any = hooks.hook_results(context)
    assert results == tuple(f"h{n}" for n in range(read))
    assert context.limits == ([f"Only 5 of the {failed} results of failed hooks were read."] if failed > read else [])  # fmt: skip
