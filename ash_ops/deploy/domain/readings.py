"""What is read of a domain before anything is made: the records of its name, and what the public DNS says."""

from __future__ import annotations

from collections.abc import Callable

from ash_ops.aws import route53
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.domain.public_dns import answers
from ash_ops.facts.deploying.domains import DnsAnswer, HostedZone, PublicDns, RecordSet

Ask = Callable[[str, str], tuple[str, ...]]


def read_records(aws: Aws, domain: str, zone: HostedZone | None) -> tuple[RecordSet, ...]:
    """The records of the domain and of the names above it, up to its zone; none without a zone.

    Raises:
        ReadFailed: Route 53 did not answer.
    """
    if zone is None:
        return ()
    names = zone.names_up_from(domain)
    return tuple(each for name in names for each in route53.records_of(aws, zone.id, name))


def read_public_dns(
    domain: str, zone: HostedZone | None, *, is_to_be_issued: bool, ask: Ask = answers
) -> PublicDns:
    """Who answers for the domain's zone, and who may certify its names.

    Args:
        domain: the name that clients are to call.
        zone: its zone, where this account has it.
        is_to_be_issued: whether ACM is to issue a certificate; who may matters to no other.
        ask: what asks the public DNS.

    Raises:
        ReadFailed: the DNS did not answer.
    """
    servers = ask(zone.name, "NS") if zone else ()
    lost = zone is not None and not servers
    return PublicDns(
        name_servers=servers,
        knows_parent=lost and bool(ask(_above(zone.name if zone else ""), "NS")),
        issuers=_nearest_caa(zone.name if zone else _above(domain), ask)
        if is_to_be_issued
        else None,
    )


def _nearest_caa(name: str, ask: Ask) -> DnsAnswer | None:
    """The nearest CAA records from a name up (RFC 8659).

    The domain itself is not asked for: resolvers would keep the answer that it is not there for a quarter of
    an hour, beyond the end of the deployment that makes it.
    """
    while "." in name:
        rows = ask(name, "CAA")
        if rows:
            return DnsAnswer(name=name, rows=rows)
        name = _above(name)
    return None


def _above(name: str) -> str:
    return name.partition(".")[2]
