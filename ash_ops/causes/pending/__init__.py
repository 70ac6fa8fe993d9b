"""Why a task does not start: images, secrets, log drivers, roles, room, placement."""

from ash_ops.causes.base import Cause
from ash_ops.causes.pending import (
    capacity,
    images,
    log_drivers,
    placement,
    pulls,
    roles_and_volumes,
    secrets,
)

CAUSES: tuple[Cause, ...] = (
    *pulls.CAUSES,
    *images.CAUSES,
    *secrets.CAUSES,
    *log_drivers.CAUSES,
    *roles_and_volumes.CAUSES,
    *capacity.CAUSES,
    *placement.CAUSES,
)
