"""The runners of a multi-machine deployment, as ECS and as their coordinator see them; their database."""

from datetime import datetime

from ash_ops.facts.hosts import ContainerInstance
from ash_ops.facts.model import Camel, Instant, Model
from ash_ops.facts.tasks import Task

DRAINING_TAG = "ash:draining"
"""The tag by which a runner's task is told to take no new session (``templates/multi-machine.yaml``)."""
LIVENESS_S = 30.0
"""After how long a silence a coordinator gives a runner up (Ash 0.2.0, ``constants.ts`` 50)."""
# A runner registers within a second of its start; ECS and the coordinator are read one after the other.
SETTLED_S = 60.0
SWEEP_S = LIVENESS_S + 5.0  # the coordinator looks at most so long after the silence began


class TaskTag(Camel):
    """A tag of a task."""

    key: str = ""
    value: str = ""


class RunnerTask(Task):
    """A runner's task, with its tags."""

    tags: tuple[TaskTag, ...] = ()

    @property
    def runner_id(self) -> str:
        """The id under which it registers."""
        return f"runner-{self.id}"

    @property
    def is_draining(self) -> bool:
        """Whether it was told to take no new session."""
        return any(tag.key == DRAINING_TAG and tag.value == "true" for tag in self.tags)


class ProtectedTask(Camel):
    """Whether ECS may end a task of its own accord."""

    task_arn: str = ""
    protection_enabled: bool = False
    expiration_date: Instant | None = None


class Registered(Model):
    """A row of the coordinator's table of runners.

    Attributes:
        active: sandboxes that work on a turn now; those that wait for a message are not counted.
    """

    runner_id: str
    host: str
    port: int
    active: int
    most: int
    last_heartbeat: Instant


class Member(Model):
    """One runner, as both see it.

    Attributes:
        id: ``runner-`` and the task's id.
        task: ECS's view; ``None`` where ECS runs no such task.
        host: the instance it is on, where it could be read.
        registered: the coordinator's view; ``None`` where it knows no such runner.
        protected: whether it holds sessions, as it tells ECS; ``None`` where that could not be read.
        sessions: active sessions by the coordinator's count; ``None`` where it could not be asked.
    """

    id: str
    task: RunnerTask | None = None
    host: ContainerInstance | None = None
    registered: Registered | None = None
    protected: bool | None = None
    sessions: int | None = None

    @property
    def is_draining(self) -> bool:
        """Whether it was told to take no new session."""
        return self.task is not None and self.task.is_draining

    @property
    def is_closed(self) -> bool:
        """Whether it has said that it takes no new session, or the coordinator knows nothing of it.

        A draining runner says so with more active sandboxes than it can have; one that is merely full
        never does.
        """
        return self.registered is None or self.registered.active > self.registered.most

    @property
    def is_idle(self) -> bool:
        """Whether neither it nor the coordinator says that it holds a session."""
        return self.protected is False and not self.sessions

    @property
    def at_work(self) -> int | None:
        """Sandboxes that work on a turn now; ``None`` where the coordinator does not know the runner."""
        row = self.registered
        if row is None:
            return None
        return row.active if row.active <= row.most else row.active - row.most - 1

    def disagreement(self, now: datetime) -> str | None:
        """Where ECS and the coordinator contradict each other; ``None`` where they do not."""
        row, task = self.registered, self.task
        if row is None:
            return self._not_registered(now)
        silence = (now - row.last_heartbeat).total_seconds()
        if task is None:
            return (
                f"the coordinator knows it at {row.host}, ECS runs no such task: it was last heard of "
                f"{silence:.0f} s ago, and is given up after {LIVENESS_S:.0f} s"
            )
        if silence > SWEEP_S:
            return f"it has not been heard of for {silence:.0f} s, and the coordinator has not given it up"
        if task.private_ip and task.private_ip != row.host:
            return (
                f"it is registered at {row.host} and its task is at {task.private_ip}: two runners use "
                "one id, or it advertises a wrong address"
            )
        return None

    def _not_registered(self, now: datetime) -> str | None:
        task = self.task
        if task is None or task.last_status != "RUNNING" or task.started_at is None:
            return None
        running = (now - task.started_at).total_seconds()
        if running < SETTLED_S:
            return None
        return f"ECS runs it since {running:.0f} s, the coordinator does not know it: it gets no session"


class Fleet(Model):
    """All runners.

    Attributes:
        wanted: how many ECS is to run.
        unasked: why the coordinator's view is missing; empty where it is there.
    """

    wanted: int
    members: tuple[Member, ...]
    read_at: Instant
    unasked: str = ""

    @property
    def registered(self) -> int:
        """How many of its tasks the coordinator knows."""
        return sum(m.registered is not None and m.task is not None for m in self.members)

    @property
    def running(self) -> int:
        """How many tasks run."""
        tasks = (member.task for member in self.members)
        return sum(task is not None and task.last_status == "RUNNING" for task in tasks)

    @property
    def at_work(self) -> int:
        """How many sandboxes work on a turn now."""
        return sum(member.at_work or 0 for member in self.members)

    @property
    def disagreements(self) -> tuple[tuple[str, str], ...]:
        """Id and sentence of every runner on which the two views differ."""
        if self.unasked:
            return ()
        told = ((m.id, m.disagreement(self.read_at)) for m in self.members)
        return tuple((id_, text) for id_, text in told if text)


def side_by_side(
    wanted: int,
    tasks: tuple[RunnerTask, ...],
    rows: tuple[Registered, ...] | None,
    read_at: datetime,
    unasked: str = "",
) -> Fleet:
    """The tasks of ECS and the rows of the coordinator, each runner once."""
    known = {row.runner_id: row for row in rows or ()}
    members = [
        Member(id=task.runner_id, task=task, registered=known.pop(task.runner_id, None))
        for task in tasks
    ]
    members += [Member(id=id_, registered=row) for id_, row in known.items()]
    return Fleet(wanted=wanted, members=tuple(members), read_at=read_at, unasked=unasked)


class RunnerDatabase(Model):
    """A PostgreSQL, as RDS sees it.

    Attributes:
        id: its name.
        status: ``available``, ``storage-full``, ``stopped`` ...
        groups: its security groups.
        host: its address; empty while it has none.
        port: where it listens.
        vpc: the network that it is in.
    """

    id: str
    status: str = ""
    groups: tuple[str, ...] = ()
    host: str = ""
    port: int = 5432
    vpc: str = ""
