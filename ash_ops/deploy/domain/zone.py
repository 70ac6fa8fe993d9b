"""The hosted zone of a domain: the one that was named, else the longest that holds the name."""

from __future__ import annotations

from dataclasses import replace

from ash_ops.aws import route53
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan.request import Request
from ash_ops.errors import Inconclusive, OpsError, ReadFailed
from ash_ops.facts.deploying.domains import HostedZone

_NAME_IT = "Name the zone with --hosted-zone Z..., if there is one."


def with_zone(aws: Aws, request: Request) -> Request:
    """The request with the domain's zone in it, where one of this account holds the name.

    Raises:
        OpsError: the zone that was named is not there, is private, or holds other names; or two
            zones have the same name.
        Inconclusive: the zones may not be read.
    """
    domain, named = request.effective("DomainName"), request.effective("HostedZoneId")
    if not domain:
        return request
    if named and "HostedZoneId" not in request.given:
        return request  # as it was: the zone of this name
    zone = _named(aws, domain, named) if named else find_zone(aws, domain)
    return replace(request, given={**request.given, "HostedZoneId": zone.id if zone else ""})


def find_zone(aws: Aws, domain: str) -> HostedZone | None:
    """The public zone with the longest name that holds a domain; ``None`` without one.

    Raises:
        OpsError: two zones have that name.
        Inconclusive: the zones may not be read.
    """
    holding = [zone for zone in _zones(aws, domain) if zone.holds(domain) and not zone.is_private]
    longest = max((len(zone.name) for zone in holding), default=0)
    found = [zone for zone in holding if len(zone.name) == longest]
    if len(found) > 1:
        ids = ", ".join(sorted(zone.id for zone in found))
        raise OpsError(
            f"Which hosted zone holds {domain} is not clear",
            f"{len(found)} public zones are called {found[0].name}: {ids}",
            "Name the one whose name servers the domain has with --hosted-zone.",
        )
    return next(iter(found), None)


def _zones(aws: Aws, domain: str) -> tuple[HostedZone, ...]:
    try:
        return route53.hosted_zones(aws)
    except ReadFailed as error:
        raise _unread(error, domain) from error


def _named(aws: Aws, domain: str, zone_id: str) -> HostedZone:
    try:
        zone = route53.hosted_zone(aws, zone_id)
    except ReadFailed as error:
        raise _unread(error, domain) from error
    if zone is None:
        why = "there is no such hosted zone in this account"
    elif zone.is_private:
        why = "it is private: neither clients nor ACM see what is in it"
    elif not zone.holds(domain):
        why = f"it holds the names of {zone.name}"
    else:
        return zone
    raise OpsError(
        f"{domain} cannot be in the hosted zone {zone_id}",
        why,
        "Correct --hosted-zone (`aws route53 list-hosted-zones` lists them), or leave it out.",
    )


def _unread(error: ReadFailed, domain: str) -> OpsError:
    """Without its zone a certificate would wait for hours: so what may not be read is no "none"."""
    if error.kind != "denied":
        return error
    return Inconclusive(
        f"Which hosted zone holds {domain} could not be told, so nothing was changed",
        f"{error.call}: {error.code}",
        f"Allow {error.action} for the identity in use (`ash-ops iam-policy deploy --with domain`). "
        + _NAME_IT,
    )
