"""Mutations of what no AWS call tells: registries, the workload, the hardware, time itself."""

from __future__ import annotations

from collections.abc import Sequence

from ash_ops.demo.mutations import _subjects as subjects
from ash_ops.demo.overlay import containers
from ash_ops.demo.overlay.machines import capacity, hosts
from ash_ops.demo.world import tasks
from ash_ops.demo.world.conditions import CONDITIONS, Image

# What ECS says of every task that its scheduler stops.
_SCALED = "Scaling activity initiated by (deployment)"


def publish_image(
    image: str,
    *,
    processors: Sequence[str] = ("X86_64", "ARM64"),
    exits: int | None = None,
    says: Sequence[str] = (),
    version: str = "",
) -> None:
    """Publish an image, ``REPOSITORY:TAG``.

    Args:
        image: its name and tag.
        processors: the values of ``CpuArchitecture`` it was built for.
        exits: the exit code with which its process ends at once; none for one that works.
        says: the lines it writes before that.
        version: what its server tells of itself, if that is not what the tag promises.
    """
    CONDITIONS.images[image] = Image(frozenset(processors), exits, tuple(says), version)


def withdraw_image(image: str) -> None:
    """Take an image, ``REPOSITORY:TAG``, out of its registry."""
    CONDITIONS.images.pop(image, None)


def set_workload(memory_mb: float, *, busy_after_s: float = 190) -> None:
    """Let the server and its sandboxes need so much memory, some time after each start."""
    CONDITIONS.memory_mb = memory_mb
    CONDITIONS.busy_after_s = busy_after_s


def set_cgroups_on_fargate(*, writable: bool) -> None:
    """Let Fargate's cgroup file system be writable for sandboxes, or not."""
    CONDITIONS.cgroups_on_fargate = writable


def refuse_model_key() -> None:
    """Let the model API refuse, from now on, the key that the server has."""
    service = subjects.the_service()
    definition = subjects.task_definition_of(service)
    CONDITIONS.refused_keys.add(containers.environment_of(definition).get("ANTHROPIC_API_KEY", ""))


def reclaim_spot(every: float) -> None:
    """Let AWS take the capacity of every Spot task back after so many seconds."""
    CONDITIONS.reclaimed_every_s = every


def send_requests(per_second: float) -> None:
    """Let one application ask the server so often, from one address."""
    CONDITIONS.requests_per_s = per_second


def hang() -> None:
    """Let the running server's process answer nobody any more; another one would."""
    task = subjects.running_task(subjects.the_service())
    CONDITIONS.hung.add(task["taskArn"])


def retire_task(*, of: str = "server") -> None:
    """Let AWS stop the running task for maintenance; the service starts another.

    Args:
        of: ``server`` or ``runner``: whose.
    """
    task = subjects.running_task(subjects.the_service(of))
    reason = "ECS is performing maintenance on the underlying infrastructure hosting the task."
    tasks.stop(task, reason, "ServiceSchedulerInitiated", exit_code=143)


def disconnect_agent() -> None:
    """Let the ECS agents of the cluster's hosts lose their connection."""
    for host in hosts.of_cluster(subjects.the_service()["clusterArn"]):
        host["agentConnected"] = False


def drain_hosts() -> None:
    """Set the cluster's hosts to ``DRAINING``, and stop what runs there, as ECS does."""
    for host in hosts.of_cluster(subjects.the_service()["clusterArn"]):
        host["status"] = "DRAINING"
        for task in hosts.tasks_on(host):
            tasks.stop(task, _SCALED, "ServiceSchedulerInitiated", exit_code=0)


def scale_hosts(minimum: int, desired: int, maximum: int) -> None:
    """Ask the Auto Scaling group behind the hosts for another number of them."""
    capacity.resize(minimum, desired, maximum)


def believe_runners(seconds: float) -> None:
    """Let coordinators believe a silent runner for so long: whoever looks meets it still, however late."""
    CONDITIONS.liveness_s = seconds


def take_host(instance: str) -> None:
    """Let a host go without a word, as EC2 takes back a Spot instance or one whose hardware failed."""
    capacity.take(instance)
