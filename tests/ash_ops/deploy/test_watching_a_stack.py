"""Waiting for a stack: every state that an emulator cannot show, answered by botocore's Stubber."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.clock import Clock
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.progress import Progress
from ash_ops.deploy.run.watch import Watch
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.names import Deployment
from tests.support.deploying import FakeTime, User, dead_task, event, events, service, stack

Script = Callable[[str], Stubber]


def watch(aws: Aws, time_: FakeTime, user: User, **more: Any) -> Watch:
    return Watch(
        aws=aws,
        deployment=Deployment(),
        stack_id="ash-cloud",
        dialogue=user,
        clock=time_.clock,
        progress=Progress("Creating ash-cloud"),
        evidence=Evidence(),
        **more,
    )


def test_it_waits_while_the_stack_is_in_progress_and_tells_each_event_once(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, user = stub("cloudformation"), User()
    begun = event(1, "Cluster", "CREATE_IN_PROGRESS")
    done = event(2, "Cluster", "CREATE_COMPLETE")
    cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events(begun))
    cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events(begun))
    cfn.add_response(
        "describe_stacks",
        stack("CREATE_COMPLETE", Outputs=[{"OutputKey": "Url", "OutputValue": "http://x:4100"}]),
    )
    cfn.add_response("describe_stack_events", events(begun, done))

    end = watch(aws, time_, user).follow()

    assert end.status == "CREATE_COMPLETE"
    assert end.outputs["Url"] == "http://x:4100"
    assert user.heard == ["Cluster (ECS cluster): creating", "Cluster (ECS cluster): done"]


def test_the_rollout_is_counted_inside_and_evidence_is_kept_before_the_rollback_deletes_it(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, ecs, user = stub("cloudformation"), stub("ecs"), User()
    creating = event(1, "Service", "CREATE_IN_PROGRESS")
    breaker = "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'."
    failed = event(2, "Service", "CREATE_FAILED", breaker)
    cancelled = event(3, "LogGroup", "CREATE_FAILED", "Resource creation cancelled")
    cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events(creating))
    ecs.add_response("describe_services", service())
    ecs.add_response("list_tasks", {"taskArns": ["a"]})
    ecs.add_response("describe_tasks", {"tasks": [dead_task(1)]})
    cfn.add_response("describe_stacks", stack("ROLLBACK_COMPLETE"))
    cfn.add_response(
        "describe_stack_events",
        events(creating, failed, cancelled, event(4, "Service", "DELETE_COMPLETE")),
    )
    looking = watch(aws, time_, user)

    end = looking.follow()

    assert end.status == "ROLLBACK_COMPLETE"
    assert [task.cause for task in looking.evidence.tasks.values()] == ["image-not-found"]
    root = looking.evidence.root()
    assert root is not None
    assert root.logical_id == "Service"
    assert any("1 of 1" in line or "0 of 1 running" in line for line in user.heard)


def test_three_deaths_of_one_cause_end_the_wait(aws: Aws, stub: Script, time_: FakeTime) -> None:
    cfn, ecs, user = stub("cloudformation"), stub("ecs"), User()
    cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events(event(1, "Service", "CREATE_IN_PROGRESS")))
    ecs.add_response("describe_services", service())
    ecs.add_response("list_tasks", {"taskArns": ["a", "b", "c"]})
    ecs.add_response("describe_tasks", {"tasks": [dead_task(n) for n in (1, 2, 3)]})

    end = watch(aws, time_, user).follow()

    assert end.verdict is not None
    assert end.verdict.cause == "image-not-found"
    assert time_.naps == []


def test_three_deaths_of_different_causes_do_not_end_it(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, ecs = stub("cloudformation"), stub("ecs")
    tasks = [
        dead_task(1),
        dead_task(
            2, "OutOfMemoryError: Container killed due to memory usage", "EssentialContainerExited"
        ),
        dead_task(3, "ResourceInitializationError: unable to pull secrets or registry auth"),
    ]
    cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events(event(1, "Service", "CREATE_IN_PROGRESS")))
    ecs.add_response("describe_services", service())
    ecs.add_response("list_tasks", {"taskArns": ["a", "b", "c"]})
    ecs.add_response("describe_tasks", {"tasks": tasks})
    cfn.add_response("describe_stacks", stack("CREATE_COMPLETE"))
    cfn.add_response("describe_stack_events", events(event(2, "Service", "CREATE_COMPLETE")))
    ecs.add_response("describe_services", service(rolloutState="COMPLETED", runningCount=1))
    ecs.add_response("list_tasks", {"taskArns": []})

    end = watch(aws, time_, User()).follow()

    assert end.verdict is None
    assert end.status == "CREATE_COMPLETE"


def test_a_throttled_wait_asks_less_often_and_goes_on(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    cfn, user = stub("cloudformation"), User()
    for _ in range(3):
        cfn.add_client_error("describe_stacks", "Throttling", "Rate exceeded", 400)
    cfn.add_response("describe_stacks", stack("UPDATE_COMPLETE"))
    cfn.add_response("describe_stack_events", events())

    end = watch(aws, time_, user).follow()

    assert end.status == "UPDATE_COMPLETE"
    assert time_.naps == [4.0, 8.0, 16.0]
    assert "throttled" in " ".join(user.pictures[0])


@pytest.mark.parametrize(
    "code",
    [
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "TokenRefreshRequired",
        "UnauthorizedSSOTokenError",
    ],
)
def test_credentials_that_expire_in_mid_wait_say_how_to_go_on(
    aws: Aws, stub: Script, time_: FakeTime, code: str
) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events())
    cfn.add_client_error("describe_stacks", code, "The security token is expired", 403)

    with pytest.raises(OpsError) as caught:
        watch(aws, time_, User()).follow()

    assert "expired" in caught.value.what
    assert "ash-ops deploy" in caught.value.next_step
    assert "goes on by itself" in caught.value.why


def test_a_denied_read_is_not_waited_for(aws: Aws, stub: Script, time_: FakeTime) -> None:
    stub("cloudformation").add_client_error("describe_stacks", "AccessDenied", "no", 403)

    with pytest.raises(ReadFailed) as caught:
        watch(aws, time_, User()).follow()

    assert caught.value.action == "cloudformation:DescribeStacks"


@pytest.mark.parametrize(("message", "is_gone"), [("Stack x does not exist", True), ("no", False)])
def test_events_that_are_gone_with_their_stack_are_no_failure(
    aws: Aws, stub: Script, time_: FakeTime, message: str, is_gone: bool
) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("describe_stacks", stack("DELETE_COMPLETE"))
    cfn.add_client_error("describe_stack_events", "ValidationError", message, 400)
    with nullcontext() if is_gone else pytest.raises(ReadFailed, match="DescribeStackEvents"):
        assert watch(aws, time_, User()).follow().status == "DELETE_COMPLETE"


def test_a_stack_that_is_gone_has_been_deleted(aws: Aws, stub: Script, time_: FakeTime) -> None:
    cfn = stub("cloudformation")
    cfn.add_client_error("describe_stacks", "ValidationError", "Stack x does not exist", 400)
    cfn.add_client_error("describe_stack_events", "ValidationError", "Stack x does not exist", 400)

    assert watch(aws, time_, User()).follow().status == "DELETE_COMPLETE"


def test_a_wait_without_end_ends_and_says_so(aws: Aws, stub: Script, time_: FakeTime) -> None:
    cfn = stub("cloudformation")
    cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events())
    looking = watch(aws, time_, User())
    # Every nap lasts longer than anybody waits.
    looking.clock = Clock(lambda: time_.now, lambda _seconds: time_.sleep(80 * 60.0))

    with pytest.raises(OpsError, match="still not finished"):
        looking.follow()
