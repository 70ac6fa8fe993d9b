"""What a plan says of a domain: what becomes of the name, and what is left to do by hand."""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.deploy.plan.request import Request


def domain_notes(request: Request) -> Iterator[str]:
    """Lines of a plan; nothing where the name stays as it is."""
    names = ("DomainName", "HostedZoneId", "CertificateArn")
    if all(request.effective(name) == request.previous.get(name, "") for name in names):
        return
    domain, zone = request.effective("DomainName"), request.effective("HostedZoneId")
    before = request.previous.get("DomainName", "")
    if before and before != domain:
        yield f"  domain     {before} no longer leads here: clients need the new address"
    if not domain:
        return
    yield (
        f"  domain     https://{domain}:{request.effective('ListenerPort')} is then the only address; the "
        "listener takes TLS alone, and ends a connection that is silent for 350 seconds"
    )
    if zone:
        yield f"  domain     the records of {domain} are made in the hosted zone {zone}"
        return
    if request.effective("CertificateArn"):
        yield f"  domain     no public hosted zone of this account holds {domain}: you make a CNAME of it"
        return
    yield (
        f"  domain     no public hosted zone of this account holds {domain}. You make the records where it is: "
        f"while it deploys, the one that ACM names; then a CNAME of {domain}. Nothing else can be changed "
        "until ACM has seen the first"
    )
