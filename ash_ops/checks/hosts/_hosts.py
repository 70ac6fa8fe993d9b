"""Whose the instances are, and which of them count for this service."""

from __future__ import annotations

from ash_ops.checks._facts import is_coming_up, is_of_runners, is_serving, running, serves
from ash_ops.checks._findings import aws_command
from ash_ops.checks.base import Fix, NotApplicable, Severity, items, present
from ash_ops.checks.fleet._runners import whole
from ash_ops.facts.fleet import RunnerTask
from ash_ops.facts.hosts import ContainerInstance
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import Service
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.tasks import Task

MANAGED = "MANAGED_INSTANCES"


def require_hosts(snapshot: Snapshot) -> Service:
    """The service, if its tasks are put on instances and it wants any.

    Raises:
        CannotTell: the service was not read.
        NotApplicable: there is none, it wants no task, or Fargate runs them.
    """
    service = present(snapshot.service)
    if not service.uses_hosts:
        raise NotApplicable("the service's tasks are on Fargate, which has no instances to look at")
    if service.desired_count == 0 or service.status not in {None, "ACTIVE"}:
        raise NotApplicable("the service wants no task")
    return service


def hosts(snapshot: Snapshot) -> list[ContainerInstance]:
    """The instances on which the service's tasks may be put.

    Where its strategy names providers, those of others are not for it; an instance whose provider
    was not told counts.

    Raises:
        CannotTell: they were not read.
    """
    wanted = {None, "", *require_hosts(snapshot).host_providers}
    found = list(items(snapshot.container_instances))
    if wanted == {None, ""}:
        return found
    return [each for each in found if each.capacity_provider_name in wanted]


def are_managed(snapshot: Snapshot) -> bool:
    """Whether ECS itself starts and replaces the instances (Managed Instances)."""
    service = present(snapshot.service)
    types = {service.launch_type, *(each.launch_type for each in service.deployments)}
    providers = snapshot.capacity_providers.value or ()
    return MANAGED in types or any(p.managed_instances_provider for p in providers)


def tasks_on(snapshot: Snapshot, host: ContainerInstance) -> list[Task]:
    """The service's running tasks on an instance."""
    arn = host.container_instance_arn
    return [t for t in running(snapshot) if arn and t.container_instance_arn == arn]


def severity_now(snapshot: Snapshot) -> Severity:
    """How bad it is that no task can be put on an instance: an error, unless one serves.

    That a task was put there before proves nothing: instances come and go.
    """
    try:
        return "warning" if is_serving(snapshot) else "error"
    except CannotTell:
        return "warning"  # whether anything runs was not read, and is told to be unknown
    except NotApplicable:
        return "error"


def severity_of(snapshot: Snapshot, host: ContainerInstance, *, others: bool) -> Severity:
    """How bad a fault of one instance is.

    Args:
        snapshot: the facts.
        host: the instance.
        others: whether there is a sound instance beside it, which takes its tasks.
    """
    try:
        holds = bool(tasks_on(snapshot, host))
    except CannotTell:
        holds = False
    if holds and not serves(snapshot) and not is_coming_up(snapshot):
        return "error"
    if holds and is_of_runners(snapshot) and _has_lost_its_runner(snapshot, host):
        return "error"
    return "warning" if others or holds else severity_now(snapshot)


def _has_lost_its_runner(snapshot: Snapshot, host: ContainerInstance) -> bool:
    """Whether the runner on an instance is one that its coordinator does not know: nobody gets a session there."""
    known = whole(snapshot).registered_runners.value
    rows = {row.runner_id for row in known or ()}
    mine = [RunnerTask(task_arn=task.task_arn).runner_id for task in tasks_on(snapshot, host)]
    return known is not None and not any(each in rows for each in mine)


def is_sound(host: ContainerInstance) -> bool:
    """Whether ECS would put a task on an instance, for all that it says of itself."""
    return (
        host.status in {None, "ACTIVE"} and host.agent_connected is not False and not host.impaired
    )


def replaced_by(snapshot: Snapshot, host: ContainerInstance, why: str) -> list[Fix]:
    """Have an instance replaced, by whoever started it."""
    cluster = snapshot.deployment.cluster
    if are_managed(snapshot) and host.status == "DRAINING":
        return [
            Fix(
                why="Wait: Managed Instances drains it already, and starts another for its tasks; then look again."
            )
        ]
    if are_managed(snapshot):
        return [
            Fix(
                why=f"{why} Managed Instances replaces it by itself; to have that now, drain it: its "
                "tasks are stopped and started elsewhere, and every session on it ends.",
                command=aws_command(
                    snapshot,
                    f"ecs update-container-instances-state --cluster {cluster} "
                    f"--container-instances {host.reference} --status DRAINING",
                ),
            )
        ]
    if not host.ec2_instance_id:
        return [Fix(why=f"{why} Replace the machine, or repair it: no instance of EC2 is known.")]
    return [
        Fix(
            why=f"{why} End it, and its Auto Scaling group starts another. What is only on its disk is "
            "lost, and every session on it ends.",
            command=aws_command(
                snapshot,
                "autoscaling terminate-instance-in-auto-scaling-group "
                f"--instance-id {host.ec2_instance_id} --no-should-decrement-desired-capacity",
            ),
        )
    ]
