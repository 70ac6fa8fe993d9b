"""What a stack wants of its resources: its template with all functions worked out."""

from typing import Any

from msgspec import field

from ash_ops.facts.model import Model

SERVICE = "AWS::ECS::Service"
GROUP = "AWS::EC2::SecurityGroup"
INGRESS, EGRESS = f"{GROUP}Ingress", f"{GROUP}Egress"
BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
LISTENER = "AWS::ElasticLoadBalancingV2::Listener"
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"
ROLE = "AWS::IAM::Role"
MOUNT_TARGET = "AWS::EFS::MountTarget"
COMPARED = (SERVICE, GROUP, INGRESS, EGRESS, BALANCER, LISTENER, TARGET_GROUP)
"""The types that are compared with what runs: what traffic and tasks hang on."""
PUT_BACK = (*COMPARED, ROLE, MOUNT_TARGET)
"""Those that ``deploy`` compares: it reads roles and mount targets one by one, which takes a doctor too long."""


class WantedResource(Model):
    """One resource of a stack, as its template and its parameters describe it.

    Attributes:
        logical_id: its name in the template.
        type: for instance ``AWS::ECS::Service``.
        physical_id: what the stack made of it, for instance an ARN or ``sg-1``.
        properties: those whose value is known, with CloudFormation's own names; numbers are texts.
        unknown: the names of those whose value only CloudFormation knows.
    """

    logical_id: str
    type: str
    physical_id: str
    properties: dict[str, Any] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
