"""Files that hold facts are written whole or not at all, for their owner, and where they were named."""

from __future__ import annotations

import os
import stat
import tempfile
import threading
from pathlib import Path

import pytest

from ash_ops.errors import OpsError
from ash_ops.files import write_file


def test_it_is_its_owners_alone(tmp_path: Path) -> None:
    write_file(tmp_path / "f", "text", option="-o")
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o600
    assert (tmp_path / "f").read_text() == "text"


def test_what_others_may_read_is_replaced_by_what_they_may_not(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("older")
    (tmp_path / "f").chmod(0o644)
    write_file(tmp_path / "f", "newer", option="-o")
    assert stat.S_IMODE((tmp_path / "f").stat().st_mode) == 0o600


def test_a_link_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("somebody's")
    (tmp_path / "f").symlink_to(other)
    write_file(tmp_path / "f", "mine", option="-o")
    assert other.read_text() == "somebody's"
    assert not (tmp_path / "f").is_symlink()
    assert (tmp_path / "f").read_text() == "mine"


def test_a_link_to_nowhere_makes_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "f").symlink_to(tmp_path / "nowhere")
    write_file(tmp_path / "f", "mine", option="-o")
    assert not (tmp_path / "nowhere").exists()


def test_a_failure_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f").write_text("older")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OpsError, match="No space left"):
        write_file(tmp_path / "f", "newer", option="-o")
    assert [p.name for p in tmp_path.iterdir()] == ["f"]
    assert (tmp_path / "f").read_text() == "older"


@pytest.mark.parametrize("place", ["missing/f", "."])
def test_a_place_that_cannot_be_written_is_said_in_three_sentences(
    tmp_path: Path, place: str
) -> None:
    with pytest.raises(OpsError) as caught:
        write_file(tmp_path / place, "x", option="--save")
    assert "--save" in caught.value.next_step


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    listener = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    listener.start()
    write_file(pipe, "text", option="-o")
    listener.join(5)
    assert heard == ["text"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_one() -> None:
    write_file("/dev/null", "text", option="-o")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="this system has none")
def test_a_link_in_shared_memory_is_replaced_and_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        link = Path(folder) / "report"
        link.symlink_to(victim)
        write_file(link, "new", option="-o")
        assert victim.read_text() == "kept"
        assert link.stat().st_mode & 0o777 == 0o600
