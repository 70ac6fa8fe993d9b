"""Checks before a deployment: refuse with a fix, warn, pass, or say that they could not tell."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.causes import CAUSES
from ash_ops.checks.base import Check
from ash_ops.checks.catalogue import deployment_checks
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.preflight import _host_of, check_plan, plan_of, refusal
from ash_ops.deploy.plan.price import chosen_of
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.fleet import RunnerDatabase
from ash_ops.facts.load_balancing import LoadBalancer
from ash_ops.facts.network import (
    InternetGateway,
    InternetGatewayAttachment,
    IpPermission,
    IpRange,
    NatGateway,
    Route,
    RouteTable,
    RouteTableAssociation,
    SecurityGroup,
    Subnet,
)
from ash_ops.facts.reading import Gap, Reading
from ash_ops.facts.start import Identity, ImageState, LogGroup, Quota
from ash_ops.report.text import answer_lines
from tests.support.deploying import settings_of

PASSED, WARNING, REFUSED, UNKNOWN, NOTHING = "passed", "warning", "refused", "unknown", "nothing"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
IGW, NAT = "igw-1", "nat-1"
WHOLE, HALVES = ("0.0.0.0/0",), ("0.0.0.0/1", "128.0.0.0/1")


def subnet(name: str, zone: str = "a", free: int | None = 200, vpc: str = "vpc-1") -> Subnet:
    return Subnet(
        subnet_id=name, vpc_id=vpc, availability_zone=zone, available_ip_address_count=free
    )


def table(target: str | None, to: tuple[str, ...] = WHOLE, state: str = "active") -> RouteTable:
    """A route table whose way to the internet leads to a target."""
    is_nat = (target or "").startswith("nat-")
    routes = tuple(
        Route(
            destination_cidr_block=block,
            gateway_id=None if is_nat else target,
            nat_gateway_id=target if is_nat else None,
            state=state,
        )
        for block in (to if target else ())
    )
    local = Route(destination_cidr_block="10.0.0.0/16", gateway_id="local", state="active")
    return RouteTable(routes=(local, *routes))


def placement(
    balancer: tuple[Subnet, ...] = (subnet("s1", "a"), subnet("s2", "b")),
    tasks: tuple[Subnet, ...] = (),
    main: str | RouteTable | None = IGW,
    **by_subnet: str | None,
) -> Placement:
    whole = main if isinstance(main, RouteTable) else table(main)
    own = (
        replace(table(target), associations=(RouteTableAssociation(subnet_id=name),))
        for name, target in by_subnet.items()
    )
    return Placement(
        vpc="vpc-1",
        balancer_subnets=balancer,
        task_subnets=tasks or balancer,
        tables=(replace(whole, associations=(RouteTableAssociation(main=True),)), *own),
    )


def request(**options: object) -> Request:
    return read_request(settings_of(), DeployOptions(**options))  # type: ignore[arg-type]  # names are checked by the dataclass


GATEWAY = InternetGateway(
    internet_gateway_id=IGW, attachments=(InternetGatewayAttachment(vpc_id="vpc-1"),)
)
READ: dict[str, Any] = {
    "internet_gateways": (GATEWAY,),
    "nat_gateways": (NatGateway(nat_gateway_id=NAT, state="available"),),
    "denied_actions": (),
    "image": ImageState(
        reference="ghcr.io/ash-ai-org/ash:1", exists=True, architectures=("amd64",)
    ),
    "quota": Quota(code="L-3032A538", value=64.0),
    "log_groups": (),
    "load_balancer": None,
}


def read(value: object) -> Reading[Any]:
    """What was answered; a gap stands for itself."""
    gap = value if isinstance(value, Gap) else None
    return Reading(call="x:Read", at=NOW, value=None if gap else value, gap=gap)


def planned(
    place: Placement | None = None, asked: Request | None = None, **facts: object
) -> PlannedDeployment:
    """A plan that every check passes but for what is given."""
    readings = {name: read(value) for name, value in {**READ, **facts}.items()}
    return plan_of(asked or request(), place or placement(), "us-east-1", ME, readings, NOW)


ME = Identity(account="123456789012", arn="arn:aws:sts::123456789012:assumed-role/dev/me")


def says(check: str, facts: PlannedDeployment) -> str:
    """The answer of one check, in a word."""
    report = check_plan(facts)[check]
    severities = {finding.severity for finding in report.findings}
    if "error" in severities:
        return REFUSED
    if severities:
        return WARNING
    if report.unknown:
        return UNKNOWN
    return PASSED if report.passed else NOTHING


@pytest.mark.parametrize("check", deployment_checks("plan"), ids=lambda c: c.id)
def test_a_check_of_the_plan_declares_known_causes_and_a_title(
    check: Check[PlannedDeployment],
) -> None:
    assert check.playbook == "plan"
    assert check.title
    assert {*check.causes} <= set(CAUSES)


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        (placement(), PASSED),
        (placement((subnet("s1", "a"), subnet("s2", "a"))), REFUSED),  # one zone
        (placement((subnet("s1", "a"), subnet("s2", "b", vpc="vpc-2"))), REFUSED),
        (placement((subnet("s1", "a", 1), subnet("s2", "b"))), REFUSED),  # no address left
        (placement((subnet("s1", "a", 5), subnet("s2", "b"))), WARNING),
        (placement((subnet("s1", "a", None), subnet("s2", "b", None))), UNKNOWN),
    ],
)
def test_subnets(place: Placement, answer: str) -> None:
    assert says("subnets", planned(place)) == answer


INSIDE = {"internal": True, "private": True}
DENIED = Gap(kind="denied", action="ec2:DescribeNatGateways")


@pytest.mark.parametrize(
    ("place", "options", "facts", "answer"),
    [
        (placement(), {}, {}, PASSED),
        (placement(main=None), {}, {}, REFUSED),  # nobody gets in or out
        (placement(main=None), {"internal": True}, {}, REFUSED),  # the task does not get out
        (placement(main=NAT), INSIDE, {}, PASSED),
        (placement(main=NAT), {"private": True}, {}, REFUSED),  # clients do not get in
        (placement(main=IGW), {"private": True}, {}, REFUSED),  # no address, no way out
        (placement(s2=None), {}, {}, REFUSED),  # one of two
        (placement(main=table(IGW, HALVES)), {}, {}, PASSED),  # both halves are the whole
        (placement(main=table(IGW, HALVES[:1])), {}, {}, REFUSED),
        (placement(main=table(IGW, WHOLE, "blackhole")), {}, {}, REFUSED),
        (placement(main=table(NAT, HALVES)), INSIDE, {}, PASSED),
        (placement(main=NAT), INSIDE, {"nat_gateways": ()}, REFUSED),  # deleted
        (
            placement(main=NAT),
            INSIDE,
            {"nat_gateways": (NatGateway(nat_gateway_id=NAT, state="failed"),)},
            REFUSED,
        ),
        (placement(main=NAT), INSIDE, {"nat_gateways": DENIED}, UNKNOWN),
        (placement(), {}, {"nat_gateways": DENIED}, PASSED),  # no NAT gateway is in the way
        (placement(), {}, {"internet_gateways": ()}, REFUSED),  # it is attached elsewhere
        (placement(main="tgw-1"), INSIDE, {}, UNKNOWN),  # where that leads cannot be read
        (
            placement(tasks=(subnet("p1", "a"), subnet("p2", "b")), p1=NAT, p2=NAT),
            {"private": True},
            {},
            PASSED,
        ),
    ],
)
def test_routes(
    place: Placement, options: dict[str, bool], facts: dict[str, object], answer: str
) -> None:
    found = planned(place, request(**options), **facts)
    assert says("routes", found) == answer
    assert all(item.fix and item.evidence for item in check_plan(found)["routes"].findings)


@pytest.mark.parametrize(
    ("image", "answer"),
    [
        (ImageState(reference="r/a:1", exists=True, architectures=("amd64",)), PASSED),
        (ImageState(reference="r/a:1", exists=True), PASSED),
        (ImageState(reference="r/a:1", exists=True, architectures=("arm64",)), REFUSED),
        (ImageState(reference="r/a:1", exists=False), REFUSED),
        (ImageState(reference="r/a:1", exists=None, status=401), UNKNOWN),
        (Gap(kind="unreachable"), UNKNOWN),
        (Gap(kind="skipped"), NOTHING),  # an emulator pulls nothing
    ],
)
def test_image(image: object, answer: str) -> None:
    assert says("image", planned(image=image)) == answer


@pytest.mark.parametrize(
    ("quota", "answer"),
    [
        (Quota(code="L-3032A538", value=64.0), PASSED),
        (Quota(code="L-3032A538", value=3.0), WARNING),
        (Quota(code="L-3032A538", value=1.0), REFUSED),
        (Quota(code="L-3032A538"), UNKNOWN),
        (Gap(kind="denied", action="servicequotas:GetServiceQuota"), UNKNOWN),
    ],
)
def test_a_rollout_needs_twice_the_processors(quota: object, answer: str) -> None:
    facts = planned(asked=request(cpu=2048, memory=4096), quota=quota)
    assert says("quota", facts) == answer


def test_a_server_on_ec2_does_not_count_against_fargates_quota() -> None:
    facts = planned(asked=request(launch_type="ec2"), quota=Quota(code="L-3032A538", value=0.0))
    assert says("quota", facts) == NOTHING


def test_a_name_that_something_else_has() -> None:
    group = LogGroup(log_group_name="/ash-cloud/runtime")
    found = check_plan(planned(log_groups=(group,)))["names"].findings
    assert [item.severity for item in found] == ["error"]
    assert "delete-log-group --log-group-name /ash-cloud/runtime" in str(found[0].fix[0].command)
    balancer = LoadBalancer(load_balancer_name="ash-cloud", load_balancer_arn="arn:x")
    assert says("names", planned(load_balancer=balancer)) == REFUSED


def test_a_simulation_that_refuses_is_a_warning_and_names_the_actions() -> None:
    """A policy that names resources is refused on ``*``: a simulation cannot prove a denial."""
    (found,) = check_plan(planned(denied_actions=("ecs:CreateCluster",)))["permissions"].findings
    assert found.severity == "warning"
    assert "ecs:CreateCluster" in found.summary
    assert found.fix[0].command == "ash-ops iam-policy deploy"


def test_the_guides_own_size_is_warned_about() -> None:
    assert says("memory", planned()) == WARNING
    assert says("memory", planned(asked=request(max_sandboxes=2, sandbox_memory=512))) == PASSED
    assert says("agents", planned()) == WARNING
    assert says("agents", planned(asked=request(launch_type="ec2"))) == PASSED


def test_a_denied_check_could_not_tell_and_names_the_action() -> None:
    gap = Gap(kind="denied", code="AccessDeniedException", action="servicequotas:GetServiceQuota")
    told = "\n".join(answer_lines(*check_plan(planned(quota=gap)).values()))
    assert "could not tell" in told
    assert "Allow servicequotas:GetServiceQuota." in " ".join(told.split())


def test_a_check_that_throws_could_not_tell_and_the_rest_stands() -> None:
    """A parameter that is no number: the check of the memory fails, and no other."""
    facts = planned()
    broken = replace(facts, parameters={**facts.parameters, "Memory": "much"})
    reports = check_plan(broken)
    assert [u.reason.split(" (")[0] for u in reports["memory"].unknown] == [
        "internal error in check memory"
    ]
    assert refusal(reports, ()) is None
    assert says("subnets", broken) == PASSED


def test_only_a_refusal_stops_and_can_be_overruled() -> None:
    reports = check_plan(
        planned(
            placement((subnet("s1", "a"), subnet("s2", "a"))),
            quota=Quota(code="L-3032A538", value=0.25),
        )
    )
    problem = refusal(reports, ())
    assert problem is not None
    assert "of the account's 0.25 are in use" in problem.why
    assert "also: The load balancer's subnets s1, s2 are in one zone" in problem.why
    assert "--skip-check quota" in problem.next_step
    assert refusal(reports, {"quota", "subnets"}) is None


@pytest.mark.parametrize(
    ("there", "route", "answer"),
    [
        (["r1", "r2"], NAT, PASSED),
        (["r1", "r3"], NAT, REFUSED),  # where no mount target of /data will be
        (["r1"], NAT, REFUSED),  # one of them does not exist
        (["r1", "r2"], IGW, REFUSED),  # a way out only for public addresses
        (["r1", "r2"], None, REFUSED),
    ],
)
def test_runners_need_a_way_out(there: list[str], route: str | None, answer: str) -> None:
    named = ("r1", there[-1] if len(there) > 1 else "r2")
    wanted = request(mode="multi-machine", runner_subnets=named)
    found = tuple(subnet(name, "c" if name == "r3" else "a") for name in there)
    facts = planned(placement(main=route), wanted, runner_subnets=found)
    assert says("runners", facts) == answer
    assert says("agents", facts) == PASSED


def fleet_with_url(**previous: str) -> Request:
    settings = settings_of(ASH_DATABASE_URL="postgresql://u:PLANTED@db.example.internal/ash")
    options = DeployOptions(mode="multi-machine", runner_subnets=("r1", "r2"))
    return read_request(settings, options, previous or None)


def test_a_fleet_keeps_the_database_that_it_was_made_with() -> None:
    """To change to another one would leave its rows behind; so that is said, and not done."""
    assert fleet_with_url().effective("UseDatabase") == "true"
    there = fleet_with_url(Mode="multi-machine", RunnerSubnetIds="r1,r2", UseDatabase="false")
    assert there.effective("UseDatabase") == "false"
    assert says("database", replace(planned(asked=there), has_own_database=True)) == WARNING
    assert says("database", planned(asked=request())) == NOTHING
    assert chosen_of(fleet_with_url(), "us-east-1")["database"] == "no"


def admitting(cidr: str | None, port: int = 5432) -> SecurityGroup:
    ranges = (IpRange(cidr_ip=cidr),) if cidr else ()
    rule = IpPermission(ip_protocol="tcp", from_port=port, to_port=port, ip_ranges=ranges)
    return SecurityGroup(group_id="sg-db", vpc_id="vpc-1", ingress=(rule,) if cidr else ())


@pytest.mark.parametrize(
    ("database", "group", "answer"),
    [
        (RunnerDatabase(id="db", groups=("sg-db",), vpc="vpc-1"), admitting("10.0.0.0/16"), PASSED),
        (
            RunnerDatabase(id="db", groups=("sg-db",), vpc="vpc-1"),
            admitting("10.0.1.0/24"),
            REFUSED,
        ),
        (RunnerDatabase(id="db", groups=("sg-db",), vpc="vpc-1"), admitting(None), REFUSED),
        (
            RunnerDatabase(id="db", groups=("sg-db",), vpc="vpc-1", port=6432),
            admitting("10.0.0.0/16"),
            REFUSED,
        ),
        (RunnerDatabase(id="db", groups=("sg-other",), vpc="vpc-1"), admitting(None), UNKNOWN),
        (RunnerDatabase(id="db", groups=("sg-db",), vpc="vpc-9"), admitting(None), UNKNOWN),
        (None, admitting(None), UNKNOWN),  # no RDS instance: nobody can look at its network
    ],
)
def test_a_given_database_must_let_the_coordinators_subnets_in(
    database: RunnerDatabase | None, group: SecurityGroup, answer: str
) -> None:
    place = placement(
        tasks=(
            replace(subnet("s1"), cidr_block="10.0.1.0/24"),
            replace(subnet("s2", "b"), cidr_block="10.0.2.0/24"),
        )
    )
    facts = planned(
        place, fleet_with_url(), given_database=database, security_groups=(group,), prefix_lists=()
    )
    facts = replace(facts, has_own_database=True)
    assert says("database", facts) == answer
    assert "PLANTED" not in str(check_plan(facts)["database"])


HOME = "arn:aws:acm:us-east-1:123456789012:certificate/1"


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({}, NOTHING),
        ({"certificate": HOME, "hostname": "ash.example.com"}, PASSED),
        ({"certificate": HOME}, WARNING),  # no name that it is for
        ({"certificate": HOME.replace("us-east-1", "eu-west-1")}, REFUSED),
    ],
)
def test_a_certificate_is_of_this_region_and_has_a_name(
    options: dict[str, str], answer: str
) -> None:
    assert says("certificate", planned(asked=request(**options))) == answer


@pytest.mark.parametrize(
    ("url", "host"),
    [("postgres://u:p@DB.example:5432/ash", "db.example"), ("postgres:///ash", ""), ("", ""), ("postgres://[::1/ash", "")],
)  # fmt: skip
def test_a_database_s_host_is_looked_up_where_its_address_names_one(url: str, host: str) -> None:
    assert _host_of(url) == host
