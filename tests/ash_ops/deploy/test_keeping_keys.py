"""The secret: given values replace, stored ones stay, missing ones are made; nothing is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from ash_ops.aws.client.session import Aws
from ash_ops.aws.secrets import StoredSecret, find_secret
from ash_ops.deploy.run.secrets import KeyPlan, plan_keys, refuse_placeholders, write_keys
from ash_ops.errors import OpsError, ReadFailed, UsageProblem
from ash_ops.names import Deployment
from ash_ops.settings import Settings
from tests.support.account import Account
from tests.support.deploying import settings_of

Script = Callable[[str], Stubber]
ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ash-cloud/server-AbCdEf"
STORED = {
    "ANTHROPIC_API_KEY": "sk-ant-old",
    "ASH_API_KEY": "stored-api-key",
    "ASH_INTERNAL_SECRET": "stored-internal",
    "ASH_CREDENTIAL_KEY": "stored-credential",
}


def planned(aws: Aws, settings: Settings, mode: str = "standalone") -> KeyPlan:
    return plan_keys(aws, settings, find_secret(aws, "ash-cloud/server"), mode)


def missing(manager: Stubber) -> None:
    manager.add_client_error("describe_secret", "ResourceNotFoundException", "no such secret", 400)


def there(manager: Stubber, values: dict[str, str] | str = STORED, **more: Any) -> None:
    version = {"VersionIdsToStages": {"v" * 32: ["AWSCURRENT"], "w" * 32: ["AWSPREVIOUS"]}}
    manager.add_response(
        "describe_secret", {"ARN": ARN, "Name": "ash-cloud/server", **version, **more}
    )
    if "DeletedDate" not in more:
        text = values if isinstance(values, str) else json.dumps(values)
        manager.add_response("get_secret_value", {"ARN": ARN, "SecretString": text})


def test_what_is_missing_is_made_and_can_be_put_into_a_url(aws: Aws, stub: Script) -> None:
    missing(stub("secretsmanager"))

    plan = planned(aws, settings_of())

    made = [plan.values[name].reveal() for name in STORED if name != "ANTHROPIC_API_KEY"]
    assert len(set(made)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{40,}", value) for value in made)
    assert plan.pending
    assert not any(value in repr(plan) for value in made)


def test_what_is_stored_stays_and_what_is_given_replaces_it(aws: Aws, stub: Script) -> None:
    there(stub("secretsmanager"))

    plan = planned(aws, settings_of(ANTHROPIC_API_KEY="sk-ant-new"))

    assert plan.changed == ("ANTHROPIC_API_KEY",)
    assert plan.values["ASH_API_KEY"].reveal() == "stored-api-key"


def test_the_same_values_are_not_written_again(aws: Aws, stub: Script) -> None:
    there(stub("secretsmanager"))

    plan = planned(aws, settings_of(ANTHROPIC_API_KEY="sk-ant-old"))

    assert not plan.pending
    assert write_keys(aws, Deployment(), plan, lambda _keys: None).stored.version == "v" * 32


def test_a_name_that_waits_for_its_deletion_is_taken_back(aws: Aws, stub: Script) -> None:
    manager = stub("secretsmanager")
    there(manager, DeletedDate="2026-11-20T00:00:00Z")
    manager.add_response("restore_secret", {"ARN": ARN, "Name": "ash-cloud/server"})
    manager.add_response("get_secret_value", {"ARN": ARN, "SecretString": json.dumps(STORED)})
    written = {"SecretId": ARN, "SecretString": ANY, "ClientRequestToken": ANY}
    manager.add_response("put_secret_value", {"ARN": ARN, "VersionId": "n" * 32}, written)

    plan = planned(aws, settings_of())

    written = write_keys(aws, Deployment(), plan, lambda _keys: None)
    assert written.stored.version == "n" * 32
    assert written.plan.values["ASH_API_KEY"].reveal() == "stored-api-key", "its values come back"
    assert written.made, "it is there only because of this run"


def test_without_an_anthropic_key_anywhere_it_is_refused(aws: Aws, stub: Script) -> None:
    missing(stub("secretsmanager"))
    with pytest.raises(UsageProblem, match="ANTHROPIC_API_KEY is not set"):
        planned(aws, settings_of(ANTHROPIC_API_KEY=""))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANTHROPIC_API_KEY", "sk-ant-x\n"),  # pasted with its line end
        ("ASH_API_KEY", " key"),
        ("ASH_DATABASE_URL", "mysql://u:PLANTED@h/d"),  # the server speaks PostgreSQL
    ],
)
def test_a_value_that_can_never_work_is_refused_without_being_shown(
    aws: Aws, stub: Script, name: str, value: str
) -> None:
    missing(stub("secretsmanager"))
    with pytest.raises(UsageProblem) as caught:
        planned(aws, settings_of(**{name: value}))
    problem = caught.value
    assert name in problem.what
    assert value.strip() not in f"{problem.what} {problem.why} {problem.next_step}"


@pytest.mark.parametrize("text", ["PLANTED not json", '"PLANTED"', "[1]"])
def test_a_secret_that_is_no_object_is_not_quoted(aws: Aws, stub: Script, text: str) -> None:
    there(stub("secretsmanager"), text)
    with pytest.raises(ReadFailed) as caught:
        planned(aws, settings_of())
    assert "PLANTED" not in f"{caught.value!r} {caught.value.__context__!r}"


def test_several_machines_share_a_database_with_a_password(aws: Aws, stub: Script) -> None:
    missing(stub("secretsmanager"))
    assert "ASH_DATABASE_PASSWORD" in planned(aws, settings_of(), "multi-machine").values


@pytest.mark.parametrize(
    "value",
    [
        "sk-ant-api03-...",  # the guide's
        "sk-ant-...",
        "sk-ant-",
        "sk-ant-xxxx",
        "sk-ant-api03-xxxxxxxx-xxxx",
        "sk-ant-your-key-here",
        "<your-key>",
        "your_anthropic_api_key",
        "YOUR_API_KEY",
        "changeme",
        "${ANTHROPIC_API_KEY}",
        "$ANTHROPIC_API_KEY",
        "sk-ant-api03-\u2026",
    ],
)
def test_the_placeholder_of_a_guide_is_no_key(aws: Aws, value: str) -> None:
    with pytest.raises(UsageProblem, match="placeholder"):
        plan_keys(aws, settings_of(ANTHROPIC_API_KEY=value), None)


@pytest.mark.parametrize("value", ["...", "AKIA...", "<YOUR-KEY>", "changeme", "your-key-here"])
@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "ASH_API_KEY",
        "ASH_INTERNAL_SECRET",
        "ASH_CREDENTIAL_KEY",
        "ASH_DATABASE_URL",
    ],
)
def test_the_other_lines_of_the_guides_example_are_refused_before_aws_is_asked(
    name: str, value: str
) -> None:
    with pytest.raises(UsageProblem) as caught:
        refuse_placeholders(settings_of(**{name: value}))
    assert caught.value.what == f"{name} is the placeholder of a guide"
    assert "environment" in caught.value.next_step
    assert value not in caught.value.why + caught.value.next_step.replace("your", "")


@pytest.mark.parametrize("value", ["test", "fake", "the-key-of-our-house", "AKIAIOSFODNN7EXAMPLE"])
def test_a_key_of_ones_own_or_of_an_emulator_is_none(value: str) -> None:
    refuse_placeholders(
        settings_of(AWS_ACCESS_KEY_ID=value, AWS_SECRET_ACCESS_KEY=value, ASH_API_KEY=value)
    )


@pytest.mark.parametrize("value", ["sk-ant-api03-" + "aB3_x-" * 16 + "AA", "sk-ant-emulated"])
def test_a_key_is_not_taken_for_a_placeholder(aws: Aws, value: str) -> None:
    plan = plan_keys(aws, settings_of(ANTHROPIC_API_KEY=value), None)
    assert plan.values["ANTHROPIC_API_KEY"].reveal() == value


@pytest.mark.parametrize("was_restored", [True, False])
def test_an_interrupted_restoring_leaves_no_secret_that_is_billed(
    aws: Aws, stub: Script, monkeypatch: pytest.MonkeyPatch, was_restored: bool
) -> None:
    """Ctrl-C can hide the answer: whether it still waits for its deletion is looked at."""
    manager = stub("secretsmanager")
    waiting = {"ARN": ARN, "DeletedDate": datetime(2026, 11, 1, tzinfo=UTC)}
    stored = StoredSecret(arn=ARN, version="1", deleted_at=waiting["DeletedDate"])
    plan = plan_keys(aws, settings_of(), stored)
    assert plan.restores
    manager.add_response("describe_secret", {"ARN": ARN} if was_restored else waiting)
    if was_restored:
        manager.add_response("delete_secret", {}, {"SecretId": ARN, "RecoveryWindowInDays": 30})

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ash_ops.deploy.run.secrets.restore_secret", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_keys(aws, Deployment(), plan, lambda _keys: None)


def test_an_interrupted_creation_is_taken_back_when_it_was_made(
    aws: Aws, stub: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C can hide the answer; the version's id tells that this very run made the secret."""
    manager, made = stub("secretsmanager"), []

    def interrupted(_aws: Aws, _name: str, *rest: Any) -> None:
        version = {rest[-1]: ["AWSCURRENT"]}
        manager.add_response("describe_secret", {"ARN": ARN, "VersionIdsToStages": version})
        manager.add_response("delete_secret", {}, {"SecretId": ARN, "RecoveryWindowInDays": 30})
        made.append(rest[-1])
        raise KeyboardInterrupt

    monkeypatch.setattr("ash_ops.deploy.run.secrets.create_secret", interrupted)
    plan = plan_keys(aws, settings_of(), None)
    with pytest.raises(KeyboardInterrupt):
        write_keys(aws, Deployment(), plan, lambda _keys: None)
    assert made


@pytest.mark.parametrize("sign", ["\x00", "\t", "\x1f"])
def test_a_key_with_a_control_sign_in_it_is_refused_and_not_shown(aws: Aws, sign: str) -> None:
    with pytest.raises(UsageProblem, match="ASH_API_KEY cannot be used") as refused:
        plan_keys(aws, settings_of(ASH_API_KEY=f"PLANTED{sign}KEY"), None)
    assert "PLANTED" not in refused.value.why + refused.value.next_step


def test_only_a_secret_that_is_there_now_tells_of_another_run(aws: Aws) -> None:
    account = Account({"secret": {}})
    account.serve(aws)
    plan = plan_keys(aws, settings_of(), None)
    for code, what in (("ResourceExistsException", "somebody else"), ("AccessDenied", "CreateSec")):
        account.answers["CreateSecret"] = code
        with pytest.raises(OpsError, match=what):
            write_keys(aws, Deployment(), plan, lambda _keys: None)
