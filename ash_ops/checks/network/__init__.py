"""The network path from a task to what it needs, worked out from what EC2 says.

Three answers: a list of blockers (none means that the path is open), or ``CannotTell`` where it
leads through something whose far side cannot be read, such as a transit gateway.
"""

from ash_ops.checks.network.blocker import BLOCKED, INTERNET
from ash_ops.checks.network.path import Blocker, Placement, internet_blockers, placement

__all__ = ["BLOCKED", "INTERNET", "Blocker", "Placement", "internet_blockers", "placement"]
