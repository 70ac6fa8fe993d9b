"""The verdict at the end of a change, and putting back what was changed past the stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec import structs

from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.checks.base import Check
from ash_ops.deploy.environment import DeployChoices
from ash_ops.deploy.plan.change_set import Plan
from ash_ops.deploy.plan.drift import Drift
from ash_ops.deploy.run import proof as proving
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.proof import prove
from ash_ops.deploy.run.put_back import before, put_back, put_back_drift, restart, say_drift, settle
from ash_ops.deploy.run.verify import Proof, Wanted
from ash_ops.diagnosis import Report, diagnose
from ash_ops.drift import Difference
from ash_ops.errors import ExitCode, OpsError
from ash_ops.facts.deploying.change_sets import Change
from ash_ops.facts.deploying.deployments import NewDeployment
from ash_ops.facts.services import ServiceRollout
from ash_ops.facts.stacks import Stack
from ash_ops.report._tree import headline
from tests.support import scenarios
from tests.support.account import Raw
from tests.support.cloud import ID, Cloud, stack
from tests.support.deploying import FakeTime, User, service

HEALTHY, SICK = "healthy-as-it-is", "switched-off"


def report(name: str) -> Report:
    return diagnose(scenarios.load(name)[0])


def inconclusive() -> Report:
    return diagnose(scenarios.snapshot({"tasks": scenarios.gap("denied")}))


class Proven(Cloud):
    """A deployment whose proof has these steps and whose doctor says this."""

    def __init__(
        self, aws: Aws, time_: FakeTime, user: User, said: Report, *steps: bool | None
    ) -> None:
        super().__init__(aws, time_, user, there=True)
        self.looks: list[dict[str, Any]] = []
        self.wanted: list[Wanted] = []
        self.steps = steps

        def examine(*_: Any, **how: Any) -> Any:
            self.looks.append(how)
            return scenarios.snapshot(), said

        self.environment = replace(self.environment, examine=examine)

    def verify(self, _aws: Aws, wanted: Wanted, *_: Any) -> list[Proof]:
        self.wanted.append(wanted)
        return [
            Proof(check=cast("Check[NewDeployment]", STEP), report=STEPS[ok](), seen="seen")
            for ok in self.steps
        ]


STEP = SimpleNamespace(title="A step")
STEPS = {True: lambda: report(HEALTHY), False: lambda: report(SICK), None: inconclusive}


@pytest.fixture
def proven(aws: Aws, time_: FakeTime, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Proven]:
    def make(said: Report, *steps: bool | None, user: User | None = None) -> Proven:
        here = Proven(aws, time_, user or User(), said, *steps)
        monkeypatch.setattr(proving, "verify", here.verify)
        return here

    return make


def outputs(**given: str) -> list[Raw]:
    return [{"OutputKey": key, "OutputValue": value} for key, value in given.items()]


def test_all_proven_and_a_healthy_doctor_is_a_success(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True, True)
    here.account.there["stack"][ID]["Outputs"] = outputs(Url="http://there:4100")
    assert prove(here.environment, Evidence(), None) is ExitCode.OK
    assert [line.split(":")[0].split()[0] for line in here.user.heard[:2]] == ["ok", "ok"]
    assert "\nDeployed and verified: http://there:4100" in here.user.heard
    assert 'eval "$(ash-ops connect)"' in here.user.text
    assert "ash-ops logs -f" in here.user.text


@pytest.mark.parametrize(
    ("said", "steps", "code", "mark"),
    [
        ("healthy", (True, False), ExitCode.PROBLEMS, "FAILED"),
        ("problem", (True, True), ExitCode.PROBLEMS, "ok"),
        ("problem", (True, None), ExitCode.PROBLEMS, "unknown"),
        ("healthy", (True, None), ExitCode.INCONCLUSIVE, "unknown"),
        ("inconclusive", (True, True), ExitCode.INCONCLUSIVE, "ok"),
    ],
)
def test_one_doubt_is_no_success_and_one_failure_a_problem(
    proven: Callable[..., Proven],
    said: str,
    steps: tuple[bool | None, ...],
    code: ExitCode,
    mark: str,
) -> None:
    told = {"healthy": report(HEALTHY), "problem": report(SICK), "inconclusive": inconclusive()}
    assert told[said].status == said
    here = proven(told[said], *steps)
    assert prove(here.environment, Evidence(), None) is code
    assert here.user.heard[1].split()[0] == mark
    assert ("\nDeployed, but it does not work: " in here.user.text) == (code is ExitCode.PROBLEMS)
    doubt = "\nDeployed, but not everything could be verified." in here.user.heard
    assert doubt == (code is ExitCode.INCONCLUSIVE)
    assert (headline(told[said]) in here.user.heard) == (said == "inconclusive")


@pytest.mark.parametrize(
    ("parameters", "asked", "canary"),
    [
        ({"LaunchType": "FARGATE"}, None, False),
        ({"LaunchType": "EC2"}, None, True),
        ({"LaunchType": "MANAGED"}, None, True),
        ({"RunnerCount": "3"}, None, True),
        ({"LaunchType": "EC2"}, False, False),
        ({"LaunchType": "FARGATE"}, True, True),
    ],
)
def test_a_session_is_run_where_agents_can_or_as_asked(
    proven: Callable[..., Proven], parameters: dict[str, str], asked: bool | None, canary: bool
) -> None:
    here = proven(report(HEALTHY), True)
    here.account.there["stack"][ID] = stack(Image="i", **parameters)
    prove(here.environment, Evidence(), asked)
    (wanted,) = here.wanted
    assert (wanted.canary, wanted.image) == (canary, "i")
    assert wanted.runners == (3 if "RunnerCount" in parameters else None)


@pytest.mark.parametrize(
    ("parameters", "reachable"),
    [
        ({"AllowedCidr": "0.0.0.0/0"}, True),
        ({"AllowedCidr": "203.0.113.0/24"}, True),
        ({"AllowedCidr": "198.51.100.1/32", "AdditionalCidr": "203.0.113.7/32"}, True),
        ({"AllowedCidr": "198.51.100.1/32"}, False),
        ({"AllowedCidr": "0.0.0.0/0", "Scheme": "internal"}, False),
        ({"AllowedCidr": "0.0.0.0/0", "Hostname": "ash.invalid", "CertificateArn": "c"}, False),
        ({"AllowedCidr": "0.0.0.0/0", "Hostname": "localhost", "CertificateArn": "c"}, True),
        ({"AllowedCidr": "0.0.0.0/0", "Hostname": "ash.invalid"}, True),
        ({"AllowedCidr": "0.0.0.0/0", "DomainName": "ash.invalid", "HostedZoneId": "Z1"}, True),
        ({"AllowedCidr": "0.0.0.0/0", "DomainName": "ash.invalid"}, False),
    ],
)
def test_who_is_not_let_in_proves_nothing_by_not_being_answered(
    proven: Callable[..., Proven], parameters: dict[str, str], reachable: bool
) -> None:
    here = proven(report(HEALTHY), None)
    here.account.there["stack"][ID] = {**stack(**parameters), "Outputs": outputs(DnsName="lb.aws")}
    prove(here.environment, Evidence(), None)
    assert here.wanted[0].reachable == reachable
    assert here.looks == [{"probe": reachable, "timeout": 30.0}]
    assert (", from an address that is let in;" in here.user.text) != reachable
    pointed = "ash.invalid does not resolve yet: point it at lb.aws" in here.user.text
    names = {
        parameters.get("DomainName"),
        parameters.get("CertificateArn") and parameters["Hostname"],
    }
    assert pointed == ("ash.invalid" in names and "HostedZoneId" not in parameters)


def test_without_a_stack_its_names_alone_are_proven(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    here.account.there["stack"].clear()
    prove(here.environment, Evidence(), None)
    (wanted,) = here.wanted
    assert (wanted.url, wanted.task_definition, wanted.image) == (None, None, "")


def test_where_nobody_tells_this_machines_address_it_is_not_let_in(
    proven: Callable[..., Proven],
) -> None:
    def unknown() -> str:
        raise OpsError("x", "y", "z")

    here = proven(report(HEALTHY), None)
    here.account.there["stack"][ID] = stack(AllowedCidr="198.51.100.1/32")
    here.environment = replace(here.environment, find_address=unknown)
    prove(here.environment, Evidence(), None)
    assert here.wanted[0].reachable is False


STACK = Stack(id=ID, name="ash-cloud", status="UPDATE_COMPLETE")
GO = DeployChoices()
COUNT = {"cluster": "ash-cloud", "service": "ash-cloud-runtime"}


def difference(call: Any, on: dict[str, Any], **change: Any) -> Difference:
    return Difference(
        logical_id="Thing",
        type="AWS::ECS::Service" if call is op.UPDATE_SERVICE else "AWS::EC2::SecurityGroup",
        subject="the thing",
        what="its count",
        runs="1",
        wants="2",
        call=call,
        on=on,
        change=change,
    )


def rolled(state: str, id_: str = "ecs-svc/1") -> dict[str, Any]:
    return service(id=id_, rolloutState=state, runningCount=1, pendingCount=0)


def rollout(id_: str = "ecs-svc/1") -> ServiceRollout:
    return ServiceRollout(id=id_)


def test_a_rollout_is_followed_to_its_end_and_proven(
    proven: Callable[..., Proven], time_: FakeTime
) -> None:
    here = proven(report(HEALTHY), True)
    answers = iter([rolled("IN_PROGRESS"), rolled("IN_PROGRESS"), rolled("COMPLETED")])
    here.account.answers["DescribeServices"] = lambda _: next(answers)
    opened: list[str] = []
    done = settle(here.environment, rollout(), GO, lambda: opened.append("open"))
    assert done is ExitCode.OK
    assert time_.naps == [3.0, 3.0]
    assert opened == ["open"]
    assert here.user.pictures[0][0] == "Rolling out ash-cloud"


@pytest.mark.parametrize("seen", [rolled("FAILED"), rolled("COMPLETED", "ecs-svc/2")])
def test_a_rollout_that_failed_or_was_replaced_is_explained(
    proven: Callable[..., Proven], seen: dict[str, Any]
) -> None:
    seen["services"][0]["deployments"][0]["rolloutStateReason"] = "the breaker"
    here = proven(report(HEALTHY), True)
    here.account.answers["DescribeServices"] = seen
    assert settle(here.environment, rollout(), GO) is ExitCode.PROBLEMS
    told = " (the breaker)" if seen["services"][0]["deployments"][0]["id"] == "ecs-svc/1" else ""
    assert here.user.heard[-2:] == [
        f"\nThe rollout failed{told}; what ran before runs on.",
        "why",
    ]
    assert here.wanted == []


def test_a_rollout_without_end_is_given_up_after_forty_five_minutes(
    proven: Callable[..., Proven], time_: FakeTime
) -> None:
    here = proven(report(HEALTHY), True)
    here.account.answers["DescribeServices"] = rolled("IN_PROGRESS")
    with pytest.raises(OpsError, match="still not finished"):
        settle(here.environment, rollout(), GO)
    assert sum(time_.naps) == pytest.approx(45 * 60, abs=3)


def test_ctrl_c_in_a_rollout_tells_how_to_go_on(proven: Callable[..., Proven]) -> None:
    def interrupted(_: Raw) -> Raw:
        raise KeyboardInterrupt

    here = proven(report(HEALTHY), True)
    here.account.answers["DescribeServices"] = interrupted
    with pytest.raises(KeyboardInterrupt):
        settle(here.environment, rollout(), GO)
    assert "AWS goes on by itself." in here.user.text


def test_who_does_not_wait_is_told_where_to_look(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    assert settle(here.environment, rollout(), DeployChoices(wait=False)) is ExitCode.OK
    assert here.user.heard == ["Started. `ash-ops status` shows it."]


def test_nothing_started_is_proven_at_once(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    assert settle(here.environment, None, GO) is ExitCode.OK
    assert here.account.asked("DescribeServices") == []
    assert len(here.wanted) == 1


def test_a_service_started_anew_is_told_so_and_followed(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    here.account.answers["UpdateService"] = {"service": rolled("IN_PROGRESS")["services"][0]}
    here.account.answers["DescribeServices"] = rolled("COMPLETED")
    assert restart(here.environment, STACK, GO) is ExitCode.OK
    (asked,) = here.account.asked("UpdateService")
    assert asked == {**COUNT, "forceNewDeployment": True}


def test_what_is_gone_or_in_doubt_is_told_and_no_success(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    gone = Drift(gone=("Listener (l-1)",))
    assert put_back_drift(here.environment, gone, GO) is ExitCode.PROBLEMS
    assert "gone       Listener (l-1)" in here.user.text
    assert "no call puts back" in here.user.text
    doubt = Drift(unread=("the listeners could not be read",))
    assert put_back_drift(here.environment, doubt, GO) is ExitCode.INCONCLUSIVE
    assert "  unknown    whether what runs is what the stack wants: the listeners" in here.user.text


SHUT = {"GroupId": "sg-1"}
RULE = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}


def many() -> list[Difference]:
    """A rule that was added, and a count and a revision of the service."""
    return [
        difference(op.REVOKE_SECURITY_GROUP_INGRESS, SHUT, IpPermissions=[RULE]),
        difference(op.UPDATE_SERVICE, COUNT, desiredCount=2),
        difference(op.UPDATE_SERVICE, COUNT, taskDefinition="ash-cloud-runtime:7"),
    ]


def test_each_thing_is_put_back_by_one_call_and_the_rollout_is_the_services(
    proven: Callable[..., Proven],
) -> None:
    here = proven(report(HEALTHY), True)
    here.account.answers["UpdateService"] = {"service": rolled("IN_PROGRESS")["services"][0]}
    started = put_back(here.environment, many())
    assert started is not None
    assert started.id == "ecs-svc/1"
    assert here.account.asked("RevokeSecurityGroupIngress") == [{**SHUT, "IpPermissions": [RULE]}]
    both = {**COUNT, "desiredCount": 2, "taskDefinition": "ash-cloud-runtime:7"}
    assert here.account.asked("UpdateService") == [both]


def test_what_is_in_place_already_is_gone_past(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    here.account.answers["RevokeSecurityGroupIngress"] = "InvalidPermission.NotFound"
    here.account.answers["UpdateService"] = {"service": rolled("IN_PROGRESS")["services"][0]}
    assert put_back(here.environment, many()) is not None


def test_a_refusal_midway_tells_how_far_it_came(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    here.account.answers["UpdateService"] = "AccessDeniedException"
    with pytest.raises(OpsError, match="1 of 2 calls were made") as refused:
        put_back(here.environment, many())
    assert "ecs:UpdateService: AccessDeniedException" in refused.value.why


@pytest.mark.parametrize("agreed", [True, False])
def test_what_runs_otherwise_is_shown_and_put_back_only_with_consent(
    proven: Callable[..., Proven], agreed: bool
) -> None:
    here = proven(report(HEALTHY), True, user=User(agreed))
    here.account.answers["UpdateService"] = {"service": rolled("COMPLETED")["services"][0]}
    here.account.answers["DescribeServices"] = rolled("COMPLETED")
    code = put_back_drift(here.environment, Drift(differences=tuple(many())), GO)
    assert code is (ExitCode.OK if agreed else ExitCode.FAILED)
    assert here.user.asked == ["Put it back?"]
    line = "  differs    the thing: its count is 1, the stack wants 2"
    assert here.user.heard.count(line) == 3
    assert ("Nothing was changed." in here.user.heard) != agreed
    assert ("UpdateService" in here.did()) == agreed


def test_a_plan_alone_puts_nothing_back(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    drift = Drift(differences=tuple(many()))
    assert put_back_drift(here.environment, drift, DeployChoices(plan_only=True)) is ExitCode.OK
    assert (here.did(), here.user.asked) == ([], [])


def test_that_sessions_end_is_said_only_where_they_do(proven: Callable[..., Proven]) -> None:
    here = proven(report(HEALTHY), True)
    say_drift(here.environment, Drift(differences=tuple(many())))
    assert "the sessions that run now end" not in here.user.text
    ending = structs.replace(many()[1], ends_sessions=True)
    say_drift(here.environment, Drift(differences=(many()[0], ending)))
    assert "the sessions that run now end" in here.user.text


def test_a_plan_does_not_do_twice_what_is_put_back_before_it() -> None:
    """The service that the plan changes gets its revision by the plan; all else comes before."""
    rule, count, revision = many()
    drift = Drift(differences=(rule, count, revision))
    assert before(drift, plan("Thing")) == [rule]
    assert before(drift, plan("Other")) == [rule, count, revision]


def plan(logical_id: str) -> Plan:
    change = Change(
        action="Modify", logical_id=logical_id, physical_id=None, type="X", replacement=None
    )
    return Plan(stack="s", id=ID, name="p", creates=False, changes=(change,))
