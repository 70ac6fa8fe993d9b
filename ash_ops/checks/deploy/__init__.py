"""Checks of the playbook ``deploy``."""
