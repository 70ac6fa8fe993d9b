"""The user's cache only ever saves time: without it, or with rubbish in it, everything works the same."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ash_ops.cache import cache_directory, keep, read_kept


@pytest.mark.parametrize(
    ("variable", "below"),
    [("/xdg", "/xdg/ash-ops"), ("relative", ".cache/ash-ops"), ("", ".cache/ash-ops")],
)
def test_the_place_follows_the_convention(
    monkeypatch: pytest.MonkeyPatch, variable: str, below: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", variable)
    assert str(cache_directory()).endswith(below)


def test_what_is_kept_is_read_and_its_owners_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert read_kept("a.msgpack") is None
    keep("a.msgpack", b"first")
    keep("a.msgpack", b"second")
    assert read_kept("a.msgpack") == b"second"
    (file,) = cache_directory().iterdir()  # nothing of what was written in between is left
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_others_may_have_written_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    keep("a.msgpack", b"first")
    file = cache_directory() / "a.msgpack"
    file.chmod(0o622)
    assert read_kept("a.msgpack") is None
    file.chmod(0o644)
    assert read_kept("a.msgpack") == b"first"
    monkeypatch.setattr("os.getuid", lambda: file.stat().st_uid + 1)
    assert read_kept("a.msgpack") is None


def test_where_nothing_can_be_written_nothing_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    in_the_way = tmp_path / "ash-ops"
    in_the_way.write_text("a file where the folder would be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    keep("a.msgpack", b"first")
    assert read_kept("a.msgpack") is None
    assert in_the_way.read_text() == "a file where the folder would be"


def test_who_has_no_home_directory_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    keep("a.msgpack", b"first")
    assert read_kept("a.msgpack") is None
