"""ECS tasks, running and stopped."""

from ash_ops.facts.model import Camel, Instant, Model, NameValue


class Attachment(Camel):
    """A task's network interface, as ECS tells it."""

    id: str = ""
    type: str | None = None
    status: str | None = None
    details: tuple[NameValue, ...] = ()

    def detail(self, name: str) -> str | None:
        """One of its details, for instance ``privateIPv4Address``."""
        for each in self.details:  # asked thousands of times where there are hundreds of tasks
            if each.name == name:
                return each.value
        return None


class Container(Camel):
    """A container of a task that runs or ran."""

    name: str = ""
    image: str | None = None
    image_digest: str | None = None
    last_status: str | None = None
    exit_code: int | None = None
    reason: str | None = None
    health_status: str | None = None


class Task(Camel):
    """A task: one run of a task definition."""

    task_arn: str = ""
    task_definition_arn: str | None = None
    container_instance_arn: str | None = None
    group: str | None = None
    started_by: str | None = None
    last_status: str | None = None
    desired_status: str | None = None
    health_status: str | None = None
    launch_type: str | None = None
    capacity_provider_name: str | None = None
    availability_zone: str | None = None
    platform_version: str | None = None
    cpu: str | None = None
    memory: str | None = None
    connectivity: str | None = None
    created_at: Instant | None = None
    connectivity_at: Instant | None = None
    pull_started_at: Instant | None = None
    pull_stopped_at: Instant | None = None
    started_at: Instant | None = None
    stopping_at: Instant | None = None
    stopped_at: Instant | None = None
    stop_code: str | None = None
    stopped_reason: str | None = None
    attachments: tuple[Attachment, ...] = ()
    containers: tuple[Container, ...] = ()

    @property
    def id(self) -> str:
        """The last part of its ARN."""
        return self.task_arn.rsplit("/", 1)[-1]

    @property
    def private_ip(self) -> str | None:
        """The address of its network interface."""
        for attachment in self.attachments:
            if address := attachment.detail("privateIPv4Address"):
                return address
        return None

    @property
    def subnet_id(self) -> str | None:
        """The subnet of its network interface."""
        return next((s for a in self.attachments if (s := a.detail("subnetId"))), None)

    @property
    def container_to_blame(self) -> Container | None:
        """The container that explains an end: one with a reason of its own, else one that failed, else any."""
        with_reason = [container for container in self.containers if container.reason]
        failed = [container for container in self.containers if container.exit_code]
        return next(iter([*with_reason, *failed, *self.containers]), None)

    @property
    def was_asked_to_stop(self) -> bool:
        """Scaled in or replaced; ECS also stops, by the same code, what fails a health check."""
        by_plan = self.stop_code in {"ServiceSchedulerInitiated", "UserInitiated"}
        return by_plan and "failed" not in (self.stopped_reason or "").lower()


class ArchivedTask(Model):
    """A stopped task from the event archive, for deaths that ECS has forgotten."""

    at: Instant
    task: Task
