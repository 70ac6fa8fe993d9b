"""Checks of the playbook ``restarts``."""
