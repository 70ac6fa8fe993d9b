"""The network path from a task to what it needs, worked out from what EC2 says.

Three answers: a list of obstacles (none means that the path is open), or ``CannotTell`` where it
leads through something whose far side cannot be read, such as a transit gateway.
"""

from ash_ops.checks.network.path import Obstacle, Placement, internet_obstacles, placement

__all__ = ["Obstacle", "Placement", "internet_obstacles", "placement"]
