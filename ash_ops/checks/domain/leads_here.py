"""Does the name that clients call lead to this load balancer?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ash_ops.checks._consequences import NOTHING_ANSWERS
from ash_ops.checks._findings import finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, items, present
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import is_balancers_own

_CAUSE = "domain-elsewhere"


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The name resolves to an address of the load balancer, or what it leads to answers as the server."""
    probe = present(snapshot.probe)
    host = urlsplit(probe.url).hostname or ""
    own = set(probe.balancer_addresses)
    if is_balancers_own(host) or not own or host != _named(snapshot):
        raise NotApplicable("clients call the load balancer by its own name")
    strangers = {a for a, said in probe.addresses.items() if a not in own and said != "ok"}
    if strangers and own & set(probe.addresses):
        yield _in_part(snapshot, host, strangers, own)
        return
    rung = probe.rung("dns")
    if probe.healthy or rung is None or rung.outcome != "ok":
        return  # a proxy before it answers with the server's words; a name that is none is told elsewhere
    found = set(rung.detail.split(", ")) if rung.detail else set(probe.addresses)
    if not found:
        raise CannotTell(f"to which addresses {host} leads was not told")
    if found & own:
        return
    balancer = next(items(snapshot.load_balancers), None)
    name = (balancer.dns_name if balancer else None) or "the load balancer"
    there, here = ", ".join(sorted(found)), ", ".join(sorted(own))
    yield finding(
        _CAUSE,
        "connection",
        f"{host} leads to {there}; the load balancer is at {here}.",
        [quote(snapshot.probe, "rungs[dns]", there)],
        [
            Fix(why=f"Point {host} at {name}: a CNAME, or an alias record in Route 53."),
            verify(snapshot, "connection"),
        ],
        severity="error",
        subject=f"name/{host}",
    )


def _in_part(snapshot: Snapshot, host: str, strangers: set[str], own: set[str]) -> Finding:
    there, here = ", ".join(sorted(strangers)), ", ".join(sorted(own))
    return finding(
        _CAUSE,
        "connection",
        f"{host} leads to the load balancer ({here}) and to {there} as well, where nothing answers: a part of the "
        "connections fails.",
        [quote(snapshot.probe, "rungs[tcp]", there)],
        [
            Fix(
                why=f"Take {there} out of the records of {host}: it is none of the load balancer's."
            ),
            verify(snapshot, "connection"),
        ],
        severity="error",
        subject=f"name/{host}",
        apart="in-part",
    )


def _named(snapshot: Snapshot) -> str | None:
    """The name in the deployment's address."""
    return urlsplit(snapshot.deployment.url or "").hostname


CHECK = Check(
    id="domain",
    title="The name that clients call leads to the load balancer",
    playbook="connection",
    run=run,
    causes=(_CAUSE,),
    explains=(*NOTHING_ANSWERS, "tls-certificate-invalid", "http-to-tls-port", "tls-to-plain-http"),
)
