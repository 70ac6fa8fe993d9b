"""Is the certificate of the listener issued, for the name that clients call, and renewed in time?

ACM renews its own certificates from 60 days before their end on, as long as it finds the record that
validated them; imported ones it never renews (ACM's user guide, "Managed certificate renewal").
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from ash_ops.checks._findings import aws_command, finding, quote, verify
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable, Severity, items
from ash_ops.checks.connection._chain import forwarding
from ash_ops.facts.load_balancing import Certificate
from ash_ops.facts.snapshot import Snapshot
from ash_ops.names import is_balancers_own

_SOON = timedelta(days=30)
_INVALID = "tls-certificate-invalid"
_NOT_VALIDATED = "certificate-not-validated"
_UNPROVEN = ("PENDING_VALIDATION", "VALIDATION_TIMED_OUT", "FAILED")
_ENDING = ("PENDING_VALIDATION", "FAILED")


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """Each certificate of ACM that a listener of the service shows."""
    shown = {c.certificate_arn for listener in forwarding(snapshot) for c in listener.certificates}
    if not shown:
        raise NotApplicable("no listener of the service shows a certificate")
    for certificate in items(snapshot.certificates):
        if certificate.certificate_arn in shown:
            yield from _judged(snapshot, certificate)


def _judged(snapshot: Snapshot, certificate: Certificate) -> Iterator[Finding]:
    host = urlsplit(snapshot.deployment.url or "").hostname or ""
    end, renewal = certificate.not_after, certificate.renewal_summary
    if certificate.status in _UNPROVEN:
        why = f" ({certificate.failure_reason})" if certificate.failure_reason else ""
        yield _not_validated(snapshot, certificate, f"is not issued{why}", "error")
    elif certificate.status not in ("ISSUED", None) or (end and end <= snapshot.taken_at):
        yield _invalid(snapshot, certificate, _past(certificate), "error")
    elif host and not is_balancers_own(host) and not certificate.covers(host):
        names = ", ".join(certificate.names)
        yield _invalid(snapshot, certificate, f"is for {names}, and clients call {host}", "error")
    elif renewal and renewal.renewal_status in _ENDING:
        ends = f" and ends on {end:%Y-%m-%d}" if end else ""
        yield _not_validated(snapshot, certificate, f"is not renewed{ends}", "warning")
    elif end and end - snapshot.taken_at < _SOON:
        why = (
            "was imported: ACM does not renew it"
            if certificate.type == "IMPORTED"
            else "is not renewed yet"
        )
        yield _invalid(snapshot, certificate, f"ends on {end:%Y-%m-%d} and {why}", "warning")


def _past(certificate: Certificate) -> str:
    if certificate.not_after and certificate.status in ("ISSUED", "EXPIRED"):
        return f"ended on {certificate.not_after:%Y-%m-%d}"
    return f"is {certificate.status}"


def _invalid(
    snapshot: Snapshot, certificate: Certificate, what: str, severity: Severity
) -> Finding:
    renew = (
        "Import a new one under the same ARN: clients then get it without a change here."
        if certificate.type == "IMPORTED"
        else "Let `ash-ops deploy` make one for the name: --domain NAME; or give another: --certificate ARN."
    )
    return _finding(snapshot, certificate, _INVALID, what, Fix(why=renew), severity)


def _not_validated(
    snapshot: Snapshot, certificate: Certificate, what: str, severity: Severity
) -> Finding:
    records = "; ".join(record.line for record in certificate.missing)
    missing = f": ACM does not see the record {records}" if records else ""
    make = f"Make it where {certificate.domain_name} is: {records}" if records else (
        "Make the record that ACM names, where the name is."
    )  # fmt: skip
    return _finding(
        snapshot, certificate, _NOT_VALIDATED, f"{what}{missing}", Fix(why=make), severity
    )


def _finding(
    snapshot: Snapshot,
    certificate: Certificate,
    cause: str,
    what: str,
    fix: Fix,
    severity: Severity,
) -> Finding:
    look = f"acm describe-certificate --certificate-arn {certificate.certificate_arn}"
    return finding(
        cause,
        "connection",
        f"The certificate for {certificate.domain_name} {what}.",
        [quote(snapshot.certificates, "Certificate.Status", certificate.status)],
        [
            fix,
            Fix(why="This shows it.", command=aws_command(snapshot, look)),
            verify(snapshot, "connection"),
        ],
        severity=severity,
        subject=f"certificate/{certificate.domain_name}",
    )


CHECK = Check(
    id="certificate",
    title="The certificate is valid for the name that clients call",
    playbook="connection",
    run=run,
    causes=(_INVALID, _NOT_VALIDATED),
    explains=(_INVALID,),
)
