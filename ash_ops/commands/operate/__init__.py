"""The commands that operate a deployment: stopped, started, backed up, restored."""
