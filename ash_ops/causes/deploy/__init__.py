"""What goes wrong while deploying: ECS deployments, CloudFormation, the resources it makes."""

from ash_ops.causes.base import Cause
from ash_ops.causes.deploy import resources, services, stacks

CAUSES: tuple[Cause, ...] = (*services.CAUSES, *stacks.CAUSES, *resources.CAUSES)
