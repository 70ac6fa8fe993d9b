"""What no AWS call tells and yet decides: registries, the workload, the hardware, the model API."""

from __future__ import annotations

from dataclasses import dataclass, field

from ash_ops.facts.fleet import LIVENESS_S

_EVERYWHERE = frozenset({"X86_64", "ARM64"})
_ASH = "ghcr.io/ash-ai-org/ash"
# What beside Ash may stand in a task definition of a demo; each with any tag.
_WELL_KNOWN = ("nginx", "redis", "postgres", "busybox", "alpine", "public.ecr.aws", "amazon")


@dataclass(frozen=True, slots=True)
class Image:
    """A published image.

    Attributes:
        processors: for which ``CpuArchitecture`` it was built.
        exits: the exit code with which its process ends at once; ``None`` for one that works.
        says: what it writes before that.
        version: what its server tells of itself; empty for what the tag promises.
    """

    processors: frozenset[str] = _EVERYWHERE
    exits: int | None = None
    says: tuple[str, ...] = ()
    version: str = ""


def _published() -> dict[str, Image]:
    return {f"{_ASH}:{tag}": Image() for tag in ("latest", "0.1.0", "0.2.0", "0.2.1", "0.3.0")}


@dataclass
class Conditions:
    """The world's state beside the account's.

    Attributes:
        images: what the registries hold, by ``REPOSITORY:TAG``.
        memory_mb: what the server and its sandboxes use together, once they are busy.
        busy_after_s: how long after its start a server is that busy.
        cgroups_on_fargate: whether sandboxes can be made there.
        refused_keys: keys that the model API does not accept.
        reclaimed_every_s: after how long AWS takes a Spot task's capacity back; ``None``: never.
        requests_per_s: what one busy application asks of the server.
        hung: the tasks whose process answers nobody any more, though it runs.
        liveness_s: how long a coordinator believes a runner that is silent.
    """

    images: dict[str, Image] = field(default_factory=_published)
    memory_mb: float = 300
    busy_after_s: float = 190
    cgroups_on_fargate: bool = True
    refused_keys: set[str] = field(default_factory=set)
    reclaimed_every_s: float | None = None
    requests_per_s: float = 0
    hung: set[str] = field(default_factory=set)
    liveness_s: float = LIVENESS_S

    def image(self, reference: str) -> Image | None:
        """What a registry answers for a reference; ``None`` if there is no such image.

        A digest stands for the image it was resolved from; names of well-known images have any tag.
        """
        name, _, digest = reference.partition("@")
        if digest and ":" not in name.rsplit("/", 1)[-1]:
            name += ":latest"
        if ":" not in name.rsplit("/", 1)[-1]:
            name += ":latest"
        if name.split(":", 1)[0].split("/", 1)[0] in _WELL_KNOWN:
            return self.images.get(name, Image())
        return self.images.get(name)


CONDITIONS = Conditions()
"""Those of an emulator's one account."""


def reset() -> None:
    """Go back to a world in which nothing is wrong."""
    fresh = Conditions()
    vars(CONDITIONS).update(vars(fresh))
