"""Checks of the playbook ``security``."""
