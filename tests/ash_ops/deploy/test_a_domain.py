"""A domain: what it brings along, which zone it is in, what would fail, and the wait for its certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.domain import preflight
from ash_ops.deploy.domain.notes import domain_notes
from ash_ops.deploy.domain.waiting import PATIENCE, PendingCertificate
from ash_ops.deploy.domain.zone import with_zone
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.errors import Inconclusive, OpsError, UsageProblem
from ash_ops.facts.deploying.deployments import Verdict
from ash_ops.facts.model import fact_of
from ash_ops.facts.stacks import StackEvent
from tests.support.deploying import settings_of

Script = Callable[[str], Stubber]
ARN = "arn:aws:acm:us-east-1:123456789012:certificate/6f2a"
NAME = "ash.example.com"
IN_ZONE = {"DomainName": NAME, "HostedZoneId": "Z1", "ListenerPort": "443"}
SERVERS = ["ns-1.awsdns-01.org", "ns-2.awsdns-02.co.uk"]
RECORD = {"Name": f"_ab.{NAME}.", "Type": "CNAME", "Value": "_cd.x.acm-validations.aws."}


def asked(previous: dict[str, str] | None = None, **options: Any) -> Request:
    before = {"Mode": "standalone", **previous} if previous else None
    return read_request(settings_of(), DeployOptions(**options), before)


def zone(id_: str, name: str, *, private: bool = False) -> dict[str, Any]:
    return {
        "Id": f"/hostedzone/{id_}",
        "Name": f"{name}.",
        "CallerReference": "made-by-hand",
        "Config": {"PrivateZone": private},
    }


def zones(*found: dict[str, Any]) -> dict[str, Any]:
    return {"HostedZones": list(found), "Marker": "", "IsTruncated": False, "MaxItems": "100"}


def its_zone(name: str = "example.com") -> dict[str, Any]:
    return {"HostedZone": zone("Z1", name), "DelegationSet": {"NameServers": SERVERS}}


def records(*found: tuple[str, str]) -> dict[str, Any]:
    sets = [
        {"Name": f"{name}.", "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": "x"}]}
        for name, kind in found
    ]
    return {"ResourceRecordSets": sets, "IsTruncated": False, "MaxItems": "20"}


# ---- what it brings along ----


def test_clients_of_a_name_call_the_port_of_https_and_the_plain_port_is_gone() -> None:
    request = asked(domain="Ash.Example.com.")
    assert request.given["DomainName"] == NAME
    assert (request.effective("ListenerPort"), request.has_tls) == ("443", True)


def test_a_port_that_was_chosen_stays() -> None:
    assert asked(domain=NAME, listener_port=8443).effective("ListenerPort") == "8443"
    moved = asked({**IN_ZONE, "ListenerPort": "8443"}, domain="b.example.com")
    assert moved.effective("ListenerPort") == "8443"


def test_without_the_name_the_template_s_own_port_speaks_plainly_again() -> None:
    request = asked(IN_ZONE, domain="off")
    assert [request.effective(name) for name in IN_ZONE] == ["", "", "4100"]
    assert not request.has_tls
    assert any(f"{NAME} no longer leads here" in line for line in domain_notes(request))


def test_another_name_is_looked_for_in_a_zone_of_its_own() -> None:
    assert asked(IN_ZONE, domain="ash.example.org").effective("HostedZoneId") == ""
    assert asked(IN_ZONE, domain=NAME).effective("HostedZoneId") == "Z1"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"domain": "localhost"}, "a DNS name"),
        ({"domain": "*.example.com"}, "a DNS name"),
        ({"domain": f"{'a' * 60}.example.com"}, "64 characters"),
        ({"domain": "x-1.elb.us-east-1.amazonaws.com"}, "Amazon's own name"),
        ({"hosted_zone": "Z1"}, "no name was given"),
        ({"domain": NAME, "hosted_zone": "example.com"}, "a hosted zone"),
        ({"domain": NAME, "hostname": "b.example.com"}, "clients call one name"),
    ],
)
def test_what_cannot_be_a_domain_is_refused_at_once(options: dict[str, str], why: str) -> None:
    with pytest.raises(UsageProblem, match=why):
        asked(**options)


# ---- its zone ----


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        ((zone("Z1", "example.com"), zone("Z2", "ash.example.com")), "Z2"),
        ((zone("Z1", "example.com"), zone("Z2", "ash.example.com", private=True)), "Z1"),
        ((zone("Z1", "ample.com"), zone("Z2", "b.ash.example.com")), ""),
        ((), ""),
    ],
)
def test_the_longest_public_zone_that_holds_the_name_is_its_own(
    aws: Aws, stub: Script, there: tuple[dict[str, Any], ...], chosen: str
) -> None:
    stub("route53").add_response("list_hosted_zones", zones(*there))
    assert with_zone(aws, asked(domain=NAME)).effective("HostedZoneId") == chosen


def test_of_two_zones_of_one_name_a_person_says_which(aws: Aws, stub: Script) -> None:
    two = zones(zone("Z1", "example.com"), zone("Z2", "example.com"))
    stub("route53").add_response("list_hosted_zones", two)
    with pytest.raises(OpsError, match="Z1, Z2") as caught:
        with_zone(aws, asked(domain=NAME))
    assert "--hosted-zone" in caught.value.next_step


def test_zones_that_may_not_be_read_are_not_taken_for_none(aws: Aws, stub: Script) -> None:
    stub("route53").add_client_error("list_hosted_zones", "AccessDenied")
    with pytest.raises(Inconclusive) as caught:
        with_zone(aws, asked(domain=NAME))
    assert "route53:ListHostedZones" in caught.value.next_step


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"HostedZone": zone("Z1", "example.org")}, "holds the names of example.org"),
        ({"HostedZone": zone("Z1", "example.com", private=True)}, "it is private"),
        (None, "no such hosted zone"),
    ],
)
def test_a_zone_that_was_named_must_be_able_to_hold_the_name(
    aws: Aws, stub: Script, answer: dict[str, Any] | None, why: str
) -> None:
    if answer is None:
        stub("route53").add_client_error("get_hosted_zone", "NoSuchHostedZone", "none")
    else:
        stub("route53").add_response("get_hosted_zone", answer)
    with pytest.raises(OpsError, match=why):
        with_zone(aws, asked(domain=NAME, hosted_zone="Z1"))


# ---- what would fail ----


def look(aws: Aws, stub: Script, request: Request, *found: tuple[str, str]) -> Any:
    stub("route53").add_response("get_hosted_zone", its_zone())
    stub("route53").add_response("list_resource_record_sets", records(*found))
    return preflight.check_records(aws, request)


def test_a_free_name_passes_and_its_neighbours_are_nobody_s_matter(aws: Aws, stub: Script) -> None:
    other = (("b.example.com", "A"), (NAME, "TXT"))
    request = asked(domain=NAME, hosted_zone="Z1")
    assert look(aws, stub, request, *other).verdict is Verdict.PASSED


@pytest.mark.parametrize("kind", ["A", "AAAA", "CNAME", "HTTPS"])
def test_a_record_that_we_did_not_make_is_not_taken_over(aws: Aws, stub: Script, kind: str) -> None:
    stub("route53").add_response("get_hosted_zone", its_zone())
    stub("route53").add_response("list_resource_record_sets", records((NAME, kind)))
    outcome = preflight.check_records(aws, asked(domain=NAME, hosted_zone="Z1"))
    assert outcome.verdict is Verdict.REFUSED
    assert f"type {kind}" in outcome.text


def test_our_own_record_is_in_nobody_s_way(aws: Aws, stub: Script) -> None:
    assert look(aws, stub, asked(IN_ZONE), (NAME, "A")).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("domain", "given_away"), [(NAME, NAME), ("a.b.example.com", "b.example.com")]
)
def test_a_part_of_the_zone_that_is_given_away_holds_no_record_of_ours(
    aws: Aws, stub: Script, domain: str, given_away: str
) -> None:
    stub("route53").add_response("get_hosted_zone", its_zone())
    for _ in range(1 + (domain != given_away)):  # the name itself, then the one above it
        answer = records((given_away, "NS"))
        stub("route53").add_response("list_resource_record_sets", answer)
    outcome = preflight.check_records(aws, asked(domain=domain, hosted_zone="Z1"))
    assert outcome.verdict is Verdict.REFUSED
    assert f"gives {given_away} to other name servers" in outcome.text


def test_the_zone_s_own_name_has_name_servers_and_may_be_the_domain(aws: Aws, stub: Script) -> None:
    request = asked(domain="example.com", hosted_zone="Z1")
    own = (("example.com", "NS"), ("example.com", "SOA"), ("example.com", "MX"))
    assert look(aws, stub, request, *own).verdict is Verdict.PASSED
    taken = look(aws, stub, request, *own, ("example.com", "A"))
    assert taken.verdict is Verdict.REFUSED


def public(
    aws: Aws, stub: Script, answers: dict[tuple[str, str], tuple[str, ...]], **options: str
) -> Any:
    stub("route53").add_response("get_hosted_zone", its_zone())
    request = asked(domain=NAME, hosted_zone="Z1", **options)
    return preflight.check_public_dns(
        aws, request, lambda name, kind: answers.get((name, kind), ())
    )


ASKED = {("example.com", "NS"): ("NS-1.awsdns-01.org.", "ns-2.awsdns-02.co.uk.")}
ELSEWHERE = {("example.com", "NS"): ("ns1.registrar.example.",)}
NOWHERE: dict[tuple[str, str], tuple[str, ...]] = {("com", "NS"): ("a.gtld-servers.net.",)}


@pytest.mark.parametrize(
    ("answers", "verdict", "text"),
    [
        (ASKED, Verdict.PASSED, ""),
        (ELSEWHERE, Verdict.REFUSED, "ns1.registrar.example"),
        (NOWHERE, Verdict.REFUSED, "none"),
        ({}, Verdict.UNKNOWN, "resolvers do not know"),  # a network that asks nobody outside
        ({**ASKED, ("example.com", "CAA"): ('0 issue "amazon.com"',)}, Verdict.PASSED, ""),
        (
            {**ASKED, ("example.com", "CAA"): ('0 issue "awstrust.com; account=1"',)},
            Verdict.PASSED,
            "",
        ),
        ({**ASKED, ("example.com", "CAA"): ('0 iodef "mailto:a@b.example"',)}, Verdict.PASSED, ""),
        (
            {**ASKED, ("example.com", "CAA"): ('0 issue "letsencrypt.org"', '0 issuewild ";"')},
            Verdict.REFUSED,
            "lets letsencrypt.org issue",
        ),
        ({**ASKED, ("example.com", "CAA"): ('0 issue ";"',)}, Verdict.REFUSED, "lets nobody issue"),
    ],
)
def test_a_name_that_acm_cannot_validate_is_refused_before(
    aws: Aws,
    stub: Script,
    answers: dict[tuple[str, str], tuple[str, ...]],
    verdict: Verdict,
    text: str,
) -> None:
    outcome = public(aws, stub, answers)
    assert (outcome.verdict, text in outcome.text) == (verdict, True), outcome.text


def test_who_may_issue_is_nobody_s_matter_with_a_certificate_that_is_there(
    aws: Aws, stub: Script
) -> None:
    forbids = {**ASKED, ("example.com", "CAA"): ('0 issue "letsencrypt.org"',)}
    assert public(aws, stub, forbids, certificate=ARN).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("status", "names", "host", "verdict"),
    [
        ("ISSUED", ["*.example.com"], {"domain": NAME}, Verdict.PASSED),
        ("ISSUED", ["*.example.com"], {"domain": "a.b.example.com"}, Verdict.REFUSED),
        ("ISSUED", ["example.org", NAME], {"hostname": "ASH.example.com"}, Verdict.PASSED),
        ("ISSUED", ["example.com"], {"hostname": NAME}, Verdict.REFUSED),
        ("ISSUED", ["example.com"], {}, Verdict.PASSED),  # by which name is told elsewhere
        ("PENDING_VALIDATION", [NAME], {"domain": NAME}, Verdict.REFUSED),
        ("EXPIRED", [NAME], {"domain": NAME}, Verdict.REFUSED),
    ],
)
def test_a_certificate_that_was_given_must_be_issued_for_the_name(
    aws: Aws, stub: Script, status: str, names: list[str], host: dict[str, str], verdict: Verdict
) -> None:
    told = {"DomainName": names[0], "SubjectAlternativeNames": names, "Status": status}
    stub("acm").add_response("describe_certificate", {"Certificate": told})
    assert preflight.check_certificate(aws, asked(certificate=ARN, **host)).verdict is verdict


def test_without_a_zone_the_plan_says_which_records_are_made_by_hand() -> None:
    (first, second) = domain_notes(asked(domain=NAME))
    assert f"https://{NAME}:443" in first
    assert "CNAME" in second
    assert "ACM" in second


# ---- the wait ----


def begun(status: str = "CREATE_IN_PROGRESS", physical: str = ARN) -> StackEvent:
    row = {
        "EventId": "1",
        "ResourceType": "AWS::CertificateManager::Certificate",
        "ResourceStatus": status,
        "PhysicalResourceId": physical,
    }
    return fact_of(StackEvent, row)


def pending(status: str = "PENDING_VALIDATION") -> dict[str, Any]:
    option = {"DomainName": NAME, "ValidationStatus": status, "ResourceRecord": RECORD}
    told = {"DomainName": NAME, "Status": status, "DomainValidationOptions": [option]}
    return {"Certificate": told}


def test_the_record_that_acm_waits_for_is_told_once_and_at_last_ends_the_wait(
    aws: Aws, stub: Script
) -> None:
    acm, waiting = stub("acm"), PendingCertificate()
    waiting.note(begun(physical=""), 0.0)
    assert waiting.to_tell(aws, 0.0, "ash-ops deploy") == ()
    waiting.note(begun(), 5.0)
    for _ in range(3):
        acm.add_response("describe_certificate", pending())
    (line,) = waiting.to_tell(aws, 5.0, "ash-ops deploy")
    assert f"_ab.{NAME}. CNAME _cd.x.acm-validations.aws." in line
    assert waiting.to_tell(aws, 6.0, "ash-ops deploy") == ()  # asked a moment ago
    assert waiting.to_tell(aws, 60.0, "ash-ops deploy") == ()  # told already
    with pytest.raises(OpsError, match=r"_ab\.ash\.example\.com") as caught:
        waiting.to_tell(aws, 5.0 + PATIENCE, "ash-ops deploy")
    assert "`ash-ops deploy` picks the wait up again" in caught.value.next_step


def test_a_certificate_that_is_issued_is_asked_about_no_more(aws: Aws, stub: Script) -> None:
    waiting = PendingCertificate()
    waiting.note(begun(), 0.0)
    waiting.note(begun("CREATE_COMPLETE"), 1.0)
    assert waiting.to_tell(aws, PATIENCE * 2, "ash-ops deploy") == ()


def test_where_acm_may_not_be_asked_the_wait_goes_on_and_says_so(aws: Aws, stub: Script) -> None:
    waiting = PendingCertificate()
    waiting.note(begun(), 0.0)
    stub("acm").add_client_error("describe_certificate", "AccessDeniedException")
    (line,) = waiting.to_tell(aws, 0.0, "ash-ops deploy")
    assert "allow acm:DescribeCertificate" in line
    assert waiting.to_tell(aws, PATIENCE * 2, "ash-ops deploy") == ()
