"""``doctor`` without a command line: the clock is ours, nobody waits, and files are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from ash_ops.commands import doctor as command
from ash_ops.commands.doctor import DoctorRequest, doctor
from ash_ops.commands.ports import Ports
from ash_ops.diagnosis import diagnose
from ash_ops.errors import ExitCode, UsageProblem
from tests.support import scenarios
from tests.support.deploying import User, ports_of, settings_of

if TYPE_CHECKING:
    from ash_ops.aws.session import Aws
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
