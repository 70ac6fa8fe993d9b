"""A saved snapshot can be sent to anyone, and only a whole one of a known format is read."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from ash_ops import collect, load_snapshot, save_snapshot
from ash_ops.errors import ExitCode, OpsError, UsageProblem
from ash_ops.facts.snapshot import Snapshot
from tests.ash_ops.fakes.world import PLAIN_KEY, SECRET_KEY
from tests.ash_ops.snapshot.conftest import Collect
from tests.support.contracts import holds


@pytest.fixture
def snapshot(look: Collect) -> Snapshot:
    return look()


def test_what_was_saved_is_what_is_read(snapshot: Snapshot, tmp_path: Path) -> None:
    save_snapshot(snapshot, tmp_path / "s.json")
    assert load_snapshot(tmp_path / "s.json") == snapshot


def test_the_file_is_its_owners_alone_and_in_the_apis_names(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    path = tmp_path / "s.json"
    save_snapshot(snapshot, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    document = json.loads(path.read_text())
    assert document["schema"] == "ash-ops.snapshot/1"
    assert document["service"]["value"]["desiredCount"] == 1
    assert document["subnets"]["value"][0]["SubnetId"]
    holds("snapshot", document)


def test_no_secret_is_in_the_file_and_what_was_masked_is_listed(
    look: Collect, tmp_path: Path
) -> None:
    lines = {"events": [{"timestamp": 1, "message": '{"apiKey": "planted0001"}'}]}
    path = tmp_path / "s.json"
    places = save_snapshot(look({"logs:GetLogEvents": lines}), path)
    text = path.read_text()
    for secret in (SECRET_KEY, PLAIN_KEY, "planted0001"):
        assert secret not in text
    assert "log_lines.message" in places
    assert "environment[ANTHROPIC_API_KEY]" in places
    assert json.loads(text)["masked"] == list(places)


def test_a_file_that_is_there_is_replaced_whole(snapshot: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text("older")
    save_snapshot(snapshot, path)
    assert [item.name for item in tmp_path.iterdir()] == ["s.json"]
    load_snapshot(path)


def test_a_place_that_cannot_be_written_is_said(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(OpsError, match="cannot be written") as caught:
        save_snapshot(snapshot, tmp_path / "no" / "where.json")
    assert caught.value.exit_code is ExitCode.FAILED


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text[: len(text) // 2], "cut off"),
        (lambda _: "", "cut off"),
        (lambda _: "[1, 2]", "not a snapshot"),
        (lambda _: '{"schema": "other/1"}', "not a snapshot"),
        (lambda _: "{}", "not a snapshot"),
        (lambda text: text.replace("ash-ops.snapshot/1", "ash-ops.snapshot/2"), "newer format"),
        (lambda text: text.replace('"taken_at"', '"taken"'), "taken_at"),
        (lambda text: text.replace('"service": {', '"service": 5, "x": {'), "service"),
        (lambda _: "[" * 100_000, "not JSON"),
    ],
)
def test_a_file_that_is_no_use_is_refused_in_plain_words(
    snapshot: Snapshot, tmp_path: Path, change: Any, why: str
) -> None:
    path = tmp_path / "s.json"
    save_snapshot(snapshot, path)
    path.write_text(change(path.read_text()))
    with pytest.raises(UsageProblem) as caught:
        load_snapshot(path)
    assert why in caught.value.why
    assert caught.value.what == f"{path} cannot be used"
    newer = "newer format" in why
    advice = (
        "pip install --upgrade ash-ops" if newer else "`ash-ops doctor --save FILE` has written."
    )
    assert advice in caught.value.next_step
    if newer:
        assert "in a newer format (ash-ops.snapshot/2) than this version reads" in caught.value.why
        assert caught.value.why.startswith("it was written by ash-ops ")


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "b"
    binary.write_bytes(b"\xff\xfe\x00")
    places = {binary: "it is not text", tmp_path / "absent": "No such file or directory",
              tmp_path: "Is a directory"}  # fmt: skip
    for path, why in places.items():
        with pytest.raises(UsageProblem) as refused:
            load_snapshot(path)
        assert refused.value.why == why


def test_a_damaged_file_is_not_quoted(snapshot: Snapshot, tmp_path: Path) -> None:
    """It may hold anything, a secret too."""
    path = tmp_path / "s.json"
    save_snapshot(snapshot, path)
    path.write_text(path.read_text().replace('"taken_at": "', '"taken_at": "planted0001'))
    with pytest.raises(UsageProblem) as caught:
        load_snapshot(path)
    assert "planted0001" not in str(caught.value)


def test_the_library_names_are_there() -> None:
    assert callable(collect)
