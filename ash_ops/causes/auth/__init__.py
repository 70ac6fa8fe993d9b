"""Keys: of the Ash server, of its internal endpoints, and of the model's API."""

from ash_ops.causes.auth import anthropic, exposure, server_keys
from ash_ops.causes.base import Cause

CAUSES: tuple[Cause, ...] = (*server_keys.CAUSES, *exposure.CAUSES, *anthropic.CAUSES)
