"""The checks before a deployment; each is one question with its fix."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ash_ops.aws import elbv2, logs
from ash_ops.aws.client.session import Aws
from ash_ops.aws.cloudwatch import FARGATE_ON_DEMAND_VCPU, fargate_vcpu
from ash_ops.aws.ec2 import subnets_named
from ash_ops.aws.iam import not_allowed
from ash_ops.deploy.plan.account import check_log_policies, check_mount_targets
from ash_ops.deploy.plan.callers import is_loopback
from ash_ops.deploy.plan.data_volume import keeps_on_files
from ash_ops.deploy.plan.image import ImageAnswer, look_up
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.preflight import Check, Outcome, Verdict
from ash_ops.deploy.plan.request import Request
from ash_ops.deploy.plan.room import check_instance, check_instance_quota
from ash_ops.facts.network import Subnet
from ash_ops.facts.start import Identity
from ash_ops.iam.policy import deploy_actions
from ash_ops.settings import Settings
from ash_ops.sizes.zones import lacks_fargate
from ash_ops.template_parameters import MULTI_MACHINE

_FEW_ADDRESSES = 8

passed = partial(Outcome, verdict=Verdict.PASSED)
warning = partial(Outcome, verdict=Verdict.WARNING)
refused = partial(Outcome, verdict=Verdict.REFUSED)
unknown = partial(Outcome, verdict=Verdict.UNKNOWN)


def deployment_checks(
    aws: Aws, identity: Identity, request: Request, placement: Placement, *, is_new: bool
) -> list[Check]:
    """Every check that applies to this deployment."""
    emulated = is_loopback(aws.settings.endpoint_url)
    on_fargate = not (request.is_ec2 or request.is_managed)
    asks: dict[str, Callable[[], Outcome]] = {
        "permissions": partial(check_permissions, aws, identity),
        "subnets": partial(check_subnets, placement, on_fargate=on_fargate),
        "routes": partial(check_routes, request, placement),
        "memory": partial(check_memory, request),
        "agents": partial(check_agents, request),
        "certificate": partial(check_certificate, aws.region, request),
    }
    if not emulated:
        asks["image"] = partial(check_image, request, partial(look_up, aws))
    if on_fargate:
        asks["quota"] = partial(check_quota, aws, request)
    if request.on_instances:
        asks["instance"] = partial(check_instance, aws, request, placement)
        asks["instance-quota"] = partial(check_instance_quota, aws, request)
    if request.mode == MULTI_MACHINE:
        asks["runners"] = partial(check_runners, aws, request, placement)
        asks["database"] = partial(check_database, aws.settings)
    if keeps_on_files(request) and not is_new:
        asks["mount-targets"] = partial(check_mount_targets, aws, request, placement)
    if is_new:
        asks["log-policies"] = partial(check_log_policies, aws)
        asks["names"] = partial(check_names, aws, request)
    return [Check(name, ask) for name, ask in asks.items()]


def check_permissions(aws: Aws, identity: Identity) -> Outcome:
    """Whether IAM's simulation allows the calls that the deployment makes itself."""
    name = "permissions"
    if identity.is_root:
        return passed(check=name, text="the root user may do everything")
    missing = not_allowed(aws, identity.policy_source, deploy_actions())
    if not missing:
        return passed(check=name, text=f"{identity.policy_source} is allowed every call")
    shown = ", ".join(missing[:6]) + (f" and {len(missing) - 6} more" if len(missing) > 6 else "")
    # Policies that name resources are refused on "*": a simulation cannot prove a denial.
    return warning(
        check=name,
        text=f"IAM's simulation does not allow {shown} on every resource",
        fix="`ash-ops iam-policy deploy` prints the policy that is enough.",
    )


def check_subnets(placement: Placement, *, on_fargate: bool = True) -> Outcome:
    """Two zones, one VPC, and addresses left."""
    name = "subnets"
    shut = next((s for s in placement.task_subnets if lacks_fargate(s.availability_zone_id)), None)
    if shut is not None and on_fargate:
        return refused(
            check=name,
            text=f"{shut.subnet_id} is in {shut.zone} ({shut.availability_zone_id}), which has no Fargate.",
            fix="Name subnets in other zones with --subnets or --task-subnets.",
        )
    for role, subnets in (
        ("load balancer", placement.balancer_subnets),
        ("task", placement.task_subnets),
    ):
        if len({s.zone for s in subnets}) < 2:
            ids = ", ".join(s.subnet_id for s in subnets)
            return refused(
                check=name,
                text=f"the {role}'s subnets {ids} are in one zone; two zones are wanted.",
                fix="Name subnets in two zones with --subnets.",
            )
        foreign = next((s for s in subnets if s.vpc_id != placement.vpc), None)
        if foreign:
            return refused(
                check=name,
                text=f"{foreign.subnet_id} is in {foreign.vpc_id}, the others are in {placement.vpc}.",
                fix="Name subnets of one VPC with --subnets.",
            )
    return _addresses(name, placement)


def _addresses(name: str, placement: Placement) -> Outcome:
    subnets = {s.subnet_id: s for s in (*placement.balancer_subnets, *placement.task_subnets)}
    tightest = min(
        (s for s in subnets.values() if s.available_ip_address_count is not None),
        key=lambda s: s.available_ip_address_count or 0,
        default=None,
    )
    if tightest is None:
        return unknown(check=name, text="AWS did not say how many addresses are free")
    free = tightest.available_ip_address_count or 0
    if free < 2:
        return refused(
            check=name,
            text=f"{tightest.subnet_id} has {free} free addresses; the load balancer and a task need two.",
            fix="Name other subnets with --subnets, or free addresses in it.",
        )
    if free < _FEW_ADDRESSES:
        return warning(
            check=name,
            text=f"{tightest.subnet_id} has only {free} free addresses",
            fix="A rollout needs one more for each task.",
        )
    zones = ", ".join(s.zone for s in placement.balancer_subnets)
    return passed(check=name, text=f"{placement.vpc}: two subnets in {zones}")


def check_routes(request: Request, placement: Placement) -> Outcome:
    """Whether clients get in and the task gets out: else it stays PENDING for ever."""
    name = "routes"
    if request.effective("Scheme") == "internet-facing":
        closed = next(
            (s for s in placement.balancer_subnets if not placement.has_internet_gateway(s)), None
        )
        if closed:
            return refused(
                check=name,
                text=f"{closed.subnet_id} has no route to an internet gateway, so an internet-facing load "
                "balancer there answers nobody.",
                fix="Name public subnets with --subnets, or use --internal.",
            )
    public = request.effective("AssignPublicIp") == "ENABLED"
    for subnet in placement.task_subnets:
        managed = request.is_managed
        problem = _way_out(placement, subnet, public=public, can_be_public=not managed)
        if problem:
            return refused(check=name, text=problem[0], fix=problem[1])
    if placement.nats is None and any(_through_nat(placement, s) for s in placement.task_subnets):
        return unknown(check=name, text="whether the NAT gateways work could not be read")
    return passed(check=name, text="every subnet has the route it needs")


def _through_nat(placement: Placement, subnet: Subnet) -> bool:
    route = placement.default_route(subnet)
    return bool(route and route.nat_gateway_id)


def _way_out(
    placement: Placement, subnet: Subnet, *, public: bool, can_be_public: bool = True
) -> tuple[str, str] | None:
    name, route = subnet.subnet_id, placement.default_route(subnet)
    if route is None:
        return (
            f"{name} has no default route that leads anywhere, so the task cannot pull its image.",
            "Add a route 0.0.0.0/0 to an internet gateway (public) or to a NAT gateway (--private).",
        )
    trouble = placement.nat_trouble(route)
    if trouble:
        return (
            f"{name} leads to {route.target}, which is {trouble}, so the task cannot pull its image.",
            "Point the route at a NAT gateway that is available.",
        )
    if route.is_public and not public:
        return (
            f"{name} leads to an internet gateway, but the task gets no public address.",
            "Name private subnets behind a NAT gateway with --task-subnets"
            + (", or drop --private (use --public)." if can_be_public else "."),
        )
    return None


def check_runners(aws: Aws, request: Request, placement: Placement) -> Outcome:
    """Whether the runners' subnets are there, and lead out through something other than a public address."""
    name, wanted = "runners", request.effective("RunnerSubnetIds").split(",")
    found = [s for s in subnets_named(aws, wanted) if s.vpc_id == placement.vpc]
    missing = [id_ for id_ in wanted if id_ not in {s.subnet_id for s in found}]
    if missing:
        return refused(
            check=name,
            text=f"there is no subnet {missing[0]} in {placement.vpc}.",
            fix="Correct --runner-subnets: `aws ec2 describe-subnets` lists them.",
        )
    reached = {subnet.zone for subnet in placement.task_subnets[:2]}
    astray = next((s for s in found if s.zone not in reached), None)
    if astray is not None:
        return refused(
            check=name,
            text=f"{astray.subnet_id} is in {astray.zone}, and /data has mount targets in "
            f"{' and '.join(sorted(reached))} alone: a runner there could not mount it.",
            fix="Name subnets in those zones with --runner-subnets.",
        )
    for subnet in found:
        if _way_out(placement, subnet, public=False):
            return refused(
                check=name,
                text=f"{subnet.subnet_id} has no default route to a NAT gateway, and runners get no public "
                "address, so they cannot pull the image.",
                fix="Name private subnets behind a NAT gateway with --runner-subnets.",
            )
    return passed(check=name, text="the runners' subnets lead out")


def check_database(settings: Settings) -> Outcome:
    """Whether somebody expects a database of their own to be used, which this mode does not do."""
    if settings.get("ASH_DATABASE_URL"):
        return warning(
            check="database",
            text="ASH_DATABASE_URL is not used: this mode makes a PostgreSQL database of its own, and "
            "writes nothing to that one.",
            fix="Take it out, or deploy standalone to use it.",
        )
    return passed(check="database", text="a PostgreSQL database is made")


def check_image(request: Request, ask: Callable[[str], ImageAnswer]) -> Outcome:
    """Whether the image exists for the processor it is to run on."""
    name, image = "image", request.effective("Image")
    answer = ask(image)
    if answer.exists is False:
        return refused(
            check=name,
            text=f"{image}: {answer.reason}.",
            fix="Correct --image or ASH_IMAGE.",
        )
    architecture = request.effective("Architecture")
    if answer.exists and answer.runs_on(architecture) is False:
        return refused(
            check=name,
            text=f"{image} exists for {', '.join(sorted(answer.architectures))}, not for {architecture}.",
            fix="Change --architecture, or use an image that is built for it.",
        )
    if answer.exists is None:
        return unknown(check=name, text=f"{image}: {answer.reason}")
    return passed(check=name, text=f"{image} exists")


def check_quota(aws: Aws, request: Request) -> Outcome:
    """Whether the account may run the task, and a second one beside it during a rollout."""
    name = "quota"
    found = fargate_vcpu(aws)
    if found is None or found.value is None:
        return unknown(check=name, text="AWS did not say how much Fargate vCPU the account may use")
    quota = found.value
    wanted = int(request.effective("Cpu")) / 1024
    ask = (
        "Ask for more: `aws service-quotas request-service-quota-increase --service-code fargate "
        f"--quota-code {FARGATE_ON_DEMAND_VCPU} --desired-value {max(8, int(wanted * 4))}`."
    )
    if quota < wanted:
        text = f"the account may use {quota:g} Fargate vCPU, the task wants {wanted:g}."
        return refused(check=name, text=text, fix=ask)
    if quota < 2 * wanted:
        text = (
            f"the account may use {quota:g} Fargate vCPU; a rollout runs two tasks, {2 * wanted:g}"
        )
        return warning(check=name, text=text, fix=ask)
    return passed(check=name, text=f"{quota:g} Fargate vCPU allowed")


def check_names(aws: Aws, request: Request) -> Outcome:
    """Whether something outside the stack already has one of the names."""
    name, names = "names", request.deployment
    for log_group in (names.log_group, names.event_log_group):
        found = logs.log_groups(aws, log_group)
        if any(group.log_group_name == log_group for group in found):
            return refused(
                check=name,
                text=f"the log group {log_group} is there already, left by something else.",
                fix=f"Delete it (`aws logs delete-log-group --log-group-name {log_group}`), "
                "or deploy under another --name.",
            )
    if elbv2.load_balancer_named(aws, names.load_balancer):
        return refused(
            check=name,
            text=f"a load balancer {names.load_balancer} is there already.",
            fix="Deploy under another --name, or delete it first.",
        )
    return passed(check=name, text="no name is taken")


def check_memory(request: Request) -> Outcome:
    """Whether the sandboxes' limits fit into the task: else it dies before a limit applies."""
    name = "memory"
    on_runners = request.mode == MULTI_MACHINE
    task = int(request.effective("RunnerMemory" if on_runners else "Memory"))
    sandbox = int(request.effective("SandboxMemory"))
    count = int(request.effective("MaxSandboxes"))
    if task >= sandbox * count:
        return passed(check=name, text=f"{count} sandboxes of {sandbox} MB fit into {task} MB")
    return warning(
        check=name,
        text=f"{count} sandboxes may use {sandbox} MB each, the task has {task} MB: when agents use "
        "what they may, the whole task is killed (OutOfMemoryError) before a sandbox's limit applies",
        fix="Raise --memory, or lower --max-sandboxes or --sandbox-memory.",
    )


def check_agents(request: Request) -> Outcome:
    """Whether agents can start at all: they need a writable cgroup file system."""
    name = "agents"
    if request.is_managed:
        return warning(
            check=name,
            text="a privileged container on ECS Managed Instances can run agents by all that AWS "
            "says; that is not yet proven on an account",
            fix="The session at the end proves it (--canary, the default here).",
        )
    if request.on_instances:
        return passed(check=name, text="a privileged container on EC2 can run agents")
    return warning(
        check=name,
        text="on Fargate the server starts, but with the image as published agents most likely do "
        "not: their sandboxes need a writable cgroup file system, and Fargate's is read-only",
        fix="Use --launch-type managed or ec2 to run agents; --canary proves it either way.",
    )


def check_certificate(region: str, request: Request) -> Outcome:
    """Whether clients can accept the certificate: of this region, and with a name to call."""
    name, certificate = "certificate", request.effective("CertificateArn")
    if not certificate:
        return passed(check=name, text="no TLS was asked for")
    home = certificate.split(":")[3]
    if home != region:
        return refused(
            check=name,
            text=f"the certificate is of {home}, the load balancer is in {region}.",
            fix=f"Issue or import one in {region}: `aws acm list-certificates --region {region}`.",
        )
    if not request.effective("Hostname"):
        return warning(
            check=name,
            text="without --hostname clients call the load balancer by Amazon's name, which is not the "
            "one on the certificate, and refuse it",
            fix="Add --hostname NAME, the name on the certificate, and point it at the load balancer.",
        )
    return passed(check=name, text=f"TLS for {request.effective('Hostname')}")
