"""Why a task stops again: how it ended, its configuration, its data."""

from ash_ops.causes.base import Cause
from ash_ops.causes.restart import configuration, data, databases, endings, kills

CAUSES: tuple[Cause, ...] = (
    *kills.CAUSES,
    *endings.CAUSES,
    *configuration.CAUSES,
    *databases.CAUSES,
    *data.CAUSES,
)
