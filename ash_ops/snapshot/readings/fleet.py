"""The runners of a coordinator; any other deployment costs no call here."""

from __future__ import annotations

from functools import partial
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from ash_ops.aws import ecs, rollouts
from ash_ops.aws import operations as op
from ash_ops.aws.calls import tags_of
from ash_ops.aws.ecs import Revision
from ash_ops.aws.machines import fleet, hosts
from ash_ops.aws.storage import database_of, databases
from ash_ops.errors import ReadFailed
from ash_ops.facts.fleet import Registered, RunnerDatabase, RunnerTask
from ash_ops.facts.model import fact_of
from ash_ops.facts.server import Probe
from ash_ops.facts.services import Service
from ash_ops.snapshot.context import ReadingContext, Row
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Absent, Several
from ash_ops.snapshot.http_get import get
from ash_ops.snapshot.readings import server
from ash_ops.snapshot.readings.hosts import all_instances
from ash_ops.snapshot.readings.logs import lines_of
from ash_ops.snapshot.readings.service import STOPPED_LIMIT, tasks_of

if TYPE_CHECKING:
    from ash_ops.facts.hosts import CapacityProvider, ScalingGroup
    from ash_ops.facts.rollouts import ServiceDeployment
    from ash_ops.facts.task_definitions import TaskDefinition

_TABLE = "/api/internal/runners"
_READ_LINES_OF = 4  # of so many runners that run, and as many that died
_PATIENCE_S = 2.5


@reading(op.DESCRIBE_SERVICES, name="runner_service", after=("_revision",))
def service(context: ReadingContext) -> Service | None:
    """The service of the runners.

    Raises:
        Absent: the server is no coordinator.
    """
    revision: Revision = context.need("_revision")
    variables = revision.definition.container()
    modes = (e.value for e in (variables.environment if variables else ()) if e.name == "ASH_MODE")
    if next(modes, None) != "coordinator":
        raise Absent("runners")
    return ecs.service(context.aws, context.deployment.cluster, context.deployment.runner_service)


@reading(op.DESCRIBE_TASK_DEFINITION, name="runner_definition", after=("runner_service",))
def definition(context: ReadingContext) -> TaskDefinition | None:
    """What the runners are started from."""
    found: Service = context.need("runner_service")
    if not found.task_definition:
        raise Absent("runners' task definition")
    revision = ecs.task_definition(context.aws, found.task_definition)
    return revision.definition if revision else None


@reading(op.DESCRIBE_TASKS, op.LIST_TASKS, name="runner_tasks", after=("runner_service",))
def tasks(context: ReadingContext) -> tuple[RunnerTask, ...]:
    """The runners that run or are on their way there, with their tags."""
    names = context.deployment
    context.need("runner_service")
    return fleet.runner_tasks(context.aws, names.cluster, names.runner_service)


@reading(op.DESCRIBE_TASKS, op.LIST_TASKS, name="stopped_runners", after=("runner_service",))
def stopped(context: ReadingContext) -> Several:
    """The runners that ECS still remembers having stopped, newest first."""
    context.need("runner_service")
    return tasks_of(context, context.deployment.runner_service, "STOPPED", STOPPED_LIMIT)


@reading(
    op.GET_LOG_EVENTS,
    name="runner_lines",
    after=("runner_definition", "runner_tasks", "stopped_runners"),
)
def lines(context: ReadingContext) -> Several:
    """The last lines of some runners, oldest first."""
    found: TaskDefinition = context.need("runner_definition")
    alive, dead = context.seek("runner_tasks") or (), context.seek("stopped_runners") or ()
    return lines_of(context, [*dead[:_READ_LINES_OF], *alive[:_READ_LINES_OF]], found)


@reading(
    op.DESCRIBE_SERVICE_DEPLOYMENTS,
    op.LIST_SERVICE_DEPLOYMENTS,
    name="runner_deployments",
    after=("runner_service",),
)
def deployments(context: ReadingContext) -> tuple[ServiceDeployment, ...]:
    """The latest deployments of the runners' service, newest first."""
    names = context.deployment
    context.need("runner_service")
    found = rollouts.rollouts(context.aws, names.cluster, names.runner_service)
    arns = [brief.service_deployment_arn for brief in found]
    return rollouts.service_deployments(context.aws, arns) if arns else ()


@reading(
    op.DESCRIBE_CONTAINER_INSTANCES,
    op.LIST_CONTAINER_INSTANCES,
    name="runner_hosts",
    after=("runner_service",),
)
def machines(context: ReadingContext) -> Several:
    """The instances of the cluster."""
    context.need("runner_service")
    return all_instances(context)


@reading(op.DESCRIBE_CAPACITY_PROVIDERS, name="runner_providers", after=("runner_service",))
def providers(context: ReadingContext) -> tuple[CapacityProvider, ...]:
    """The capacity providers that the runners' service names."""
    found: Service = context.need("runner_service")
    if not found.host_providers:
        raise Absent("capacity providers")
    return hosts.capacity_providers(context.aws, context.deployment.cluster, found.host_providers)


@reading(op.DESCRIBE_AUTO_SCALING_GROUPS, name="runner_groups", after=("runner_providers",))
def groups(context: ReadingContext) -> tuple[ScalingGroup, ...]:
    """The Auto Scaling groups behind these providers."""
    found: tuple[CapacityProvider, ...] = context.need("runner_providers")
    names = {each.group_name for each in found} - {None}
    if not names:
        raise Absent("Auto Scaling group")
    return tuple(
        group
        for group in hosts.scaling_groups(context.aws)
        if group.auto_scaling_group_name in names
    )


@reading(op.DESCRIBE_SCALING_ACTIVITIES, name="runner_scaling", after=("runner_groups",))
def scaling(context: ReadingContext) -> Several:
    """What these groups did and tried last."""
    found: tuple[ScalingGroup, ...] = context.need("runner_groups")
    names = [group.auto_scaling_group_name for group in found]
    return context.several(
        [partial(hosts.scaling_activities, context.aws, name) for name in names],
        lambda parts: tuple(each for part in parts for each in part.result()),
    )


@reading(op.DESCRIBE_DB_INSTANCES, name="runner_database", after=("runner_service",))
def database(context: ReadingContext) -> RunnerDatabase | None:
    """The deployment's own database, by its tag."""
    context.need("runner_service")
    key, value = context.deployment.tag
    own = (row for row in databases(context.aws) if tags_of(row.get("TagList")).get(key) == value)
    return next(map(database_of, own), None)


@reading(name="registered_runners", after=("probe", "runner_service"), call=server.CALL)
def registered(context: ReadingContext) -> tuple[Registered, ...]:
    """What the coordinator's table of runners holds; it is shown without a key.

    Source: ``packages/server/src/routes/runners.ts`` of ash-ai-org/ash-ai at 7d26aee, 97-105.
    """
    context.need("runner_service")
    probe: Probe = context.need("probe")
    if not probe.healthy:
        raise ReadFailed(server.CALL, "unreachable", "", f"the coordinator {probe.answer}")
    try:
        answer = get(urljoin(probe.url, _TABLE), {}, timeout=_PATIENCE_S)
        rows = answer.document().get("runners")
    except (OSError, HTTPException, ValueError) as error:
        raise ReadFailed(server.CALL, "unreachable", "", str(error)) from None
    if answer.status != 200 or not isinstance(rows, list):
        raise ReadFailed(server.CALL, "failed", str(answer.status), "no table of runners")
    return tuple(_row(row) for row in rows if isinstance(row, dict))


def _row(row: Row) -> Registered:
    """A row of the table.

    Raises:
        ReadFailed: it is not what the server is known to answer.
    """
    try:
        return fact_of(
            Registered,
            {
                "runner_id": str(row["runnerId"]),
                "host": str(row["host"]),
                "port": row["port"],
                "active": row["active"],
                "most": row["max"],
                "last_heartbeat": row["lastHeartbeat"],
            },
        )
    except (KeyError, ValueError) as error:
        raise ReadFailed(server.CALL, "failed", "UnreadableAnswer", str(error)) from None
