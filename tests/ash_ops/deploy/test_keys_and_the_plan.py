"""The keys of a deployment: written between consent and stack, and taken back when it does not begin."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest

from ash_ops.aws.client.session import Aws
from ash_ops.errors import ExitCode, OpsError
from tests.support.account import MADE, Raw
from tests.support.cloud import (
    ID,
    SERVICE,
    Cloud,
    changed,
    stored,
)
from tests.support.deploying import KEYS, FakeTime, User


@pytest.fixture
def cloud(aws: Aws, time_: FakeTime) -> Callable[..., Cloud]:
    return partial(Cloud, aws, time_)


def same_keys(here: Cloud) -> None:
    """The secret holds already what is given."""
    held = dict.fromkeys(("ASH_API_KEY", "ASH_INTERNAL_SECRET"), "a-value-that-is-kept")
    held |= {"ASH_CREDENTIAL_KEY": "kept", "ANTHROPIC_API_KEY": KEYS["ANTHROPIC_API_KEY"]}
    here.account.answers["GetSecretValue"] = {"SecretString": json.dumps(held)}


def test_keys_that_are_as_they_were_are_not_written_again(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(True), there=True)
    same_keys(here)
    here.deploy()
    assert here.did() == ["CreateChangeSet", "ExecuteChangeSet"]
    assert not any(line.startswith("  secret") for line in here.user.heard)


def test_nothing_to_change_is_said_and_no_plan_kept(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(), there=True)
    same_keys(here)
    outputs = [{"OutputKey": "Url", "OutputValue": "http://there:4100"}]
    here.account.there["stack"][ID]["Outputs"] = outputs
    here.status, here.reason, here.changes = (
        "FAILED",
        "The submitted information didn't contain changes.",
        [],
    )
    assert here.deploy() is ExitCode.OK
    assert here.user.heard[-2:] == [
        "Nothing to change: ash-cloud is as wanted. http://there:4100",
        "`ash-ops doctor` tells whether it works.",
    ]
    assert here.did() == ["CreateChangeSet", "DeleteChangeSet"]


def test_a_key_that_encrypts_is_replaced_only_by_consent_to_what_is_lost(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(False), there=True)
    held = {"ASH_CREDENTIAL_KEY": "another", "ANTHROPIC_API_KEY": "k" * 20}
    here.account.answers["GetSecretValue"] = {"SecretString": json.dumps(held)}
    here.give(ASH_CREDENTIAL_KEY="a-new-key-of-32-characters-00000")
    with pytest.raises(OpsError, match="data would be lost") as refused:
        here.deploy()
    assert "ASH_CREDENTIAL_KEY is replaced" in refused.value.why
    assert here.account.asked("PutSecretValue") == []


def test_a_secret_that_waits_for_its_deletion_is_taken_back_with_its_values(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True))
    here.account.there["secret"] = {"ash-cloud/server": stored(DeletedDate=MADE)}
    here.deploy()
    assert "ash-cloud/server: waits for its deletion; it will be taken back" in here.user.text
    did = [name for name in here.did() if "Secret" in name]
    assert did == ["RestoreSecret", "PutSecretValue"]
    (put,) = here.account.asked("PutSecretValue")
    assert json.loads(put["SecretString"])["ASH_API_KEY"] == "old"


def test_a_secret_that_was_taken_back_waits_again_when_the_plan_is_refused(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True))
    here.account.there["secret"] = {"ash-cloud/server": stored(DeletedDate=MADE)}
    here.account.answers["ExecuteChangeSet"] = "AccessDenied"
    with pytest.raises(OpsError):
        here.deploy()
    assert here.did()[-1] == "DeleteSecret"


@pytest.mark.parametrize("second", [True, False])
def test_a_plan_that_is_another_once_the_keys_are_written_is_asked_about_again(
    cloud: Callable[..., Cloud], second: bool
) -> None:
    here = cloud(User(True, second))
    create = here.account.answers["CreateChangeSet"]

    def other(given: Raw) -> Raw:
        if here.account.asked("CreateSecret"):
            here.changes = [SERVICE, changed("Add", "Alarm", "AWS::CloudWatch::Alarm")]
        return create(given)  # type: ignore[operator]  # it is a function here

    here.account.answers["CreateChangeSet"] = other
    if second:
        here.deploy()
        assert here.did()[-1] == "ExecuteChangeSet"
    else:
        with pytest.raises(OpsError, match="Not deployed") as refused:
            here.deploy()
        assert "the plan changed after the secret was written" in refused.value.why
        assert "ExecuteChangeSet" not in here.did()
        assert "DeleteSecret" in here.did()
        assert here.did().count("DeleteChangeSet") >= 2
    assert here.user.asked == ["Deploy this?"] * 2
    assert "The plan is different now:" in here.user.heard


def test_keys_written_for_a_plan_that_is_refused_are_taken_back(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True), there=True)
    create = here.account.answers["CreateChangeSet"]

    def refused(given: Raw) -> Raw:
        if here.account.asked("PutSecretValue"):
            raise here.account.missing("AccessDenied")
        return create(given)  # type: ignore[operator]  # it is a function here

    here.account.answers["CreateChangeSet"] = refused
    with pytest.raises(OpsError):
        here.deploy()
    assert "UpdateSecretVersionStage" in here.did()
    assert "has the old values again" in here.user.text


def test_two_who_deploy_at_once_do_not_share_a_secret(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(True))
    here.account.answers["CreateSecret"] = "ResourceExistsException"
    with pytest.raises(OpsError, match="somebody else is deploying at the same time") as refused:
        here.deploy()
    assert refused.value.why == (
        "the secret ash-cloud/server was not there when this run looked, and is there now"
    )
    assert "DeleteSecret" not in here.did()


def test_a_secret_that_was_made_though_nobody_heard_it_is_deleted_again(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True))

    def unheard(given: Raw) -> Raw:
        versions = {given["ClientRequestToken"]: ["AWSCURRENT"]}
        made = stored(VersionIdsToStages=versions)
        here.account.there["secret"][given["Name"]] = made
        raise KeyboardInterrupt

    here.account.answers["CreateSecret"] = unheard
    with pytest.raises(KeyboardInterrupt):
        here.deploy()
    assert len(here.account.asked("DeleteSecret")) == 1


def test_a_secret_that_another_made_meanwhile_is_not_deleted(cloud: Callable[..., Cloud]) -> None:
    here = cloud(User(True))

    def anothers(given: Raw) -> Raw:
        here.account.there["secret"][given["Name"]] = stored()
        raise KeyboardInterrupt

    here.account.answers["CreateSecret"] = anothers
    with pytest.raises(KeyboardInterrupt):
        here.deploy()
    assert here.account.asked("DeleteSecret") == []


def test_a_secret_that_never_came_about_hides_nothing_of_what_ended_the_run(
    cloud: Callable[..., Cloud],
) -> None:
    here = cloud(User(True))

    def interrupted(_: Raw) -> Raw:
        raise KeyboardInterrupt

    here.account.answers["CreateSecret"] = interrupted
    with pytest.raises(KeyboardInterrupt):
        here.deploy()
    assert here.account.there["secret"] == {}
    assert here.account.asked("DeleteSecret") == []
