"""What a command interrupts while it is carried out: declared once a kind of command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ash_ops.checks._facts import runs_a_task
from ash_ops.checks.base import Interruption
from ash_ops.checks.commands import Command
from ash_ops.facts.snapshot import Snapshot

_Rule = Interruption | Callable[[Snapshot, Mapping[str, Any]], Interruption]

NOTHING = Interruption.NOTHING
# Options of `ecs update-service` that start a new deployment (AWS API reference, "UpdateService").
_STARTS_TASKS = (
    "force-new-deployment",
    "task-definition",
    "network-configuration",
    "capacity-provider-strategy",
    "platform-version",
    "load-balancers",
    "service-registries",
    "enable-execute-command",
)


def _update_service(snapshot: Snapshot, options: Mapping[str, Any]) -> Interruption:
    if any(options.get(name) for name in _STARTS_TASKS):
        return Interruption.SESSIONS
    service = snapshot.service.value
    wanted = options.get("desired-count")
    if wanted is not None and service is not None and int(wanted) < (service.running_count or 0):
        return Interruption.SESSIONS
    waits = service is not None and len(service.deployments) > 1
    # A rollout that waits goes on as soon as its bounds allow it, and then stops the old task.
    return Interruption.MAYBE if waits and "deployment-configuration" in options else NOTHING


def _instances_state(_snapshot: Snapshot, options: Mapping[str, Any]) -> Interruption:
    return Interruption.SESSIONS if options.get("status") == "DRAINING" else NOTHING


def _deploy(snapshot: Snapshot, options: Mapping[str, Any]) -> Interruption:
    beside = options.get("name") not in {None, snapshot.deployment.name}
    if beside:
        return NOTHING
    return Interruption.CALLERS if "allow-cidr" in options else Interruption.MAYBE


_AWS: dict[str, _Rule] = {
    "autoscaling resume-processes": NOTHING,
    "autoscaling terminate-instance-in-auto-scaling-group": Interruption.SESSIONS,
    "autoscaling update-auto-scaling-group": NOTHING,
    "cloudformation cancel-update-stack": Interruption.MAYBE,
    "cloudformation continue-update-rollback": Interruption.MAYBE,
    "cloudformation delete-stack": Interruption.SERVICE,
    "cloudformation deploy": Interruption.MAYBE,
    "cloudformation update-termination-protection": NOTHING,
    "ec2 attach-internet-gateway": NOTHING,
    "ec2 authorize-security-group-egress": NOTHING,
    "ec2 authorize-security-group-ingress": NOTHING,
    "ec2 create-network-acl-entry": NOTHING,
    "ec2 create-route": NOTHING,
    "ec2 modify-vpc-attribute": NOTHING,
    # Connections that are open when its routes come are dropped (AWS documentation, "Gateway endpoints").
    "ec2 modify-vpc-endpoint": Interruption.ROUTE,
    "ec2 replace-network-acl-entry": NOTHING,
    "ec2 replace-route": Interruption.ROUTE,
    "ec2 revoke-security-group-ingress": Interruption.CALLERS,
    # Who lets a paused rollout go on, or back, knows that it replaces tasks.
    "ecs continue-service-deployment": Interruption.MAYBE,
    "ecs delete-service": Interruption.SERVICE,
    "ecs put-account-setting": NOTHING,
    "ecs put-account-setting-default": NOTHING,
    # The tasks of the new revision that run already are stopped.
    "ecs stop-service-deployment": Interruption.MAYBE,
    "ecs stop-task": Interruption.SESSIONS,
    "ecs update-container-instances-state": _instances_state,
    "ecs update-service": _update_service,
    "ecs update-task-protection": NOTHING,
    "elbv2 create-listener": NOTHING,
    "elbv2 deregister-targets": Interruption.CONNECTIONS,
    "elbv2 modify-listener": Interruption.CONNECTIONS,
    "elbv2 modify-listener-attributes": NOTHING,
    "elbv2 modify-load-balancer-attributes": NOTHING,
    # "Changes to it affect new connections only" (AWS documentation, "Client IP preservation").
    "elbv2 modify-target-group": NOTHING,
    "elbv2 modify-target-group-attributes": NOTHING,
    "elbv2 register-targets": NOTHING,
    "elbv2 set-subnets": NOTHING,
    "iam attach-role-policy": NOTHING,
    "iam create-service-linked-role": NOTHING,
    "iam put-role-policy": NOTHING,
    "iam update-assume-role-policy": NOTHING,
    "kms cancel-key-deletion": NOTHING,
    "kms enable-key": NOTHING,
    "logs create-log-group": NOTHING,
    "logs put-retention-policy": Interruption.LOGS,
    "rds start-db-instance": NOTHING,
    "secretsmanager delete-secret": Interruption.DATA,
    "secretsmanager put-secret-value": NOTHING,
    "secretsmanager restore-secret": NOTHING,
    "secretsmanager update-secret-version-stage": NOTHING,
    "service-quotas request-service-quota-increase": NOTHING,
}
_ASH_OPS: dict[str, _Rule] = {
    "deploy": _deploy,
    "rollback": Interruption.SESSIONS,
    "rollout": Interruption.SESSIONS,
    "start": NOTHING,
    "stop": Interruption.SERVICE,
    "teardown": Interruption.SERVICE,
}
_READS = ("describe-", "list-", "get-", "lookup-", "filter-")
# What changes nothing of a deployment. Of `runners` only the list is ever printed as a repair.
_LOOKS = frozenset(
    {"connect", "cost", "demo", "doctor", "explain", "health", "iam-policy", "key", "logs"}
    | {"runners", "status", "template"}
)
_WAITS = frozenset({"cloudformation wait", "ecs wait", "sso login"})
# What is typed on the reader's own machine, and looks or prepares.
_HERE = frozenset({"curl", "docker", "export", "session-manager-plugin", "sudo", "sysctl"})
# What only concerns tasks that run.
_OF_TASKS = frozenset({Interruption.SESSIONS, Interruption.MAYBE})


def interruption(snapshot: Snapshot, command: Command) -> Interruption | None:
    """What a command interrupts on this deployment.

    Returns:
        ``None`` for a command that only looks; *unknown* for one that nobody declared.
    """
    if looks(command):
        return None
    known = {"aws": _AWS, "ash-ops": _ASH_OPS}.get(command.program, {})
    rule = known.get(command.name, Interruption.UNKNOWN)
    try:
        found = rule if isinstance(rule, Interruption) else rule(snapshot, command.options)
    except (ValueError, TypeError):  # a placeholder where a number belongs
        return Interruption.UNKNOWN
    if found in _OF_TASKS and not runs_a_task(snapshot):
        return NOTHING
    return NOTHING if found is Interruption.SERVICE and _holds_nothing(snapshot) else found


def _holds_nothing(snapshot: Snapshot) -> bool:
    stack = snapshot.stack.value
    if stack is not None and stack.status == "REVIEW_IN_PROGRESS":
        return True
    return snapshot.service.gap is None and snapshot.service.value is None


def looks(command: Command) -> bool:
    """Whether a command changes nothing of a deployment."""
    if command.program == "ash-ops":
        return command.name in _LOOKS or bool(command.options.get("plan"))
    if command.program == "aws":
        operation = command.name.partition(" ")[2]
        return command.name in _WAITS or operation.startswith(_READS)
    return command.program in _HERE
