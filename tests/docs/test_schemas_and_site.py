"""What is printed holds what its schema says; a link of the site that leads nowhere is told."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from ash_ops.diagnosis import diagnose
from ash_ops.repairs.acts import Act
from ash_ops.report.changes import Watched
from ash_ops.report.json import render
from tests.docs.pages import ROOT
from tests.support import scenarios
from tools.site import broken, read


def schema(name: str) -> jsonschema.Draft202012Validator:
    made = json.loads((ROOT / f"docs/schemas/{name}.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


@pytest.mark.parametrize(
    "name",
    ["out-of-memory", "healthy-as-it-is", "may-not-describe-tasks", "rolled-back-by-an-alarm"],
)
def test_a_report_holds_what_its_schema_says(name: str) -> None:
    report = diagnose(scenarios.load(name)[0])
    act = Act(finding="x", why="Do it.", command="ash-ops deploy", outcome="done")
    document = json.loads(render(report, [act]))
    schema("doctor").validate(document)
    known = schema("doctor").schema["$defs"]["Report"]["properties"]
    assert set(document) <= set(known)  # nothing is printed that is not told


def test_a_change_holds_what_its_schema_says() -> None:
    watched = Watched(diagnose(scenarios.load("healthy-as-it-is")[0]))
    changes = watched.take(diagnose(scenarios.load("out-of-memory")[0]))
    document = {**json.loads(msgspec.json.encode(changes)), "at": "2026-11-27T10:00:00Z"}
    schema("watch").validate(document)
    assert set(document) == set(schema("watch").schema["$defs"]["Changes"]["properties"])


def test_a_report_without_its_status_is_none() -> None:
    document = json.loads(render(diagnose(scenarios.load("out-of-memory")[0])))
    del document["status"]
    assert not schema("doctor").is_valid(document)


def test_a_link_that_leads_nowhere_is_found_and_one_that_leads_somewhere_is_not(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.html").write_text(
        "<h1 id='top'>a</h1><a href='b.html#there'>b</a><a href='#top'>c</a>"
    )
    (tmp_path / "b.html").write_text(
        "<p id='there'><a href='gone.html'>x</a><a href='a.html#no'>y</a>"
    )
    assert list(broken(tmp_path, read(tmp_path))) == ["b.html: gone.html", "b.html: a.html#no"]


def test_every_page_that_a_person_wrote_has_its_place_on_the_site() -> None:
    told = (ROOT / "zensical.toml").read_text("utf-8")
    pages = sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    assert [page for page in pages if f'"{page}"' not in told] == []
