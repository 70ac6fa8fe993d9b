"""Checks of the playbook ``auth``."""
