"""Did AWS say anything in a word that this version does not know?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from ash_ops.checks._facts import RECENT, is_serving
from ash_ops.checks.base import Check, Finding, NotApplicable
from ash_ops.facts import vocabulary as words
from ash_ops.facts.reading import CannotTell, Reading
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

T = TypeVar("T")
_Said = tuple[words.Vocabulary, str, str | None]
_MOST = 5  # values that are told


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Every state, code and type is one whose meaning is known here."""
    strange = [*dict.fromkeys(_strange(snapshot))]
    if strange:
        more = f" and {len(strange) - _MOST} more" if len(strange) > _MOST else ""
        raise CannotTell(
            f"AWS answered what this version of ash-ops does not know: {'; '.join(strange[:_MOST])}"
            f"{more}. What follows from it is open; a newer ash-ops may know it"
        )
    yield from ()


def _strange(snapshot: Snapshot) -> Iterator[str]:
    for known, place, value in _said(snapshot):
        if value and value.lower() not in {word.lower() for word in known.values}:
            yield f"{place} is {value!r}"


def _said(snapshot: Snapshot) -> Iterator[_Said]:
    yield from _of_service(snapshot)
    yield from _of_tasks(snapshot)
    yield from _of_hosts(snapshot)
    yield from _of_rollouts(snapshot)
    yield from _of_balancing(snapshot)
    yield from _of_network(snapshot)
    yield from _of_stack(snapshot)


def _of_service(snapshot: Snapshot) -> Iterator[_Said]:
    cluster, service = snapshot.cluster.value, snapshot.service.value
    task = snapshot.task_definition.value
    yield words.CLUSTER_STATUS, "clusters[0].status", cluster.status if cluster else None
    yield words.TASK_DEFINITION_STATUS, "taskDefinition.status", task.status if task else None
    if service is None:
        return
    for one in (service, snapshot.runner_service.value):
        if one is None:
            continue
        yield words.SERVICE_STATUS, "services[0].status", one.status
        yield words.LAUNCH_TYPE, "services[0].launchType", one.launch_type
        for each in one.deployments:
            yield words.ROLLOUT_STATE, "deployments[].rolloutState", each.rollout_state


def _of_tasks(snapshot: Snapshot) -> Iterator[_Said]:
    for task in (
        *_rows(snapshot.tasks),
        *_rows(snapshot.runner_tasks),
        *_dead_that_matter(snapshot),
    ):
        yield words.TASK_STATUS, "tasks[].lastStatus", task.last_status
        yield words.HEALTH, "tasks[].healthStatus", task.health_status
        yield words.STOP_CODE, "tasks[].stopCode", task.stop_code
        yield words.LAUNCH_TYPE, "tasks[].launchType", task.launch_type
        for container in task.containers:
            yield words.HEALTH, "containers[].healthStatus", container.health_status


def _of_hosts(snapshot: Snapshot) -> Iterator[_Said]:
    for host in (*_rows(snapshot.container_instances), *_rows(snapshot.runner_hosts)):
        place = f"containerInstances[{host.id}]"
        yield words.CONTAINER_INSTANCE, f"{place}.status", host.status
        health = host.health_status
        yield words.INSTANCE_HEALTH, f"{place}'s health", health.overall_status if health else None
        for each in health.details if health else ():
            yield words.INSTANCE_HEALTH, f"{place}'s {each.type}", each.status
            yield words.INSTANCE_HEALTH_CHECK, f"{place}'s health check", each.type
    for provider in (*_rows(snapshot.capacity_providers), *_rows(snapshot.runner_providers)):
        place = f"capacityProviders[{provider.name}]"
        yield words.CAPACITY_PROVIDER, f"{place}.status", provider.status
        yield words.CAPACITY_PROVIDER_UPDATE, f"{place}.updateStatus", provider.update_status


def _dead_that_matter(snapshot: Snapshot) -> Iterator[Task]:
    """Those that died lately, or all where none runs: one that was outlived leaves nothing open."""
    all_matter = not _serves(snapshot)
    for task in _rows(snapshot.stopped_tasks):
        ended = task.stopped_at or task.stopping_at
        if all_matter or ended is None or snapshot.taken_at - ended < RECENT:
            yield task


def _serves(snapshot: Snapshot) -> bool:
    try:
        return is_serving(snapshot)
    except (CannotTell, NotApplicable):
        return False


def _of_rollouts(snapshot: Snapshot) -> Iterator[_Said]:
    place = "serviceDeployments[0]"
    for rollout in _rows(snapshot.service_deployments)[:1]:
        yield words.SERVICE_DEPLOYMENT, f"{place}.status", rollout.status
        yield words.LIFECYCLE_STAGE, f"{place}.lifecycleStage", rollout.lifecycle_stage
        for hook in rollout.lifecycle_hook_details:
            yield words.LIFECYCLE_HOOK, f"{place}.lifecycleHookDetails[].status", hook.status
            yield words.HOOK_TARGET, f"{place}.lifecycleHookDetails[].targetType", hook.target_type
            yield (
                words.HOOK_ACTION,
                f"{place}.lifecycleHookDetails[].timeoutAction",
                hook.timeout_action,
            )
        for watch in (rollout.deployment_circuit_breaker, rollout.alarms):
            yield words.ROLLBACK_MONITOR, f"{place}'s monitor", watch.status if watch else None


def _of_balancing(snapshot: Snapshot) -> Iterator[_Said]:
    for row in _rows(snapshot.target_health):
        yield words.TARGET_STATE, "TargetHealth.State", row.target_health.state
        yield words.TARGET_REASON, "TargetHealth.Reason", row.target_health.reason
    for balancer in _rows(snapshot.load_balancers):
        state = balancer.state.code if balancer.state else None
        yield words.BALANCER_STATE, "LoadBalancers[].State.Code", state
        yield words.BALANCER_SCHEME, "LoadBalancers[].Scheme", balancer.scheme
    for listener in _rows(snapshot.listeners):
        yield words.LISTENER_PROTOCOL, "Listeners[].Protocol", listener.protocol


def _of_network(snapshot: Snapshot) -> Iterator[_Said]:
    for gateway in _rows(snapshot.nat_gateways):
        yield words.NAT_GATEWAY, f"NatGateways[{gateway.nat_gateway_id}].State", gateway.state
    for endpoint in _rows(snapshot.vpc_endpoints):
        yield words.VPC_ENDPOINT, "VpcEndpoints[].State", endpoint.state
    for table in _rows(snapshot.route_tables):
        for route in table.routes:
            yield words.ROUTE, "Routes[].State", route.state


def _of_stack(snapshot: Snapshot) -> Iterator[_Said]:
    stack = snapshot.stack.value
    yield words.STACK_STATUS, "Stacks[0].StackStatus", stack.status if stack else None
    for event in _rows(snapshot.stack_events):
        known = words.STACK_STATUS if event.is_of_stack else words.RESOURCE_STATUS
        yield known, "StackEvents[].ResourceStatus", event.status or None
        yield words.HOOK_STATUS, "StackEvents[].HookStatus", event.hook_status


def _rows(reading: Reading[tuple[T, ...]]) -> tuple[T, ...]:
    return reading.value or ()


CHECK = Check(
    id="unknown-values",
    title="AWS said nothing that this version does not know",
    playbook="deploy",
    run=run,
    causes=(),
    vital=True,
)
