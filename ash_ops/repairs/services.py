"""What commands of ECS, CloudWatch Logs and CloudFormation do to the facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ash_ops.facts.model import fact_of, plain
from ash_ops.facts.services import DeploymentConfiguration, NetworkConfiguration, Service
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import LogGroup
from ash_ops.repairs.facts import Refused, Unknowable, copied, read, restarted, with_values

_Options = Mapping[str, Any]
# What starts tasks without changing anything that the checks read.
_STARTS_ANEW = ("force-new-deployment", "capacity-provider-strategy", "platform-version")


def _update_service(snapshot: Snapshot, options: _Options) -> Snapshot:
    before = read(snapshot.service)
    facts = snapshot.deployment
    if before is None or (options["cluster"], options["service"]) != (facts.cluster, facts.service):
        raise Unknowable(f"{options['service']}")
    if before.status not in {None, "ACTIVE"}:
        raise Refused(f"the service is {before.status}")
    after = _configured(before, options)
    replaces = any(options.get(name) for name in _STARTS_ANEW)
    moved = after.network_configuration != before.network_configuration
    more = (after.desired_count or 0) > (before.running_count or 0)
    changed = snapshot if after == before else with_values(snapshot, service=after)
    starts = replaces or moved or (more and not before.running_count)
    return restarted(changed) if starts and after.desired_count != 0 else changed


def _configured(service: Service, options: _Options) -> Service:
    fields: dict[str, Any] = {}
    if "desired-count" in options:
        fields["desired_count"] = int(options["desired-count"])
    if "health-check-grace-period-seconds" in options:
        seconds = int(options["health-check-grace-period-seconds"])
        fields["health_check_grace_period_seconds"] = seconds
    if "deployment-configuration" in options:
        old = service.deployment_configuration or DeploymentConfiguration()
        given = {**plain(old), **options["deployment-configuration"]}
        fields["deployment_configuration"] = fact_of(DeploymentConfiguration, given)
    if "network-configuration" in options:
        given_network = fact_of(NetworkConfiguration, options["network-configuration"])
        fields["network_configuration"] = given_network
    return copied(service, **fields)


def _create_log_group(snapshot: Snapshot, options: _Options) -> Snapshot:
    task = read(snapshot.task_definition)
    container = task.container() if task else None
    config = container.log_configuration if container else None
    wanted = config.options.get("awslogs-group") if config else None
    if wanted is None or wanted != options["log-group-name"]:
        raise Unknowable(options["log-group-name"])
    if read(snapshot.log_group) is not None:
        return snapshot
    return with_values(snapshot, log_group=LogGroup(log_group_name=wanted))


def _put_retention(snapshot: Snapshot, options: _Options) -> Snapshot:
    group = read(snapshot.log_group)
    if group is None or group.log_group_name != options["log-group-name"]:
        raise Unknowable(options["log-group-name"])
    after = copied(group, retention_in_days=int(options["retention-in-days"]))
    return snapshot if after == group else with_values(snapshot, log_group=after)


def _stack_state(snapshot: Snapshot, options: _Options) -> str:
    stack = read(snapshot.stack)
    if stack is None or options["stack-name"] not in {stack.name, stack.id}:
        raise Unknowable(options["stack-name"])
    return stack.status


def _continue_rollback(snapshot: Snapshot, options: _Options) -> Snapshot:
    if _stack_state(snapshot, options) != "UPDATE_ROLLBACK_FAILED":
        raise Refused("the stack is in no failed rollback")
    stack = copied(snapshot.stack.value, status="UPDATE_ROLLBACK_IN_PROGRESS")  # type: ignore[type-var] # its state was read above, so it is there
    return with_values(snapshot, stack=stack, stack_events=())


def _delete_stack(snapshot: Snapshot, options: _Options) -> Snapshot:
    """Everything that the stack made goes with it."""
    state = _stack_state(snapshot, options)
    if state == "REVIEW_IN_PROGRESS" or read(snapshot.service) is None:
        return with_values(snapshot, stack=None, stack_events=())
    nothing = dict.fromkeys(("cluster", "service", "stack", "log_group"))
    rows = ("tasks", "target_groups", "target_health", "load_balancers", "listeners")
    empty: dict[str, Any] = dict.fromkeys(rows, ())
    return with_values(snapshot, **nothing, **empty, stack_events=())


def _delete_service(snapshot: Snapshot, options: _Options) -> Snapshot:
    if options["service"] != snapshot.deployment.service or read(snapshot.service) is None:
        raise Unknowable(options["service"])
    return with_values(snapshot, service=None, tasks=(), target_health=())


OPERATIONS = {
    "cloudformation continue-update-rollback": _continue_rollback,
    "cloudformation delete-stack": _delete_stack,
    "ecs delete-service": _delete_service,
    "ecs update-service": _update_service,
    "logs create-log-group": _create_log_group,
    "logs put-retention-policy": _put_retention,
}
