"""What botocore sends and AWS would refuse is found, whatever the protocol is that it is sent with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from tests.support.held_to_models import held


@pytest.mark.parametrize(
    ("service", "call", "given", "answer", "why"),
    [
        ("efs", "describe_file_systems", {"FileSystemId": "text"}, {}, "does not match"),
        ("backup", "create_backup_vault", {"BackupVaultName": "a b"}, {}, "does not match"),
        (
            "route53",
            "list_resource_record_sets",
            {"HostedZoneId": "Z" * 40},
            {"ResourceRecordSets": [], "IsTruncated": False, "MaxItems": "1"},
            "has 40",
        ),
        ("ecs", "describe_clusters", {"include": ["NOTHING"]}, {}, "is none of"),
        (
            "cloudformation",
            "delete_stack",
            {"StackName": "x", "ClientRequestToken": "a b"},
            {},
            "does not match",
        ),
        ("ec2", "describe_subnets", {"MaxResults": 5000}, {}, "more than 1000"),
        ("cloudwatch", "describe_alarms", {"StateValue": "BAD"}, {}, "is none of"),
    ],
)
def test_a_request_that_aws_would_refuse_is_found(
    aws: Aws,
    stub: Callable[[str], Stubber],
    service: str,
    call: str,
    given: dict[str, Any],
    answer: dict[str, Any],
    why: str,
) -> None:
    stub(service).add_response(call, answer)
    with pytest.raises(AssertionError, match=why), held():
        getattr(aws.client(service), call)(**given)
