"""What of a domain can be known to fail before anything is made.

A record in the way is refused by Route 53 in the middle of a deployment, a zone that nobody asks keeps ACM
waiting for hours, and a CAA record makes it refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from ash_ops.aws import acm, route53
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.domain.public_dns import answers
from ash_ops.deploy.plan.request import Request
from ash_ops.facts.deploying.deployments import Outcome, Verdict
from ash_ops.facts.deploying.domains import HostedZone

Ask = Callable[[str, str], tuple[str, ...]]
_PUBLIC = "domain-dns"
_IN_THE_WAY = frozenset({"A", "AAAA", "CNAME", "HTTPS", "SVCB"})
# AWS Certificate Manager's user guide, "Configure a CAA record": any of them allows Amazon.
_AMAZON = frozenset({"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"})


def check_records(aws: Aws, request: Request) -> Outcome:
    """Whether the name is free in its zone, and the zone has not given it away.

    Raises:
        ReadFailed: Route 53 did not answer.
    """
    domain, zone_id = request.effective("DomainName"), request.effective("HostedZoneId")
    zone = route53.hosted_zone(aws, zone_id) if zone_id else None
    if zone is None:
        return _outcome(Verdict.PASSED, f"{domain} is in no zone of this account")
    free = _outcome(Verdict.PASSED, f"{domain} is free in the zone {zone.name}")
    return next(_records(aws, request, domain, zone), free)


def check_public_dns(aws: Aws, request: Request, ask: Ask = answers) -> Outcome:
    """Whether the world asks the domain's zone, and Amazon may certify the name.

    Args:
        aws: where.
        request: with a domain, and with its zone where there is one.
        ask: what asks the public DNS.

    Raises:
        ReadFailed: Route 53 or the DNS did not answer.
    """
    domain, zone_id = request.effective("DomainName"), request.effective("HostedZoneId")
    zone = route53.hosted_zone(aws, zone_id) if zone_id else None
    found = [
        *(_delegation(domain, zone, ask) if zone else ()),
        *(() if request.effective("CertificateArn") else _issuers(domain, zone, ask)),
    ]
    seen = _outcome(Verdict.PASSED, f"ACM can validate {domain}", check=_PUBLIC)
    return next(iter(found), seen)


def _records(aws: Aws, request: Request, domain: str, zone: HostedZone) -> Iterator[Outcome]:
    """Records of the name that are not ours, and parts of the zone that are given to others."""
    for name in _up_to(domain, zone):
        types = {record.type for record in route53.records_of(aws, zone.id, name)}
        if name == domain:
            yield from _in_the_way(request, domain, zone, types)
        if name != zone.name and "NS" in types:
            yield _outcome(
                Verdict.REFUSED,
                f"The zone {zone.name} ({zone.id}) gives {name} to other name servers: a record for {domain} in "
                "it is never asked for",
                f"Deploy in the account that has the zone of {name}, or give another --domain.",
            )


def _in_the_way(
    request: Request, domain: str, zone: HostedZone, types: Set[str]
) -> Iterator[Outcome]:
    """Records of the name beside our own alias, which stays while name and zone do."""
    before = request.previous.get("DomainName"), request.previous.get("HostedZoneId")
    stays = before == (domain, zone.id)
    for kind in sorted(types & _IN_THE_WAY - ({"A"} if stays else set())):
        yield _outcome(
            Verdict.WARNING if stays else Verdict.REFUSED,
            f"{domain} has a record of type {kind} in the zone {zone.name} ({zone.id}) that this deployment "
            "did not make",
            "Give another --domain, or delete that record yourself once nobody needs it.",
        )


def _up_to(domain: str, zone: HostedZone) -> Iterator[str]:
    """The names from the domain up to its zone; the zone's own only where it is the domain."""
    yield domain
    name = domain.partition(".")[2]
    while name != zone.name and zone.holds(name):
        yield name
        name = name.partition(".")[2]


def _delegation(domain: str, zone: HostedZone, ask: Ask) -> Iterator[Outcome]:
    """Whether the world asks this zone: its name servers are those that the DNS names."""
    public = {server.rstrip(".").lower() for server in ask(zone.name, "NS")}
    own = {server.rstrip(".").lower() for server in zone.name_servers}
    if not public and not ask(zone.name.partition(".")[2], "NS"):
        text = f"this machine's resolvers do not know who answers for {zone.name}"
        yield _outcome(Verdict.UNKNOWN, text, check=_PUBLIC)
    elif own and not public & own:
        named = ", ".join(sorted(public)) or "none"
        yield _outcome(
            Verdict.REFUSED,
            f"The DNS asks other name servers for {zone.name} ({named}) than those of the zone {zone.id}: nobody "
            f"would see the records of {domain}, ACM neither",
            f"Let the registrar, or the zone above, name {', '.join(sorted(own))}.",
            check=_PUBLIC,
        )


def _issuers(domain: str, zone: HostedZone | None, ask: Ask) -> Iterator[Outcome]:
    """Whether the nearest CAA records above the name let Amazon issue certificates (RFC 8659).

    The name itself is not asked for: resolvers would keep the answer that it is not there for a quarter of an
    hour, beyond the end of the deployment that makes it.
    """
    name = zone.name if zone else domain.partition(".")[2]
    while "." in name:
        rows = ask(name, "CAA")
        if rows:
            yield from _judged(domain, name, rows)
            return
        name = name.partition(".")[2]


def _judged(domain: str, name: str, rows: tuple[str, ...]) -> Iterator[Outcome]:
    """What CAA records, as ``0 issue "letsencrypt.org"``, say of Amazon."""
    parts = [row.split(None, 2) for row in rows]
    issuers = {p[2].strip('"').partition(";")[0].strip().lower() for p in parts if p[1] == "issue"}
    if issuers and not issuers & _AMAZON:
        yield _outcome(
            Verdict.REFUSED,
            f"A CAA record of {name} lets {', '.join(sorted(filter(None, issuers))) or 'nobody'} issue "
            f"certificates, and not Amazon: ACM would refuse {domain}",
            f'Add the record `{name} CAA 0 issue "amazon.com"`, or give a certificate of your own with '
            "--certificate.",
            check=_PUBLIC,
        )


def check_certificate(aws: Aws, request: Request) -> Outcome:
    """Whether a certificate that was given is issued, and made out to the name that clients call.

    Raises:
        ReadFailed: ACM did not answer.
    """
    found = acm.certificate(aws, request.effective("CertificateArn"))
    host = request.effective("DomainName") or request.effective("Hostname")
    name, fix = (
        "certificate-issued",
        "Give another --certificate; `aws acm list-certificates` lists them.",
    )
    if found.status != "ISSUED":
        text = (
            f"the certificate for {found.domain_name} is {found.status}, and no listener takes it"
        )
        return _outcome(Verdict.REFUSED, text, fix, check=name)
    if host and not found.covers(host.lower().rstrip(".")):
        text = f"the certificate is for {', '.join(found.names)}, and clients are to call {host}"
        return _outcome(Verdict.REFUSED, text, fix, check=name)
    return _outcome(Verdict.PASSED, f"it is for {', '.join(found.names)}", check=name)


def _outcome(verdict: Verdict, text: str, fix: str = "", *, check: str = "domain") -> Outcome:
    return Outcome(check=check, verdict=verdict, text=text, fix=fix)
