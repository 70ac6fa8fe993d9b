"""The fleet as ECS and as the coordinator see it, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ash_ops.aws import ecs
from ash_ops.aws.client.session import Aws
from ash_ops.aws.machines import fleet as calls
from ash_ops.aws.machines import hosts
from ash_ops.deploy.connection import find_connection
from ash_ops.deploy.live import require_service
from ash_ops.errors import OpsError, ReadFailed, UsageProblem
from ash_ops.facts.fleet import Fleet, Member, Registered, RunnerTask
from ash_ops.facts.hosts import ContainerInstance
from ash_ops.facts.services import Service
from ash_ops.names import Deployment
from ash_ops.redact import redact

if TYPE_CHECKING:
    from ash_client import AshClient

_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a coordinator says of its runners.

    Attributes:
        rows: its table.
        sessions: how many active sessions are on each, by its id.
    """

    rows: tuple[Registered, ...]
    sessions: Counter[str]


def require_runners(aws: Aws, names: Deployment) -> Service:
    """The service of the runners.

    Raises:
        OpsError: there is no deployment of this name.
        UsageProblem: it has no runners.
        ReadFailed: the question could not be answered.
    """
    require_service(aws, names)
    found = ecs.live_service(aws, names.cluster, names.runner_service)
    if found is None:
        raise UsageProblem(
            f"{names.prefix} has no runners",
            f"the cluster {names.cluster} has no service {names.runner_service}: one server runs "
            "everything",
            "Deploy a fleet beside it: `ash-ops deploy --mode multi-machine --name "
            f"{names.prefix}-2 --runner-subnets SUBNET,SUBNET`.",
        )
    return found


def read_fleet(
    aws: Aws,
    names: Deployment,
    now: Callable[[], datetime],
    ask: Callable[[Aws, Deployment], Answered] | None = None,
) -> Fleet:
    """Both views of all runners.

    A coordinator that cannot be asked leaves its half out, with the reason.

    Args:
        aws: where.
        names: of the deployment.
        now: the time of day.
        ask: asks the coordinator.

    Raises:
        OpsError: there is no such fleet.
        ReadFailed: ECS could not be asked.
    """
    service = require_runners(aws, names)
    tasks = calls.runner_tasks(aws, names.cluster, names.runner_service)
    answered, unasked = None, ""
    try:
        answered = (ask or ask_coordinator)(aws, names)
    except OpsError as error:
        unasked = redact(f"{error.what}: {error.why}")
    known = {row.runner_id: row for row in answered.rows} if answered else {}
    protected = _protected(aws, names, tasks)
    machines = _machines(aws, names)
    members = [
        Member(
            id=task.runner_id,
            task=task,
            host=machines.get(task.container_instance_arn or ""),
            registered=known.pop(task.runner_id, None),
            protected=None if protected is None else task.task_arn in protected,
            sessions=answered.sessions[task.runner_id] if answered else None,
        )
        for task in tasks
    ]
    members += [
        Member(id=id_, registered=row, sessions=answered.sessions[id_] if answered else None)
        for id_, row in known.items()
    ]
    return Fleet(
        wanted=service.desired_count or 0, members=tuple(members), read_at=now(), unasked=unasked
    )


def _protected(aws: Aws, names: Deployment, tasks: tuple[RunnerTask, ...]) -> frozenset[str] | None:
    """The protected tasks; ``None`` where that cannot be read, which is no reason to show nothing."""
    running = [task.task_arn for task in tasks if task.last_status == "RUNNING"]
    try:
        return calls.protected_tasks(aws, names.cluster, running)
    except ReadFailed:
        return None


def _machines(aws: Aws, names: Deployment) -> dict[str, ContainerInstance]:
    """The instances by ARN; none where they cannot be read."""
    try:
        found = hosts.cluster_instances(aws, names.cluster)
    except ReadFailed:
        return {}
    return {host.container_instance_arn: host for host in found}


def ask_coordinator(aws: Aws, names: Deployment) -> Answered:
    """What the coordinator says of its runners.

    Raises:
        OpsError: it has no address, its key cannot be known, or it does not answer.
    """
    from ash_client import AshClient, AshError

    connection = find_connection(aws, names)
    try:
        with AshClient(
            connection.url, api_key=connection.key.reveal(), timeout=_TIMEOUT_S
        ) as client:
            return _answered(client)
    except AshError as error:
        raise OpsError(
            "The coordinator could not be asked",
            str(error),
            "`ash-ops doctor connection` tells why.",
        ) from None


def _answered(client: AshClient) -> Answered:
    rows = tuple(
        Registered(
            runner_id=redact(row.runner_id or ""),
            host=redact(row.host or ""),
            port=row.port or 0,
            active=row.active or 0,
            most=row.max_sandboxes or 0,
            last_heartbeat=row.last_heartbeat,
        )
        for row in client.list_runners().runners
        if row.last_heartbeat is not None
    )
    active = (s.runner_id for s in client.list_sessions() if s.status == "active")
    return Answered(rows=rows, sessions=Counter(id_ for id_ in active if id_))
