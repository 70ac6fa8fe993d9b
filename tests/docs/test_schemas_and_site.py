"""What is printed holds what its schema says; a link of the site that leads nowhere is told."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import jsonschema
import msgspec
import pytest

from ash_ops.cost.answer import Answer
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.otherwise import otherwise
from ash_ops.cost.prices.table import bundled
from ash_ops.cost.sizing import Need, configurations
from ash_ops.cost.tokens.bill import TokenBill
from ash_ops.cost.tokens.prices import price_of
from ash_ops.diagnosis import diagnose
from ash_ops.repairs.acts import Act
from ash_ops.report.changes import Watched
from ash_ops.report.cost.json import document, dumps
from ash_ops.report.json import render
from tests.docs.pages import ROOT
from tests.support import scenarios
from tests.support.contracts import contract, holds
from tests.support.guides_plan import guides_plan
from tools.site import broken, read


@pytest.mark.parametrize(
    "name",
    ["out-of-memory", "healthy-as-it-is", "may-not-describe-tasks", "rolled-back-by-an-alarm"],
)
def test_a_report_holds_what_its_schema_says(name: str) -> None:
    report = diagnose(scenarios.load(name)[0])
    act = Act(finding="x", why="Do it.", command="ash-ops deploy", outcome="done")
    holds("doctor", json.loads(render(report, [act])))


def test_a_change_holds_what_its_schema_says() -> None:
    watched = Watched(diagnose(scenarios.load("healthy-as-it-is")[0]))
    changes = watched.take(diagnose(scenarios.load("out-of-memory")[0]))
    document = {**json.loads(msgspec.json.encode(changes)), "at": "2026-11-27T10:00:00Z"}
    holds("watch", document)
    assert set(document) == set(contract("watch").schema["$defs"]["Changes"]["properties"])


def test_a_report_without_its_status_is_none() -> None:
    document = json.loads(render(diagnose(scenarios.load("out-of-memory")[0])))
    del document["status"]
    assert not contract("doctor").is_valid(document)


@pytest.mark.parametrize(
    "file", sorted((ROOT / "docs/schemas").glob("*.json")), ids=lambda f: f.stem
)
def test_a_field_that_no_schema_tells_is_refused_and_every_schema_has_its_place_on_the_page(
    file: Path,
) -> None:
    assert f"](schemas/{file.name})" in (ROOT / "docs/json.md").read_text("utf-8")
    with pytest.raises(jsonschema.ValidationError, match="unheard"):
        holds(file.stem, {"unheard": 1})


def test_a_price_with_all_that_can_be_asked_for_holds_what_its_schema_says() -> None:
    plan = guides_plan()
    bill = TokenBill(price_of("claude-sonnet-5-5"), None, Decimal(200))
    sizes = configurations(Need(50), plan.region, bundled(), 1024)
    estimate = monthly_estimate(plan)
    ways = otherwise(estimate, bundled())
    told = dumps(document(Answer(estimate, (), None, "ash-cloud", (), bill, sizes, ways)))
    assert {"tokens", "sizes", "otherwise"} <= json.loads(told).keys()
    holds("cost", json.loads(told))


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
