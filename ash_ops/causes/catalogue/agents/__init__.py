"""Why agents do not run although the server does: sandboxes, agent files, Claude Code."""
