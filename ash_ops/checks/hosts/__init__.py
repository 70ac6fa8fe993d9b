"""Checks of the instances that tasks are put on; a service on Fargate has none."""
