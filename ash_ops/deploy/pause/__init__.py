"""Stopping a deployment so that nothing runs, and starting it again."""
