"""Your own access to AWS: credentials, regions, permissions, ECS Exec."""

from ash_ops.causes.access import calls, credentials
from ash_ops.causes.base import Cause

CAUSES: tuple[Cause, ...] = (*credentials.CAUSES, *calls.CAUSES)
