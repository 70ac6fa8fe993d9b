"""Can ACM validate the domain?

A zone that nobody asks keeps ACM waiting for hours, and a CAA record makes it refuse.
"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import finding, quote
from ash_ops.checks.base import Check, Finding, Fix, asked
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.deploying.domains import DnsAnswer, HostedZone, PublicDns
from ash_ops.facts.reading import CannotTell

# AWS Certificate Manager's user guide, "Configure a CAA record": any of them allows Amazon.
_AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """The world asks the domain's zone, and Amazon may certify the name.

    Raises:
        CannotTell: this machine's resolvers know nobody who answers for the zone.
    """
    public = asked(planned.public_dns) or PublicDns()
    zone = asked(planned.hosted_zone)
    if zone is not None:
        yield from _delegation(planned, zone, public)
    if public.issuers is not None:
        yield from _issuers(planned, public.issuers)


def _delegation(
    planned: PlannedDeployment, zone: HostedZone, public: PublicDns
) -> Iterator[Finding]:
    """Whether the world asks this zone: its name servers are those that the DNS names."""
    told = {server.rstrip(".").lower() for server in public.name_servers}
    own = {server.rstrip(".").lower() for server in zone.name_servers}
    if not told and not public.knows_parent:
        raise CannotTell(f"this machine's resolvers do not know who answers for {zone.name}")
    if own and not told & own:
        named = ", ".join(sorted(told)) or "none"
        yield _finding(
            planned,
            f"The DNS asks other name servers for {zone.name} ({named}) than those of the zone {zone.id}: nobody "
            f"would see the records of {planned.parameters['DomainName']}, ACM neither.",
            f"NS {zone.name}",
            named,
            f"Let the registrar, or the zone above, name {', '.join(sorted(own))}.",
        )


def _issuers(planned: PlannedDeployment, caa: DnsAnswer) -> Iterator[Finding]:
    """What CAA records, as ``0 issue "letsencrypt.org"``, say of Amazon (RFC 8659)."""
    parts = [row.split(None, 2) for row in caa.rows]
    issuers = {p[2].strip('"').partition(";")[0].strip().lower() for p in parts if p[1] == "issue"}
    if issuers and not issuers & _AMAZON:
        allowed = ", ".join(sorted(filter(None, issuers))) or "nobody"
        yield _finding(
            planned,
            f"A CAA record of {caa.name} lets {allowed} issue certificates, and not Amazon: ACM would refuse "
            f"{planned.parameters['DomainName']}.",
            f"CAA {caa.name}",
            ", ".join(caa.rows),
            f'Add the record `{caa.name} CAA 0 issue "amazon.com"`, or give a certificate of your own with '
            "--certificate.",
        )


def _finding(
    planned: PlannedDeployment, summary: str, field: str, value: str, advice: str
) -> Finding:
    return finding(
        "certificate-not-validated",
        "plan",
        summary,
        [quote(planned.public_dns, field, value)],
        [Fix(why=advice)],
        severity="error",
        apart=field,
    )


CHECK = Check(
    id="domain-dns",
    title="ACM can validate the domain",
    playbook="plan",
    run=run,
    causes=("certificate-not-validated",),
)
