"""``doctor`` without a command line: the clock is ours, nobody waits, and files are written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from msgspec.structs import replace

from ash_ops.commands import doctor as command
from ash_ops.commands.doctor import DoctorRequest, doctor
from ash_ops.commands.ports import Ports
from ash_ops.diagnosis import diagnose
from ash_ops.errors import CredentialsProblem, ExitCode, UsageProblem
from ash_ops.webhook import NotDelivered
from tests.support import scenarios
from tests.support.contracts import holds
from tests.support.deploying import User, ports_of, settings_of

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.examine import Looked

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def looks(*names: str) -> Iterator[Looked]:
    """One look after the other finds these."""
    for name in names:
        snapshot = scenarios.load(name)[0]
        yield snapshot, diagnose(snapshot)


@pytest.fixture
def user() -> User:
    return User()


@pytest.fixture
def ports(user: User) -> Ports:
    return ports_of(settings_of(), lambda: cast("Aws", None), user)


def script(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    found = looks(*names)
    monkeypatch.setattr(command, "examine", lambda *_args, **_how: next(found))


def test_a_watch_sleeps_between_looks_and_says_only_what_changed(
    monkeypatch: pytest.MonkeyPatch, ports: Ports, user: User
) -> None:
    script(monkeypatch, "healthy-as-it-is", "healthy-as-it-is", "out-of-memory")
    naps: list[float] = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        doctor(replace(ports, sleep=nap, now=lambda: NOON), DoctorRequest(watch=True, every=7.0))

    assert naps == [7.0, 7.0, 7.0]
    said = user.heard[user.heard.index("Watching; a look every 7 s. Ctrl-C ends it.") + 1 :]
    at = f"{NOON.astimezone():%H:%M:%S} "
    assert said
    assert all(line.startswith(at) for line in said)
    assert any("container-oom" in line for line in said)


def test_the_result_carries_the_verdict_and_the_document(
    monkeypatch: pytest.MonkeyPatch, ports: Ports
) -> None:
    script(monkeypatch, "out-of-memory")
    result = doctor(ports, DoctorRequest(format_name="json"))
    assert result.exit_code is ExitCode.PROBLEMS
    assert '"cause": "container-oom"' in result.render()


def test_a_report_that_goes_to_a_file_is_not_printed(
    monkeypatch: pytest.MonkeyPatch, ports: Ports, tmp_path: Path
) -> None:
    script(monkeypatch, "out-of-memory")
    path = tmp_path / "report.md"
    result = doctor(ports, DoctorRequest(format_name="markdown", output=str(path)))
    assert result.render() == ""
    assert path.read_text().startswith("# Problem")


def test_facts_that_were_kept_are_diagnosed_without_aws(
    monkeypatch: pytest.MonkeyPatch, ports: Ports, tmp_path: Path
) -> None:
    script(monkeypatch, "out-of-memory")
    kept = str(tmp_path / "facts.json")
    first = doctor(ports, DoctorRequest(save=kept))

    def nobody() -> Any:
        raise AssertionError("AWS was asked")

    again = doctor(replace(ports, open_aws=nobody), DoctorRequest(source=kept))
    assert again.exit_code is first.exit_code


@pytest.mark.parametrize("more", [{"fix": True}, {"watch": True}, {"canary": True}])
def test_kept_facts_cannot_be_repaired_watched_or_probed(ports: Ports, more: Any) -> None:
    with pytest.raises(UsageProblem):
        doctor(ports, DoctorRequest(source="facts.json", **more))


class Hook:
    """A webhook that keeps what is posted, and fails as often as it is told to."""

    def __init__(self, failures: int = 0) -> None:
        self.posted: list[dict[str, Any]] = []
        self.failures = failures
        self.host = "hooks.example"

    def post(self, document: dict[str, Any]) -> None:
        if self.failures:
            self.failures -= 1
            raise NotDelivered("Nothing could be posted to hooks.example", "it answered 500", "x")
        self.posted.append(document)


def watching(
    monkeypatch: pytest.MonkeyPatch, ports: Ports, hook: Hook, *names: str, **more: Any
) -> None:
    """Watch until there is nothing more to look at."""
    script(monkeypatch, *names)
    monkeypatch.setattr("ash_ops.webhook.webhook", lambda _: hook)
    naps = iter(names[1:])

    def nap(_: float) -> None:
        if next(naps, None) is None:
            raise KeyboardInterrupt

    asked = DoctorRequest(watch=True, notify="https://hooks.example/secret", **more)
    with pytest.raises(KeyboardInterrupt):
        doctor(replace(ports, sleep=nap, now=lambda: NOON), asked)


def test_each_new_verdict_is_posted_once(monkeypatch: pytest.MonkeyPatch, ports: Ports) -> None:
    hook, well, ill = Hook(), "healthy-as-it-is", "out-of-memory"
    watching(monkeypatch, ports, hook, well, well, ill, ill, ill, well, well)
    assert [each["status"] for each in hook.posted] == ["problem", "healthy"]
    assert "Problem" in hook.posted[0]["text"]
    assert hook.posted[0]["troubles"][0]["cause"] == "container-oom"
    assert hook.posted[0]["deployment"]["name"] == "ash-cloud"
    for posted in hook.posted:
        holds("notice", json.loads(json.dumps(posted)))


def test_what_is_ill_when_the_watch_begins_is_posted(
    monkeypatch: pytest.MonkeyPatch, ports: Ports
) -> None:
    hook = Hook()
    watching(monkeypatch, ports, hook, "out-of-memory", "out-of-memory")
    assert [each["status"] for each in hook.posted] == ["problem"]


def test_a_post_that_fails_is_told_once_and_made_again_at_the_next_look(
    monkeypatch: pytest.MonkeyPatch, ports: Ports, user: User
) -> None:
    hook = Hook(failures=3)
    watching(monkeypatch, ports, hook, "healthy-as-it-is", *["out-of-memory"] * 5)
    assert [each["status"] for each in hook.posted] == ["problem"]
    assert user.text.count("it answered 500") == 1
    assert user.text.count("again.") == 1


def test_a_watch_in_json_prints_one_object_for_what_changed(
    monkeypatch: pytest.MonkeyPatch, ports: Ports, user: User
) -> None:
    names = ("healthy-as-it-is", "healthy-as-it-is", "out-of-memory")
    watching(monkeypatch, ports, Hook(), *names, format_name="json")
    lines = [line for line in user.heard if line.startswith('{"schema": "ash-ops.watch/1"')]
    assert len(lines) == 1
    assert json.loads(lines[0])["verdict"]["status"] == "problem"


def test_a_watch_survives_credentials_that_expire_and_looks_with_new_ones(
    monkeypatch: pytest.MonkeyPatch, ports: Ports, user: User
) -> None:
    opened: list[str] = []
    refused = CredentialsProblem("AWS does not accept these credentials", "ExpiredToken", "Log in.")
    found: list[str | CredentialsProblem] = ["healthy-as-it-is", refused, refused]
    script_ = iter([*found, "healthy-as-it-is", "healthy-as-it-is"])

    def look(*_: Any, **__: Any) -> Looked:
        each = next(script_)
        if isinstance(each, CredentialsProblem):
            raise each
        return next(looks(each))

    def open_as(name: str) -> Any:
        return lambda: opened.append(name)

    monkeypatch.setattr(command, "examine", look)
    naps = iter(range(4))

    def nap(_: float) -> None:
        if next(naps, None) is None:
            raise KeyboardInterrupt

    world = replace(ports, sleep=nap, open_aws=open_as("first"), renew_aws=open_as("new"))
    with pytest.raises(KeyboardInterrupt):
        doctor(world, DoctorRequest(watch=True))
    assert opened == ["first", "first", "new", "new", "first"]
    assert user.text.count("ExpiredToken") >= 1
    assert "Healthy" in user.heard[-1] or "last look" in user.text


def test_notify_is_for_a_watch(ports: Ports) -> None:
    with pytest.raises(UsageProblem):
        doctor(ports, DoctorRequest(notify="https://hooks.example/secret"))


def test_fix_prints_one_document_with_what_was_done(
    monkeypatch: pytest.MonkeyPatch, ports: Ports, user: User
) -> None:
    script(monkeypatch, "switched-off", "healthy-as-it-is")
    monkeypatch.setattr("ash_ops.deploy.fix.actions.call", lambda *_, **__: {})
    monkeypatch.setattr("ash_ops.deploy.fix.run.split", lambda _aws, _names, plan: (plan, []))
    user.answers = [True]
    result = doctor(
        replace(ports, sleep=lambda _: None), DoctorRequest(fix=True, format_name="json")
    )
    documents = [text for text in user.heard if text.startswith("{")]
    assert result.exit_code is ExitCode.OK
    assert result.render() == ""
    assert len(documents) == 1
    assert [act["outcome"] for act in json.loads(documents[0])["acts"]] == ["done"]
