"""Every kind of change past a stack is seen, told in words, and put back by one call; a sound one is none."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.drift import Live, calls, differences
from ash_ops.facts.wanted import EGRESS, GROUP, INGRESS, WantedResource
from tests.ash_ops.drift.deployment import BEHIND, WANTED, live, rule


def test_what_runs_as_it_is_wanted_differs_in_nothing() -> None:
    assert differences(WANTED, live()) == []


@pytest.mark.parametrize(("name", "change", "told", "call", "asked"), BEHIND, ids=lambda v: str(v))
def test_a_change_is_seen_and_put_back(
    name: str, change: dict[str, Any], told: str, call: str, asked: dict[str, Any]
) -> None:
    found = differences(WANTED, live(**change))
    assert told in found[0].line, name
    ((operation, parameters),) = calls(found)
    assert (operation.name, parameters) == (call, asked)


def test_the_calls_are_ones_that_aws_knows() -> None:
    import botocore.session
    from botocore.validate import validate_parameters

    session = botocore.session.get_session()
    for name, change, *_ in BEHIND:
        for operation, parameters in calls(differences(WANTED, live(**change))):
            shape = session.get_service_model(operation.service).operation_model(operation.name)
            validate_parameters(parameters, shape.input_shape), name


def test_two_rules_are_one_call_and_what_shuts_out_comes_last() -> None:
    rules = [rule("0.0.0.0/0"), rule("192.0.2.0/24")]
    found = differences(
        WANTED, live(firewall={"IpPermissions": rules}, service={"desiredCount": 0})
    )
    made = calls(found)
    assert [operation.name for operation, _ in made] == [
        "AuthorizeSecurityGroupIngress",
        "UpdateService",
        "RevokeSecurityGroupIngress",
    ]
    assert len(made[2][1]["IpPermissions"]) == 2


def test_ranges_of_one_rule_are_compared_one_by_one_whatever_their_order() -> None:
    several = {"IpRanges": [{"CidrIp": "192.0.2.0/24"}, {"CidrIp": "10.0.0.0/8"}]}
    found = differences(WANTED, live(firewall={"IpPermissions": [{**rule("x"), **several}]}))
    assert [each.what for each in found] == ["tcp 4100 from 192.0.2.0/24"]


def test_a_rule_that_a_resource_of_its_own_asks_for_is_wanted() -> None:
    apart = WantedResource(
        logical_id="More",
        type=INGRESS,
        physical_id="sgr-1",
        properties={
            "GroupId": "sg-nlb",
            "IpProtocol": "tcp",
            "FromPort": "4100",
            "ToPort": "4100",
            "CidrIp": "192.0.2.0/24",
        },
    )
    rules = {"IpPermissions": [rule("10.0.0.0/8"), rule("192.0.2.0/24")]}
    assert differences([*WANTED, apart], live(firewall=rules)) == []
    assert len(differences(WANTED, live(firewall=rules))) == 1


def test_what_is_not_known_to_be_wanted_is_not_compared() -> None:
    groups = [r for r in WANTED if r.type == GROUP]
    unknown = WantedResource(
        logical_id="G", type=GROUP, physical_id="sg-nlb", unknown=("SecurityGroupIngress",)
    )
    elsewhere = WantedResource(
        logical_id="E", type=EGRESS, physical_id="sgr", properties={}, unknown=("GroupId",)
    )
    opened = live(firewall={"IpPermissions": [rule("0.0.0.0/0")], "IpPermissionsEgress": []})
    assert differences([unknown], opened) == []
    found = differences([*groups, elsewhere], opened)
    assert all("Ingress" in each.call.name for each in found)


def test_what_was_not_read_is_not_compared() -> None:
    assert differences(WANTED, Live()) == []
    assert differences(WANTED, replace(live(), attributes={})) == []
