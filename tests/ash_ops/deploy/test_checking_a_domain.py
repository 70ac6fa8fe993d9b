"""What of a domain would fail is known before anything is made: records, the public DNS, the certificate."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws import acm, route53
from ash_ops.aws.client.session import Aws
from ash_ops.deploy.domain.readings import read_public_dns, read_records
from ash_ops.deploy.plan.preflight import check_plan
from ash_ops.deploy.plan.request import Request
from ash_ops.facts.deploying.deployments import PlannedDeployment
from ash_ops.facts.deploying.domains import HostedZone, PublicDns
from ash_ops.facts.load_balancing import Certificate
from ash_ops.facts.reading import Gap
from tests.ash_ops.deploy.test_a_domain import ARN, IN_ZONE, NAME, Script, asked, zone
from tests.ash_ops.deploy.test_checking_before import (
    NOTHING,
    PASSED,
    REFUSED,
    UNKNOWN,
    WARNING,
    planned,
    says,
)

SERVERS = ["ns-1.awsdns-01.org", "ns-2.awsdns-02.co.uk"]


def its_zone(name: str = "example.com") -> dict[str, Any]:
    return {"HostedZone": zone("Z1", name), "DelegationSet": {"NameServers": SERVERS}}


def records(*found: tuple[str, str]) -> dict[str, Any]:
    sets = [
        {"Name": f"{name}.", "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": "x"}]}
        for name, kind in found
    ]
    return {"ResourceRecordSets": sets, "IsTruncated": False, "MaxItems": "20"}


@pytest.fixture
def its_own(aws: Aws, stub: Script) -> HostedZone:
    stub("route53").add_response("get_hosted_zone", its_zone())
    found = route53.hosted_zone(aws, "Z1")
    assert found
    return found


def look(
    aws: Aws, stub: Script, zone_: HostedZone, request: Request, *found: tuple[str, str]
) -> tuple[str, str]:
    """The answer of the check, and its words, where Route 53 has these records."""
    domain = request.effective("DomainName")
    for _ in zone_.names_up_from(domain):
        stub("route53").add_response("list_resource_record_sets", records(*found))
    there = read_records(aws, domain, zone_)
    return told("domain", planned(asked=request, hosted_zone=zone_, name_records=there))


def told(check: str, facts: PlannedDeployment) -> tuple[str, str]:
    report = check_plan(facts)[check]
    words = [f.summary for f in report.findings] + [u.reason for u in report.unknown]
    return says(check, facts), " ".join(words)


def test_a_free_name_passes_and_its_neighbours_are_nobody_s_matter(
    aws: Aws, stub: Script, its_own: HostedZone
) -> None:
    other = (("b.example.com", "A"), (NAME, "TXT"))
    request = asked(domain=NAME, hosted_zone="Z1")
    assert look(aws, stub, its_own, request, *other) == (PASSED, "")


@pytest.mark.parametrize("kind", ["A", "AAAA", "CNAME", "HTTPS"])
def test_a_record_that_we_did_not_make_is_not_taken_over(
    aws: Aws, stub: Script, its_own: HostedZone, kind: str
) -> None:
    request = asked(domain=NAME, hosted_zone="Z1")
    answer, text = look(aws, stub, its_own, request, (NAME, kind))
    assert (answer, f"type {kind}" in text) == (REFUSED, True), text


def test_our_own_record_is_in_nobody_s_way_and_another_beside_it_is_told(
    aws: Aws, stub: Script, its_own: HostedZone
) -> None:
    assert look(aws, stub, its_own, asked(IN_ZONE), (NAME, "A"))[0] == PASSED
    answer, text = look(aws, stub, its_own, asked(IN_ZONE), (NAME, "A"), (NAME, "AAAA"))
    assert (answer, "type AAAA" in text, "type A " in text) == (WARNING, True, False)


@pytest.mark.parametrize(
    ("domain", "given_away"), [(NAME, NAME), ("a.b.example.com", "b.example.com")]
)
def test_a_part_of_the_zone_that_is_given_away_holds_no_record_of_ours(
    aws: Aws, stub: Script, its_own: HostedZone, domain: str, given_away: str
) -> None:
    request = asked(domain=domain, hosted_zone="Z1")
    answer, text = look(aws, stub, its_own, request, (given_away, "NS"))
    assert (answer, f"gives {given_away} to other name servers" in text) == (REFUSED, True), text


def test_the_zone_s_own_name_has_name_servers_and_may_be_the_domain(
    aws: Aws, stub: Script, its_own: HostedZone
) -> None:
    request = asked(domain="example.com", hosted_zone="Z1")
    own = (("example.com", "NS"), ("example.com", "SOA"), ("example.com", "MX"))
    assert look(aws, stub, its_own, request, *own)[0] == PASSED
    assert look(aws, stub, its_own, request, *own, ("example.com", "A"))[0] == REFUSED


def test_a_name_in_no_zone_of_this_account_has_records_that_are_made_by_hand(aws: Aws) -> None:
    there = read_records(aws, NAME, None)
    facts = planned(asked=asked(domain=NAME), hosted_zone=None, name_records=there)
    assert told("domain", facts) == (PASSED, "")


@pytest.mark.parametrize(
    ("unread", "judged"),
    [
        ("hosted_zone", {"domain", "domain-dns"}),
        ("name_records", {"domain"}),
        ("public_dns", {"domain-dns"}),
        ("certificate", {"certificate-issued"}),
    ],
)
def test_what_could_not_be_read_could_not_be_told(
    its_own: HostedZone, unread: str, judged: set[str]
) -> None:
    read = {
        "hosted_zone": its_own,
        "name_records": (),
        "public_dns": PublicDns(name_servers=tuple(SERVERS)),
        "certificate": Certificate(domain_name=NAME, status="ISSUED"),
    }
    facts = planned(
        asked=asked(domain=NAME, hosted_zone="Z1"), **{**read, unread: Gap(kind="denied")}
    )
    ids = ("domain", "domain-dns", "certificate-issued")
    assert {i: says(i, facts) for i in ids} == {i: UNKNOWN if i in judged else PASSED for i in ids}


def public(
    zone_: HostedZone | None, answers: dict[tuple[str, str], tuple[str, ...]], **options: str
) -> tuple[str, str]:
    request = asked(domain=NAME, hosted_zone="Z1" if zone_ else None, **options)
    issues = not request.effective("CertificateArn")
    said = read_public_dns(
        NAME, zone_, is_to_be_issued=issues, ask=lambda name, kind: answers.get((name, kind), ())
    )
    return told("domain-dns", planned(asked=request, hosted_zone=zone_, public_dns=said))


ASKED = {("example.com", "NS"): ("NS-1.awsdns-01.org.", "ns-2.awsdns-02.co.uk.")}
ELSEWHERE = {("example.com", "NS"): ("ns1.registrar.example.",)}
NOWHERE: dict[tuple[str, str], tuple[str, ...]] = {("com", "NS"): ("a.gtld-servers.net.",)}
CAA = ("example.com", "CAA")


@pytest.mark.parametrize(
    ("answers", "answer", "text"),
    [
        (ASKED, PASSED, ""),
        (ELSEWHERE, REFUSED, "ns1.registrar.example"),
        (NOWHERE, REFUSED, "none"),
        ({}, UNKNOWN, "resolvers do not know"),  # a network that asks nobody outside
        ({**ASKED, CAA: ('0 issue "amazon.com"',)}, PASSED, ""),
        ({**ASKED, CAA: ('0 issue "awstrust.com; account=1"',)}, PASSED, ""),
        ({**ASKED, CAA: ('0 iodef "mailto:a@b.example"',)}, PASSED, ""),
        (
            {**ASKED, CAA: ('0 issue "letsencrypt.org"', '0 issuewild ";"')},
            REFUSED,
            "lets letsencrypt.org issue",
        ),
        ({**ASKED, CAA: ('0 issue ";"',)}, REFUSED, "lets nobody issue"),
    ],
)
def test_a_name_that_acm_cannot_validate_is_refused_before(
    its_own: HostedZone, answers: dict[tuple[str, str], tuple[str, ...]], answer: str, text: str
) -> None:
    found, said = public(its_own, answers)
    assert (found, text in said) == (answer, True), said


def test_without_a_zone_who_may_issue_is_asked_above_the_name() -> None:
    forbids = {CAA: ('0 issue "letsencrypt.org"',)}
    assert public(None, {(NAME, "CAA"): ('0 issue ";"',)})[0] == PASSED
    assert public(None, forbids)[0] == REFUSED


def test_who_may_issue_is_nobody_s_matter_with_a_certificate_that_is_there(
    its_own: HostedZone,
) -> None:
    forbids = {**ASKED, CAA: ('0 issue "letsencrypt.org"',)}
    assert public(its_own, forbids, certificate=ARN)[0] == PASSED


@pytest.mark.parametrize(
    ("status", "names", "host", "answer"),
    [
        ("ISSUED", ["*.example.com"], {"domain": NAME}, PASSED),
        ("ISSUED", ["*.example.com"], {"domain": "a.b.example.com"}, REFUSED),
        ("ISSUED", ["example.org", NAME], {"hostname": "ASH.example.com"}, PASSED),
        ("ISSUED", ["example.com"], {"hostname": NAME}, REFUSED),
        ("ISSUED", ["example.com"], {}, PASSED),  # by which name is told elsewhere
        ("PENDING_VALIDATION", [NAME], {"domain": NAME}, REFUSED),
        ("EXPIRED", [NAME], {"domain": NAME}, REFUSED),
    ],
)
def test_a_certificate_that_was_given_must_be_issued_for_the_name(
    aws: Aws, stub: Script, status: str, names: list[str], host: dict[str, str], answer: str
) -> None:
    row = {"DomainName": names[0], "SubjectAlternativeNames": names, "Status": status}
    stub("acm").add_response("describe_certificate", {"Certificate": row})
    found = acm.certificate(aws, ARN)
    facts = planned(asked=asked(certificate=ARN, **host), certificate=found)
    assert says("certificate-issued", facts) == answer


def test_without_a_domain_nothing_of_it_is_asked() -> None:
    facts = planned(asked=asked())
    ids = ("domain", "domain-dns", "certificate-issued")
    assert {says(i, facts) for i in ids} == {NOTHING}
