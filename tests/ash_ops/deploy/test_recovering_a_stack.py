"""The way out of each state of a stack: explained, asked for, taken, and followed to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from botocore.session import Session
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.ownership import Claims, NotOurs
from ash_ops.deploy.run.recover import make_ready
from ash_ops.deploy.run.stack_states import StackAction, action_for, is_success, meaning
from ash_ops.errors import OpsError
from ash_ops.facts.stacks import Stack
from ash_ops.names import Deployment
from tests.support.deploying import FakeTime, User, dead_task, event, events, service, stack

Script = Callable[[str], Stubber]
ME = "arn:aws:iam::123456789012:user/me"
NONE = ("describe_stacks", "ValidationError", "Stack with id ash-cloud does not exist", 400)


def ready(
    aws: Aws, user: User, time_: FakeTime, *, look_only: bool, lose_data: bool = False
) -> Stack | None:
    claims = Claims(aws=aws, names=Deployment(), dialogue=user)
    return make_ready(claims, time_.clock, look_only=look_only, asked_by=ME, lose_data=lose_data)


def holds(cfn: Stubber, *types: str) -> None:
    """What is in a stack that is to be deleted."""
    resources = [
        {
            "LogicalResourceId": "Thing",
            "PhysicalResourceId": "thing-1",
            "ResourceType": type_,
            "ResourceStatus": "DELETE_FAILED",
            "LastUpdatedTimestamp": "2026-11-23T10:00:00Z",
        }
        for type_ in types
    ]
    cfn.add_response("list_stack_resources", {"StackResourceSummaries": resources})


@pytest.mark.parametrize(
    ("status", "way"),
    [
        (None, StackAction.CREATE),
        ("DELETE_COMPLETE", StackAction.CREATE),
        ("CREATE_COMPLETE", StackAction.UPDATE),
        ("UPDATE_COMPLETE", StackAction.UPDATE),
        (
            "UPDATE_ROLLBACK_COMPLETE",
            StackAction.UPDATE,
        ),  # the old state is back and can be changed
        ("IMPORT_COMPLETE", StackAction.UPDATE),
        ("UPDATE_FAILED", StackAction.UPDATE),
        ("CREATE_IN_PROGRESS", StackAction.WAIT),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", StackAction.WAIT),
        ("ROLLBACK_IN_PROGRESS", StackAction.WAIT),
        ("DELETE_IN_PROGRESS", StackAction.WAIT),
        ("ROLLBACK_COMPLETE", StackAction.DELETE),
        ("ROLLBACK_FAILED", StackAction.DELETE),
        ("CREATE_FAILED", StackAction.DELETE),
        ("DELETE_FAILED", StackAction.DELETE),
        ("REVIEW_IN_PROGRESS", StackAction.DELETE),  # no resource is in it
        ("UPDATE_ROLLBACK_FAILED", StackAction.CONTINUE),
    ],
)
def test_every_state_has_its_way(status: str | None, way: StackAction) -> None:
    assert action_for(status) is way


CLOUDFORMATION = Session().get_service_model("cloudformation")
WAITERS = Session().get_waiter_model("cloudformation")


def test_every_state_that_aws_has_is_told_in_words_where_it_allows_nothing() -> None:
    for status in CLOUDFORMATION.shape_for("StackStatus").enum:
        way = action_for(status)
        if way not in (StackAction.DELETE, StackAction.CONTINUE):
            assert meaning(status) == status
            continue
        said = meaning(status)
        assert said[:3] in ("its", "it ", "an "), "it goes on after a colon"
        assert not said.endswith(".")
        assert ("creation failed" in said) is status.startswith(("ROLLBACK", "CREATE"))
        assert ("update failed" in said) is status.startswith("UPDATE")
        assert ("delet" in said) is (status.partition("_")[0] in ("ROLLBACK", "CREATE", "DELETE"))
        assert ("empty shell" in said) is (status == "REVIEW_IN_PROGRESS")


@pytest.mark.parametrize(
    "waiter", ["StackCreateComplete", "StackUpdateComplete", "StackImportComplete"]
)
def test_a_stack_is_a_success_where_a_waiter_of_aws_says_so(waiter: str) -> None:
    """Of the states that one operation ends in; the end of an earlier one is another question."""
    verb = waiter.removeprefix("Stack").removesuffix("Complete").upper()
    for acceptor in WAITERS.get_waiter(waiter).acceptors:
        status = str(acceptor.expected)
        if status.startswith((verb, "ROLLBACK", f"{verb}_ROLLBACK")):
            success = acceptor.state == "success" and "ROLLBACK" not in status
            assert is_success(status) is (success and "CLEANUP" not in status), status


def test_a_rolled_back_creation_is_explained_deleted_and_created_anew(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, user = stub("cloudformation"), User(True)
    quota = "Service limit exceeded: you have reached the maximum number of load balancers"
    history = events(event(1, "LoadBalancer", "CREATE_FAILED", quota))
    cfn.add_response("describe_stacks", stack("ROLLBACK_COMPLETE"))
    cfn.add_response("describe_stack_events", history)  # where the past ends
    cfn.add_response("describe_stack_events", history)  # why it failed
    holds(cfn)
    cfn.add_response("delete_stack", {})
    cfn.add_response("describe_stacks", stack("DELETE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", history)
    cfn.add_response("describe_stacks", stack("DELETE_COMPLETE"))
    cfn.add_response("describe_stack_events", history)
    cfn.add_client_error(*NONE)

    assert ready(aws, user, time_, look_only=False) is None
    assert quota in user.text
    assert "ROLLBACK_COMPLETE" in user.text
    assert user.asked == ["Delete it and go on?"]


def test_declining_the_way_out_says_how_to_take_it_by_hand(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, user = stub("cloudformation"), User(False)
    cfn.add_response("describe_stacks", stack("UPDATE_ROLLBACK_FAILED"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stack_events", events())

    with pytest.raises(OpsError) as caught:
        ready(aws, user, time_, look_only=False)

    assert (
        "aws cloudformation continue-update-rollback --stack-name ash-cloud"
        in caught.value.next_step
    )


def test_a_stopped_rollback_is_finished_and_then_updated(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, user = stub("cloudformation"), User(True)
    cfn.add_response("describe_stacks", stack("UPDATE_ROLLBACK_FAILED"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("continue_update_rollback", {})
    cfn.add_response("describe_stacks", stack("UPDATE_ROLLBACK_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stacks", stack("UPDATE_ROLLBACK_COMPLETE"))

    found = ready(aws, user, time_, look_only=False)

    assert found is not None
    assert found.status == "UPDATE_ROLLBACK_COMPLETE"


@pytest.mark.parametrize("why", ["The following resource(s) failed to delete: [Cluster].", ""])
def test_a_deletion_that_fails_again_ends_with_what_is_in_the_way(
    aws: Aws, stub: Script, time_: FakeTime, why: str
) -> None:
    cfn, user = stub("cloudformation"), User(True)
    cfn.add_response("describe_stacks", stack("DELETE_FAILED"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stack_events", events())
    holds(cfn, "AWS::ECS::Cluster")
    cfn.add_response("delete_stack", {})
    reason = {"StackStatusReason": why} if why else {}
    cfn.add_response("describe_stacks", stack("DELETE_FAILED", **reason))
    cfn.add_response("describe_stack_events", events())

    with pytest.raises(OpsError, match="still DELETE_FAILED") as caught:
        ready(aws, user, time_, look_only=False)

    assert caught.value.why == (why or "CloudFormation gave no reason")
    by_hand = "`aws cloudformation delete-stack --stack-name ash-cloud --region us-east-1`"
    assert caught.value.next_step.endswith(f"By hand: {by_hand}")


def test_what_is_under_way_is_followed_without_a_question(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    """What dies meanwhile is seen, although the service's own events are of the past."""
    cfn, ecs, user = stub("cloudformation"), stub("ecs"), User()
    cfn.add_response("describe_stacks", stack("UPDATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events())
    ecs.add_response("describe_services", service())
    ecs.add_response("list_tasks", {"taskArns": ["a"]})
    ecs.add_response("describe_tasks", {"tasks": [dead_task(1)]})
    cfn.add_response("describe_stacks", stack("UPDATE_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stacks", stack("UPDATE_COMPLETE"))

    found = ready(aws, user, time_, look_only=False)

    assert found is not None
    assert found.status == "UPDATE_COMPLETE"
    assert user.heard[0] == "ash-cloud is UPDATE_IN_PROGRESS; following it."
    assert "died meanwhile: 1 x " in user.text
    assert user.asked == []


@pytest.mark.parametrize(
    "status", ["ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS"]
)
def test_a_plan_alone_changes_nothing_to_get_there(
    aws: Aws, stub: Script, time_: FakeTime, status: str
) -> None:
    stub("cloudformation").add_response("describe_stacks", stack(status))

    with pytest.raises(OpsError, match="There can be no plan"):
        ready(aws, User(), time_, look_only=True)


@pytest.mark.parametrize("lose_data", [True, False])
def test_a_stack_that_holds_a_database_is_deleted_only_with_consent_to_the_loss(
    aws: Aws, stub: Script, time_: FakeTime, lose_data: bool
) -> None:
    cfn, user = stub("cloudformation"), User(False)
    cfn.add_response("describe_stacks", stack("DELETE_FAILED"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stack_events", events())
    holds(cfn, "AWS::RDS::DBInstance")

    with pytest.raises(OpsError) as caught:
        ready(aws, user, time_, look_only=False, lose_data=lose_data)

    assert "DATA LOSS  Thing (thing-1) goes with the stack" in user.text
    assert user.asked == (["Delete it and go on?"] if lose_data else ["Lose this data?"])
    assert ("--lose-data" in caught.value.next_step) is not lose_data


@pytest.mark.parametrize("who", [ME, "arn:aws:iam::123456789012:user/colleague"])
def test_a_plan_that_a_colleague_is_reading_is_not_thrown_away_by_yes(
    aws: Aws, stub: Script, time_: FakeTime, who: str
) -> None:
    class Yes(User):
        def consent(self, question: str) -> bool:
            self.asked.append(f"in person: {question}")
            return False

    cfn, user = stub("cloudformation"), Yes(False)
    cfn.add_response("describe_stacks", stack("REVIEW_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("list_change_sets", {"Summaries": [{"ChangeSetId": "arn:plan"}]})
    plan = {
        "Description": f"ash-ops, asked by {who}",
        "CreationTime": datetime(2026, 11, 23, tzinfo=UTC),
    }
    cfn.add_response("describe_change_set", plan)

    with pytest.raises(OpsError):
        ready(aws, user, time_, look_only=False)

    question = "Delete it and go on?"
    assert user.asked == [question if who == ME else f"in person: {question}"]
    assert (who in user.text) is (who != ME)


def test_a_stack_that_is_replaced_by_anothers_meanwhile_is_left_alone(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    """What was ours at the first look need not be at the second."""
    cfn = stub("cloudformation")
    cfn.add_response("describe_stacks", stack("UPDATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stacks", stack("UPDATE_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("describe_stacks", stack("CREATE_COMPLETE", Tags=[]))
    stub("ecs").add_response("describe_services", {"services": [], "failures": []})

    with pytest.raises(NotOurs):
        ready(aws, User(), time_, look_only=False)


def test_a_stack_that_leads_from_one_state_to_the_next_is_helped_out_of_four(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, user = stub("cloudformation"), User()
    for _ in range(4):
        cfn.add_response("describe_stacks", stack("UPDATE_IN_PROGRESS"))
        cfn.add_response("describe_stack_events", events())
        cfn.add_response("describe_stacks", stack("UPDATE_COMPLETE"))
        cfn.add_response("describe_stack_events", events())
        stub("ecs").add_response("describe_services", {"services": [], "failures": []})
    with pytest.raises(OpsError, match="ash-cloud does not come to rest") as caught:
        ready(aws, user, time_, look_only=False)
    assert caught.value.why == "it was helped out of four states in a row"
    assert len(user.heard) == 4
