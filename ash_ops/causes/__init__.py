"""What each message of AWS, ECS, ELB, CloudFormation and Ash means.

Causes are data, one module a category; ``classify`` names the cause of a message. Nothing here
needs AWS or a network; msgspec alone is imported, whose records are made in a twentieth of the time.
"""

from ash_ops.causes.base import KINDS, Cause, Kind, Rank, Severity, Signature, Step
from ash_ops.causes.catalogue import CAUSES, cause
from ash_ops.causes.classify import UNKNOWN, Classification, classify

__all__ = [
    "CAUSES",
    "KINDS",
    "UNKNOWN",
    "Cause",
    "Classification",
    "Kind",
    "Rank",
    "Severity",
    "Signature",
    "Step",
    "cause",
    "classify",
]
