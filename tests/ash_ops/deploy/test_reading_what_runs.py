"""What runs, read beside what the stack wants: each difference told, what is gone named, what is unread no "same"."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan import drift as module
from ash_ops.deploy.plan.drift import Drift, lines_of, read_drift
from ash_ops.errors import ReadFailed
from ash_ops.facts.stacks import Stack
from ash_ops.facts.start import LiveRole
from ash_ops.facts.wanted import MOUNT_TARGET, ROLE, WantedResource
from ash_ops.names import Deployment
from tests.ash_ops.drift.deployment import (
    ATTRIBUTES,
    BALANCES,
    FIREWALL,
    LB,
    LISTENS,
    LISTENS_ROW,
    ONE,
    SERVICE_ROW,
    TARGETS,
    TG,
    TWO,
    WANTED,
)
from tests.support.account import Account, Raw

NAMES = Deployment()
STACK = Stack(id="arn:stack", name="ash-cloud")
FILES = WantedResource(logical_id="MountTargetA", type=MOUNT_TARGET, physical_id="fsmt-0a1b2c3d")
# Of each resource: what AWS answers, and its error for what is not there.
ROWS: dict[str, tuple[str, Raw, str]] = {
    "DescribeServices": ("services", SERVICE_ROW, "ServiceNotFoundException"),
    "DescribeSecurityGroups": ("SecurityGroups", FIREWALL, "InvalidGroup.NotFound"),
    "DescribeLoadBalancers": ("LoadBalancers", BALANCES, "LoadBalancerNotFound"),
    "DescribeTargetGroups": ("TargetGroups", TARGETS, "TargetGroupNotFound"),
    "DescribeListeners": ("Listeners", LISTENS_ROW, "ListenerNotFound"),
    "DescribeMountTargets": (
        "MountTargets",
        {"MountTargetId": "fsmt-0a1b2c3d", "FileSystemId": "fs-1", "SubnetId": "s", "LifeCycleState": "available"},
        "MountTargetNotFound",
    ),
}  # fmt: skip
OF = {
    "DescribeLoadBalancerAttributes": LB,
    "DescribeTargetGroupAttributes": TG,
    "DescribeListenerAttributes": LISTENS,
}
IMAGES = {ONE: "ash:latest", TWO: "ash:0.2.99"}


class Live:
    """A deployment that runs as its stack wants it, until a test changes an answer."""

    def __init__(self, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
        self.aws, self.account = aws, Account({})
        for operation, (member, row, _) in ROWS.items():
            self.account.answers[operation] = {member: [deepcopy(row)]}
        for operation, arn in OF.items():
            rows = [{"Key": key, "Value": value} for key, value in ATTRIBUTES[arn].items()]
            self.account.answers[operation] = {"Attributes": rows}
        self.account.answers["DescribeTaskDefinition"] = self._revision
        self.account.serve(aws)
        monkeypatch.setattr(module, "wanted_resources", lambda *_: (*WANTED, FILES))

    def _revision(self, given: Raw) -> Raw:
        arn = given["taskDefinition"]
        container = {"name": "ash", "image": IMAGES[arn]}
        return {"taskDefinition": {"taskDefinitionArn": arn, "containerDefinitions": [container]}}

    def row(self, operation: str) -> Any:
        answers: Any = self.account.answers
        return answers[operation][ROWS[operation][0]][0]

    def drift(self) -> Drift:
        return read_drift(self.aws, NAMES, STACK)


@pytest.fixture
def live(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Live:
    return Live(aws, monkeypatch)


def test_what_runs_as_its_stack_wants_it_has_no_drift(live: Live) -> None:
    found = live.drift()
    assert found == Drift()
    assert found.is_none
    (asked,) = live.account.asked("DescribeServices")
    assert (asked["cluster"], asked["services"]) == ("ash-cloud", ["ash-cloud-runtime"])
    assert live.account.asked("DescribeTaskDefinition") == [], "no sentence needs an image"


def test_a_role_that_allows_less_than_its_stack_wants_is_seen(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}],
    }
    wanted = WantedResource(
        logical_id="TaskRole",
        type=ROLE,
        physical_id="ash-cloud-task",
        properties={"AssumeRolePolicyDocument": trust, "Policies": [{"PolicyName": "read", "PolicyDocument": trust}]},
    )  # fmt: skip
    monkeypatch.setattr(module, "wanted_resources", lambda *_: (*WANTED, FILES, wanted))
    for inline, differ in (({"read": trust}, 0), ({}, 1)):
        role = LiveRole(name="ash-cloud-task", trust=trust, inline=inline, managed={})
        monkeypatch.setattr(module.iam, "live_role", lambda *_, role=role: role)
        assert len(live.drift().differences) == differ


def test_where_there_is_no_stack_nothing_is_compared_or_asked(live: Live) -> None:
    assert read_drift(live.aws, NAMES, None) == Drift()
    assert live.account.calls == []


GONE = {
    "DescribeServices": f"Service ({SERVICE_ROW['serviceArn']})",
    "DescribeSecurityGroups": "LoadBalancerSecurityGroup (sg-nlb)",
    "DescribeTargetGroups": f"TargetGroup ({TG})",
    "DescribeListeners": f"Listener ({LISTENS})",
    "DescribeMountTargets": "MountTargetA (fsmt-0a1b2c3d)",
    "DescribeLoadBalancers": f"LoadBalancer ({LB})",
}


@pytest.mark.parametrize("operation", GONE)
def test_what_is_not_there_any_more_is_named_and_all_else_compared(
    live: Live, operation: str
) -> None:
    member, _, code = ROWS[operation]
    live.row("DescribeServices")["desiredCount"] = 0
    live.account.answers[operation] = code if "Listeners" not in operation else {member: []}
    found = live.drift()
    assert found.gone == (GONE[operation],)
    assert found.unread == ()
    assert not found.is_none
    assert [each.type for each in found.differences] == ["AWS::ECS::Service"] * (
        operation != "DescribeServices"
    )


UNREAD = {
    "DescribeServices": ("the resource Service", "ecs:DescribeServices"),
    "DescribeSecurityGroups": ("the resource LoadBalancerSecurityGroup", "ec2:DescribeSecurityGroups"),
    "DescribeLoadBalancers": ("the resource LoadBalancer", "elasticloadbalancing:DescribeLoadBalancers"),
    "DescribeTargetGroups": ("the resource TargetGroup", "elasticloadbalancing:DescribeTargetGroups"),
    "DescribeListeners": ("the listeners", "elasticloadbalancing:DescribeListeners"),
    "DescribeMountTargets": ("the resource MountTargetA", "elasticfilesystem:DescribeMountTargets"),
    **{
        operation: (f"the attributes of {arn}", f"elasticloadbalancing:{operation}")
        for operation, arn in OF.items()
    },
}  # fmt: skip


@pytest.mark.parametrize("operation", UNREAD)
def test_what_may_not_be_read_is_told_with_the_action_and_is_never_taken_for_gone(
    live: Live, operation: str
) -> None:
    live.account.answers[operation] = "AccessDeniedException"
    what, action = UNREAD[operation]
    found = live.drift()
    (told,) = found.unread
    assert told.startswith(f"{what} could not be read (")
    assert told.endswith(f": AccessDeniedException). Allow {action}.")
    assert (found.differences, found.gone, found.is_none) == ((), (), False)


def test_what_only_went_wrong_asks_for_no_right(live: Live) -> None:
    def broken(_: Raw) -> Raw:
        raise ClientError({"Error": {"Code": "InternalFailure", "Message": ""}}, "Any")

    live.account.answers["DescribeServices"] = broken
    (told,) = live.drift().unread
    assert told.startswith("the resource Service could not be read (")
    assert told.endswith(": InternalFailure).")


def test_a_stack_that_does_not_tell_what_it_wants_is_unread(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> Any:
        raise ReadFailed("cloudformation:GetTemplate", "denied", "AccessDenied", "")

    monkeypatch.setattr(module, "wanted_resources", refused)
    found = live.drift()
    assert (found.differences, found.gone) == ((), ())
    (told,) = found.unread
    assert told.startswith(
        "what the stack wants could not be read (cloudformation:GetTemplate: AccessDenied)."
    )


def test_a_listener_is_gone_only_if_every_balancer_told_of_its_own(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, Any] = {"one": (), "two": ReadFailed("x:Y", "denied", "AccessDenied", "")}

    def listeners(_: Any, balancer: str) -> Any:
        if isinstance(told[balancer], ReadFailed):
            raise told[balancer]
        return told[balancer]

    monkeypatch.setattr(module.elbv2, "listeners", listeners)
    for balancers, gone in ((["one"], [GONE["DescribeListeners"]]), (["one", "two"], []), ([], [])):
        reader = module._Reader(aws, NAMES, WANTED)
        assert reader._listeners(balancers) == []
        assert reader.gone == gone
        assert len(reader.unread) == balancers.count("two")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "ash-cloud-runtime:2 (ash:0.2.99), the stack wants ash-cloud-runtime:1 (ash:latest)"),
        ("AccessDeniedException", "ash-cloud-runtime:2, the stack wants ash-cloud-runtime:1"),
    ],
)  # fmt: skip
def test_a_revision_that_was_rolled_out_is_told_with_its_image_where_that_may_be_read(
    live: Live, answer: str | None, words: str
) -> None:
    live.row("DescribeServices")["taskDefinition"] = TWO
    if answer:
        live.account.answers["DescribeTaskDefinition"] = answer
    found = live.drift()
    assert found.unread == ()
    (only,) = found.differences
    assert found.revision == only
    assert found.of_service == (only,)
    assert lines_of(found.differences) == [f"  differs    {only.line}"]
    assert f"its revision is {words}" in only.line


@pytest.mark.parametrize(
    ("operation", "change", "words"),
    [
        ("DescribeServices", {"desiredCount": 3}, "its desired count is 3"),
        ("DescribeTargetGroups", {"HealthCheckPath": "/x"}, "/x"),
        ("DescribeListeners", {"Port": 80}, "80"),
        ("DescribeLoadBalancers", {"SecurityGroups": ["sg-other"]}, "sg-other"),
        ("DescribeSecurityGroups", {"IpPermissions": []}, "10.0.0.0/8"),
        *((operation, {}, "") for operation in OF),
    ],
)
def test_each_thing_that_was_changed_by_hand_is_seen(
    live: Live, operation: str, change: Raw, words: str
) -> None:
    if operation in OF:
        key = next(iter(ATTRIBUTES[OF[operation]]))
        live.account.answers[operation] = {"Attributes": [{"Key": key, "Value": "changed"}]}
        words = "changed"
    else:
        live.row(operation).update(change)
    found = live.drift()
    assert (found.gone, found.unread) == ((), ())
    (only,) = found.differences
    assert words in only.line
    assert found.revision is None
    assert (found.of_service == (only,)) is (operation == "DescribeServices")
