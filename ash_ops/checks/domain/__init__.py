"""Checks of the name that clients call, and of its certificate."""
