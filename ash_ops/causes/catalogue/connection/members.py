"""Who stands behind the load balancer, and which of its addresses answer."""

from typing import Final

from ash_ops.causes.base import Cause, Step
from ash_ops.causes.catalogue.connection.words import CHECK_TARGETS, TARGET_HEALTH

CAUSES: Final = (
    Cause(
        slug="target-foreign",
        title="The load balancer has a target that is no task of this service",
        category="connection",
        severity="warning",
        meaning="An address was registered by hand or by another service. It takes a share of the connections, "
        "and its health says nothing of Ash.",
        proof=(CHECK_TARGETS,),
        repair=(
            Step(
                "Take it out of the target group",
                "aws elbv2 deregister-targets --target-group-arn <target-group> --targets Id=<target>",
            ),
        ),
        docs_url=TARGET_HEALTH,
    ),
    Cause(
        slug="balancer-address-silent",
        title="One address of the load balancer does not answer",
        category="connection",
        severity="error",
        meaning="A load balancer has an address in each of its zones, and clients take any of them: "
        "a part of the connections fails.",
        proof=(Step("Ask each address by itself", "ash-ops health"),),
        repair=(
            Step(
                "Look at the subnet of that address: its route, its ACL, and whether a target serves it"
            ),
        ),
        confused_with=(("conn-timeout", "There no address answers."),),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
    ),
    Cause(
        slug="balancer-subnet-private",
        title="A load balancer that faces the internet stands in a private subnet",
        category="connection",
        severity="error",
        meaning="The subnet's route table leads to no internet gateway, so answers to callers never get back.",
        proof=(
            Step(
                "Read the routes of the balancer's subnets",
                "aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet>",
            ),
        ),
        repair=(Step("Give it public subnets, one a zone"),),
        confused_with=(("caller-address-blocked", "There a security group drops the caller."),),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html",
    ),
    Cause(
        slug="zonal-shift",
        title="A zone of the load balancer is shifted away",
        category="connection",
        severity="warning",
        meaning="A zonal shift (by hand, or zonal autoshift) takes the zone's addresses out of DNS; targets there get no "
        "requests until it ends.",
        proof=(CHECK_TARGETS,),
        repair=(
            Step(
                "See the shifts that are active, and when they end",
                "aws arc-zonal-shift list-zonal-shifts --status ACTIVE",
            ),
        ),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/zonal-shift.html",
    ),
    Cause(
        slug="port-mapping-mismatch",
        title="The server listens on another port than the task maps",
        category="connection",
        severity="error",
        meaning="ASH_PORT, the container's port mapping and the service's load balancer must name one port, and "
        "ASH_HOST an address that is reached from outside.",
        proof=(
            Step(
                "Compare them",
                "aws ecs describe-task-definition --task-definition <family> --query 'taskDefinition.containerDefinitions[].[environment,portMappings]'",
            ),
        ),
        repair=(Step("Let all of them name one port"),),
        confused_with=(
            ("bad-listen-config", "There the server says itself that it cannot listen."),
        ),
    ),
    Cause(
        slug="target-protocol-mismatch",
        title="The load balancer speaks to the server in a protocol that it does not know",
        category="connection",
        severity="error",
        meaning="Ash speaks plain HTTP. A target group of TLS or HTTPS begins with a handshake, one with proxy protocol v2 "
        "with a binary header, health checks included: the server answers 400 and closes, or nothing at all.",
        proof=(
            Step(
                "Read the protocol of the target group",
                "aws elbv2 describe-target-groups --target-group-arns <target-group> --query 'TargetGroups[].Protocol'",
            ),
            Step(
                "See whether proxy protocol v2 is on",
                "aws elbv2 describe-target-group-attributes --target-group-arn <target-group>",
            ),
        ),
        repair=(
            Step("Let the target group speak TCP (HTTP behind an application load balancer)"),
            Step(
                "Switch proxy protocol v2 off",
                "aws elbv2 modify-target-group-attributes --target-group-arn <target-group> --attributes Key=proxy_protocol_v2.enabled,Value=false",
            ),
        ),
        confused_with=(
            ("http-to-tls-port", "There the listener speaks TLS, which callers can."),
            ("port-mapping-mismatch", "There they disagree on the port."),
        ),
        docs_url="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html",
    ),
)
