"""What a stopped deployment is still billed for: all but what computes, and what that moves."""

from __future__ import annotations

from ash_ops.cost.estimate import Estimate, Line

# What runs by the hour, and what only something that runs uses.
_ENDS = (
    "fargate-",
    "ec2-",
    "ecs-managed-",
    "public-ipv4-tasks",
    "public-ipv4-instances",
    "log-ingestion",
    "capacity-units",
    "data-",
    "nat-data",
    "endpoint-data",
    "model-requests",
    "efs-read",
    "efs-written",
)


_DATABASE = "rds"  # the instance; its storage is billed on


def at_rest(estimate: Estimate) -> tuple[Line, ...]:
    """The lines of the bill that go on while nothing runs; storage, addresses, secrets, alarms.

    The disk of an instance goes with it, the disk of ``/data`` stays: where one line holds both, all
    of it is taken to stay.
    """
    subjects = ((line, line.quantity.subject) for line in estimate.lines)
    return tuple(line for line, of in subjects if of != _DATABASE and not of.startswith(_ENDS))
