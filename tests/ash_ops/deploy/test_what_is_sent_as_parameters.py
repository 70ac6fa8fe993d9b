"""The parameters of a plan: what was asked for, where it goes, and never a value of a secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ash_ops.aws.secrets import StoredSecret
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.parameters import (
    PENDING_VERSION,
    build_parameters,
    lets_in,
    planned_secret,
    shown,
)
from ash_ops.deploy.plan.placement import Placement
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.deploy.run.secrets import KeyPlan
from ash_ops.errors import UsageProblem
from ash_ops.facts.network import Subnet
from ash_ops.secret import Secret
from ash_ops.template_parameters import default
from tests.support.deploying import settings_of

SUBNETS = tuple(Subnet(subnet_id=f"subnet-{n}", vpc_id="vpc-1") for n in "abc")
HERE = Placement(vpc="vpc-1", balancer_subnets=SUBNETS[:2], task_subnets=SUBNETS[1:], tables=())
ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ash-cloud/server-AbCdEf"
KNOWS = (
    *("Name", "VpcId", "SubnetIds", "TaskSubnetIds", "AllowedCidr", "AdditionalCidr"),
    *("SecretArn", "SecretVersion", "UseDatabase", "Cpu", "Memory", "Image", "LaunchType"),
)


def request(previous: dict[str, str] | None = None, **options: Any) -> Request:
    return replace(read_request(settings_of(), DeployOptions(**options)), previous=previous or {})


def keys(stored: StoredSecret | None = None, **more: Any) -> KeyPlan:
    held = {name: Secret("planted") for name in more.pop("holds", ("ASH_API_KEY",))}
    plan = KeyPlan(stored=stored, given={}, values=held, changed=(), overwritten=(), generated=())
    return replace(plan, **more)


def stored(**more: Any) -> StoredSecret:
    known = {"arn": ARN, "version": "v" * 32, "deleted_at": None, "tags": {}, **more}
    return StoredSecret(**known)


def built(asked: Request, plan: KeyPlan | None = None, **more: Any) -> dict[str, str | None]:
    given = {"cidrs": ("203.0.113.7/32",), "secret": (ARN, "v1"), "declared": KNOWS, **more}
    return build_parameters(asked, HERE, keys=plan or keys(), **given)


def test_the_place_is_that_which_was_chosen_and_all_else_stays() -> None:
    sent = built(request({"Memory": "4096", "Image": "x/ash:1", "VpcId": "vpc-0"}, cpu=512))
    assert sent == {
        "Memory": None,
        "Image": None,
        "Cpu": "512",
        "Name": "ash-cloud",
        "VpcId": "vpc-1",
        "SubnetIds": "subnet-a,subnet-b",
        "TaskSubnetIds": "subnet-b,subnet-c",
        "AllowedCidr": "203.0.113.7/32",
        "AdditionalCidr": "",
        "SecretArn": ARN,
        "SecretVersion": "v1",
        "UseDatabase": "false",
    } | {name: value for name, value in sent.items() if name == "LaunchType"}
    assert "planted" not in str(sent)


def test_a_second_range_is_the_additional_one() -> None:
    sent = built(request(), cidrs=("192.0.2.0/24", "203.0.113.7/32"))
    assert (sent["AllowedCidr"], sent["AdditionalCidr"]) == ("192.0.2.0/24", "203.0.113.7/32")


def test_what_the_template_does_not_know_is_not_sent_and_if_it_was_asked_for_refused() -> None:
    """Of the disk's place it is silent: a template without a disk has no use for it."""
    few = ("Name", "Cpu")
    placed = request(cpu=512)
    placed = replace(placed, given={**placed.given, "DataZone": "z", "DataSubnetId": "s"})
    placed = replace(
        placed, given={k: v for k, v in placed.given.items() if k[:4] in ("Cpu", "Data")}
    )
    assert built(placed, declared=few) == {"Name": "ash-cloud", "Cpu": "512"}
    with pytest.raises(UsageProblem) as refused:
        built(placed, declared=("Name",))
    assert refused.value.what == "The template has no parameter Cpu"
    assert refused.value.why == "the standalone template does not know what was asked for"
    assert refused.value.next_step == (
        "Leave that option or variable out, or add the parameter to your template."
    )


@pytest.mark.parametrize(
    ("mode", "holds", "before", "uses"),
    [
        ("standalone", ("ASH_DATABASE_URL",), {}, "true"),
        ("standalone", ("ASH_API_KEY",), {}, "false"),
        ("standalone", ("ASH_API_KEY",), {"UseDatabase": "true"}, "false"),
        ("multi-machine", ("ASH_DATABASE_URL",), {"UseDatabase": "false"}, "false"),
        ("multi-machine", ("ASH_API_KEY",), {"UseDatabase": "true"}, "true"),
    ],
)
def test_one_server_uses_the_database_of_its_secret_and_a_fleet_keeps_its_own(
    mode: str, holds: tuple[str, ...], before: dict[str, str], uses: str
) -> None:
    asked = replace(request(before), mode=mode)
    assert built(asked, keys(holds=holds))["UseDatabase"] == uses


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        pytest.param(
            keys(),
            ("arn:aws-cn:secretsmanager:cn-north-1:1:secret:ash-cloud/server", PENDING_VERSION),
            id="none is there",
        ),
        pytest.param(keys(stored()), (ARN, "v" * 32), id="it stays as it is"),
        pytest.param(
            keys(stored(version=None)), (ARN, default("SecretVersion")), id="of no known version"
        ),
        pytest.param(
            keys(stored(), changed=("ASH_API_KEY",)), (ARN, PENDING_VERSION), id="to be written"
        ),
        pytest.param(
            keys(stored(deleted_at=datetime(2026, 11, 1, tzinfo=UTC))),
            (ARN, PENDING_VERSION),
            id="to be taken back",
        ),
    ],
)
def test_a_secret_that_is_still_to_be_written_is_planned_with_what_will_be(
    plan: KeyPlan, expected: tuple[str, str]
) -> None:
    assert planned_secret(plan, request(), "cn-north-1", "1", "aws-cn") == expected


@pytest.mark.parametrize(
    ("ranges", "address", "inside"),
    [
        (("203.0.113.0/24",), "203.0.113.255", True),
        (("203.0.113.0/24",), "203.0.114.0", False),
        (("198.51.100.1/32", "203.0.113.7/32"), "203.0.113.7", True),
        (("2001:db8::/32", "203.0.113.7/32"), "203.0.113.8", False),
        ((), "203.0.113.7", False),
        (("0.0.0.0/0",), None, False),
    ],
)
def test_who_is_let_in_is_in_one_of_the_ranges(
    ranges: tuple[str, ...], address: str | None, inside: bool
) -> None:
    assert lets_in(ranges, address) is inside


def test_the_reader_of_a_plan_sees_what_matters_in_one_line() -> None:
    told = {
        "Memory": "8192",
        "Cpu": "2048",
        "Image": "x/ash:1",
        "AllowedCidr": "203.0.113.7/32",
        "LaunchType": None,
        "SecretArn": ARN,
    }
    assert shown(told) == "Image x/ash:1, Cpu 2048, Memory 8192, AllowedCidr 203.0.113.7/32"
    assert shown({"LaunchType": "EC2", "Cpu": None}) == "LaunchType EC2"


def test_a_databases_address_makes_no_database_of_a_server_that_stands_alone() -> None:
    settings = settings_of(ASH_DATABASE_URL="postgresql://u:PLANTED@db.example.internal/ash")
    assert read_request(settings, DeployOptions()).effective("UseDatabase") != "true"
