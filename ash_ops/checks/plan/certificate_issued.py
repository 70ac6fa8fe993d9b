"""Is the certificate that was given issued, and made out to the name that clients call?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import finding, quote
from ash_ops.checks.base import Check, Finding, Fix, asked
from ash_ops.facts.deploying.deployments import PlannedDeployment

_FIX = Fix(why="Give another --certificate; `aws acm list-certificates` lists them.")


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """It is ISSUED, and covers the domain or the host name."""
    found, wanted = asked(planned.certificate), planned.parameters
    if found is None:
        return
    host = (wanted.get("DomainName") or wanted.get("Hostname") or "").lower().rstrip(".")
    if found.status != "ISSUED":
        yield _finding(
            planned,
            f"The certificate for {found.domain_name} is {found.status}, and no listener takes it.",
            "Certificate.Status",
            found.status,
        )
    elif host and not found.covers(host):
        names = ", ".join(found.names)
        yield _finding(
            planned,
            f"The certificate is for {names}, and clients are to call {host}.",
            "Certificate.SubjectAlternativeNames",
            names,
        )


def _finding(planned: PlannedDeployment, summary: str, field: str, value: object) -> Finding:
    return finding(
        "tls-certificate-invalid",
        "plan",
        summary,
        [quote(planned.certificate, field, value)],
        [_FIX],
        severity="error",
    )


CHECK = Check(
    id="certificate-issued",
    title="The certificate is for the name that clients call",
    playbook="plan",
    run=run,
    causes=("tls-certificate-invalid",),
)
