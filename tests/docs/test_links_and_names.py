"""What the documentation points at is there: pages, headings, files, variables."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache

from tests.docs.pages import ROOT, anchors, blocks, inline_code, links, pages, written
from tests.support.each import each

_NAME = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_PATH = re.compile(r"^(?:ash_ops|ash_client|tests|docs|tools|\.ci)/[\w./-]+$")
# Names that belong to others: Python's ssl module reads the first two, checkov has the rules.
_OTHERS = re.compile(r"SSL_CERT_(FILE|DIR)|CKV_AWS_\d+")
# Where variables are read that a person sets.
_SETTINGS = (
    "ash_ops/settings.py",
    "ash_ops/template_parameters.py",
    "ash_ops/cost/basis.py",
    "ash_client/_config.py",
)
_VARIABLE = re.compile(r'"((?:ASH|AWS|ANTHROPIC)_[A-Z_]+)"')


@each("page", list(pages()))
def test_every_relative_link_resolves(page: str) -> None:
    broken = []
    for link in links(page):
        path, _, anchor = link.text.partition("#")
        if "://" in path or path.startswith("mailto:"):
            continue
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists():
            broken.append(f"{link}: {link.text}")
        elif anchor and anchor not in anchors(target.resolve().relative_to(ROOT).as_posix()):
            broken.append(f"{link}: no heading {anchor}")
    assert not broken


@each("page", list(written()))
def test_every_file_it_names_is_there(page: str) -> None:
    named = [code for code in inline_code(page) if _PATH.match(code.text)]
    gone = [f"{code}: {code.text}" for code in named if not (ROOT / code.text).exists()]
    assert not gone


@each("page", list(written()))
def test_every_name_in_capitals_is_one_that_the_code_knows(page: str) -> None:
    """Environment variables above all, but states and codes too."""
    code = sources()
    unknown = {n for n in _NAME.findall(pages()[page]) if n not in code and not _OTHERS.match(n)}
    assert not unknown


def test_every_variable_that_settings_read_is_documented() -> None:
    told = "\n".join(pages().values())
    read = {n for path in _SETTINGS for n in _VARIABLE.findall((ROOT / path).read_text("utf-8"))}
    assert len(read) > 30
    assert {name for name in read if name not in told} == set()


@each("page", list(written()))
def test_data_in_examples_is_well_formed(page: str) -> None:
    for block in blocks(page):
        if block.language == "json":
            json.loads(block.text)
        elif block.language == "toml":
            tomllib.loads(block.text)


@cache
def sources() -> str:
    """All that the packages say."""
    kinds = {".py", ".yaml", ".toml", ".json"}
    folders = (ROOT / "ash_ops", ROOT / "ash_client")
    files = (p for folder in folders for p in folder.rglob("*") if p.suffix in kinds)
    return "\n".join(file.read_text("utf-8") for file in files)
