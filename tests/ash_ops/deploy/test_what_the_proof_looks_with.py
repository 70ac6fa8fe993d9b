"""What the proof looks with: what the stack tells, whether this machine is let in, and what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.deploy.run import proof as proving
from ash_ops.deploy.run import verify as verifying
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.proof import prove
from ash_ops.errors import ExitCode
from ash_ops.names import Deployment
from tests.ash_ops.deploy.test_proof_and_putting_back import HEALTHY, SICK, Proven, outputs, report
from tests.support.cloud import ID, stack
from tests.support.deploying import FakeTime, User


class Settling(User):
    """Keeps when a picture was left where it is."""

    def settle(self) -> None:
        self.heard.append("settled")


@pytest.fixture
def proven(aws: Aws, time_: FakeTime, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Proven]:
    def make(*steps: bool | None, said: str = HEALTHY) -> Proven:
        here = Proven(aws, time_, Settling(), report(said), *steps)
        monkeypatch.setattr(proving, "verify", here.verify)
        return here

    return make


def test_each_step_is_said_below_the_picture_of_its_wait(proven: Callable[..., Proven]) -> None:
    here = proven(True, True)
    prove(here.environment, Evidence(), None)
    said = [line if line == "settled" else line[:17] for line in here.user.heard[:4]]
    assert said == ["settled", "  ok       A step"] * 2


@pytest.mark.parametrize(
    ("cidr", "endpoint"), [("0.0.0.0/0", None), ("198.51.100.1/32", "http://127.0.0.1:4566")]
)
def test_where_anybody_is_let_in_this_machines_address_is_not_asked_for(
    proven: Callable[..., Proven], cidr: str, endpoint: str | None
) -> None:
    here, find = proven(True), Mock(return_value="192.0.2.1")
    here.account.there["stack"][ID] = stack(AllowedCidr=cidr)
    settings = replace(here.environment.settings, endpoint_url=endpoint)
    here.environment = replace(here.environment, find_address=find, settings=settings)
    prove(here.environment, Evidence(), None)
    assert here.wanted[0].reachable
    assert not find.called


def test_what_is_proven_is_what_the_stack_tells(proven: Callable[..., Proven]) -> None:
    here = proven(True)
    told = outputs(Url="http://there:4100", TaskDefinitionArn="arn:of:7")
    here.account.there["stack"][ID] = {
        **stack(Image="x/ash:1", AllowedCidr="203.0.113.7/32"),
        "Outputs": told,
    }
    prove(here.environment, Evidence(), None)
    (wanted,) = here.wanted
    assert (wanted.deployment, wanted.url) == (here.environment.deployment, "http://there:4100")
    assert (wanted.task_definition, wanted.image) == ("arn:of:7", "x/ash:1")
    assert wanted.key is not None
    assert wanted.key.reveal() == "old"
    assert wanted.reachable is True


@pytest.mark.parametrize(("host", "named"), [("", "the load balancer"), ("lb.aws", "lb.aws")])
def test_a_name_that_leads_nowhere_is_to_be_pointed_at_the_balancer(
    proven: Callable[..., Proven], host: str, named: str
) -> None:
    here = proven(None)
    made = stack(AllowedCidr="0.0.0.0/0", DomainName="ash.invalid")
    here.account.there["stack"][ID] = {**made, "Outputs": outputs(DnsName=host) if host else []}
    assert prove(here.environment, Evidence(), None) is ExitCode.INCONCLUSIVE
    assert here.user.heard[0] == (
        f"ash.invalid does not resolve yet: point it at {named} "
        "(CNAME, or an alias record in Route 53)."
    )


def test_what_was_seen_to_die_is_told_with_what_the_doctor_finds(
    proven: Callable[..., Proven], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, evidence = proven(True, said=SICK), Evidence()
    explained = Mock(return_value="why it does not work")
    monkeypatch.setattr(proving, "explain_with", explained)
    assert prove(here.environment, evidence, None) is ExitCode.PROBLEMS
    assert here.user.heard[-1] == "why it does not work"
    (call,) = explained.call_args_list
    assert call.args[0] is evidence
    assert call.args[1][1].status == "problem"


def test_a_deployment_without_an_address_is_told_by_its_name(
    proven: Callable[..., Proven],
) -> None:
    here = proven(True)
    assert prove(here.environment, Evidence(), None) is ExitCode.OK
    assert "\nDeployed and verified: ash-cloud" in here.user.heard


def test_before_the_first_look_all_that_is_wanted_is_known_and_nothing_is_read() -> None:
    wanted: Any = SimpleNamespace(
        deployment=Deployment(), task_definition="arn:of:7", url="http://there:4100",
        image="x/ash:0.2.0", key=None, canary=True, runners=2, reachable=False,
    )  # fmt: skip
    new = verifying._nothing_read("eu-west-3", wanted)
    assert (new.version, new.revision, new.is_let_in) == ("0.2.0", "arn:of:7", False)
    assert (new.has_key, new.wants_session, new.runners) == (False, True, 2)
    facts = new.snapshot.deployment
    assert (facts.name, facts.region, facts.url) == ("ash-cloud", "eu-west-3", "http://there:4100")
    assert (facts.cluster, facts.service) == ("ash-cloud", "ash-cloud-runtime")
    assert facts.log_group == "/ash-cloud/runtime"
