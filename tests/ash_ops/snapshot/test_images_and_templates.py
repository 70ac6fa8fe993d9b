"""What ECR says of an image, what a stack's template wants, and one question over HTTP."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.deletion_policy import no_longer_kept
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack, StackParameter, StackResource
from ash_ops.facts.start import ImageState
from ash_ops.facts.wanted import WantedResource
from ash_ops.secret import MASK
from ash_ops.snapshot import http_get, probe
from ash_ops.snapshot.http_get import HttpAnswer
from ash_ops.snapshot.readings.image import find_image
from ash_ops.snapshot.readings.wanted import wanted_resources
from ash_ops.snapshot.registry import parse_image
from tests.ash_ops.fakes.aws import AwsError, FakeAws

REGISTRY = "123456789012.dkr.ecr.eu-west-3.amazonaws.com"
DIGEST = "sha256:" + "0f" * 32
INDEX = json.dumps(
    {"manifests": [{"platform": {"architecture": a}} for a in ("arm64", "amd64", "unknown")]}
)


@pytest.fixture
def fake(shared_fake: FakeAws) -> Iterator[FakeAws]:
    before, shared_fake.answers = shared_fake.answers, {}
    yield shared_fake
    shared_fake.answers = before


def known_image(**changes: Any) -> ImageState:
    state = {"reference": f"{REGISTRY}/ash:0.2.0", "registry": REGISTRY, "repository": "ash", "tag": "0.2.0", **changes}  # fmt: skip
    return ImageState(**state)


def test_ecr_is_asked_for_the_tag_in_its_own_region_and_account(
    fake: FakeAws, shared_aws: Aws
) -> None:
    asked: list[Any] = []

    def answer(request: Any) -> Any:
        asked.append(request)
        return {"images": [{"imageId": {"imageDigest": DIGEST}, "imageManifest": INDEX}]}

    fake.answers = {"ecr:BatchGetImage": answer}
    found = find_image(shared_aws, parse_image(f"{REGISTRY}/ash:0.2.0"), None)
    assert found == known_image(exists=True, repository_exists=True, digest=DIGEST, architectures=("amd64", "arm64"))  # fmt: skip
    find_image(shared_aws, parse_image(f"{REGISTRY}/ash:0.2.0@{DIGEST}"), None)
    assert [request["imageIds"] for request in asked] == [[{"imageTag": "0.2.0"}], [{"imageDigest": DIGEST}]]  # fmt: skip
    assert {(r["registryId"], r["repositoryName"]) for r in asked} == {("123456789012", "ash")}


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"images": []}, {"exists": False, "repository_exists": True}),
        ({"images": [{"imageManifest": "{}"}]}, {"exists": True, "repository_exists": True}),
        ({"images": [{"imageId": {"imageDigest": DIGEST}}]}, {"exists": True, "repository_exists": True, "digest": DIGEST}),
        (AwsError("RepositoryNotFoundException"), {"exists": False, "repository_exists": False}),
    ],
)  # fmt: skip
def test_a_missing_tag_is_told_from_a_missing_repository(
    fake: FakeAws, shared_aws: Aws, answer: Any, state: dict[str, Any]
) -> None:
    def answered(_: Any) -> Any:
        if isinstance(answer, AwsError):
            raise answer
        return answer

    fake.answers = {"ecr:BatchGetImage": answered}
    found = find_image(shared_aws, parse_image(f"{REGISTRY}/ash:0.2.0"), None)
    assert found == known_image(**state)


def test_who_may_not_ask_ecr_knows_nothing_of_the_image(fake: FakeAws, shared_aws: Aws) -> None:
    def denied(_: Any) -> Any:
        raise AwsError("AccessDeniedException")

    fake.answers = {"ecr:BatchGetImage": denied}
    with pytest.raises(ReadFailed) as failed:
        find_image(shared_aws, parse_image(f"{REGISTRY}/ash:0.2.0"), None)
    assert failed.value.kind == "denied"


def test_another_registry_is_asked_only_where_it_may_be_and_one_of_this_machine_always(
    shared_aws: Aws,
) -> None:
    with pytest.raises(ReadFailed) as skipped:
        find_image(shared_aws, parse_image("ghcr.io/a/b:1"), None)
    assert (skipped.value.kind, skipped.value.call) == ("skipped", "registry:GetManifest")
    for broken, kind in ((TimeoutError("slow"), "timeout"), (OSError("no route"), "unreachable"), (ValueError("odd"), "unreachable")):  # fmt: skip

        def fetch(*_: Any, error: Exception = broken) -> HttpAnswer:
            raise error

        with pytest.raises(ReadFailed) as failed:
            find_image(shared_aws, parse_image("ghcr.io/a/b:1"), fetch)
        assert (failed.value.kind, failed.value.code) == (kind, type(broken).__name__)
        assert failed.value.message == f"ghcr.io: {broken}"
    with pytest.raises(ReadFailed) as local:
        find_image(shared_aws, parse_image("127.0.0.1:1/a/b:1"), None)
    assert local.value.kind == "unreachable"


TEMPLATE = """
Parameters: {Port: {Type: Number}}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    DeletionPolicy: Delete
    Properties:
      GroupDescription: !Sub "${AWS::Partition} ${AWS::Region} ${AWS::AccountId} ${AWS::StackName} ${AWS::URLSuffix} ${Port}"
      Tags: [{Key: id, Value: !Ref AWS::StackId}]
  Never: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: not made}}
  Other: {Type: AWS::SNS::Topic, Properties: {TopicName: not compared}}
"""


@pytest.mark.parametrize(
    ("partition", "region", "suffix"),
    [("aws", "eu-west-3", "amazonaws.com"), ("aws-cn", "cn-north-1", "amazonaws.com.cn")],
)
def test_what_a_stack_wants_is_worked_out_with_its_parameters_and_its_place(
    fake: FakeAws, shared_aws: Aws, partition: str, region: str, suffix: str
) -> None:
    stack_id = f"arn:{partition}:cloudformation:{region}:123456789012:stack/ash-cloud/0a1b"
    stack = Stack(
        id=stack_id,
        name="ash-cloud",
        given_parameters=(StackParameter(parameter_key="Port", parameter_value="4100"),),
    )
    fake.answers = {
        "cloudformation:GetTemplate": {"TemplateBody": TEMPLATE},
        "cloudformation:ListStackResources": {
            "StackResourceSummaries": [
                {"LogicalResourceId": name, "PhysicalResourceId": place, "ResourceType": kind, "ResourceStatus": "CREATE_COMPLETE", "LastUpdatedTimestamp": "2026-11-27T00:00:00Z"}
                for name, place, kind in (("Group", "sg-1", "AWS::EC2::SecurityGroup"), ("Other", "topic", "AWS::SNS::Topic"))
            ]
        },
    }  # fmt: skip
    (found,) = wanted_resources(shared_aws, stack)
    assert found == WantedResource(
        logical_id="Group",
        type="AWS::EC2::SecurityGroup",
        physical_id="sg-1",
        properties={
            "GroupDescription": f"{partition} {region} 123456789012 ash-cloud {suffix} 4100",
            "Tags": [{"Key": "id", "Value": stack_id}],
        },
        unknown=(),
    )
    (topic,) = wanted_resources(shared_aws, stack, ("AWS::SNS::Topic",))
    assert topic.logical_id == "Other"


def test_a_template_that_cannot_be_worked_out_is_no_answer(fake: FakeAws, shared_aws: Aws) -> None:
    fake.answers = {
        "cloudformation:GetTemplate": {"TemplateBody": "- no\n- template"},
        "cloudformation:ListStackResources": {"StackResourceSummaries": []},
    }
    with pytest.raises(ReadFailed) as failed:
        wanted_resources(shared_aws, Stack(id="arn:aws:x", name="ash-cloud"))
    assert (failed.value.call, failed.value.code) == ("cloudformation:GetTemplate", "UnreadableTemplate")  # fmt: skip


class Other:
    """Who answers at the other end of a connection: what it was asked, and where it was called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
        near, self._far = socket.socketpair()
        self._far.sendall(answer)
        self._far.shutdown(socket.SHUT_WR)
        self.called: list[Any] = []
        self.secured_as: list[str] = []
        monkeypatch.setattr(http_get.socket, "create_connection", lambda *place: self.called.append(place) or near)  # fmt: skip
        monkeypatch.setattr(http_get.ssl, "create_default_context", lambda: self)

    def wrap_socket(self, near: socket.socket, *, server_hostname: str) -> socket.socket:
        self.secured_as.append(server_hostname)
        return near

    def asked(self) -> list[str]:
        with self._far:
            return self._far.recv(9999).decode().split("\r\n")


@pytest.mark.parametrize(
    ("url", "place", "secured", "line", "host"),
    [
        ("http://h.example", ("h.example", 80), [], "GET / HTTP/1.1", "h.example"),
        ("https://h.example/v2/a?n=1&m=2", ("h.example", 443), ["h.example"], "GET /v2/a?n=1&m=2 HTTP/1.1", "h.example"),
        ("https://h.example:5000/v2/", ("h.example", 5000), ["h.example"], "GET /v2/ HTTP/1.1", "h.example:5000"),
    ],
)  # fmt: skip
def test_a_question_goes_to_the_host_and_port_of_its_url_secured_where_that_says_so(
    monkeypatch: pytest.MonkeyPatch, url: str, place: Any, secured: list[str], line: str, host: str
) -> None:
    body = b'{"password":"horse-7"}'
    other = Other(monkeypatch, b"HTTP/1.1 418 x\r\nX-Said: password=horse-7\r\nContent-Length: 22\r\n\r\n" + body)  # fmt: skip
    answer = http_get.get(url, {"Accept": "text/x"}, timeout=0.7)
    assert (answer.status, answer.headers["x-said"], answer.body) == (418, f"password={MASK}", body)
    assert answer.document() == {"password": MASK}
    assert "horse" not in repr(answer)
    assert other.called == [(place, 0.7)]
    assert other.secured_as == secured
    first, *headers = other.asked()
    assert first == line
    assert {f"Host: {host}", "Accept: text/x", "Connection: close"} <= set(headers)


@pytest.mark.parametrize(("body", "told"), [(b"{", {}), (b"[1]", {}), (b"", {}), (b'{"a":1}', {"a": 1}), (b"[" * 200_000, {})])  # fmt: skip
def test_a_body_that_is_no_object_has_no_fields(body: bytes, told: dict[str, Any]) -> None:
    assert HttpAnswer(200, {}, body).document() == told


@pytest.mark.parametrize(("said", "address"), [(b" 203.0.113.7\n", "203.0.113.7"), (b"<html>", None), ("\u00e9".encode(), None), (OSError(), None)])  # fmt: skip
def test_this_machine_s_address_is_what_aws_says_if_it_is_one(
    monkeypatch: pytest.MonkeyPatch, said: Any, address: str | None
) -> None:
    asked: list[str] = []

    def get(url: str, headers: Any, *, timeout: float) -> HttpAnswer:
        asked.append(url)
        if isinstance(said, OSError):
            raise said
        return HttpAnswer(200, {}, said)

    monkeypatch.setattr(probe, "get", get)
    assert probe.ask_public_ip() == address
    assert asked == ["https://checkip.amazonaws.com/"]


KEPT = "Resources:\n  Files: {Type: AWS::EFS::FileSystem, DeletionPolicy: %s}\n"


@pytest.mark.parametrize(
    ("now", "wanted", "is_told"),
    [
        ("Retain", "Delete", True), ("RetainExceptOnCreate", "Delete", True), ("Snapshot", "Delete", True), ("Retain", "Retain", False),
        ("Retain", "Snapshot", False), ("Delete", "Delete", False), (None, "Delete", True), (None, "Retain", False),
    ],
)  # fmt: skip
def test_what_another_template_keeps_no_longer_is_told_unless_it_was_not_kept_before(
    fake: FakeAws, shared_aws: Aws, now: str | None, wanted: str, *, is_told: bool
) -> None:
    """Where the template of now may not be read, what is there is taken for kept."""

    def template(_: Any) -> Any:
        if now is None:
            raise AwsError("AccessDenied")
        return {"TemplateBody": KEPT % now}

    fake.answers = {"cloudformation:GetTemplate": template}
    there = StackResource(logical_id="Files", physical_id="fs-1", type="AWS::EFS::FileSystem", status="CREATE_COMPLETE")  # fmt: skip
    stack = Stack(id="arn:aws:x", name="ash-cloud")
    told = no_longer_kept(shared_aws, stack, [there], KEPT % wanted)
    assert bool(told) is is_told
    assert all(line.startswith("Files (fs-1) is kept no longer when the stack goes (DeletionPolicy Delete): ") for line in told)  # fmt: skip
    assert no_longer_kept(shared_aws, stack, [], KEPT % wanted) == []
