"""Checks of the playbook ``connection``."""
