"""A domain: what it brings along, which zone it is in, what is told, and the wait for its certificate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.domain.notes import domain_notes
from ash_ops.deploy.domain.waiting import PATIENCE, PendingCertificate
from ash_ops.deploy.domain.zone import with_zone
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.errors import Inconclusive, OpsError, UsageProblem
from ash_ops.facts.model import fact_of
from ash_ops.facts.stacks import StackEvent
from tests.support.deploying import settings_of

Script = Callable[[str], Stubber]
ARN = "arn:aws:acm:us-east-1:123456789012:certificate/6f2a"
NAME = "ash.example.com"
IN_ZONE = {"DomainName": NAME, "HostedZoneId": "Z1", "ListenerPort": "443"}
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


# ---- what is told ----


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
