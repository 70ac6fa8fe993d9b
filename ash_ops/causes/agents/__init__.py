"""Why agents do not run although the server does: sandboxes, agent files, Claude Code."""

from ash_ops.causes.agents import claude, sandboxes
from ash_ops.causes.base import Cause

CAUSES: tuple[Cause, ...] = (*sandboxes.CAUSES, *claude.CAUSES)
