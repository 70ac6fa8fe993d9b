"""What the server says about files that it was to write, or leaves unsaid."""

from __future__ import annotations

from typing import Any

import pytest

from ash_client import AshError, FilesRefused
from ash_client._wire.written import all_written, check_arrived, note_written, refuse_outside
from ash_client.models import FileInfo, WrittenFile


def file(path: str, *, written: bool = True, error: str | None = None) -> WrittenFile:
    return WrittenFile(path=path, written=written, error=error)


def test_files_that_were_refused_are_told_by_ten_with_why() -> None:
    good = [file("a"), file("b")]
    assert all_written(good) == good
    with pytest.raises(FilesRefused) as caught:
        all_written([*good, file("c", written=False, error="too large"), file("d", written=False)])
    assert str(caught.value) == "The server refused 2 of 4 files: 'c' (too large), 'd' (no reason given). Written: 2."  # fmt: skip
    assert [f.path for f in caught.value.refused] == ["c", "d"]
    assert [f.path for f in caught.value.written] == ["a", "b"]
    for count, more in ((10, ""), (11, ", and 1 more"), (13, ", and 3 more")):
        with pytest.raises(FilesRefused) as caught:
            all_written([file(str(n), written=False) for n in range(count)])
        assert str(caught.value).endswith(f"'9' (no reason given){more}. None was written.")


def test_what_was_written_before_a_failure_is_noted_on_it() -> None:
    error = AshError("x")
    note_written(error, [file("a", written=False)])
    assert not hasattr(error, "__notes__")
    note_written(error, [file("a"), file("b", written=False), file("c")])
    assert error.__notes__ == ["Before that, 2 files had been written: a, c."]


def test_paths_that_leave_the_agent_s_folder_are_refused_before_anything_is_sent() -> None:
    inside = [{"path": "a/b"}, {"path": ".c"}]
    assert refuse_outside(inside) == inside
    with pytest.raises(FilesRefused) as caught:
        refuse_outside([*inside, {"path": "/etc/x"}, {"path": "a/../../x"}])
    assert str(caught.value).startswith("'/etc/x', 'a/../../x': the path leaves the agent's folder")
    assert [(f.path, f.written) for f in caught.value.refused] == [
        ("/etc/x", False),
        ("a/../../x", False),
    ]


def test_files_are_there_afterwards_with_their_size_or_were_left_out_of_the_list() -> None:
    class Sent:
        def __init__(self, path: str, size: int = 3) -> None:
            self.path, self.size = path, size

    def there(**sizes: int) -> list[FileInfo]:
        return [FileInfo(path=path.replace("__", "/"), size=size) for path, size in sizes.items()]

    files: list[Any] = [Sent("a"), Sent("b/c")]
    assert check_arrived(files, there(a=3, b__c=3, z=1, y=1)) == ["y", "z"]
    folders = "node_modules .git __pycache__ .cache .npm .pnpm-store .yarn .venv venv .tmp tmp"
    for path in ("x.sock", "a/x.lock", "x.pid", *(f"a/{name}/x" for name in folders.split())):
        assert check_arrived([*files, Sent(path)], there(a=3, b__c=3)) == []
    for listed in (there(a=3), there(a=3, b__c=4)):
        with pytest.raises(FilesRefused, match="it is not on the server afterwards, or has another size") as caught:  # fmt: skip
            check_arrived(files, listed)
        assert [f.path for f in caught.value.refused] == ["b/c"]
        assert [f.path for f in caught.value.written] == ["a"]
