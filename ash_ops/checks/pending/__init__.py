"""Checks of the playbook ``pending``."""
