"""Does the image exist, for the processor it is to run on?"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ash_ops.checks.base import Check, Finding, Fix, asked
from ash_ops.checks.pending import image
from ash_ops.facts.deploying.deployments import PlannedDeployment

_FIXES = {
    "image-not-found": Fix(why="Correct --image or ASH_IMAGE."),
    "image-arch-mismatch": Fix(
        why="Change --architecture, or use an image that is built for this one."
    ),
}


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """The doctor's own look at the registry; what is named can still be changed."""
    asked(planned.snapshot.image)
    for found in image.run(planned.snapshot):
        yield replace(found, playbook="plan", severity="error", fix=(_FIXES[found.cause],))


CHECK = Check(
    id="image",
    title="The image exists for the processor",
    playbook="plan",
    run=run,
    causes=tuple(_FIXES),
)
