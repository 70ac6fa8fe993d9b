"""Whose something is: by its tag to the letter and by the stack that made it; what is others' is left as it was."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.ownership import (
    Claims,
    FoundResource,
    NotOurs,
    own_log_groups,
    refusal,
    require_service,
    why_not_ours,
)
from ash_ops.errors import Inconclusive, ReadFailed
from ash_ops.names import Deployment
from tests.support.account import MADE, Account, Raw, arn
from tests.support.deploying import User
from tests.support.whole_fleet import resource

NAMES = Deployment()
BALANCER = arn("elasticloadbalancing", "loadbalancer/net/ash-cloud-nlb/1")
TARGETS = arn("elasticloadbalancing", "targetgroup/ash-cloud-tg/1")
STACK = arn("cloudformation", "stack/ash-cloud/1")
KEY = "ash:deployment"
OURS = {KEY: "ash-cloud"}
MADE_BY = "aws:cloudformation:stack-name"
# Tags of what is not ours, and why, as a person is to read it.
FOREIGN: list[tuple[dict[str, str], str]] = [
    ({}, "it carries no tag ash:deployment"),
    ({"Ash:Deployment": "ash-cloud"}, "it carries no tag ash:deployment"),
    ({KEY: "ash-cloud-2"}, "its tag ash:deployment says 'ash-cloud-2'"),
    ({KEY: "Ash-Cloud"}, "its tag ash:deployment says 'Ash-Cloud'"),
    ({KEY: ""}, "its tag ash:deployment says ''"),
    (
        {KEY: "ash-cloud", MADE_BY: "shop"},
        "the stack 'shop' made it, whatever its tag ash:deployment says",
    ),
]


def pairs(tags: dict[str, str], key: str = "Key", value: str = "Value") -> list[Raw]:
    return [{key: name, value: text} for name, text in tags.items()]


class Named(Account):
    """An account in which every name that a creation would take is taken, each by whom the test says."""

    def __init__(self, **tags: dict[str, str]) -> None:
        found = {
            name: {
                "logGroupName": name,
                "arn": arn("logs", f"log-group:{name}:*"),
                "creationTime": 1,
            }
            for name in (NAMES.log_group, NAMES.event_log_group)
        }
        super().__init__({"log group": found})
        self.tags = tags
        for name, group in self.there["log group"].items():
            group["tags"] = tags.get(name, OURS)
        self.answers |= {
            "DescribeClusters": lambda _: {
                "clusters": self.in_ecs("cluster", clusterName=NAMES.cluster, clusterArn="arn:c")
            },
            "DescribeServices": lambda given: {
                "services": self.in_ecs("service", serviceName=given["services"][0], serviceArn="arn:s")
            },
            "DescribeLoadBalancers": {"LoadBalancers": [{"LoadBalancerArn": BALANCER, "Type": "network"}]},
            "DescribeTargetGroups": {"TargetGroups": [{"TargetGroupArn": TARGETS}]},
            "DescribeTags": lambda given: {
                "TagDescriptions": [
                    {"ResourceArn": each, "Tags": pairs(self.whose("load balancer" if each == BALANCER else "target group"))}
                    for each in given["ResourceArns"]
                ]
            },
        }  # fmt: skip

    def whose(self, kind: str) -> dict[str, str]:
        return self.tags.get(kind.replace(" ", "_"), OURS)

    def in_ecs(self, kind: str, **raw: Any) -> list[Raw]:
        return [{**raw, "status": "ACTIVE", "tags": pairs(self.whose(kind), "key", "value")}]

    def claims(self, aws: Aws, user: User | None = None, **more: Any) -> Claims:
        self.serve(aws)
        return Claims(aws=aws, names=NAMES, dialogue=user or User(), **more)

    def changes(self) -> list[str]:
        looks = ("Describe", "List", "Get")
        return [name for name, _ in self.calls if not name.startswith(looks)]


TAKEN = {
    "cluster": NAMES.cluster,
    "service": NAMES.service,
    "load balancer": NAMES.load_balancer,
    "target group": NAMES.target_group,
}


@pytest.mark.parametrize(("tags", "why"), FOREIGN)
def test_a_tag_is_ours_to_the_letter_and_of_no_other_stack(tags: dict[str, str], why: str) -> None:
    assert why_not_ours(tags, NAMES) == why


@pytest.mark.parametrize("more", [{}, {MADE_BY: "ash-cloud"}, {"Name": "shop"}])
def test_what_carries_the_tag_is_ours_whoever_named_it(more: dict[str, str]) -> None:
    assert why_not_ours({**OURS, **more}, NAMES) == ""


@pytest.mark.parametrize(("tags", "why"), FOREIGN)
@pytest.mark.parametrize("kind", [*TAKEN, "log group"])
def test_of_every_kind_what_is_others_stops_a_creation(
    aws: Aws, kind: str, tags: dict[str, str], why: str
) -> None:
    """ECS and Elastic Load Balancing would hand it to our stack, which deletes it when it is undone."""
    name = TAKEN.get(kind, NAMES.event_log_group)
    account = Named(**{name if kind == "log group" else kind.replace(" ", "_"): tags})
    with pytest.raises(NotOurs) as refused:
        account.claims(aws).refuse_taken()
    assert refused.value.what == f"The {kind} {name} is not ours and is left alone"
    assert refused.value.why == f"{name}: {why}. A name alone proves nothing"
    assert "--adopt" not in refused.value.next_step, "the stack could not take it over"
    assert "--name ash-cloud-2" in refused.value.next_step
    assert account.changes() == []


def test_what_is_all_ours_or_not_there_stops_no_creation(aws: Aws) -> None:
    account = Named()
    claims = account.claims(aws)
    claims.refuse_taken()
    account.there.clear()
    account.answers.clear()
    claims.refuse_taken()


def test_all_that_is_others_is_named_at_once(aws: Aws) -> None:
    account = Named(cluster={}, target_group={KEY: "shop"})
    with pytest.raises(NotOurs) as refused:
        account.claims(aws).refuse_taken()
    cluster, targets = NAMES.cluster, NAMES.target_group
    assert refused.value.what == (
        f"The cluster {cluster}, the target group {targets} are not ours and are left alone"
    )
    assert refused.value.why.startswith(
        f"{cluster}: it carries no tag ash:deployment; {targets}: its tag"
    )


DENIED = {
    "DescribeClusters": ("the cluster ash-cloud", "ecs:DescribeClusters"),
    "DescribeServices": ("the service ash-cloud-runtime", "ecs:DescribeServices"),
    "DescribeLoadBalancers": (
        f"the load balancer {NAMES.load_balancer}", "elasticloadbalancing:DescribeLoadBalancers",
    ),
    "DescribeTargetGroups": (
        f"the target group {NAMES.target_group}", "elasticloadbalancing:DescribeTargetGroups",
    ),
    "DescribeLogGroups": (f"the log group {NAMES.log_group}", "logs:DescribeLogGroups"),
    "ListTagsForResource": (f"the log group {NAMES.log_group}", "logs:ListTagsForResource"),
    "DescribeSecret": (f"the secret {NAMES.secret}", "secretsmanager:DescribeSecret"),
    "DescribeStacks": ("the stack ash-cloud", "cloudformation:DescribeStacks"),
}  # fmt: skip


def asked_by(claims: Claims, operation: str) -> Any:
    of = {"DescribeSecret": claims.secret, "DescribeStacks": claims.stack}
    return of.get(operation, claims.refuse_taken)()


@pytest.mark.parametrize("operation", DENIED)
def test_what_may_not_be_read_is_not_touched_and_the_action_is_named(
    aws: Aws, operation: str
) -> None:
    account = Named()
    account.answers[operation] = "AccessDeniedException"
    what, action = DENIED[operation]
    with pytest.raises(Inconclusive) as unknown:
        asked_by(account.claims(aws), operation)
    assert unknown.value.what == f"Whose {what} is could not be told, so nothing was changed"
    assert unknown.value.why.endswith(": AccessDeniedException")
    assert unknown.value.next_step == (
        f"Allow {action} for the identity in use, then run the command again."
    )


@pytest.mark.parametrize("operation", DENIED)
def test_what_only_went_wrong_is_told_as_that_and_no_right_is_asked_for(
    aws: Aws, operation: str
) -> None:
    account = Named()
    account.answers[operation] = "InternalFailure"
    with pytest.raises(ReadFailed) as failed:
        asked_by(account.claims(aws), operation)
    assert (failed.value.kind, failed.value.code) == ("failed", "InternalFailure")


@pytest.mark.parametrize("name", [None, "ash-cloud-runners"])
@pytest.mark.parametrize(("tags", "why"), FOREIGN)
def test_a_service_of_others_is_not_changed(
    aws: Aws, tags: dict[str, str], why: str, name: str | None
) -> None:
    account = Named(service=tags)
    account.serve(aws)
    with pytest.raises(NotOurs) as refused:
        require_service(aws, NAMES, name)
    assert refused.value.what.startswith(f"The service {name or 'ash-cloud-runtime'} is not ours")
    assert refused.value.why.endswith(f": {why}. A name alone proves nothing")
    assert "--adopt" not in refused.value.next_step


def test_our_service_may_be_changed_and_one_that_is_not_there_is_nobodys(aws: Aws) -> None:
    account = Named()
    account.serve(aws)
    require_service(aws, NAMES)
    account.answers["DescribeServices"] = {"services": []}
    require_service(aws, NAMES)
    account.answers["DescribeServices"] = "AccessDeniedException"
    with pytest.raises(Inconclusive, match="Whose the service ash-cloud-runtime is"):
        require_service(aws, NAMES)


def stack(tags: dict[str, str], status: str = "UPDATE_COMPLETE") -> Raw:
    return {
        "StackId": STACK,
        "StackName": "ash-cloud",
        "StackStatus": status,
        "CreationTime": MADE,
        "Tags": pairs(tags),
    }


def with_stack(raw: Raw) -> Named:
    account = Named()
    account.there["stack"] = {STACK: raw}
    account.there["resource"] = {"Queue": resource("Queue", "AWS::SQS::Queue", "orders")}
    return account


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "ROLLBACK_COMPLETE", "DELETE_FAILED"])
def test_a_stack_with_our_tag_is_ours_in_every_state_but_deleted(aws: Aws, status: str) -> None:
    account = with_stack(stack(OURS, status))
    found = account.claims(aws).stack()
    assert found is not None
    assert (found.id, found.status) == (STACK, status)
    account.there["stack"][STACK] = stack({}, "DELETE_COMPLETE")
    assert account.claims(aws).stack() is None


@pytest.mark.parametrize(
    ("answers", "look_only", "passes"),
    [((True,), False, True), ((True,), True, True), ((False,), False, False)],
)
def test_who_is_to_adopt_a_stack_is_shown_what_is_in_it(
    aws: Aws, answers: tuple[bool, ...], *, look_only: bool, passes: bool
) -> None:
    """And is asked once, whatever asks whose it is afterwards."""
    user = User(*answers)
    account = with_stack(stack({KEY: "shop"}))
    claims = account.claims(aws, user, adopt=True, look_only=look_only)
    if passes:
        assert [claims.stack() is not None, claims.stack() is not None] == [True, True]
    else:
        with pytest.raises(NotOurs) as refused:
            claims.stack()
        assert "--adopt asks about each thing" in refused.value.next_step
    assert user.heard == [
        "In the stack ash-cloud:",
        "  Queue                      AWS::SQS::Queue orders",
    ]
    assert user.asked == [
        "The stack ash-cloud is not ours: its tag ash:deployment says 'shop'. Adopt it?"
    ]
    assert account.changes() == []


def test_without_adopt_nobody_is_asked_and_nothing_is_shown(aws: Aws) -> None:
    user = User()
    with pytest.raises(NotOurs):
        with_stack(stack({})).claims(aws, user).stack()
    assert (user.asked, user.heard) == ([], [])


PLAN_OF = {"ours": OURS, "others": {KEY: "shop"}, "nobodys": {}}


@pytest.mark.parametrize(
    ("plans", "ours"),
    [
        ([], False),
        (["ours"], True),
        (["ours", "ours"], True),
        (["ours", "others"], False),
        (["nobodys"], False),
    ],
)
def test_a_shell_that_a_plan_began_is_of_whom_all_its_plans_are(
    aws: Aws, plans: list[str], *, ours: bool
) -> None:
    """It has no tags before it is carried out."""
    account = with_stack(stack({}, "REVIEW_IN_PROGRESS"))
    account.answers |= {
        "ListChangeSets": {"Summaries": [{"ChangeSetId": f"plan{at}-{whose}"} for at, whose in enumerate(plans)]},
        "DescribeChangeSet": lambda given: {
            "Status": "CREATE_COMPLETE",
            "Tags": pairs(PLAN_OF[given["ChangeSetName"].partition("-")[2]]),
        },
    }  # fmt: skip
    claims = account.claims(aws)
    if ours:
        assert claims.stack() is not None
    else:
        with pytest.raises(NotOurs, match="The stack ash-cloud is not ours"):
            claims.stack()


def test_what_was_planned_for_a_stack_that_runs_does_not_make_it_ours(aws: Aws) -> None:
    account = with_stack(stack({}, "UPDATE_COMPLETE"))
    account.answers |= {
        "ListChangeSets": {"Summaries": [{"ChangeSetId": "1"}]},
        "DescribeChangeSet": {"Status": "CREATE_COMPLETE", "Tags": pairs(OURS)},
    }
    with pytest.raises(NotOurs):
        account.claims(aws).stack()


def secret(tags: dict[str, str], **more: Any) -> Named:
    account = Named()
    raw = {"Name": NAMES.secret, "ARN": "arn:secret", "Tags": pairs(tags), **more}
    account.there["secret"] = {NAMES.secret: raw}
    return account


@pytest.mark.parametrize("region", [None, "us-east-1"])
def test_our_secret_is_that_with_our_tag_made_here(aws: Aws, region: str | None) -> None:
    more = {"PrimaryRegion": region} if region else {}
    found = secret(OURS, **more).claims(aws).secret()
    assert found is not None
    assert found.arn == "arn:secret"


def test_a_replica_is_of_the_region_that_it_comes_from(aws: Aws) -> None:
    """It carries the tags of its original, which another region's deployment uses."""
    account = secret(OURS, PrimaryRegion="eu-west-1")
    with pytest.raises(NotOurs) as refused:
        account.claims(aws).secret()
    assert refused.value.why == (
        f"{NAMES.secret}: it is a replica of the secret in eu-west-1. A name alone proves nothing"
    )
    account.there["secret"][NAMES.secret]["Tags"] = pairs({KEY: "shop"})
    with pytest.raises(NotOurs, match="its tag ash:deployment says 'shop'"):
        account.claims(aws).secret()


@pytest.mark.parametrize(
    ("answers", "look_only", "tagged"),
    [((True,), False, True), ((True,), True, False), ((False,), False, False)],
)
def test_a_secret_is_adopted_by_its_tag_and_only_after_a_yes(
    aws: Aws, answers: tuple[bool, ...], *, look_only: bool, tagged: bool
) -> None:
    user = User(*answers)
    account = secret({})
    claims = account.claims(aws, user, adopt=True, look_only=look_only)
    if answers == (True,):
        claims.secret()
        claims.secret()  # nobody is asked again
    else:
        with pytest.raises(NotOurs):
            claims.secret()
    assert user.asked == [
        f"The secret {NAMES.secret} is not ours: it carries no tag ash:deployment. Adopt it?"
    ]
    given = {"SecretId": "arn:secret", "Tags": pairs(OURS)}
    assert account.asked("TagResource") == [given] * tagged


@pytest.mark.parametrize("adopt", [False, True])
def test_of_what_is_ours_nobody_is_asked(aws: Aws, *, adopt: bool) -> None:
    tagged: list[str] = []
    claims = Named().claims(aws, User(), adopt=adopt)
    claims.require(FoundResource(kind="cluster", name="ash-cloud"), lambda: tagged.append("tagged"))
    assert (tagged, claims.adopted) == ([], set())


def test_a_log_group_is_ours_by_its_exact_name() -> None:
    assert own_log_groups(Deployment("web")) == ("/web/runtime", "/web/events")


def test_the_way_on_is_another_name_or_to_adopt() -> None:
    error = refusal([FoundResource(kind="secret", name="s", why="w")], Deployment("web"))
    assert error.next_step == (
        "Use another --name (`ash-ops deploy --name web-2` deploys beside it). If it is this "
        "deployment's all the same, --adopt asks about each thing and tags it."
    )
