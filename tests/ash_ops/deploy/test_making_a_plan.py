"""Change sets: no change is no error, a refusal tells CloudFormation's reasons, nothing is left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import ANY, Stubber
from msgspec import structs

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.plan.change_set import Plan, discard, forget, make_plan, refuse_replacement
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.names import Deployment
from ash_ops.report.plan import render
from tests.support.deploying import FakeTime, stack

Script = Callable[[str], Stubber]
NAMES = Deployment()
STACK = "arn:aws:cloudformation:us-east-1:123456789012:stack/ash-cloud/1"
MADE = {
    "StackId": STACK,
    "Id": "arn:aws:cloudformation:us-east-1:123456789012:changeSet/ash-ops-1/2",
}


def described(status: str, reason: str | None = None, *changes: dict[str, Any]) -> dict[str, Any]:
    answer = {
        "ChangeSetName": "x",
        "Status": status,
        "Changes": [{"ResourceChange": c} for c in changes],
    }
    return {**answer, "StatusReason": reason} if reason else answer


def change(
    action: str, logical: str, replacement: str | None = None, **more: Any
) -> dict[str, Any]:
    raw = {
        "Action": action,
        "LogicalResourceId": logical,
        "ResourceType": "AWS::ECS::Service",
        **more,
    }
    return {**raw, "Replacement": replacement} if replacement else raw


def plan(aws: Aws, time_: FakeTime, *, creates: bool = False) -> Plan:
    return make_plan(
        aws,
        NAMES,
        stack_id=None if creates else STACK,
        body="{}",
        parameters={"Name": "x"},
        clock=time_.clock,
        asked_by="arn:aws:iam::123456789012:user/me",
    )


@pytest.mark.parametrize(
    "reason",
    [
        "The submitted information didn't contain changes. Submit different information.",
        "No updates are to be performed.",
    ],
)
def test_no_change_is_an_empty_plan(aws: Aws, stub: Script, time_: FakeTime, reason: str) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("create_change_set", MADE)
    cfn.add_response("describe_change_set", described("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_change_set", described("FAILED", reason))
    cfn.add_response("delete_change_set", {})

    assert plan(aws, time_).is_empty


def test_a_refusal_tells_what_the_validation_found(aws: Aws, stub: Script, time_: FakeTime) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("create_change_set", MADE)
    cfn.add_response("describe_change_set", described("FAILED", "Validation failed."))
    failure = {
        "EventType": "VALIDATION_ERROR",
        "LogicalResourceId": "LogGroup",
        "ValidationStatusReason": "A resource named /ash-cloud/runtime already exists",
    }
    cfn.add_response("describe_events", {"OperationEvents": [failure]})
    cfn.add_response("delete_change_set", {})
    cfn.add_response("describe_stacks", stack("REVIEW_IN_PROGRESS"))
    cfn.add_response("list_change_sets", {"Summaries": []})
    cfn.add_response("delete_stack", {}, {"StackName": STACK})

    with pytest.raises(OpsError) as caught:
        plan(aws, time_, creates=True)

    first, *others = caught.value.why.splitlines()
    assert first == "Validation failed."
    assert [line.strip() for line in others] == [
        "LogGroup: A resource named /ash-cloud/runtime already exists"
    ]
    assert caught.value.what == "CloudFormation refused the plan; nothing was changed"
    assert caught.value.next_step == "Correct what it names, then run `ash-ops deploy` again."


@pytest.mark.parametrize("reason", ["Template error: no such condition", None])
def test_where_its_validation_may_not_be_asked_the_refusal_stands_as_it_was_told(
    aws: Aws, stub: Script, time_: FakeTime, reason: str | None
) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("create_change_set", MADE)
    cfn.add_response("describe_change_set", described("FAILED", reason))
    cfn.add_client_error("describe_events", "AccessDenied", http_status_code=403)
    cfn.add_response("delete_change_set", {})

    with pytest.raises(OpsError) as caught:
        plan(aws, time_)

    assert caught.value.why == (reason or "FAILED")


def test_a_plan_asks_ever_less_often_and_at_most_every_two_seconds(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("create_change_set", MADE)
    for _ in range(8):
        cfn.add_response("describe_change_set", described("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_change_set", described("CREATE_COMPLETE"))
    began = time_.clock.now()

    assert plan(aws, time_).is_empty

    pauses = (0.2, 0.32, 0.512, 0.8192, 1.31072, 2.0, 2.0, 2.0)
    assert time_.clock.now() - began == pytest.approx(sum(pauses))


@pytest.mark.parametrize("creates", [False, True])
def test_a_plan_is_asked_for_in_the_name_of_who_asks_and_of_this_deployment(
    aws: Aws, stub: Script, time_: FakeTime, *, creates: bool
) -> None:
    cfn = stub("cloudformation")
    cfn.add_response(
        "create_change_set",
        MADE,
        {
            "StackName": "ash-cloud" if creates else STACK,
            "ChangeSetName": ANY,
            "ChangeSetType": "CREATE" if creates else "UPDATE",
            "TemplateBody": "{}",
            "Parameters": [{"ParameterKey": "Name", "ParameterValue": "x"}],
            "Tags": [{"Key": "ash:deployment", "Value": "ash-cloud"}],
            "Capabilities": ANY,
            "Description": "ash-ops, asked by arn:aws:iam::123456789012:user/me",
        },
    )
    cfn.add_response("describe_change_set", described("CREATE_COMPLETE", None, change("Add", "A")))

    made = plan(aws, time_, creates=creates)

    assert (made.stack, made.id, made.name) == ("ash-cloud", MADE["StackId"], MADE["Id"])
    assert (made.creates, made.is_empty) == (creates, False)
    assert made.outline == {("Add", "A")}


def test_every_page_of_a_change_set_is_read(aws: Aws, stub: Script, time_: FakeTime) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("create_change_set", MADE)
    first = {**described("CREATE_COMPLETE", None, change("Add", "A")), "NextToken": "more"}
    cfn.add_response("describe_change_set", first)
    cfn.add_response(
        "describe_change_set",
        described("CREATE_COMPLETE", None, change("Add", "B")),
        {"StackName": ANY, "ChangeSetName": ANY, "NextToken": "more"},
    )

    assert {c.logical_id for c in plan(aws, time_).changes} == {"A", "B"}


def test_a_plan_that_never_gets_ready_is_given_up(aws: Aws, stub: Script, time_: FakeTime) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("create_change_set", MADE)
    for _ in range(95):  # asked ever less often, for three minutes
        cfn.add_response("describe_change_set", described("CREATE_IN_PROGRESS"))

    with pytest.raises(OpsError, match="not ready"):
        plan(aws, time_)


def test_only_an_empty_shell_is_deleted_with_its_plan(aws: Aws, stub: Script) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("delete_change_set", {})
    cfn.add_response("describe_stacks", stack("CREATE_COMPLETE"))

    discard(aws, Plan(stack="ash-cloud", id=STACK, name="x", creates=True, changes=()))


def test_what_is_removed_or_replaced_is_shown_first_and_in_words(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("create_change_set", MADE)
    detail = {"Target": {"Attribute": "Properties", "Name": "Image"}, "CausingEntity": "Image"}
    cfn.add_response(
        "describe_change_set",
        described(
            "CREATE_COMPLETE",
            None,
            change("Add", "Extra"),
            change("Modify", "Service", "False"),
            change("Modify", "TaskDefinition", "True", Details=[detail]),
            change("Remove", "Listener"),
        ),
    )

    lines = render(plan(aws, time_))

    assert [line.split()[:3] for line in lines[:4]] == [
        ["-", "remove", "Listener"],
        ["!", "replace", "TaskDefinition"],
        ["~", "change", "Service"],
        ["+", "add", "Extra"],
    ]
    assert "because of Image" in lines[1]
    assert lines[4].strip() == "1 to add, 1 to change, 1 to replace, 1 to remove"


@pytest.mark.parametrize(
    ("type_", "replacement", "refused"),
    [
        ("AWS::ElasticLoadBalancingV2::TargetGroup", "True", True),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", "True", True),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", "False", False),
        ("AWS::ECS::Service", "Conditional", False),  # a new task definition looks like this
        ("AWS::ECS::TaskDefinition", "True", False),  # replaced at every change; has no name
    ],
)
def test_what_has_a_name_cannot_be_replaced(type_: str, replacement: str, refused: bool) -> None:
    """The new one would be created first, under a name that is taken."""
    row = Change(
        action="Modify",
        logical_id="Thing",
        physical_id=None,
        type=type_,
        replacement=replacement,
        causes=("Port",),
    )
    plan = Plan(stack="ash-cloud", id=STACK, name="n", creates=False, changes=(row,))
    if not refused:
        refuse_replacement(plan)
        return
    with pytest.raises(OpsError, match="Thing cannot be replaced") as caught:
        refuse_replacement(plan)
    assert caught.value.why == "the new one would have the name of the old one; the cause is Port"
    unnamed = replace(plan, changes=(structs.replace(row, causes=()),))
    with pytest.raises(OpsError) as caught:
        refuse_replacement(unnamed)
    assert caught.value.why == "the new one would have the name of the old one"


def test_a_shell_with_somebody_elses_plan_in_it_stays(aws: Aws, stub: Script) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("delete_change_set", {})
    cfn.add_response("describe_stacks", stack("REVIEW_IN_PROGRESS"), {"StackName": STACK})
    cfn.add_response("list_change_sets", {"Summaries": [{"ChangeSetId": "arn:another"}]})

    discard(aws, Plan(stack="ash-cloud", id=STACK, name="arn:own", creates=True, changes=()))


@pytest.mark.parametrize(
    ("message", "gone"), [("Stack [ash-cloud] does not exist", True), ("It is busy", False)]
)
def test_a_plan_that_is_gone_with_its_stack_needs_no_deletion(
    aws: Aws, stub: Script, message: str, gone: bool
) -> None:
    """CloudFormation tells it by its words: the code is that of any request which cannot be right."""
    stub("cloudformation").add_client_error("delete_change_set", "ValidationError", message, 400)
    plan = Plan(stack="ash-cloud", id=STACK, name="p", creates=False, changes=())
    with nullcontext() if gone else pytest.raises(ReadFailed, match="DeleteChangeSet"):
        forget(aws, plan)
