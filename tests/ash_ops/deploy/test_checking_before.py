"""Checks before a deployment: refuse with a fix, warn, pass, or say that they could not tell."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from botocore.stub import Stubber
from msgspec.structs import replace

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan import preflight_checks as checks
from ash_ops.deploy.plan.image import ImageAnswer
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.preflight import Check, Outcome, Verdict, refusal, run_checks
from ash_ops.deploy.plan.request import DeployOptions, Request, read_request
from ash_ops.facts.network import NatGateway, Route, RouteTable, RouteTableAssociation, Subnet
from ash_ops.facts.start import Identity
from tests.support.deploying import settings_of

Script = Callable[[str], Stubber]
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
    nats: tuple[NatGateway, ...] | None = (NatGateway(nat_gateway_id=NAT, state="available"),),
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
        nats=nats,
    )


def request(**options: object) -> Request:
    return read_request(settings_of(), DeployOptions(**options))  # type: ignore[arg-type]  # names are checked by the dataclass


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        (placement(), Verdict.PASSED),
        (placement((subnet("s1", "a"), subnet("s2", "a"))), Verdict.REFUSED),  # one zone
        (placement((subnet("s1", "a"), subnet("s2", "b", vpc="vpc-2"))), Verdict.REFUSED),
        (placement((subnet("s1", "a", 1), subnet("s2", "b"))), Verdict.REFUSED),  # no address left
        (placement((subnet("s1", "a", 5), subnet("s2", "b"))), Verdict.WARNING),
        (placement((subnet("s1", "a", None), subnet("s2", "b", None))), Verdict.UNKNOWN),
    ],
)
def test_subnets(place: Placement, verdict: Verdict) -> None:
    assert checks.check_subnets(place).verdict is verdict


INSIDE = {"internal": True, "private": True}


@pytest.mark.parametrize(
    ("place", "options", "verdict"),
    [
        (placement(), {}, Verdict.PASSED),
        (placement(main=None), {}, Verdict.REFUSED),  # nobody gets in or out
        (placement(main=None), {"internal": True}, Verdict.REFUSED),  # the task does not get out
        (placement(main=NAT), {"internal": True, "private": True}, Verdict.PASSED),
        (placement(main=NAT), {"private": True}, Verdict.REFUSED),  # clients do not get in
        (placement(main=IGW), {"private": True}, Verdict.REFUSED),  # no address, no way out
        (placement(s2=None), {}, Verdict.REFUSED),  # one of two
        (placement(main=table(IGW, HALVES)), {}, Verdict.PASSED),  # both halves are the whole
        (placement(main=table(IGW, HALVES[:1])), {}, Verdict.REFUSED),
        (placement(main=table(IGW, WHOLE, "blackhole")), {}, Verdict.REFUSED),
        (placement(main=table(NAT, HALVES)), INSIDE, Verdict.PASSED),
        (placement(main=NAT, nats=()), INSIDE, Verdict.REFUSED),  # deleted
        (
            placement(main=NAT, nats=(NatGateway(nat_gateway_id=NAT, state="failed"),)),
            INSIDE,
            Verdict.REFUSED,
        ),
        (placement(main=NAT, nats=None), INSIDE, Verdict.UNKNOWN),
        (placement(nats=None), {}, Verdict.PASSED),  # no NAT gateway is in the way
        (
            placement(tasks=(subnet("p1", "a"), subnet("p2", "b")), p1=NAT, p2=NAT),
            {"private": True},
            Verdict.PASSED,
        ),
    ],
)
def test_routes(place: Placement, options: dict[str, bool], verdict: Verdict) -> None:
    outcome = checks.check_routes(request(**options), place)
    assert outcome.verdict is verdict
    assert bool(outcome.fix) is (verdict is Verdict.REFUSED)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (ImageAnswer(exists=True, architectures=frozenset({"amd64"})), Verdict.PASSED),
        (ImageAnswer(exists=True), Verdict.PASSED),
        (ImageAnswer(exists=True, architectures=frozenset({"arm64"})), Verdict.REFUSED),
        (ImageAnswer(exists=False, reason="no such tag"), Verdict.REFUSED),
        (ImageAnswer(exists=None, reason="401"), Verdict.UNKNOWN),
    ],
)
def test_image(answer: ImageAnswer, verdict: Verdict) -> None:
    assert checks.check_image(request(), lambda _image: answer).verdict is verdict


@pytest.mark.parametrize(
    ("quota", "verdict"), [(64.0, Verdict.PASSED), (3.0, Verdict.WARNING), (1.0, Verdict.REFUSED)]
)
def test_a_rollout_needs_twice_the_processors(
    aws: Aws, stub: Script, quota: float, verdict: Verdict
) -> None:
    stub("service-quotas").add_response("get_service_quota", {"Quota": {"Value": quota}})
    assert checks.check_quota(aws, request(cpu=2048, memory=4096)).verdict is verdict


def test_a_name_that_something_else_has(aws: Aws, stub: Script) -> None:
    groups = {"logGroups": [{"logGroupName": "/ash-cloud/runtime"}]}
    stub("logs").add_response("describe_log_groups", groups)
    outcome = checks.check_names(aws, request())
    assert outcome.verdict is Verdict.REFUSED
    assert "delete-log-group --log-group-name /ash-cloud/runtime" in outcome.fix


def test_a_simulation_that_refuses_is_a_warning_and_names_the_actions(
    aws: Aws, stub: Script
) -> None:
    """A policy that names resources is refused on ``*``: a simulation cannot prove a denial."""
    denied = {"EvalActionName": "ecs:CreateCluster", "EvalDecision": "implicitDeny"}
    allowed = {"EvalActionName": "ecs:CreateService", "EvalDecision": "allowed"}
    stub("iam").add_response("simulate_principal_policy", {"EvaluationResults": [denied, allowed]})
    arn = "arn:aws:sts::123456789012:assumed-role/dev/me"
    identity = Identity(account="123456789012", arn=arn)
    assert identity.policy_source == "arn:aws:iam::123456789012:role/dev"
    outcome = checks.check_permissions(aws, identity)
    assert outcome.verdict is Verdict.WARNING
    assert "ecs:CreateCluster" in outcome.text
    assert "ecs:CreateService" not in outcome.text


def test_the_guides_own_size_is_warned_about() -> None:
    assert checks.check_memory(request()).verdict is Verdict.WARNING
    fits = request(max_sandboxes=2, sandbox_memory=512)
    assert checks.check_memory(fits).verdict is Verdict.PASSED
    assert checks.check_agents(request()).verdict is Verdict.WARNING
    assert checks.check_agents(request(launch_type="ec2")).verdict is Verdict.PASSED


def test_a_check_that_hangs_does_not_hold_up_the_others() -> None:
    never = threading.Event()

    def hang() -> Outcome:
        never.wait(60)
        return Outcome(check="slow", verdict=Verdict.PASSED, text="late")

    def answer() -> Outcome:
        return Outcome(check="quick", verdict=Verdict.PASSED, text="fine")

    slow, quick = run_checks([Check("slow", hang), Check("quick", answer)], limit=0.05)
    never.set()
    assert slow.verdict is Verdict.UNKNOWN
    assert quick.verdict is Verdict.PASSED


def test_a_denied_check_could_not_tell_and_names_the_action(aws: Aws, stub: Script) -> None:
    stub("service-quotas").add_client_error("get_service_quota", "AccessDeniedException", "no", 400)
    (outcome,) = run_checks([Check("quota", lambda: checks.check_quota(aws, request()))])
    assert outcome.verdict is Verdict.UNKNOWN
    assert "servicequotas:GetServiceQuota" in outcome.fix


def test_only_a_refusal_stops_and_can_be_overruled() -> None:
    def outcome(name: str, verdict: Verdict) -> Outcome:
        return Outcome(check=name, verdict=verdict, text=f"{name} text.", fix=f"{name} fix.")

    found = [
        outcome("a", Verdict.WARNING),
        outcome("b", Verdict.REFUSED),
        outcome("c", Verdict.REFUSED),
    ]
    problem = refusal(found, frozenset())
    assert problem is not None
    assert "b text" in problem.why
    assert "c text" in problem.why
    assert "--skip-check b" in problem.next_step
    assert refusal(found, frozenset({"b", "c"})) is None


@pytest.mark.parametrize(
    ("there", "route", "verdict"),
    [
        (["r1", "r2"], NAT, Verdict.PASSED),
        (["r1"], NAT, Verdict.REFUSED),  # one of them does not exist
        (["r1", "r2"], IGW, Verdict.REFUSED),  # a way out only for public addresses
        (["r1", "r2"], None, Verdict.REFUSED),
    ],
)
def test_runners_need_a_way_out(
    aws: Aws, stub: Script, there: list[str], route: str | None, verdict: Verdict
) -> None:
    found = [{"SubnetId": s, "VpcId": "vpc-1", "AvailabilityZone": "a"} for s in there]
    stub("ec2").add_response("describe_subnets", {"Subnets": found})
    wanted = request(mode="multi-machine", runner_subnets=("r1", "r2"))
    assert checks.check_runners(aws, wanted, placement(main=route)).verdict is verdict
    assert checks.check_agents(wanted).verdict is Verdict.PASSED


def test_a_database_of_ones_own_is_said_to_be_left_alone() -> None:
    """It was stored and not used, without a word."""
    given = settings_of(ASH_DATABASE_URL="postgresql://me:secret-word@db.example.com/ash")

    outcome = checks.check_database(given)

    assert outcome.verdict is Verdict.WARNING
    assert "not used" in outcome.text
    assert "secret-word" not in outcome.text + outcome.fix
    assert checks.check_database(settings_of()).verdict is Verdict.PASSED


HOME = "arn:aws:acm:us-east-1:123456789012:certificate/1"


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        ({}, Verdict.PASSED),
        ({"certificate": HOME, "hostname": "ash.example.com"}, Verdict.PASSED),
        ({"certificate": HOME}, Verdict.WARNING),  # no name that it is for
        ({"certificate": HOME.replace("us-east-1", "eu-west-1")}, Verdict.REFUSED),
    ],
)
def test_a_certificate_is_of_this_region_and_has_a_name(
    options: dict[str, str], verdict: Verdict
) -> None:
    wanted = read_request(settings_of(), DeployOptions(**options))  # type: ignore[arg-type]  # texts only
    assert checks.check_certificate("us-east-1", wanted).verdict is verdict
