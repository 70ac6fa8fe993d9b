"""Are the capacity providers active, and may ECS use the role with which it starts instances?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.causes.denials import denier
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import on_managed
from ash_ops.checks._findings import aws_command, deploy_fix, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items, present
from ash_ops.checks.hosts._events import Denial, denied
from ash_ops.checks.hosts._hosts import require_hosts, severity_now
from ash_ops.checks.pending._grants import trust
from ash_ops.facts.hosts import CapacityProvider
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot

PRINCIPAL = "ecs.amazonaws.com"
# AWS managed policy reference, AmazonECSInfrastructureRolePolicyForManagedInstances.
_MANAGED_POLICY = "AmazonECSInfrastructureRolePolicyForManagedInstances"
_STATES = frozenset({"ACTIVE", "PROVISIONING", "DEPROVISIONING", "INACTIVE"})
_MEANING = {
    "PROVISIONING": "is still being made",
    "DEPROVISIONING": "is being deleted",
    "INACTIVE": "was deleted",
}
_CONSEQUENCES = (
    *(*NO_TASK, "task-stuck", "placement-failed", "wrong-launch-type", "no-instances"),
)


def providers(snapshot: Snapshot) -> Iterator[Finding]:
    """Every provider that the service's strategy names is ACTIVE, and its last change worked."""
    wanted = require_hosts(snapshot).host_providers
    if not wanted:
        raise NotApplicable("the service names a launch type and no capacity provider")
    found = {p.name: p for p in items(snapshot.capacity_providers)}
    for name in wanted:
        provider = found.get(name)
        if provider is None:
            yield _absent(snapshot, name)
        elif provider.status not in {None, "ACTIVE"} or _failed(provider):
            yield from _unusable(snapshot, provider)


def _failed(provider: CapacityProvider) -> bool:
    return (provider.update_status or "").endswith("_FAILED")


def _absent(snapshot: Snapshot, name: str) -> Finding:
    cluster = snapshot.deployment.cluster
    return finding(
        "provider-not-active",
        "pending",
        f"Cluster {cluster} has no capacity provider {name}, which the service's strategy names.",
        [quote(snapshot.capacity_providers, f"capacityProviders[{name}]", "not found")],
        [
            Fix(
                why="See which providers the cluster has; the service must name one of them.",
                command=aws_command(
                    snapshot,
                    f"ecs describe-clusters --clusters {cluster} --query 'clusters[].capacityProviders'",
                ),
            ),
            deploy_fix(snapshot, "Or deploy again, which makes it."),
            verify(snapshot, "pending"),
        ],
        severity=severity_now(snapshot),
        subject=f"provider/{name}",
        apart=name,
    )


def _unusable(snapshot: Snapshot, provider: CapacityProvider) -> Iterator[Finding]:
    """A provider that is not active, or whose last change failed.

    Raises:
        CannotTell: its state is not known here.
    """
    status = provider.status
    if status is not None and status not in _STATES:
        raise CannotTell(f"capacity provider {provider.name} is {status}, which is not known here")
    path = f"capacityProviders[{provider.name}]"
    reason = provider.update_status_reason
    active = status in {None, "ACTIVE"}
    what = _became_of(provider, active=active)
    evidence = [quote(snapshot.capacity_providers, f"{path}.status", status or "not told")]
    if provider.update_status:
        told = f"{provider.update_status}: {reason}" if reason else provider.update_status
        evidence.append(quote(snapshot.capacity_providers, f"{path}.updateStatusReason", told))
    yield finding(
        "provider-not-active",
        "pending",
        f"Capacity provider {provider.name} {what}" + (f": {reason}." if reason else "."),
        evidence,
        [*_mended(snapshot, provider), verify(snapshot, "pending")],
        severity="warning" if active else severity_now(snapshot),
        subject=f"provider/{provider.name}",
        apart=provider.name,
    )


def _became_of(provider: CapacityProvider, *, active: bool) -> str:
    if provider.update_status == "CREATE_FAILED":
        return "could not be made"
    return "could not be changed" if active else _MEANING[provider.status or ""]


def _mended(snapshot: Snapshot, provider: CapacityProvider) -> list[Fix]:
    if provider.status == "PROVISIONING" and not _failed(provider):
        look = f"ecs describe-capacity-providers --capacity-providers {provider.name}"
        return [
            Fix(
                why="Wait until it is ACTIVE, a few minutes: this shows it.",
                command=aws_command(snapshot, look),
            )
        ]
    if provider.update_status == "CREATE_FAILED":
        reason = provider.update_status_reason or "what its reason names"
        return [
            deploy_fix(snapshot, f"Mend this first: {reason}. Then deploy, which makes it anew.")
        ]
    if provider.status in {"DEPROVISIONING", "INACTIVE"}:
        return [
            deploy_fix(snapshot, "Deploy again, which makes one, or let the service name another.")
        ]
    return [Fix(why="Remove what its reason names, then have it made or changed again.")]


def role(snapshot: Snapshot) -> Iterator[Finding]:
    """The provider's infrastructure role exists and trusts ecs.amazonaws.com."""
    require_hosts(snapshot)
    refused = denied(snapshot)
    if refused is not None:
        yield _denied(snapshot, refused)
        return
    found = present(snapshot.infrastructure_role)
    trusted = {PRINCIPAL, "*"} & set(found.trusted_services)
    if found.exists and trusted:
        return
    says = (
        f"trusts {', '.join(found.trusted_services) or 'no service'}"
        if found.exists
        else "does not exist"
    )
    yield finding(
        "infrastructure-role",
        "pending",
        f"ECS cannot start instances: their infrastructure role {found.name} {says}; it must trust {PRINCIPAL}.",
        [
            quote(
                snapshot.infrastructure_role,
                f"Role[{found.name}].AssumeRolePolicyDocument"
                if found.exists
                else f"Role[{found.name}]",
                ", ".join(found.trusted_services) if found.exists else "not found",
            )
        ],
        [
            trust(snapshot, found.name, found, PRINCIPAL)
            if found.exists
            else deploy_fix(
                snapshot, f"Make the role {found.name} again: it must trust {PRINCIPAL}."
            ),
            verify(snapshot, "pending"),
        ],
        severity=severity_now(snapshot),
        subject=f"role/{found.name}",
    )


def _denied(snapshot: Snapshot, denial: Denial) -> Finding:
    """ECS's own word for it: the role is assumed, and may not do what it is for."""
    event = denial.event
    return finding(
        "infrastructure-role",
        "pending",
        f"ECS cannot start instances: {denial.role} is not allowed {denial.action}.",
        [
            quote(
                snapshot.service,
                f"events[{event.id[:8]}].message",
                event.message,
                event.created_at,
            )
        ],
        [_allowed(snapshot, denial), verify(snapshot, "pending")],
        severity=severity_now(snapshot),
        subject=f"role/{denial.role}",
    )


def _allowed(snapshot: Snapshot, denial: Denial) -> Fix:
    """AWS's own policy for such a role allows it, unless another policy than the role's denies it."""
    role, action = denial.role, denial.action
    elsewhere = denier(denial.event.message)
    if elsewhere:
        return Fix(why=f"{elsewhere} The action is {action}, the role {role}.")
    if not on_managed(snapshot):
        return Fix(why=f"Allow {role} the action {action}: its own policies lack it.")
    return Fix(
        why=f"Allow {role} the action {action}. AWS's own policy for such a role allows what ECS needs; "
        "iam:PassRole only for roles whose names begin with ecsInstanceRole: for another, name it in a "
        "policy of the role's own.",
        command=aws_command(
            snapshot,
            f"iam attach-role-policy --role-name {role} --policy-arn arn:{denial.partition}:iam::aws:policy/{_MANAGED_POLICY}",
        ),
    )


PROVIDERS = Check(
    id="capacity-providers",
    title="The capacity providers that the service names are active",
    playbook="pending",
    run=providers,
    causes=("provider-not-active",),
    explains=_CONSEQUENCES,
)
ROLE = Check(
    id="infrastructure-role",
    title="ECS may assume the role with which it starts instances",
    playbook="pending",
    run=role,
    causes=("infrastructure-role",),
    explains=(*_CONSEQUENCES, "provider-not-active"),
)
