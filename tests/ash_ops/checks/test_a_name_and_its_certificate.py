"""The certificate that clients are shown, and where the name leads that they call."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.checks.base import Finding
from tests.support.changed_facts import findings

ARN = "arn:aws:acm:us-east-1:111122223333:certificate/6f2a"
NAME = "ash.example.com"
URL = f"https://{NAME}:443"
RECORD = {"Name": f"_ab.{NAME}.", "Type": "CNAME", "Value": "_cd.acm-validations.aws."}
GROUP = (
    "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/ash-cloud-tg/0123456789abcdef"
)
RUNGS = ("dns", "tcp", "tls", "http", "health", "auth")
WAITS = {"DomainName": NAME, "ValidationStatus": "PENDING_VALIDATION", "ResourceRecord": RECORD}
OF_US = ("tls-certificate-invalid", "certificate-not-validated", "domain-elsewhere")


def on_domain(**certificate: Any) -> dict[str, Any]:
    """A healthy deployment with a domain; snapshots are taken on 2026-11-22."""
    listener = {
        "ListenerArn": "arn:aws:elasticloadbalancing:us-east-1:111122223333:listener/net/ash-cloud-nlb/0123456789abcdef/fe",
        "Port": 443,
        "Protocol": "TLS",
        "Certificates": [{"CertificateArn": ARN}],
        "DefaultActions": [{"Type": "forward", "TargetGroupArn": GROUP}],
    }
    told = {
        "CertificateArn": ARN,
        "DomainName": NAME,
        "Status": "ISSUED",
        "Type": "AMAZON_ISSUED",
        "NotAfter": "2027-08-01T00:00:00Z",
        **certificate,
    }
    return {
        "deployment": {"url": URL},
        "listeners": {"value": [listener]},
        "certificates": {"value": [told]},
        "probe": {"value": {"url": URL}},
    }


def of_us(*changes: dict[str, Any]) -> list[Finding]:
    return [f for f in findings(*changes)[1] if f.cause in OF_US]


def test_a_certificate_in_order_is_not_spoken_of() -> None:
    assert not of_us(on_domain())
    assert not of_us(on_domain(DomainName="*.example.com"))


@pytest.mark.parametrize(
    ("certificate", "cause", "severity", "words"),
    [
        (
            {"Status": "PENDING_VALIDATION", "DomainValidationOptions": [WAITS]},
            "certificate-not-validated",
            "error",
            f"_ab.{NAME}. CNAME _cd.acm-validations.aws.",
        ),
        (
            {
                "RenewalSummary": {
                    "RenewalStatus": "PENDING_VALIDATION",
                    "DomainValidationOptions": [WAITS],
                }
            },
            "certificate-not-validated",
            "warning",
            "ends on 2027-08-01",
        ),
        ({"NotAfter": "2026-11-21T00:00:00Z"}, "tls-certificate-invalid", "error", "2026-11-21"),
        ({"Status": "REVOKED"}, "tls-certificate-invalid", "error", "REVOKED"),
        (
            {"Status": "FAILED", "FailureReason": "CAA_ERROR"},
            "certificate-not-validated",
            "error",
            "CAA_ERROR",
        ),
        (
            {"DomainName": "example.com", "SubjectAlternativeNames": ["*.b.example.com"]},
            "tls-certificate-invalid",
            "error",
            f"clients call {NAME}",
        ),
        (
            {"NotAfter": "2026-12-10T00:00:00Z", "Type": "IMPORTED"},
            "tls-certificate-invalid",
            "warning",
            "ACM does not renew it",
        ),
        (
            {"NotAfter": "2026-12-10T00:00:00Z"},
            "tls-certificate-invalid",
            "warning",
            "not renewed yet",
        ),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_with_what_to_do(
    certificate: dict[str, Any], cause: str, severity: str, words: str
) -> None:
    (found,) = of_us(on_domain(**certificate))
    assert (found.cause, found.severity) == (cause, severity)
    assert words in found.summary
    assert any(ARN in (fix.command or "") for fix in found.fix)


def test_a_certificate_that_no_listener_of_ours_shows_is_nobody_s_matter() -> None:
    other = on_domain(CertificateArn=f"{ARN}-other", Status="REVOKED")
    assert not of_us(other)


def probe(there: str, *, answers: bool, balancer: str = "192.0.2.1") -> dict[str, Any]:
    last = {"dns": there}
    broken = () if answers else ("tcp",)
    reached = RUNGS if answers else ("dns", "tcp")
    rungs = [
        {
            "name": name,
            "outcome": "failed" if name in broken else "ok",
            "elapsed_ms": 5.0,
            "detail": last.get(name, ""),
            **({"error": "TimeoutError"} if name in broken else {}),
        }
        for name in reached
    ]
    value: dict[str, Any] = {"rungs": rungs, "balancer_addresses": [balancer, "192.0.2.2"]}
    if not answers:
        value["health"] = None
    return {"probe": {"value": value}}


def test_a_name_that_leads_elsewhere_is_why_nobody_gets_an_answer() -> None:
    found = findings(on_domain(), probe("198.51.100.9", answers=False))[1]
    (elsewhere,) = [f for f in found if f.cause == "domain-elsewhere"]
    assert "198.51.100.9; the load balancer is at 192.0.2.1, 192.0.2.2" in elsewhere.summary
    assert elsewhere.explained_by is None
    silent = [f for f in found if f.cause == "conn-timeout"]
    assert [f.explained_by for f in silent] == [elsewhere.id] * len(silent) != []


@pytest.mark.parametrize(
    ("there", "answers"),
    [("192.0.2.2", False), ("198.51.100.9", True)],
    ids=["one of the balancer's addresses", "a proxy that answers"],
)
def test_a_name_that_leads_to_the_server_is_not_spoken_of(there: str, answers: bool) -> None:
    assert not of_us(on_domain(), probe(there, answers=answers))
