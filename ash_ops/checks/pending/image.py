"""Does the registry have the image, for the processor the task runs on?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._attempts import Stage, at_next_start
from ash_ops.checks._consequences import NO_TASK
from ash_ops.checks._facts import definition
from ash_ops.checks._findings import deploy_fix, finding, quote, verify, version_fix
from ash_ops.checks.base import Check, Finding, present
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.facts.start import ARCHITECTURES, ImageState


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The image reference resolves, and has a variant for the task's processor."""
    image = present(snapshot.image)
    if image.exists is None:
        raise CannotTell(
            f"{image.registry or 'the registry'} would not say whether {image.reference} exists"
            + (f" (HTTP {image.status})" if image.status else "")
        )
    container = definition(snapshot).container()
    if not image.exists and container is not None and container.repository_credentials:
        raise CannotTell(
            f"{image.registry} was asked for {image.reference} without the login that the task has"
        )
    if not image.exists:
        yield _absent(snapshot, image)
        return
    wanted = _wanted(snapshot)
    if wanted and image.runs_on(wanted) is False:
        yield _other_processor(snapshot, image, wanted)


def _wanted(snapshot: Snapshot) -> str | None:
    """The task's processor: X86_64 by default on Fargate; on EC2 the instance's, which nobody names."""
    task = definition(snapshot)
    name = task.runtime_platform.cpu_architecture if task.runtime_platform else None
    if name is None and "FARGATE" not in task.requires_compatibilities:
        return None
    return name or "X86_64"


def _absent(snapshot: Snapshot, image: ImageState) -> Finding:
    what = "tag" if image.repository_exists else "image"
    return finding(
        "image-not-found",
        "pending",
        f"The registry has no {what} {image.reference}.",
        [quote(snapshot.image, f"manifests[{image.reference}]", f"HTTP {image.status or 404}")],
        [
            version_fix(snapshot, "Run a version that exists.", "rollout <TAG>"),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot, Stage.PULLED),
    )


def _other_processor(snapshot: Snapshot, image: ImageState, wanted: str) -> Finding:
    return finding(
        "image-arch-mismatch",
        "pending",
        f"{image.reference} exists for {', '.join(image.architectures)}, but the task wants {ARCHITECTURES.get(wanted, wanted)}.",
        [
            quote(
                snapshot.image,
                f"manifests[{image.reference}].platforms",
                ", ".join(image.architectures),
            ),
            quote(
                snapshot.task_definition,
                "taskDefinition.runtimePlatform.cpuArchitecture",
                wanted,
            ),
        ],
        [
            deploy_fix(
                snapshot,
                "Run the task on a processor that the image has.",
                f"--architecture {'arm64' if 'arm64' in image.architectures else 'x86_64'}",
            ),
            verify(snapshot, "pending"),
        ],
        severity=at_next_start(snapshot, Stage.PULLED),
    )


CHECK = Check(
    id="image",
    title="The image exists for the task's processor",
    playbook="pending",
    run=run,
    causes=("image-not-found", "image-arch-mismatch"),
    explains=(*NO_TASK, "task-stuck"),
)
