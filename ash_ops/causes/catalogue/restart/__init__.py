"""Why a task stops again: how it ended, its configuration, its data."""
