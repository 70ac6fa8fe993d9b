"""Expressions that an earlier command has compiled are those that ``re`` compiles, or they are not read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import msgpack

from ash_ops.cache import cache_directory
from ash_ops.patterns import kept
from ash_ops.patterns.kept import compiled, keep_compiled

_SOURCES = [
    (r"a(?P<name>\d+)b|(c)", 0),
    (r"(?i:Fargate) ÄÖ[^\w]{2,5}+(?<!x)(?=y)", re.IGNORECASE),
    (r"(?x) spaced # out", 0),
    (r"^[\u4e00-\u9fff\U0001F600]+$", re.MULTILINE | re.DOTALL),
    (r"(?>ab|a)(?P<twice>x)(?P=twice)(?(twice)y|z)", re.ASCII),
    ("", 0),
]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(kept, "_made", {})
    kept._earlier.cache_clear()


@pytest.fixture
def next_command(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """As if another command began: it has made nothing, and reads what was kept."""

    def begin() -> None:
        monkeypatch.setattr(kept, "_made", {})
        kept._earlier.cache_clear()

    return begin


def the_file() -> Path:
    return cache_directory() / kept.NAME


def compile_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> object:
        raise AssertionError("an expression is compiled that was kept")

    monkeypatch.setattr(re, "compile", never)


def test_what_was_kept_finds_what_re_finds(
    monkeypatch: pytest.MonkeyPatch, next_command: Callable[[], None]
) -> None:
    wanted = [re.compile(*each) for each in _SOURCES]
    assert [compiled(*each) for each in _SOURCES] == wanted
    keep_compiled()
    next_command()
    compile_nothing(monkeypatch)
    found = [compiled(*each) for each in _SOURCES]
    assert found == wanted
    assert [each.groupindex for each in found] == [each.groupindex for each in wanted]
    match = found[0].search("xa12b")
    assert match is not None
    assert (match.lastgroup, match["name"], match.groupdict()) == ("name", "12", {"name": "12"})


def test_bytes_are_compiled_as_ever(next_command: Callable[[], None]) -> None:
    assert compiled(rb"\xff+", 0) == re.compile(rb"\xff+")
    keep_compiled()
    assert not the_file().exists()


def test_nothing_is_written_when_nothing_had_to_be_compiled(
    next_command: Callable[[], None],
) -> None:
    compiled(*_SOURCES[0])
    keep_compiled()
    os.utime(the_file(), ns=(1, 1))
    next_command()
    compiled(*_SOURCES[0])
    keep_compiled()
    assert the_file().stat().st_mtime_ns == 1


def test_those_of_the_last_command_are_kept_first(
    monkeypatch: pytest.MonkeyPatch, next_command: Callable[[], None]
) -> None:
    monkeypatch.setattr(kept, "_MOST", 3)
    for word in ("one", "two", "three"):
        compiled(word, 0)
    keep_compiled()
    next_command()
    for word in ("four", "two"):
        compiled(word, 0)
    keep_compiled()
    next_command()
    assert {source for source, _ in kept._earlier()} == {"one", "two", "four"}


def test_no_more_is_remembered_than_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 3)
    assert all(compiled(f"w{n}", 0).match(f"w{n}") for n in range(9))
    assert len(kept._made) == 3


@pytest.mark.parametrize("spoilt", ["empty", "cut", "one bit", "another Python", "noise"])
def test_a_file_that_is_damaged_or_anothers_is_not_read(
    monkeypatch: pytest.MonkeyPatch, next_command: Callable[[], None], spoilt: str
) -> None:
    compiled(*_SOURCES[0])
    keep_compiled()
    whole = the_file().read_bytes()
    turned = bytearray(whole)
    turned[-3] ^= 1
    python, checksum, codes = msgpack.decode(whole)
    the_file().write_bytes(
        {
            "empty": b"",
            "cut": whole[: len(whole) // 2],
            "one bit": bytes(turned),
            "another Python": msgpack.encode([f"{python} of tomorrow", checksum, codes]),
            "noise": bytes(range(256)),
        }[spoilt]
    )
    next_command()
    assert not kept._earlier()
    assert compiled(*_SOURCES[0]) == re.compile(*_SOURCES[0])
    keep_compiled()
    next_command()
    assert kept._earlier()


def test_code_that_python_does_not_take_is_compiled_again(next_command: Callable[[], None]) -> None:
    compiled(*_SOURCES[0])
    keep_compiled()
    next_command()
    earlier = kept._earlier()
    ((asked, code),) = earlier.items()
    earlier[asked] = kept.Code(code.source, code.asked, code.flags, b"\xff\xff\0\0" * 9, 2, {})
    assert compiled(*_SOURCES[0]) == re.compile(*_SOURCES[0])


def test_a_python_of_other_parts_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(kept, "import_module", other)
    compiled(*_SOURCES[0])
    keep_compiled()
    assert not the_file().exists()


def test_the_second_command_says_the_same_and_keeps_no_word_nor_secret_of_what_was_pasted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    secret = "sk-ant-api03-" + "Zq7" * 12
    monkeypatch.setenv("ANTHROPIC_API_KEY", secret)
    said = f"CannotPullContainerError: pull image of zanzibar-7421: manifest unknown\nkey {secret[:20]}\n{secret[20:]}"
    runs = [
        subprocess.run(
            [sys.executable, "-m", "ash_ops", "explain", said],
            capture_output=True,
            text=True,
            check=True,
        )
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    assert "image-not-found" in runs[0].stdout
    assert the_file().exists()
    files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    for word in (b"zanzibar", secret.encode(), secret[-20:].encode()):
        assert not any(word in path.read_bytes() for path in files)
