"""From an accepted plan to its end: what is called, what is taken back, and what a user is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.aws.secrets import StoredSecret
from ash_ops.deploy.environment import DeployChoices, Environment
from ash_ops.deploy.plan.change_set import Plan
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.execution import carry_out, carry_out_drained
from ash_ops.deploy.run.secrets import KeyPlan, Written
from ash_ops.deploy.sessions.live import LiveSessions
from ash_ops.errors import ExitCode, ReadFailed
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.facts.stacks import Stack
from ash_ops.secret import Secret
from tests.support.account import MADE, OURS, Account, Raw, arn
from tests.support.deploying import FakeTime, User, dead_task, event, service, settings_of

OLD, FRESH = "1" * 36, "2" * 36
ID = arn("cloudformation", "stack/ash-cloud/1")
SECRET = arn("secretsmanager", "secret:ash-cloud/server-AbCdEf")


def change(action: str, name: str, type_: str) -> Change:
    return Change(action=action, logical_id=name, physical_id=name, type=type_, replacement=None)


NEW = Plan(
    stack="ash-cloud",
    id=ID,
    name="plan-1",
    creates=True,
    changes=(change("Add", "Service", "AWS::ECS::Service"),),
)
CHANGE = Plan(
    stack="ash-cloud",
    id=ID,
    name="plan-1",
    creates=False,
    changes=(change("Modify", "Service", "AWS::ECS::Service"),),
)


def statuses(*found: str) -> Callable[[Raw], Raw]:
    """What DescribeStacks says, one after another; the last one for ever."""
    left = list(found)

    def told(_: Raw) -> Raw:
        status = left.pop(0) if len(left) > 1 else left[0]
        raw = {"StackId": ID, "StackName": "ash-cloud", "StackStatus": status}
        return {"Stacks": [{**raw, "CreationTime": MADE, "Tags": OURS}]}

    return told


class World:
    """An account in which a plan is carried out, and who looks on."""

    def __init__(self, aws: Aws, time_: FakeTime, user: User, *found: str) -> None:
        self.account, self.user = Account({"secret": {"ash-cloud/server": secret()}}), user
        self.account.answers["DescribeStacks"] = statuses(*found)
        self.account.serve(aws)
        self.concluded: list[Evidence] = []
        self.environment = Environment(
            aws=aws,
            settings=settings_of(),
            dialogue=user,
            clock=time_.clock,
            find_address=lambda: "203.0.113.7",
            explain=lambda _aws, _names, _evidence: "the reason in words",
            sessions=lambda _aws, _names: LiveSessions(),
        )

    def conclude(self, evidence: Evidence) -> ExitCode:
        self.concluded.append(evidence)
        return ExitCode.OK

    def carry_out(self, plan: Plan, keys: Written | None = None, **choices: Any) -> ExitCode:
        wanted = DeployChoices(**choices)
        return carry_out(self.environment, plan, wanted, keys, self.conclude)

    def did(self) -> list[str]:
        """The operations that change something, in order."""
        looks = ("Describe", "List", "Get")
        return [name for name, _ in self.account.calls if not name.startswith(looks)]


@pytest.fixture
def world(aws: Aws, time_: FakeTime) -> Callable[..., World]:
    return partial(World, aws, time_)


def secret() -> Raw:
    return {"Name": "ash-cloud/server", "ARN": SECRET, "Tags": OURS}


def keys(*, made: bool = False, before: str = OLD, after: str = FRESH) -> Written:
    """What was done to the secret for the plan."""
    plan = KeyPlan(
        stored=None if made else StoredSecret(arn=SECRET, version=before),
        given={},
        values={"ASH_API_KEY": Secret("x")},
        changed=("ANTHROPIC_API_KEY", "ASH_API_KEY"),
        overwritten=("ASH_API_KEY",),
        generated=(),
    )
    return Written(stored=StoredSecret(arn=SECRET, version=after), plan=plan, made=made)


@pytest.mark.parametrize(("plan", "verb"), [(NEW, "Creating"), (CHANGE, "Updating")])
@pytest.mark.parametrize("end", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"])
def test_a_plan_that_came_about_is_concluded(
    world: Callable[..., World], plan: Plan, verb: str, end: str
) -> None:
    here = world(User(), "UPDATE_IN_PROGRESS", end)
    assert here.carry_out(plan) is ExitCode.OK
    (asked,) = here.account.asked("ExecuteChangeSet")
    assert (asked["StackName"], asked["ChangeSetName"]) == (ID, "plan-1")
    assert here.did() == ["ExecuteChangeSet"]
    assert len(here.concluded) == 1
    assert f"{verb} ash-cloud" in here.user.pictures[0][0]


def test_two_runs_never_share_the_token_that_makes_a_call_harmless(
    world: Callable[..., World],
) -> None:
    tokens = set()
    for _ in range(2):
        here = world(User(), "UPDATE_COMPLETE")
        here.environment.aws._clients.clear()
        here.account.serve(here.environment.aws)
        here.carry_out(CHANGE)
        tokens |= {asked["ClientRequestToken"] for asked in here.account.asked("ExecuteChangeSet")}
    assert len(tokens) == 2


def test_who_does_not_wait_is_told_how_to_come_back(world: Callable[..., World]) -> None:
    here = world(User(), "UPDATE_IN_PROGRESS")
    assert here.carry_out(CHANGE, wait=False) is ExitCode.OK
    assert here.concluded == []
    assert here.user.heard == [
        "Started. `ash-ops deploy` again follows it; `ash-ops status` shows it."
    ]


def test_events_of_the_past_are_not_told_of_an_update(world: Callable[..., World]) -> None:
    here = world(User(), "UPDATE_COMPLETE")
    old, new = (
        event(1, "Cluster", "UPDATE_FAILED", "long ago"),
        event(2, "Service", "UPDATE_COMPLETE"),
    )
    answers = iter([[old], [new, old]])
    here.account.answers["DescribeStackEvents"] = lambda _: {"StackEvents": next(answers)}
    here.account.answers["DescribeServices"] = service()
    here.carry_out(CHANGE)
    assert "long ago" not in here.user.text
    assert here.concluded[0].failures == []


def test_a_plan_that_failed_is_explained(world: Callable[..., World]) -> None:
    here = world(User(), "UPDATE_ROLLBACK_COMPLETE")
    assert here.carry_out(CHANGE) is ExitCode.PROBLEMS
    assert here.concluded == []
    assert here.user.heard[-3:] == [
        "\nNot deployed: the stack is UPDATE_ROLLBACK_COMPLETE.",
        "the reason in words",
        "\nWhen it is repaired, run `ash-ops deploy` again.",
    ]


@pytest.mark.parametrize(
    "end", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_COMPLETE"]
)
def test_the_secret_of_a_creation_that_is_over_goes_too_and_can_be_taken_back(
    world: Callable[..., World], end: str
) -> None:
    here = world(User(), end)
    assert here.carry_out(NEW, keys(made=True)) is ExitCode.PROBLEMS
    (asked,) = here.account.asked("DeleteSecret")
    assert (asked["SecretId"], asked["RecoveryWindowInDays"]) == (SECRET, 30)
    assert "for 30 days `ash-ops deploy` takes it back" in here.user.text


def test_a_secret_that_cannot_be_deleted_is_told_to_be_billed(world: Callable[..., World]) -> None:
    here = world(User(), "ROLLBACK_COMPLETE")
    here.account.answers["DeleteSecret"] = "AccessDeniedException"
    here.carry_out(NEW, keys(made=True))
    assert (
        "is still there, to be billed (secretsmanager:DeleteSecret: AccessDenied" in here.user.text
    )


def test_a_secret_that_something_may_still_read_stays(world: Callable[..., World]) -> None:
    here = world(User(False), "CREATE_IN_PROGRESS")
    die(here)
    here.carry_out(NEW, keys(made=True))
    assert here.account.asked("DeleteSecret") == []
    assert "The secret ash-cloud/server stays, and is billed" in here.user.text


@pytest.mark.parametrize("agreed", [True, False])
def test_after_a_failed_update_the_old_values_are_offered(
    world: Callable[..., World], agreed: bool
) -> None:
    """The old revision must not meet new values unannounced."""
    here = world(User(agreed), "UPDATE_ROLLBACK_COMPLETE")
    here.carry_out(CHANGE, keys())
    assert here.user.asked == ["Put the old values back?"]
    assert "holds new values (ANTHROPIC_API_KEY, ASH_API_KEY)" in here.user.text
    moved = here.account.asked("UpdateSecretVersionStage")
    told = "has the old values again" if agreed else "They stay."
    assert told in here.user.text
    assert [(m["MoveToVersionId"], m["RemoveFromVersionId"], m["VersionStage"]) for m in moved] == [
        (OLD, FRESH, "AWSCURRENT")
    ] * agreed


def test_values_that_cannot_be_put_back_are_told_with_the_command(
    world: Callable[..., World],
) -> None:
    here = world(User(True), "UPDATE_ROLLBACK_COMPLETE")
    here.account.answers["UpdateSecretVersionStage"] = "AccessDeniedException"
    here.carry_out(CHANGE, keys())
    assert "keeps the new values of ANTHROPIC_API_KEY, ASH_API_KEY" in here.user.text
    assert (
        "`aws secretsmanager update-secret-version-stage --secret-id ash-cloud/server "
        f"--version-stage AWSCURRENT --move-to-version-id {OLD} --remove-from-version-id {FRESH} "
        "--region us-east-1`"
    ) in here.user.text


def test_a_secret_that_was_not_touched_is_not_spoken_of(world: Callable[..., World]) -> None:
    here = world(User(), "UPDATE_ROLLBACK_COMPLETE")
    here.carry_out(CHANGE, keys(before=OLD, after=OLD))
    assert here.user.asked == []
    assert "secret" not in here.user.text


REFUSED = {"AccessDenied": True, "ValidationError": True, "Throttling": False}


@pytest.mark.parametrize(("code", "taken_back"), REFUSED.items())
def test_what_was_prepared_for_a_refused_plan_is_taken_back(
    world: Callable[..., World], code: str, taken_back: bool
) -> None:
    """An answer that did not come proves nothing: then the update may be under way."""
    here = world(User(), "UPDATE_COMPLETE")
    here.account.answers["ExecuteChangeSet"] = code
    with pytest.raises(ReadFailed):
        here.carry_out(CHANGE, keys())
    undone = ["DeleteChangeSet", "UpdateSecretVersionStage"]
    assert [name for name in here.did() if name in undone] == undone * taken_back


def test_a_secret_that_was_made_for_a_refused_plan_goes_with_its_shell(
    world: Callable[..., World],
) -> None:
    here = world(User(), "REVIEW_IN_PROGRESS")
    here.account.answers["ExecuteChangeSet"] = "AccessDenied"
    with pytest.raises(ReadFailed):
        here.carry_out(NEW, keys(made=True))
    assert here.did()[1:] == ["DeleteChangeSet", "DeleteStack", "DeleteSecret"]


def interrupted(_: Raw) -> Raw:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("state", "taken_back"),
    [("AVAILABLE", True), ("EXECUTE_IN_PROGRESS", False), ("AccessDenied", False)],
)
def test_ctrl_c_at_the_start_takes_back_only_what_surely_did_not_begin(
    world: Callable[..., World], state: str, taken_back: bool
) -> None:
    here = world(User(), "UPDATE_COMPLETE")
    here.account.answers["ExecuteChangeSet"] = interrupted
    answer: Any = {"ExecutionStatus": state, "Status": "CREATE_COMPLETE"}
    here.account.answers["DescribeChangeSet"] = state if state == "AccessDenied" else answer
    with pytest.raises(KeyboardInterrupt):
        here.carry_out(CHANGE, keys())
    assert ("UpdateSecretVersionStage" in here.did()) == taken_back
    assert ("AWS goes on by itself." in here.user.text) != taken_back


def test_ctrl_c_in_the_wait_tells_how_to_go_on(world: Callable[..., World]) -> None:
    here = world(User(), "UPDATE_IN_PROGRESS")
    here.account.answers["DescribeStacks"] = interrupted
    with pytest.raises(KeyboardInterrupt):
        here.carry_out(CHANGE)
    assert "`ash-ops deploy` picks up where this ended" in here.user.heard[-1]


def die(here: World, deaths: int = 3) -> None:
    """So many tasks of the service die of one cause."""
    here.account.answers |= {
        "DescribeStackEvents": {"StackEvents": [event(1, "Service", "CREATE_IN_PROGRESS")]},
        "DescribeServices": service(),
        "ListTasks": {"taskArns": [dead_task(n)["taskArn"] for n in range(deaths)]},
        "DescribeTasks": {"tasks": [dead_task(n) for n in range(deaths)]},
    }


def test_a_hopeless_creation_is_rolled_back_when_that_is_agreed_to(
    world: Callable[..., World],
) -> None:
    here = world(User(True), "CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE")
    die(here)
    assert here.carry_out(NEW, keys(made=True)) is ExitCode.PROBLEMS
    assert here.user.asked == ["Roll back now (delete what was created)?"]
    assert here.did() == ["ExecuteChangeSet", "DeleteStack", "DeleteSecret"]
    assert "Not deployed: the stack is removed again." in here.user.text
    assert "Three tasks died of the same cause" in here.user.text
    assert any("Rolling back ash-cloud" in lines[0] for lines in here.user.pictures)


def test_two_deaths_are_no_reason_to_ask(world: Callable[..., World]) -> None:
    here = world(User(), "UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
    die(here, 2)
    assert here.carry_out(NEW) is ExitCode.OK


@pytest.mark.parametrize("refused", ["", "ValidationError"])
def test_a_hopeless_update_goes_back_and_one_that_does_already_is_followed(
    world: Callable[..., World], refused: str
) -> None:
    here = world(User(True), "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")
    die(here)
    newer = iter([event(1, "Cluster", "UPDATE_COMPLETE")])
    known = event(2, "Service", "UPDATE_IN_PROGRESS")
    here.account.answers["DescribeStackEvents"] = lambda _: {
        "StackEvents": [next(newer, known), event(1, "Cluster", "UPDATE_COMPLETE")]
    }
    if refused:
        here.account.answers["CancelUpdateStack"] = refused
    assert here.carry_out(CHANGE) is ExitCode.PROBLEMS
    assert here.user.asked == ["Roll back now (go back to what ran before)?"]
    assert here.did() == ["ExecuteChangeSet", "CancelUpdateStack"]
    assert ("CloudFormation is ahead" in here.user.text) == bool(refused)
    assert "the stack is UPDATE_ROLLBACK_COMPLETE" in here.user.text


def test_a_rollback_that_may_not_be_asked_for_is_an_error(world: Callable[..., World]) -> None:
    here = world(User(True), "UPDATE_IN_PROGRESS")
    die(here)
    here.account.answers["CancelUpdateStack"] = "AccessDenied"
    here.account.answers["DescribeStackEvents"] = growing()
    with pytest.raises(ReadFailed):
        here.carry_out(CHANGE)


def growing() -> Callable[[Raw], Raw]:
    """Nothing at the first look, then the service's own event."""
    looks: Iterator[list[Raw]] = iter([[]])
    return lambda _: {"StackEvents": next(looks, [event(2, "Service", "UPDATE_IN_PROGRESS")])}


def test_who_leaves_a_hopeless_one_alone_is_told_who_ends_it(world: Callable[..., World]) -> None:
    here = world(User(False), "CREATE_IN_PROGRESS")
    die(here)
    assert here.carry_out(NEW) is ExitCode.PROBLEMS
    assert here.did() == ["ExecuteChangeSet"]
    assert "Left to the circuit breaker, which rolls back by itself" in here.user.text
    assert "Not deployed: the stack is still in progress." in here.user.text


STACK = Stack(id=ID, name="ash-cloud", status="CREATE_COMPLETE")


def test_turns_that_go_on_leave_nothing_prepared_behind(world: Callable[..., World]) -> None:
    """Nobody can be kept out without a group at the balancer: the plan and the values are taken back."""
    here = world(User(), "UPDATE_COMPLETE")
    with pytest.raises(Exception, match="cannot be drained"):
        carry_out_drained(here.environment, STACK, CHANGE, DeployChoices(drain=1.0), keys())
    assert here.did() == ["DeleteChangeSet", "UpdateSecretVersionStage"]


def test_a_plan_that_ends_no_session_is_not_held_up(world: Callable[..., World]) -> None:
    here = world(User(), "UPDATE_COMPLETE")
    alarm = change("Add", "Alarm", "AWS::CloudWatch::Alarm")
    plan = Plan(stack="ash-cloud", id=ID, name="p", creates=False, changes=(alarm,))
    choices = DeployChoices(drain=1.0)
    done = carry_out_drained(here.environment, STACK, plan, choices, None, here.conclude)
    assert done is ExitCode.OK
