"""What can be known to fail before anything is created: the checks of the playbook ``plan``.

What they look at is read side by side, in at most two seconds: what has not answered by then could not
be told, and stops nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from ash_ops.aws import acm, elbv2, logs, route53
from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.aws.cloudwatch import fargate_vcpu
from ash_ops.aws.ec2 import in_vpcs, subnets_named
from ash_ops.aws.iam import not_allowed
from ash_ops.aws.machines.instance_types import instance_type, vcpu_quota, zones_of_type
from ash_ops.aws.operations import Operation
from ash_ops.aws.storage import database_at
from ash_ops.checks.base import Finding
from ash_ops.checks.catalogue import deployment_checks
from ash_ops.deploy.domain.readings import read_public_dns, read_records
from ash_ops.deploy.plan.callers import is_loopback
from ash_ops.deploy.plan.data_volume import keeps_on_files
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.request import DATABASE_URL, Request
from ash_ops.diagnosis import Report, answered
from ash_ops.errors import OpsError
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.network import InternetGateway, NatGateway, SecurityGroup
from ash_ops.facts.reading import Gap, Reading
from ash_ops.facts.services import AwsVpcConfiguration, NetworkConfiguration, Service
from ash_ops.facts.snapshot import READINGS, DeploymentFacts, Snapshot
from ash_ops.facts.start import Identity, LogGroup
from ash_ops.facts.task_definitions import ContainerDefinition, RuntimePlatform, TaskDefinition
from ash_ops.iam.policy import deploy_actions
from ash_ops.names import Deployment
from ash_ops.sizes.instance_types import quota_code
from ash_ops.snapshot.context import gap_of
from ash_ops.snapshot.fan_out import Outcome, Pool, Run, Step
from ash_ops.snapshot.http_get import get
from ash_ops.snapshot.readings.image import CALL as IMAGE_CALL
from ash_ops.snapshot.readings.image import find_image
from ash_ops.snapshot.registry import parse_image
from ash_ops.template_parameters import MULTI_MACHINE, bundled_parameters

LIMIT_SECONDS = 2.0
FARGATE = "FARGATE"
_PLAN = "plan:"  # what a fact is quoted as that is not there yet
_NETWORK: dict[str, tuple[type[Any], Operation]] = {
    "internet_gateways": (InternetGateway, op.DESCRIBE_INTERNET_GATEWAYS),
    "nat_gateways": (NatGateway, op.DESCRIBE_NAT_GATEWAYS),
}


def check_plan(planned: PlannedDeployment) -> dict[str, Report]:
    """What each check of the playbook ``plan`` says, by the check's id."""
    facts = planned.snapshot.deployment
    return {check.id: answered([check], planned, facts) for check in deployment_checks("plan")}


def refusal(reports: Mapping[str, Report], skipped: Collection[str]) -> OpsError | None:
    """The error that stops the deployment, if a check that counts has refused."""
    refused = [
        (check, finding)
        for check, report in reports.items()
        if check not in skipped
        for finding in report.findings
        if finding.severity == "error"
    ]
    if not refused:
        return None
    (check, first), rest = refused[0], refused[1:]
    others = "".join(f"\n        also: {finding.summary}" for _, finding in rest)
    return OpsError(
        "Nothing was created: this deployment would fail",
        first.summary + others,
        f"{_advice(first)} (`--skip-check {check}` deploys in spite of it.)",
    )


def _advice(finding: Finding) -> str:
    return " ".join(f"{fix.why} `{fix.command}`" if fix.command else fix.why for fix in finding.fix)


def read_planned(
    aws: Aws,
    identity: Identity,
    request: Request,
    placement: Placement,
    *,
    is_new: bool,
    limit: float = LIMIT_SECONDS,
) -> PlannedDeployment:
    """Read what the checks look at, side by side, and wait no longer than ``limit`` seconds.

    Raises:
        CredentialsProblem: AWS does not accept the credentials.
    """
    asks = tuple(_asks(aws, identity, request, placement, is_new=is_new))
    pool, now = Pool(len(asks)), datetime.now(UTC)
    run = Run(pool, lambda: datetime.now(UTC))
    try:
        run.expect(_in_its_zone(aws, request, run))
        run.start(asks)
        run.finish(time.monotonic() + limit)
    finally:
        pool.close()
    readings = {name: _reading(outcome) for name, outcome in run.outcomes.items()}
    planned = plan_of(request, placement, aws.region, identity, readings, now)
    return replace(planned, has_own_database=bool(aws.settings.get(DATABASE_URL)))


def _asks(
    aws: Aws, identity: Identity, request: Request, placement: Placement, *, is_new: bool
) -> Iterator[Step]:
    """The readings that the checks of this deployment look at."""
    for name, (kind, operation) in _NETWORK.items():
        yield _ask(name, operation, in_vpcs, aws, kind, [placement.vpc])
    if not identity.is_root:
        who, wanted = identity.policy_source, deploy_actions()
        yield _ask("denied_actions", op.SIMULATE_PRINCIPAL_POLICY, not_allowed, aws, who, wanted)
    if not is_loopback(aws.settings.endpoint_url):  # an emulator pulls nothing
        find = partial(find_image, aws, parse_image(request.effective("Image")), get)
        yield Step(name="image", call=IMAGE_CALL, read=find)
    if _launch_type(request) == FARGATE:
        yield _ask("quota", op.GET_SERVICE_QUOTA, fargate_vcpu, aws)
    if request.on_instances:
        yield from _asks_of_instances(aws, request.effective("InstanceType"))
    mounted = _listed(request.previous.get("TaskSubnetIds", ""))
    if keeps_on_files(request) and not is_new and mounted:
        yield _ask("mounted_subnets", op.DESCRIBE_SUBNETS, subnets_named, aws, mounted)
    if request.mode == MULTI_MACHINE:
        runners = _listed(request.effective("RunnerSubnetIds"))
        yield _ask("runner_subnets", op.DESCRIBE_SUBNETS, subnets_named, aws, runners)
    if is_new and request.effective("UseDatabase") == "true" and request.mode == MULTI_MACHINE:
        host, groups = _host_of(aws.settings.get(DATABASE_URL) or ""), op.DESCRIBE_SECURITY_GROUPS
        yield _ask("given_database", op.DESCRIBE_DB_INSTANCES, database_at, aws, host)
        yield _ask("security_groups", groups, in_vpcs, aws, SecurityGroup, [placement.vpc])
    yield from _about_the_name(aws, request)
    if is_new:
        yield from _asks_of_the_account(aws, request.deployment)


def _asks_of_instances(aws: Aws, name: str) -> Iterator[Step]:
    """What a type of instance has, where it is offered, and how many the account may run."""
    yield _ask("instance_type", op.DESCRIBE_INSTANCE_TYPES, instance_type, aws, name)
    yield _ask("instance_zones", op.DESCRIBE_INSTANCE_TYPE_OFFERINGS, zones_of_type, aws, name)
    code = quota_code(name)
    if code:
        yield _ask("vcpu_quota", op.GET_SERVICE_QUOTA, vcpu_quota, aws, code)


def _asks_of_the_account(aws: Aws, names: Deployment) -> Iterator[Step]:
    """Whether a new deployment's names are free, and CloudWatch Logs has room for its policy."""
    yield _ask("log_policies", op.DESCRIBE_RESOURCE_POLICIES, logs.resource_policies, aws)
    yield _ask("log_groups", op.DESCRIBE_LOG_GROUPS, _taken_log_groups, aws, names)
    balancer, named = names.load_balancer, elbv2.load_balancer_named
    yield _ask("load_balancer", op.DESCRIBE_LOAD_BALANCERS, named, aws, balancer)


def _ask(name: str, operation: Operation, read: Callable[..., Any], *of: object) -> Step:
    return Step(name=name, call=operation.action, read=partial(read, *of))


def _listed(ids: str) -> list[str]:
    return [id_ for id_ in ids.split(",") if id_]


def _host_of(url: str) -> str:
    """The host of a database's address; empty where it cannot be read, which the server says as well."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _about_the_name(aws: Aws, request: Request) -> Iterator[Step]:
    """The certificate that was given, and the zone of the name that clients call."""
    given, zone_id = request.effective("CertificateArn"), request.effective("HostedZoneId")
    if given:
        yield _ask("certificate", op.DESCRIBE_CERTIFICATE, acm.certificate, aws, given)
    if request.effective("DomainName"):
        find = partial(route53.hosted_zone, aws, zone_id)
        read = find if zone_id else type(None)
        yield Step(name="hosted_zone", call=op.GET_HOSTED_ZONE.action, read=read)


def _in_its_zone(aws: Aws, request: Request, run: Run) -> Iterator[Step]:
    """What is asked once the zone of the name is known."""
    domain, issues = request.effective("DomainName"), not request.effective("CertificateArn")
    after = ("hosted_zone",)
    if not domain:
        return

    def records() -> object:
        return read_records(aws, domain, run.value_of("hosted_zone"))

    def public() -> object:
        return read_public_dns(domain, run.value_of("hosted_zone"), is_to_be_issued=issues)

    yield Step(name="name_records", call=op.LIST_RECORD_SETS.action, read=records, after=after)
    if not is_loopback(aws.settings.endpoint_url):  # an emulator's names are nowhere else
        yield Step(name="public_dns", call="dns:NS", read=public, after=after)


def _taken_log_groups(aws: Aws, names: Deployment) -> tuple[LogGroup, ...]:
    wanted = (names.log_group, names.event_log_group)
    return tuple(
        group
        for name in wanted
        for group in logs.log_groups(aws, name)
        if group.log_group_name == name
    )


def _reading(outcome: Outcome) -> Reading[Any]:
    gap = gap_of(outcome.failure) if outcome.failure else None
    return Reading(call=outcome.call, at=outcome.at, value=outcome.value, gap=gap)


def plan_of(
    request: Request,
    placement: Placement,
    region: str,
    identity: Identity,
    readings: Mapping[str, Reading[Any]],
    at: datetime,
) -> PlannedDeployment:
    """The deployment as it will be, and what was read of where it is to go.

    Args:
        request: what is wanted.
        placement: the network that was chosen.
        region: where.
        identity: who deploys.
        readings: what was read besides, by the names of ``Snapshot`` and ``PlannedDeployment``; what is
            not among them does not apply.
        at: the time of the plan.
    """
    gap = Gap(kind="skipped", message="there is no such thing before the deployment")

    def reading(name: str) -> Reading[Any]:
        return readings.get(name) or Reading(call=f"{_PLAN}{name}", at=at, gap=gap)

    known: dict[str, Any] = {name: reading(name) for name in READINGS} | {
        name: Reading(call=call, at=at, value=value)
        for name, call, value in _chosen(request, placement, identity)
    }
    return PlannedDeployment(
        snapshot=Snapshot(taken_at=at, deployment=_names(request, region, identity), **known),
        mode=request.mode,
        parameters={
            name: request.effective(name)
            for name in {**bundled_parameters(request.mode), **request.declared}
        },
        vpc=placement.vpc,
        balancer_subnets=tuple(s.subnet_id for s in placement.balancer_subnets),
        denied_actions=reading("denied_actions"),
        runner_subnets=reading("runner_subnets"),
        log_groups=reading("log_groups"),
        load_balancer=reading("load_balancer"),
        instance_type=reading("instance_type"),
        instance_zones=reading("instance_zones"),
        vcpu_quota=reading("vcpu_quota"),
        mounted_subnets=reading("mounted_subnets"),
        log_policies=reading("log_policies"),
        given_database=reading("given_database"),
        hosted_zone=reading("hosted_zone"),
        name_records=reading("name_records"),
        public_dns=reading("public_dns"),
        certificate=reading("certificate"),
        has_its_record=all(
            request.previous.get(name) == request.effective(name)
            for name in ("DomainName", "HostedZoneId")
        ),
    )


def _chosen(
    request: Request, placement: Placement, identity: Identity
) -> Iterator[tuple[str, str, object]]:
    """What is known before anything is read for the checks: each reading, its call and its value."""
    subnets = {s.subnet_id: s for s in (*placement.balancer_subnets, *placement.task_subnets)}
    yield "identity", op.GET_CALLER_IDENTITY.action, identity
    yield "service", f"{_PLAN}Service", _service(request, placement)
    yield "task_definition", f"{_PLAN}TaskDefinition", _task(request)
    yield "subnets", op.DESCRIBE_SUBNETS.action, tuple(subnets.values())
    yield "route_tables", op.DESCRIBE_ROUTE_TABLES.action, placement.tables


def _names(request: Request, region: str, identity: Identity) -> DeploymentFacts:
    names = request.deployment
    return DeploymentFacts(
        name=names.prefix,
        region=region,
        account=identity.account,
        cluster=names.cluster,
        service=names.service,
        log_group=names.log_group,
    )


def _launch_type(request: Request) -> str:
    """Where the server is to run; a template that does not say so has Fargate."""
    return request.effective("LaunchType") or FARGATE


def _service(request: Request, placement: Placement) -> Service:
    network = AwsVpcConfiguration(
        subnets=tuple(s.subnet_id for s in placement.task_subnets),
        assign_public_ip=request.effective("AssignPublicIp"),
    )
    return Service(
        service_name=request.deployment.service,
        desired_count=1,
        running_count=0,
        launch_type=_launch_type(request),
        network_configuration=NetworkConfiguration(awsvpc_configuration=network),
    )


def _task(request: Request) -> TaskDefinition:
    return TaskDefinition(
        cpu=request.effective("Cpu"),
        memory=request.effective("Memory"),
        requires_compatibilities=(_launch_type(request),),
        runtime_platform=RuntimePlatform(cpu_architecture=request.effective("Architecture")),
        container_definitions=(ContainerDefinition(name="ash", image=request.effective("Image")),),
    )
