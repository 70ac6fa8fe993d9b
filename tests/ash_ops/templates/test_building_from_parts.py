"""The templates are built from parts: what only one has is marked, and a wrong mark is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from ash_ops.template_parameters import MODES, MULTI_MACHINE, STANDALONE
from tools import templates


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(templates, "PARTS", tmp_path)
    monkeypatch.setattr(templates, "ORDER", dict.fromkeys(MODES, ("part",)))
    return tmp_path / "part.yaml"


def test_each_template_has_the_lines_of_both_and_its_own(parts: Path) -> None:
    parts.write_text(
        "a: 1 # kept\n#if standalone\nb: 2\n#else\nb: 3\n#end\n  # a comment\n"
        "#if multi-machine\nc: 4\n#end\nd: 5\n"
    )
    assert templates.build(STANDALONE) == "a: 1 # kept\nb: 2\n  # a comment\nd: 5\n"
    assert templates.build(MULTI_MACHINE) == "a: 1 # kept\nb: 3\n  # a comment\nc: 4\nd: 5\n"


@pytest.mark.parametrize(
    "text",
    [
        "#if other\n#end\n",
        "#if standalone\na: 1\n",
        "#else\n",
        "#end\n",
        "#if standalone\n#if multi-machine\n#end\n#end\n",
        "#fi standalone\n",
    ],
)
@pytest.mark.parametrize("mode", MODES)
def test_a_mark_that_cannot_stand_there_is_an_error(text: str, mode: str, parts: Path) -> None:
    parts.write_text(text)
    with pytest.raises(ValueError, match=r"part\.yaml"):
        templates.build(mode)


def test_every_part_is_of_a_template() -> None:
    used = {name for order in templates.ORDER.values() for name in order}
    assert {path.stem for path in templates.PARTS.iterdir()} == used


def test_no_long_run_of_lines_stands_in_two_parts() -> None:
    """What both templates have is in one part; twelve equal lines in two places would be the same thing twice."""
    seen: dict[tuple[str, ...], str] = {}
    twice = []
    for path in sorted(templates.PARTS.iterdir()):
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        for start in range(len(lines) - 11):
            run = tuple(lines[start : start + 12])
            if seen.setdefault(run, path.stem) != path.stem:
                twice.append((seen[run], path.stem, run[0]))
    assert twice == []
