"""The first call of a diagnosis: most others wait for its answer.

It goes out before the other readings are even imported, which takes longer than making it.
"""

from __future__ import annotations

from ash_ops.aws import operations as op
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.fan_out import Step
from ash_ops.snapshot.readings.service import service

CLIENT = op.DESCRIBE_SERVICES.service


def opening(context: ReadingContext) -> Step:
    """The reading of the service."""
    return Step(name="service", call=op.DESCRIBE_SERVICES.action, read=lambda: service(context))
