"""Every command in the documentation is one that the tool it names accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, commands, pages
from tests.support.commands import problem_with_words
from tests.support.each import each


def shown(tool: str) -> dict[str, list[str]]:
    """Each command once, with where it stands first."""
    found: dict[str, list[str]] = {}
    for page in pages():
        for piece, words in commands(page, tool):
            found.setdefault(f"{' '.join(words)}  ({piece})", words)
    return found


@each("words", shown("ash-ops"))
def test_ash_ops_accepts_it(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for word in words:
        if word.endswith((".log", ".json")):  # options that read a file want one
            Path(word).touch()
    problem = problem_with_words(words)
    assert problem is None, problem


@each("words", shown("make"))
def test_make_has_the_target(words: list[str]) -> None:
    targets = {
        line.split(":")[0]: line
        for line in (ROOT / "Makefile").read_text("utf-8").splitlines()
        if line and line[0].isalpha() and ":" in line
    }
    for target in (word for word in words[1:] if "=" not in word):
        assert "## " in targets[target], f"make help does not tell what {target} is"


def test_every_target_of_make_is_phony_and_told() -> None:
    """A file of a target's name must not hide it, and `make help` must show it."""
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = set(text.split(".PHONY:")[1].splitlines()[0].split())
    told = {line.split(":")[0] for line in text.splitlines() if ":  ## " in line}
    assert told == phony


def test_there_is_something_to_check() -> None:
    assert len(shown("ash-ops")) > 60
    assert len(shown("make")) >= 4
