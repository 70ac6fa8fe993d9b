"""Load balancers, listeners and their certificates, target groups and their health."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from msgspec import field

from ash_ops.facts.model import Instant, Pascal
from ash_ops.names import ASH_PORT


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


class DnsRecord(Pascal):
    """The record by which ACM proves whose a name is."""

    name: str = ""
    type: str = ""
    value: str = ""

    @property
    def line(self) -> str:
        """The record as a zone file has it."""
        return f"{self.name} {self.type} {self.value}"


class Validation(Pascal):
    """How one name of a certificate is proven.

    Attributes:
        validation_status: ``PENDING_VALIDATION``, ``SUCCESS`` or ``FAILED``.
    """

    domain_name: str = ""
    validation_status: str | None = None
    validation_method: str | None = None
    resource_record: DnsRecord | None = None


class Renewal(Pascal):
    """How ACM's own renewal stands.

    Attributes:
        renewal_status: ``PENDING_AUTO_RENEWAL``, ``PENDING_VALIDATION``, ``SUCCESS`` or ``FAILED``.
    """

    renewal_status: str | None = None
    renewal_status_reason: str | None = None
    domain_validation_options: tuple[Validation, ...] = ()


class Certificate(Pascal):
    """A certificate.

    Attributes:
        status: ``PENDING_VALIDATION``, ``ISSUED``, ``INACTIVE``, ``EXPIRED``, ``VALIDATION_TIMED_OUT``,
            ``REVOKED`` or ``FAILED``.
        type: ``AMAZON_ISSUED`` ones are renewed by ACM, ``IMPORTED`` ones by their owner.
    """

    certificate_arn: str = ""
    domain_name: str = ""
    subject_alternative_names: tuple[str, ...] = ()
    status: str | None = None
    type: str | None = None
    not_after: Instant | None = None
    failure_reason: str | None = None
    renewal_summary: Renewal | None = None
    domain_validation_options: tuple[Validation, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it is made out to."""
        return tuple(dict.fromkeys((self.domain_name, *self.subject_alternative_names)))

    @property
    def missing(self) -> tuple[DnsRecord, ...]:
        """The records that ACM has not seen yet, for its issue or its renewal."""
        asked = self.renewal_summary.domain_validation_options if self.renewal_summary else ()
        waiting = (
            each.resource_record
            for each in (*self.domain_validation_options, *asked)
            if each.validation_status == "PENDING_VALIDATION"
        )
        return tuple(dict.fromkeys(record for record in waiting if record))

    def covers(self, host: str) -> bool:
        """Whether a client that calls this name accepts it; ``*`` stands for one label (RFC 6125)."""
        wild = f"*.{host.partition('.')[2]}"
        return any(name.lower() in (host, wild) for name in self.names)


class ListenerCertificate(Pascal):
    """The certificate that a listener shows."""

    certificate_arn: str = ""


class Listener(Pascal):
    """A port on which a load balancer accepts connections."""

    listener_arn: str = ""
    load_balancer_arn: str | None = None
    port: int | None = None
    protocol: str | None = None
    certificates: tuple[ListenerCertificate, ...] = ()
    default_actions: tuple[ListenerAction, ...] = ()


def server_url(
    host: str, listeners: Iterable[Listener], target_group: str | None = None
) -> str | None:
    """Where clients reach the server: what they use as ``ASH_SERVER_URL``.

    The listener that forwards to the target group counts, else the first; the server's own port
    before another.

    Args:
        host: the load balancer's name.
        listeners: its listeners.
        target_group: the ARN of the target group that the server is registered with, if known.
    """
    found = [listener for listener in listeners if listener.port]
    leading = [
        each for each in found if any(target_group in a.groups for a in each.default_actions)
    ]
    first = min(leading or found, key=lambda each: each.port != ASH_PORT, default=None)
    if first is None:
        return None
    scheme = "https" if first.protocol in ("TLS", "HTTPS") else "http"
    return f"{scheme}://{host}:{first.port}"


def certified(url: str, stack_url: str | None) -> str:
    """An address under the name that its certificate is made out to, where the stack tells it.

    A load balancer's own name is on no certificate; the stack's ``Url`` has the name that is.

    Args:
        url: of ``server_url``.
        stack_url: the stack's output ``Url``.
    """
    ours, named = urlsplit(url), urlsplit(stack_url or "")
    if ours.scheme != "https" or named.scheme != "https" or not named.hostname:
        return url
    return f"https://{named.hostname}:{ours.port}"


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


class AdministrativeOverride(Pascal):
    """What overrides a target's health: a zonal shift.

    Attributes:
        state: ``no_override``, ``zonal_shift_active``, ``zonal_shift_delegated_to_dns`` or ``unknown``.
    """

    state: str | None = None
    reason: str | None = None
    description: str | None = None

    @property
    def told(self) -> str:
        """All that the load balancer says of it."""
        return " ".join(part for part in (self.state, self.reason, self.description) if part)


class TargetHealth(Pascal):
    """One row of DescribeTargetHealth.

    Attributes:
        target_group_arn: of which group it was asked; empty in a snapshot that is older than the field.
    """

    target: Target = field(default_factory=Target)
    target_health: HealthState = field(default_factory=HealthState)
    administrative_override: AdministrativeOverride | None = None
    target_group_arn: str = ""

    @property
    def state(self) -> str:
        """``healthy``, ``unhealthy``, ``initial``, ``draining``, ``unused`` ..."""
        return self.target_health.state or "unknown"

    @property
    def told(self) -> str:
        """The state with the reason code, if there is one."""
        reason = self.target_health.reason
        return f"{self.state} ({reason})" if reason else self.state
