"""All checks, in the order of the playbooks: what breaks first is asked first."""

from __future__ import annotations

from ash_ops.checks.agents import canary, log_lines, model_key, runners, sandboxes
from ash_ops.checks.auth import key
from ash_ops.checks.base import Check
from ash_ops.checks.connection import (
    acl_chain,
    client_addresses,
    client_url,
    health_check,
    idle_timeout,
    listener,
    live_ladder,
    load_balancer,
    scheme,
    security_chain,
    target_health,
)
from ash_ops.checks.deploy import (
    drift,
    rollout_room,
    rollout_state,
    running_cost,
    service_exists,
    stack_state,
)
from ash_ops.checks.pending import (
    capacity,
    egress_path,
    endpoints,
    image,
    log_group,
    roles,
    secrets,
    task_phase,
    task_size,
)
from ash_ops.checks.restarts import health_command, memory_pressure, service_events, stopped_tasks
from ash_ops.checks.security import definition, exposure

CHECKS: tuple[Check, ...] = (
    service_exists.CHECK,
    stack_state.CHECK,
    rollout_state.CHECK,
    rollout_room.CHECK,
    drift.CHECK,
    running_cost.CHECK,
    task_phase.CHECK,
    egress_path.CHECK,
    endpoints.CHECK,
    image.CHECK,
    roles.CHECK,
    secrets.CHECK,
    log_group.CHECK,
    task_size.CHECK,
    capacity.ADDRESSES,
    capacity.QUOTA,
    stopped_tasks.CHECK,
    health_command.CHECK,
    service_events.CHECK,
    memory_pressure.CHECK,
    load_balancer.CHECK,
    listener.CHECK,
    target_health.CHECK,
    health_check.CHECK,
    security_chain.CHECK,
    acl_chain.CHECK,
    scheme.CHECK,
    client_addresses.CHECK,
    idle_timeout.CHECK,
    live_ladder.CHECK,
    client_url.CHECK,
    key.REJECTED,
    key.FLAWED,
    key.STALE,
    key.OPEN,
    model_key.CHECK,
    log_lines.CHECK,
    canary.CHECK,
    runners.CHECK,
    sandboxes.MEMORY,
    sandboxes.CAPACITY,
    sandboxes.FARGATE,
    exposure.REACHABLE,
    exposure.KEY_PUBLISHED,
    exposure.BALANCER_GROUP,
    exposure.LOG_RETENTION,
    definition.PLAIN_SECRETS,
    definition.INTERNAL_SECRET,
    definition.DURABLE_STATE,
    definition.CIRCUIT_BREAKER,
)
