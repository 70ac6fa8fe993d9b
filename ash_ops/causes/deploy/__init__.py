"""What goes wrong while deploying: ECS deployments, CloudFormation, the resources it makes."""

from ash_ops.causes.base import Cause
from ash_ops.causes.deploy import refusals, rollouts, services, stacks, templates, wiring

CAUSES: tuple[Cause, ...] = (
    *rollouts.CAUSES,
    *services.CAUSES,
    *stacks.CAUSES,
    *templates.CAUSES,
    *refusals.CAUSES,
    *wiring.CAUSES,
)
