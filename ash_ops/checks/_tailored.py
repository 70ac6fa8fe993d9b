"""Repairs that depend on the deployment's shape, in the place of the catalogue's general ones.

Each function takes the facts and the message that named the cause, and returns the steps, or
``None`` where the catalogue's own are right.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.checks._denials import allowed_to, key_denied
from ash_ops.checks._disks import full, not_mounted, too_small_for_the_image
from ash_ops.checks._facts import (
    answers,
    definition,
    is_coordinator,
    on_ec2,
)
from ash_ops.checks._findings import (
    aws_command,
    change,
    deploy_fix,
    redeploy,
    version_fix,
)
from ash_ops.checks._launch_types import where_agents_run
from ash_ops.checks._names import named_in
from ash_ops.checks._past_the_stack import reopened
from ash_ops.checks._sizes import limit_raised, vcpus_to_ask_for
from ash_ops.checks.base import Fix, NotApplicable, items, present
from ash_ops.checks.fleet._repairs import no_runner, other_secret
from ash_ops.checks.pending._grants import image_not_pulled, role_not_assumed
from ash_ops.checks.pending.secrets import login_lost
from ash_ops.checks.restarts._grace import more_grace
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

Tailor = Callable[[Snapshot, str], list[Fix] | None]

_FARGATE_VCPUS = "L-3032A538"  # of the service code "fargate"
# The stack's security groups between a load balancer and its targets; an instance's are in no network configuration.
_ON_THE_WAY = ("LoadBalancerSecurityGroup", "TaskSecurityGroup")
_PRESERVE = "preserve_client_ip.enabled"


def stop_first(snapshot: Snapshot, why: str) -> Fix:
    """Let a rollout stop the old task before it starts the new one; the breaker stays as it is."""
    facts, service = snapshot.deployment, present(snapshot.service)
    config = service.deployment_configuration
    breaker = config.deployment_circuit_breaker if config else None
    bounds: dict[str, object] = {"minimumHealthyPercent": 0, "maximumPercent": 100}
    bounds["deploymentCircuitBreaker"] = {
        "enable": bool(breaker and breaker.enable),
        "rollback": bool(breaker and breaker.rollback),
    }
    return change(
        snapshot,
        why,
        op.UPDATE_SERVICE,
        cluster=facts.cluster,
        service=facts.service,
        deploymentConfiguration=bounds,
    )


def _bounds(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    try:
        return [
            stop_first(snapshot, "Let a rollout stop the old task before it starts the new one.")
        ]
    except (CannotTell, NotApplicable):
        return None


def _no_room_on_instances(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    if not on_ec2(snapshot):
        return None
    return [
        Fix(
            why="See what room the cluster's instances have.",
            command=aws_command(
                snapshot, f"ecs list-container-instances --cluster {snapshot.deployment.cluster}"
            ),
        ),
        Fix(
            why="Then choose: a task that fits (`ash-ops deploy --memory MB --cpu UNITS`), or a larger "
            "instance type (`--instance-type TYPE`), which replaces the instance and loses what is "
            "only on its disk. Without any instance in the cluster, look at its Auto Scaling group."
        ),
    ]


def preserve_addresses(snapshot: Snapshot, why: str) -> list[Fix]:
    """Let the targets see their callers' addresses, after whoever would be shut out is let in."""
    from ash_ops.checks.connection._chain import admit_balancer_group, shut_out

    group = next(iter(snapshot.target_groups.value or ()), None)
    if group is None:
        return [Fix(why=why)]
    try:
        outside, admit = shut_out(snapshot), admit_balancer_group(snapshot)
    except (CannotTell, NotApplicable) as cannot_tell:
        return [
            Fix(
                why=f"{why} First make sure that the task's group admits the callers: {cannot_tell}."
            )
        ]
    if outside and admit is None:
        return [
            Fix(
                why=f"{why} It would shut out callers now: the task's security group does not admit "
                f"{', '.join(outside)}. Admit your callers' networks there first; whom, is your "
                "decision. Then set preserve_client_ip.enabled on the target group."
            )
        ]
    step = change(
        snapshot,
        why,
        op.MODIFY_TARGET_GROUP_ATTRIBUTES,
        TargetGroupArn=group.target_group_arn,
        Attributes=[{"Key": _PRESERVE, "Value": "true"}],
    )
    return [admit, step] if outside and admit is not None else [step]


def _hidden_callers(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    return [
        Fix(why="Ask less often."),
        *preserve_addresses(snapshot, "Preserve client addresses: each then has its own count."),
    ]


def _other_program(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """An override that no stack of ours made goes with the next deployment; else the image is at fault."""
    container = definition(snapshot).container()
    if container is not None and (container.command or container.entry_point):
        why = "Take away what overrides the image's own program: the stack's task definition has no such override."
        return [deploy_fix(snapshot, why)]
    return [_back(snapshot)]


def _back(snapshot: Snapshot) -> Fix:
    """Back to the version that worked, unless that is what runs already."""
    service = present(snapshot.service)
    rollout = service.primary
    if rollout is not None and rollout.rollout_state == "COMPLETED" and service.running_count:
        return Fix(
            why="The version that worked runs again: repair the image before the next rollout."
        )
    return version_fix(snapshot, "Go back to the version that worked.", "rollback")


def _crashed(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """Where native code ended the process, the log may hold nothing: another version may help."""
    if "SIGILL" in text:
        return _other_processor(snapshot, text)
    if not any(name in text for name in ("SIGBUS", "SIGFPE", "SIGSYS", "SIGTRAP")):
        return None
    read = Fix(why="Read the last lines of its log: native code may have said why it ended.")
    return [read, _back(snapshot)]


def _other_processor(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """The version before ran on this processor; the image can also be built for it."""
    general = "Or build the image for the processor of the task (runtimePlatform.cpuArchitecture)."
    return [
        _back(snapshot),
        Fix(why=general),
    ]


def _unanswered(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """A refusal or silence where the health check asks rightly: the process may hang."""
    group = next(items(snapshot.target_groups), None)
    if group is None or "codes" in text or group.health_check_path not in {None, "/health"}:
        return None
    if group.health_check_port not in {None, "traffic-port", "4100"}:
        return None
    shut = reopened(snapshot, _ON_THE_WAY)
    if shut:
        return shut  # nothing hangs, and a restart would end every session for nothing
    agree = "Let container port, target group and path agree: port 4100, path /health, and "
    return [
        *more_grace(snapshot),
        Fix(why=f"{agree}ASH_HOST=0.0.0.0."),
        _anew(snapshot, "If they agree, the process hangs: start it anew."),
    ]


def _anew(snapshot: Snapshot, why: str) -> Fix:
    """All tasks anew; where another serves, the one that hangs alone, for a rollout would end that too."""
    if answers(snapshot):
        return Fix(why="If they agree, that task hangs: stop it alone, and ECS starts another.")
    return replace(redeploy(snapshot), why=why)


def _database_unreached(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """Silence is a closed door: a refusal or an unknown name would have come back."""
    if not any(word in text.lower() for word in ("etimedout", "timed out", "timeout expired")):
        return None
    service = snapshot.service.value
    groups = service.awsvpc.security_groups if service and service.awsvpc else ()
    who = f"the task's security group ({', '.join(groups)})" if groups else "the task"
    return [
        Fix(
            why="The database is silent, so packets are dropped on the way: let the database's security "
            f"group admit {who} on its port, and look at the network ACLs and routes between them."
        ),
        Fix(why="Or correct the host in ASH_DATABASE_URL, or start the database."),
    ]


def _zones(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """All subnets that the balancer has, and one of the tasks' in each zone that it lacks."""
    balancer = next(iter(snapshot.load_balancers.value or ()), None)
    service = snapshot.service.value
    config = service.network_configuration if service else None
    place = config.awsvpc_configuration if config else None
    if balancer is None or place is None:
        return None
    zone_of = {s.subnet_id: s.availability_zone for s in snapshot.subnets.value or ()}
    chosen = {
        zone_of.get(z.subnet_id or "", z.zone_name): z.subnet_id
        for z in balancer.availability_zones
    }
    for subnet in place.subnets:
        chosen.setdefault(zone_of.get(subnet), subnet)
    wanted = " ".join(s for s in chosen.values() if s)
    return [
        Fix(
            why="Let the load balancer serve the tasks' zones too.",
            command=aws_command(
                snapshot,
                f"elbv2 set-subnets --load-balancer-arn {balancer.load_balancer_arn} --subnets {wanted}",
            ),
        )
    ]


def _secret_pending_deletion(snapshot: Snapshot, text: str) -> list[Fix] | None:
    """Destroying it for good would lose the keys in it: that is never printed for the reader."""
    secret = named_in(text).get("secret") or f"{snapshot.deployment.name}/server"
    return [
        replace(
            change(snapshot, "Bring it back.", op.RESTORE_SECRET, SecretId=secret),
            action=None,
        )
    ]


def _cgroups(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    if on_ec2(snapshot) or is_coordinator(snapshot):
        return [Fix(why="Run the container privileged where sandboxes start: they need cgroups.")]
    return where_agents_run(snapshot) if snapshot.service.value is not None else None


def _more_vcpus(snapshot: Snapshot, _text: str) -> list[Fix] | None:
    """Twice what the account may use, and room for two tasks of this size in any case."""
    try:
        task = definition(snapshot)
    except (CannotTell, NotApplicable):
        return None
    quota = snapshot.quota.value
    code, limit = (quota.code, quota.value or 0) if quota else (_FARGATE_VCPUS, 0)
    need = 2 * int(task.cpu or 0) / 1024 * max(1, present(snapshot.service).desired_count or 1)
    wish = vcpus_to_ask_for(limit, limit + need)
    return [
        Fix(
            why="Ask for more; AWS grants it, or asks back.",
            command=aws_command(
                snapshot,
                "service-quotas request-service-quota-increase --service-code fargate "
                f"--quota-code {code} --desired-value {wish:g}",
            ),
        ),
        Fix(why="Or stop other tasks, or choose a smaller size."),
    ]


BY_CAUSE: dict[str, Tailor] = {
    "app-crash": _crashed,
    "ash-internal-secret": other_secret,
    "ash-no-runner": no_runner,
    "ash-runner-missing": no_runner,
    "ash-rate-limited": _hidden_callers,
    "cfn-secret-pending-deletion": _secret_pending_deletion,
    "container-oom": limit_raised,
    "db-unreachable": _database_unreached,
    "deployment-config-deadlock": _bounds,
    "disk-full": full,
    "efs-mount-failed": not_mounted,
    "elb-healthcheck-failed": _unanswered,
    "entrypoint-missing": _other_program,
    "fargate-quota": _more_vcpus,
    "image-arch-mismatch": _other_processor,
    "image-pull-denied": image_not_pulled,
    "image-unpack-failed": too_small_for_the_image,
    "role-call-denied": allowed_to,
    "role-assume-failed": role_not_assumed,
    "sandbox-cgroups-unavailable": _cgroups,
    "secret-access-denied": key_denied,
    "secret-not-found": login_lost,
    "snapshot-sync-failed": allowed_to,
    "session-limit": _hidden_callers,
    "sqlite-locked": _bounds,
    "target-az-not-enabled": _zones,
    "wrong-launch-type": _no_room_on_instances,
}
