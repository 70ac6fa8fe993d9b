"""What a template lets go with its stack, whatever form it is written in."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from ash_ops.deploy.deletion_policy import KEEPS, deletion_policies
from ash_ops.errors import UsageProblem

YAML = """
Resources:
  Kept: {Type: AWS::EFS::FileSystem, DeletionPolicy: Retain}
  Loose:
    Type: AWS::EFS::FileSystem
    Properties:
      KmsKeyId: !If [Own, !GetAtt Key.Arn, !Sub '${AWS::Region}/x']
  Spelled: {Type: 'AWS::EC2::Volume', DeletionPolicy: Delete}
  Rows: {Type: AWS::RDS::DBInstance}
  Member: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref Rows}}
  Firewall: {Type: AWS::EC2::SecurityGroup}
"""


def test_what_no_policy_keeps_is_deleted_and_a_database_leaves_a_snapshot() -> None:
    assert deletion_policies(YAML) == {
        "Kept": "Retain",
        "Loose": "Delete",
        "Spelled": "Delete",
        "Rows": "Snapshot",
        "Member": "Delete",
    }


def test_json_is_read_like_yaml_as_text_or_parsed() -> None:
    template = {"Resources": {"Disk": {"Type": "AWS::EC2::Volume"}, "Odd": None}}
    assert deletion_policies(template) == {"Disk": "Delete"}
    assert deletion_policies(json.dumps(template)) == {"Disk": "Delete"}


@pytest.mark.parametrize("mode", ["standalone", "multi-machine"])
def test_the_bundled_templates_keep_all_that_holds_data(mode: str) -> None:
    body = files("ash_ops.templates").joinpath(f"{mode}.yaml").read_text("utf-8")
    found = deletion_policies(body)
    assert found
    assert set(found.values()) <= set(KEEPS)


def test_a_template_without_resources_holds_no_data() -> None:
    assert deletion_policies("Resources:") == {}


@pytest.mark.parametrize("text", ["", "- a list", "a: [b"])
def test_what_is_no_template_is_not_taken_for_one_without_data(text: str) -> None:
    with pytest.raises(UsageProblem, match="template cannot be read"):
        deletion_policies(text)
