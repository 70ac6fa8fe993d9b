"""Load balancers, listeners, target groups and their health."""

from msgspec import field

from ash_ops.facts.model import Instant, Pascal


class LoadBalancerState(Pascal):
    """Whether a load balancer is usable."""

    code: str | None = None
    reason: str | None = None


class ZoneOfBalancer(Pascal):
    """A zone in which a load balancer has a node."""

    zone_name: str | None = None
    subnet_id: str | None = None


class LoadBalancer(Pascal):
    """A load balancer."""

    load_balancer_arn: str = ""
    load_balancer_name: str = ""
    dns_name: str | None = field(default=None, name="DNSName")
    scheme: str | None = None
    type: str | None = None
    vpc_id: str | None = None
    created_time: Instant | None = None
    state: LoadBalancerState | None = None
    availability_zones: tuple[ZoneOfBalancer, ...] = ()
    security_groups: tuple[str, ...] = ()


class TargetGroupShare(Pascal):
    """One of several target groups that a listener spreads connections over."""

    target_group_arn: str | None = None
    weight: int | None = None


class ForwardConfig(Pascal):
    """The target groups of a forwarding action."""

    target_groups: tuple[TargetGroupShare, ...] = ()


class ListenerAction(Pascal):
    """What a listener does with a connection."""

    type: str | None = None
    target_group_arn: str | None = None
    forward_config: ForwardConfig | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """The ARNs of the target groups it forwards to."""
        shares = self.forward_config.target_groups if self.forward_config else ()
        arns = (self.target_group_arn, *(share.target_group_arn for share in shares))
        return tuple(dict.fromkeys(arn for arn in arns if arn))


class Listener(Pascal):
    """A port on which a load balancer accepts connections."""

    listener_arn: str = ""
    load_balancer_arn: str | None = None
    port: int | None = None
    protocol: str | None = None
    default_actions: tuple[ListenerAction, ...] = ()


class Matcher(Pascal):
    """Which HTTP codes count as healthy."""

    http_code: str | None = None


class TargetGroup(Pascal):
    """A target group and its health check."""

    target_group_arn: str = ""
    target_group_name: str = ""
    protocol: str | None = None
    port: int | None = None
    vpc_id: str | None = None
    target_type: str | None = None
    health_check_enabled: bool | None = None
    health_check_protocol: str | None = None
    health_check_port: str | None = None
    health_check_path: str | None = None
    health_check_interval_seconds: int | None = None
    health_check_timeout_seconds: int | None = None
    healthy_threshold_count: int | None = None
    unhealthy_threshold_count: int | None = None
    matcher: Matcher | None = None
    load_balancer_arns: tuple[str, ...] = ()


class Target(Pascal):
    """One registered address."""

    id: str = ""
    port: int | None = None
    availability_zone: str | None = None


class HealthState(Pascal):
    """A target's state, with the reason code."""

    state: str | None = None
    reason: str | None = None
    description: str | None = None


class TargetHealth(Pascal):
    """One row of DescribeTargetHealth."""

    target: Target = field(default_factory=Target)
    target_health: HealthState = field(default_factory=HealthState)
