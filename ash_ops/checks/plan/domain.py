"""Is the domain free in its hosted zone?

A record in the way is refused by Route 53 in the middle of a deployment.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from ash_ops.checks._findings import finding, quote
from ash_ops.checks.base import Check, Finding, Fix, Severity, asked
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.deploying.domains import HostedZone

_IN_THE_WAY = frozenset({"A", "AAAA", "CNAME", "HTTPS", "SVCB"})


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """No record of the name that is not ours, and no part of the zone that is given to others."""
    zone = asked(planned.hosted_zone)
    if zone is None:
        return  # in no zone of this account: its records are made by hand
    domain = planned.parameters["DomainName"]
    types: dict[str, set[str]] = {}
    for record in asked(planned.name_records) or ():
        types.setdefault(record.name, set()).add(record.type)
    for name in zone.names_up_from(domain):
        found = types.get(name, set())
        if name == domain:
            yield from _in_the_way(planned, domain, zone, found)
        if name != zone.name and "NS" in found:
            yield _finding(
                planned,
                f"The zone {zone.name} ({zone.id}) gives {name} to other name servers: a record for {domain} in "
                "it is never asked for.",
                f"{name} NS",
                f"Deploy in the account that has the zone of {name}, or give another --domain.",
                "error",
            )


def _in_the_way(
    planned: PlannedDeployment, domain: str, zone: HostedZone, types: Set[str]
) -> Iterator[Finding]:
    """Records of the name beside our own alias, which stays while name and zone do."""
    stays = planned.has_its_record
    for kind in sorted(types & _IN_THE_WAY - ({"A"} if stays else set())):
        yield _finding(
            planned,
            f"{domain} has a record of type {kind} in the zone {zone.name} ({zone.id}) that this deployment "
            "did not make.",
            f"{domain} {kind}",
            "Give another --domain, or delete that record yourself once nobody needs it.",
            "warning" if stays else "error",
        )


def _finding(
    planned: PlannedDeployment, summary: str, record: str, advice: str, severity: Severity
) -> Finding:
    return finding(
        "domain-taken",
        "plan",
        summary,
        [quote(planned.name_records, "ResourceRecordSets[]", record)],
        [Fix(why=advice)],
        severity=severity,
        apart=record,
    )


CHECK = Check(
    id="domain",
    title="The domain is free in its hosted zone",
    playbook="plan",
    run=run,
    causes=("domain-taken",),
)
