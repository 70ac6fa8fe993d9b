"""Why a task does not start: images, secrets, log drivers, roles, placement."""

from ash_ops.causes.base import Cause
from ash_ops.causes.pending import images, placement, startup

CAUSES: tuple[Cause, ...] = (*images.CAUSES, *startup.CAUSES, *placement.CAUSES)
