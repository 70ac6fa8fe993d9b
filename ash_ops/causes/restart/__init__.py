"""Why a task stops again: how it ended, its configuration, its data."""

from ash_ops.causes.base import Cause
from ash_ops.causes.restart import configuration, data, endings

CAUSES: tuple[Cause, ...] = (*endings.CAUSES, *configuration.CAUSES, *data.CAUSES)
