"""Every Python example of the documentation satisfies mypy --strict and pyright, as a reader's editor would run them."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import indent

import pytest

from tests.docs.pages import Piece, blocks, written
from tests.support.type_checkers import mypy, pyright

# What stands around the examples of a page: names a sentence there speaks of.
AROUND = {
    "docs/testing.md": "import ash_client.testing\nserver = ash_client.testing.AshServer()\n",
}


def examples() -> list[Piece]:
    return [block for page in written() for block in blocks(page) if block.language == "python"]


def module_name(example: Piece) -> str:
    return f"{Path(example.page).stem.lower().replace('-', '_')}_{example.line}"


def as_module(example: Piece) -> str:
    """The example as a module of its own; one that awaits at its top stands in a function."""
    before = AROUND.get(example.page, "")
    if not awaits_at_the_top(example.text):
        return before + example.text + "\n"
    return f"{before}async def example() -> None:\n{indent(example.text, '    ')}\n"


def awaits_at_the_top(text: str) -> bool:
    try:
        compile(text, "example", "exec", dont_inherit=True)
    except SyntaxError:
        compile(text, "example", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        return True
    return False


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    for example in examples():
        (folder / f"{module_name(example)}.py").write_text(as_module(example), "utf-8")
    return folder


def test_examples_pass_mypy_strict(modules: Path) -> None:
    faults = mypy(modules)
    assert not faults, "\n".join(faults)


def test_examples_pass_pyright_strict(modules: Path) -> None:
    faults = pyright(modules)
    assert not faults, "\n".join(faults)


def test_both_checkers_see_a_fault(tmp_path: Path) -> None:
    """A checker that found no types would find no fault either."""
    text = next(e.text for e in examples() if e.page == "README.md")
    (tmp_path / "wrong.py").write_text(text.replace("event.content", "event.contents"), "utf-8")
    assert any('has no attribute "contents"' in line for line in mypy(tmp_path))
    (fault,) = [line for line in pyright(tmp_path) if "contents" in line and "attribute" in line]
    assert "AssistantMessage" in fault
