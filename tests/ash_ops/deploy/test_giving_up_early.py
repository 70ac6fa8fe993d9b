"""Three tasks dead of one cause: the diagnosis, and the choice to roll back at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.stub import Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.aws.secrets import StoredSecret
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.plan.change_set import Plan
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.execution import carry_out
from ash_ops.deploy.run.secrets import KeyPlan, Written
from ash_ops.errors import ExitCode
from ash_ops.names import Deployment
from tests.support.deploying import (
    FakeTime,
    User,
    dead_task,
    event,
    events,
    service,
    settings_of,
    stack,
)

Script = Callable[[str], Stubber]


def three_deaths(cfn: Stubber, ecs: Stubber, status: str) -> None:
    cfn.add_response("execute_change_set", {})
    cfn.add_response("describe_stacks", stack(status))
    cfn.add_response("describe_stack_events", events(event(1, "Service", status)))
    ecs.add_response("describe_services", service())
    ecs.add_response("list_tasks", {"taskArns": ["a", "b", "c"]})
    ecs.add_response("describe_tasks", {"tasks": [dead_task(n) for n in (1, 2, 3)]})


def causes(_aws: Aws, _names: Deployment, evidence: Evidence) -> str:
    return ", ".join(f"{count} x {dead.cause}" for dead, count in evidence.kinds())


def run(
    aws: Aws, time_: FakeTime, user: User, *, creates: bool, keys: Written | None = None
) -> ExitCode:
    environment = Environment(
        aws=aws, settings=settings_of(), dialogue=user, clock=time_.clock, explain=causes
    )
    plan = Plan(stack="ash-cloud", id="ash-cloud", name="ash-ops-1", creates=creates, changes=())
    return carry_out(environment, plan, DeployChoices(), keys)


def written(before: str | None, after: str, *, made: bool) -> Written:
    """The secret, written for the deployment: with one new value, or made anew."""
    stored = StoredSecret(arn="arn", version=before) if before else None
    plan = KeyPlan(
        stored=stored,
        given={},
        values={},
        changed=("ASH_API_KEY",),
        overwritten=(),
        generated=(),
    )
    return Written(stored=StoredSecret(arn="arn", version=after), plan=plan, made=made)


@pytest.mark.parametrize(
    ("creates", "undo", "begun", "ended"),
    [
        (True, "delete_stack", "CREATE_IN_PROGRESS", "DELETE_COMPLETE"),
        (False, "cancel_update_stack", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"),
    ],
)
def test_rolling_back_at_once(
    aws: Aws, stub: Script, time_: FakeTime, creates: bool, undo: str, begun: str, ended: str
) -> None:
    cfn, ecs, user = stub("cloudformation"), stub("ecs"), User(True)
    if not creates:
        cfn.add_response("describe_stack_events", events())
    three_deaths(cfn, ecs, begun)
    cfn.add_response(undo, {})
    cfn.add_response("describe_stacks", stack(ended))
    cfn.add_response("describe_stack_events", events(event(1, "Service", begun)))
    ecs.add_response("describe_services", {"services": [], "failures": []})

    assert run(aws, time_, user, creates=creates) is ExitCode.PROBLEMS
    assert "waiting longer is pointless" in user.text
    assert "3 x image-not-found" in user.text
    assert len(user.asked) == 1


def test_leaving_it_to_the_circuit_breaker(aws: Aws, stub: Script, time_: FakeTime) -> None:
    three_deaths(stub("cloudformation"), stub("ecs"), "CREATE_IN_PROGRESS")
    user = User(False)

    assert run(aws, time_, user, creates=True) is ExitCode.PROBLEMS
    assert "circuit breaker" in user.text


def test_ctrl_c_says_how_to_go_on(aws: Aws, stub: Script, time_: FakeTime) -> None:
    cfn, user = stub("cloudformation"), User()
    cfn.add_response("execute_change_set", {})
    cfn.add_response("describe_stacks", stack("CREATE_IN_PROGRESS"))
    cfn.add_response("describe_stack_events", events())

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    time_.sleep = interrupt  # type: ignore[method-assign]  # the nap in which the user loses patience
    with pytest.raises(KeyboardInterrupt):
        run(aws, time_, user, creates=True)
    assert "`ash-ops deploy` picks up where this ended" in user.text


def test_a_rollback_that_cloudformation_began_itself_is_followed(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    """Between the third death and the answer the circuit breaker may have acted."""
    cfn, ecs, user = stub("cloudformation"), stub("ecs"), User(True)
    cfn.add_response("describe_stack_events", events())
    three_deaths(cfn, ecs, "UPDATE_IN_PROGRESS")
    late = "CancelUpdateStack cannot be called from current stack status"
    cfn.add_client_error("cancel_update_stack", "ValidationError", late)
    cfn.add_response("describe_stacks", stack("UPDATE_ROLLBACK_COMPLETE"))
    cfn.add_response("describe_stack_events", events(event(1, "Service", "UPDATE_IN_PROGRESS")))
    ecs.add_response("describe_services", {"services": [], "failures": []})

    assert run(aws, time_, user, creates=False) is ExitCode.PROBLEMS
    assert late in user.text
    assert "3 x image-not-found" in user.text, "what was seen before the rollback is still told"


@pytest.mark.parametrize("agreed", [True, False])
def test_after_a_failed_update_the_new_values_of_the_secret_are_told_and_can_be_taken_back(
    aws: Aws, stub: Script, time_: FakeTime, agreed: bool
) -> None:
    cfn, user = stub("cloudformation"), User(agreed)
    cfn.add_response("describe_stack_events", events())
    cfn.add_response("execute_change_set", {})
    cfn.add_response("describe_stacks", stack("UPDATE_ROLLBACK_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    before, after = "a" * 32, "b" * 32
    if agreed:
        stage = {
            "SecretId": "arn",
            "VersionStage": "AWSCURRENT",
            "MoveToVersionId": before,
            "RemoveFromVersionId": after,
        }
        stub("secretsmanager").add_response("update_secret_version_stage", {}, stage)
    keys = written(before, after, made=False)

    assert run(aws, time_, user, creates=False, keys=keys) is ExitCode.PROBLEMS
    assert "holds new values (ASH_API_KEY)" in user.text
    assert ("has the old values again" in user.text) is agreed


def test_a_secret_made_for_a_first_deployment_that_failed_is_told_and_taken_back(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    """It would be billed for nothing; for a month the next deployment takes it back."""
    cfn, user = stub("cloudformation"), User()
    cfn.add_response("execute_change_set", {})
    cfn.add_response("describe_stacks", stack("ROLLBACK_COMPLETE"))
    cfn.add_response("describe_stack_events", events())
    gone = {"SecretId": "arn", "RecoveryWindowInDays": 30}
    stub("secretsmanager").add_response("delete_secret", {}, gone)

    keys = written(None, "b" * 32, made=True)
    assert run(aws, time_, user, creates=True, keys=keys) is ExitCode.PROBLEMS
    assert "The secret ash-cloud/server, made by this run, is deleted again" in user.text


def test_a_secret_that_is_still_read_stays_and_is_told(
    aws: Aws, stub: Script, time_: FakeTime
) -> None:
    three_deaths(stub("cloudformation"), stub("ecs"), "CREATE_IN_PROGRESS")
    user = User(False)  # left to the circuit breaker: tasks still start with it

    run(aws, time_, user, creates=True, keys=written(None, "b" * 32, made=True))

    assert "stays, and is billed" in user.text
