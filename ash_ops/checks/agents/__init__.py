"""Checks of the playbook ``agents``."""
