"""How open is open, what a plan loses, and names of images and deployments that cannot be right."""

from __future__ import annotations

import pytest

from ash_ops.deploy.losses import EPHEMERAL, ROOT_DISK, data_home, losses
from ash_ops.deploy.ownership import why_not_ours
from ash_ops.deploy.plan.callers import in_clear, is_open
from ash_ops.deploy.plan.image import is_reference
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import read_request
from ash_ops.errors import UsageProblem
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.names import Deployment
from tests.support.deploying import settings_of


@pytest.mark.parametrize(
    ("ranges", "open_"),
    [
        (("0.0.0.0/0",), True),
        (("0.0.0.0/1", "128.0.0.0/1"), True),
        (("128.0.0.0/1", "0.0.0.0/2", "64.0.0.0/2"), True),
        (("0.0.0.0/1", "128.0.0.0/2"), True),  # three quarters keep nobody out
        (("::/0",), True),
        (("2000::/3",), True),  # all the IPv6 addresses that there are
        (("2000::/4", "3000::/4"), True),
        (("::/1", "8000::/1"), True),
        (("203.0.113.7/32",), False),
        (("10.0.0.0/8", "203.0.113.0/24"), False),
        (("2001:db8::/32",), False),
        (("8000::/1",), False),  # nobody's addresses
        (("10.0.0.0/8",) * 200, False),  # overlaps count once
    ],
)
def test_ranges_that_cover_nearly_all_together_are_open(
    ranges: tuple[str, ...], open_: bool
) -> None:
    assert is_open(ranges) is open_


def test_a_key_travels_in_clear_over_plain_http_to_another_machine() -> None:
    assert in_clear("http://ash-nlb.elb.amazonaws.com:4100")
    assert not in_clear("https://ash.example.com")
    assert not in_clear("http://127.0.0.1:4100")


@pytest.mark.parametrize(
    "image",
    [
        "ash",
        "ghcr.io/ash-ai-org/ash:latest",
        "ghcr.io/ash-ai-org/ash",
        "localhost:5000/ash:1.0_a-b",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/ash/server@sha256:" + "0" * 64,
        "ghcr.io/a/b:1@sha256:" + "a" * 64,
    ],
)
def test_what_a_registry_takes_is_a_reference(image: str) -> None:
    assert is_reference(image)


@pytest.mark.parametrize(
    "image",
    [
        *("", " ", ":", ":latest", "ash:", "ash:la test", "ash:-x", "Ash", "ghcr.io/Ash/ash:1"),
        *("ghcr.io//ash", "ghcr.io/ash/", "/ash", "https://ghcr.io/ash", "ash@sha256:abc", "a..b"),
        *("ash:" + "x" * 129, "ghcr.io/" + "a" * 256, "ash:1:2", "ash@latest", "-ash", "ash\n"),
    ],
)
def test_what_no_registry_takes_is_refused_before_aws_is_asked(image: str) -> None:
    assert not is_reference(image)
    if image.strip():
        with pytest.raises(UsageProblem, match="no name of an image"):
            read_request(settings_of(), DeployOptions(image=image))


def change(
    action: str, type_: str, replacement: str | None = None, policy: str | None = None, *scope: str
) -> Change:
    return Change(
        action=action,
        logical_id="Thing",
        physical_id="thing-1",
        type=type_,
        replacement=replacement,
        policy=policy,
        scope=scope,
    )


FILES, DISK, ROWS = "AWS::EFS::FileSystem", "AWS::EC2::Volume", "AWS::RDS::DBInstance"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (change("Remove", FILES, None, "Retain"), "It is itself kept"),
        (change("Remove", FILES, None, "Delete"), "is removed"),
        (change("Remove", ROWS, None, "Snapshot"), "A snapshot is kept"),
        (change("Modify", DISK, "True", "ReplaceAndRetain", "Properties"), "replaced by an empty"),
        (change("Modify", FILES, "Conditional", None, "Properties"), "may be replaced"),
        (change("Modify", ROWS, "Conditional", None, "Properties", "Tags"), "may be replaced"),
        (change("Remove", "AWS::DynamoDB::Table"), "all items in this table"),
        (change("Dynamic", ROWS), "known only while it is done"),
    ],
)
def test_a_change_that_empties_what_holds_data_is_a_loss(row: Change, told: str) -> None:
    (sentence,) = losses([row], "", "")
    assert told in sentence


HOLDS = {
    "AWS::EFS::FileSystem": "agents and sessions on this file system",
    "AWS::EC2::Volume": "agents and sessions on this disk",
    "AWS::RDS::DBInstance": "agents, sessions and keys in this database",
    "AWS::RDS::DBCluster": "rows in this database",
    "AWS::DynamoDB::Table": "items in this table",
    "AWS::DynamoDB::GlobalTable": "items in this table",
    "AWS::S3::Bucket": "objects in this bucket",
    "AWS::SQS::Queue": "messages in this queue",
    "AWS::SecretsManager::Secret": "values in this secret",
    "AWS::ElastiCache::ReplicationGroup": "in this cache",
    "AWS::OpenSearchService::Domain": "in this index",
    "AWS::Kinesis::Stream": "records in this stream",
    "AWS::KMS::Key": "encrypted with this key",
    "AWS::Cognito::UserPool": "users of this pool",
    "AWS::ECR::Repository": "images in this repository",
    "AWS::CloudFormation::Stack": "the resources of this nested stack hold",
}


@pytest.mark.parametrize("type_", HOLDS)
def test_each_kind_of_store_is_known_and_told_by_what_it_holds(type_: str) -> None:
    """A loss is told in whole sentences, with the name in the template and that in AWS."""
    said = {
        "is removed from the stack: ": change("Remove", type_),
        "is replaced by an empty one: ": change("Modify", type_, "True"),
        "may be replaced by an empty one: ": change("Modify", type_, "Conditional"),
        "is known only while it is done: ": change("Dynamic", type_),
    }
    for words, row in said.items():
        (sentence,) = losses([row], "", "")
        assert words in sentence
        assert "Thing (thing-1) " in sentence
        assert f" {HOLDS[type_]} " in sentence.replace("all that was encrypted", "was encrypted")
        assert sentence.endswith(("are lost to the server.", "would be lost.", "may be lost."))


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        ("Retain", " It is itself kept, and billed on."),
        ("RetainExceptOnCreate", " It is itself kept, and billed on."),
        ("ReplaceAndRetain", " It is itself kept, and billed on."),
        ("Snapshot", " A snapshot is kept, and billed on."),
        ("ReplaceAndSnapshot", " A snapshot is kept, and billed on."),
        ("Delete", ""),
        (None, ""),
    ],
)
def test_what_is_kept_of_a_loss_is_said_after_it(policy: str | None, kept: str) -> None:
    (sentence,) = losses([change("Remove", FILES, None, policy)], "", "")
    assert sentence.partition("lost to the server.")[2] == kept


@pytest.mark.parametrize(
    "row",
    [
        change("Add", FILES),
        change("Modify", FILES, "False", None, "Properties"),
        change("Modify", FILES, "Conditional", None, "Tags"),
        change("Modify", "AWS::ECS::TaskDefinition", "True", None, "Properties"),
        change("Remove", "AWS::ECS::Service"),
    ],
)
def test_a_change_that_empties_nothing_is_none(row: Change) -> None:
    assert losses([row], "", "") == []


def test_where_the_data_is_decides_what_a_change_of_place_loses() -> None:
    ec2 = {"LaunchType": "EC2"}
    old = data_home(ec2, ["AWS::AutoScaling::AutoScalingGroup"], "standalone")
    new = data_home(ec2, [DISK], "standalone")
    assert (old, new) == (ROOT_DISK, "on the stack's disk")
    assert losses([], old, new), "a deployment of before moves to an empty disk"
    assert losses([change("Modify", "AWS::EC2::LaunchTemplate", "False")], old, old)
    assert losses([change("Modify", "AWS::EC2::LaunchTemplate", "False")], new, new) == []
    assert losses([], new, data_home({**ec2, "DataVolumeId": "vol-1"}, [], "standalone"))
    one, two = ({"UseEfs": "true", "FileSystemId": f"fs-{n}"} for n in (1, 2))
    assert losses([], data_home(one, [], "standalone"), data_home(two, [], "standalone"))
    assert losses([], EPHEMERAL, new) == [], "what ends with the task is told, and not asked about"


def test_ours_is_told_letter_by_letter() -> None:
    names = Deployment("ash")
    assert why_not_ours({"ash:deployment": "ash"}, names) == ""
    stack = "aws:cloudformation:stack-name"
    assert why_not_ours({"ash:deployment": "ash", stack: "ash"}, names) == ""
    for tags in (
        {},
        {"ash:deployment": "ash-cloud"},
        {"ash:deployment": "Ash"},
        {"ash:deployment": ""},
        {"Ash:Deployment": "ash"},
        {"ash:deployment": "ash", stack: "another"},
        {stack: "ash"},
    ):
        assert why_not_ours(tags, names), tags


@pytest.mark.parametrize(
    "options",
    [
        DeployOptions(file_system="fs-0123abcd"),
        DeployOptions(file_system="fs-x", efs=True),
        DeployOptions(volume="vol-0123abcd"),
        DeployOptions(volume="vol-0123abcd", launch_type="ec2", efs=True),
        DeployOptions(boundary="MyBoundary"),
    ],
)
def test_what_does_not_go_together_is_refused(options: DeployOptions) -> None:
    with pytest.raises(UsageProblem):
        read_request(settings_of(), options)
