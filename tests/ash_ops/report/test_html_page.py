"""The HTML report as a document: whole, self-contained, and unmoved by what others wrote."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import dataclass, field
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins

from ash_ops.causes import CAUSES
from ash_ops.diagnosis import diagnose
from ash_ops.facts.model import parsed
from ash_ops.facts.snapshot import Snapshot
from ash_ops.report import format_of, render
from ash_ops.report.html.attached import LARGEST
from tests.support import scenarios
from tests.support.each import each

_VOID = {"meta", "br", "hr", "img", "input", "link"}
_LOADS = {"src", "srcset", "data", "poster", "action", "background"}
HOSTILE = "</script></style><img src=x onerror=alert(1)><svg onload=alert(1)> &amp; '\" ]]>"


@dataclass
class Page(HTMLParser):
    """A page as a browser's parser meets it: what is open, and what was seen."""

    open: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seen: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]


def page_of(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    return page


def html(name: str) -> str:
    snapshot = scenarios.load(name)[0]
    return render(diagnose(snapshot), "html", snapshot=snapshot)


def attached(text: str) -> bytes:
    found = re.search(r"href='data:application/json;base64,([^']*)'", text)
    assert found is not None
    return b64decode(found[1])


@each("name", scenarios.names())
def test_every_page_is_balanced_has_one_heading_and_loads_nothing(name: str) -> None:
    text = html(name)
    page = page_of(text)
    assert (page.open, page.faults) == ([], [])
    assert len(page.all("h1")) == 1
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all(
        "meta"
    )
    assert not page.all("link")
    assert not page.all("img")
    assert not page.all("iframe")
    assert not [attributes for _, attributes in page.seen if _LOADS & set(attributes)]
    assert "@import" not in text
    assert "url(" not in text
    ids = [attributes["id"] for _, attributes in page.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    for drawn in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ET.fromstring(drawn)


def test_only_the_pages_own_script_may_run() -> None:
    """Were a text to get through unescaped, the policy would still stop it."""
    text = html("out-of-memory")
    [policy] = [m["content"] for m in page_of(text).all("meta") if "http-equiv" in m]
    assert policy is not None
    assert "default-src 'none'" in policy
    assert re.search(r"script-src 'sha256-[\w+/]{43}='$", policy)
    assert "unsafe-eval" not in policy
    assert page_of(text).all("script") == [{"id": "copying"}]


def texts_planted(value: object, plant: str) -> object:
    """A document with the plant behind each text that is no name of a state or a time."""
    if isinstance(value, dict):
        return {key: texts_planted(item, plant) for key, item in value.items()}
    if isinstance(value, list):
        return [texts_planted(item, plant) for item in value]
    is_word = isinstance(value, str) and not re.match(r"\d{4}-\d\d-\d\d|ash-ops", value)
    return f"{value}{plant}" if is_word else value


def test_markup_in_any_fact_stays_text() -> None:
    """Every text of every reading carries it, the drawn ones too."""
    facts = to_builtins(scenarios.load("out-of-memory")[0])
    for name, reading in facts.items():
        if isinstance(reading, dict) and "value" in reading:
            reading["value"] = texts_planted(reading["value"], HOSTILE)
        elif name == "deployment":
            facts[name] = texts_planted(reading, HOSTILE)
    # Literal names of kinds are no free texts.
    snapshot = parsed(Snapshot, facts)
    text = render(diagnose(snapshot), "html", snapshot=snapshot)
    page = page_of(text)
    assert "onerror" in text
    assert "onload" in text
    assert (page.open, page.faults) == ([], [])
    assert not page.all("img")
    assert len(page.all("script")) == 1
    assert not [name for _, found in page.seen for name in found if name.startswith("on")]


@given(words=st.text(max_size=120))
def test_no_words_of_aws_break_the_drawing(words: str) -> None:
    change = {"stopped_tasks": {"value": [{"taskArn": words, "stoppedAt": "2026-11-22T11:58:00Z",
        "stoppedReason": words, "containers": [{"name": words, "reason": words}]}]},
        "target_health": {"value": [{"Target": {"Id": words, "Port": 1}, "TargetHealth": {"State": words}}]},
        "log_lines": {"value": [{"at": "2026-11-22T11:58:00Z", "message": f"error {words}"}]}}  # fmt: skip
    snapshot = scenarios.snapshot(change)
    page = page_of(render(diagnose(snapshot), "html", snapshot=snapshot))
    assert (page.open, page.faults) == ([], [])


def test_a_cause_links_to_where_its_facts_come_from() -> None:
    links = [a.get("href") for a in page_of(html("out-of-memory")).all("a")]
    assert CAUSES["container-oom"].docs_url in links


def test_the_attached_facts_are_those_of_the_page_and_are_read_again() -> None:
    snapshot = scenarios.load("out-of-memory")[0]
    again = parsed(Snapshot, json.loads(attached(html("out-of-memory"))))
    assert again == snapshot
    assert diagnose(again).findings == diagnose(snapshot).findings


def thousand_tasks() -> Snapshot:
    facts = scenarios.healthy()
    [task] = facts["tasks"]["value"]
    [target] = facts["target_health"]["value"]
    arn = task["taskArn"][:-6]
    rows = [
        {**target, "Target": {**target["Target"], "Id": f"10.0.{n // 250}.{n % 250}"}}
        for n in range(999)
    ]
    ill = {
        **target,
        "Target": {**target["Target"], "Id": "10.9.9.9"},
        "TargetHealth": {"State": "unhealthy"},
    }
    dead = [{**task, "taskArn": f"{arn}d{n:05}", "lastStatus": "STOPPED", "stoppedAt": f"2026-11-22T11:{n % 60:02}:00Z",
             "stoppedReason": "Essential container in task exited"} for n in range(1000)]  # fmt: skip
    return scenarios.snapshot(
        {
            "tasks": {"value": [{**task, "taskArn": f"{arn}{n:06}"} for n in range(1000)]},
            "stopped_tasks": {"value": dead},
            "target_health": {"value": [*rows, ill]},
        }
    )


def test_a_thousand_tasks_fit_on_a_page_and_the_ill_one_is_drawn() -> None:
    snapshot = thousand_tasks()
    text = render(diagnose(snapshot), "html", snapshot=snapshot)
    drawn = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len("".join(drawn)) < 60_000
    assert len(text) < 400_000
    assert "10.9.9.9:4100" in drawn[0]
    assert "and 996 more: 996 healthy" in drawn[0]
    assert "996 running, healthy" in drawn[0]
    assert "base64" not in text
    assert "too large to be attached" in text
    assert LARGEST < 1_000_000


def test_without_facts_there_is_no_drawing_and_the_findings_are_all_there() -> None:
    report = diagnose(scenarios.load("out-of-memory")[0])
    text = render(report, "html")
    assert "<svg" not in text
    assert "base64" not in text
    assert all(item.cause in text for item in report.findings)


def test_the_account_is_masked_in_the_head() -> None:
    head = html("healthy-as-it-is").partition("<main>")[0]
    assert "account ••••3333" in head
    assert "111122223333" not in head


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("report.html", "html"), ("a/Report.HTM", "html"), ("r.json", "json"), ("r.md", "markdown"),
        ("r.sarif", "sarif"), ("r.xml", "junit"), ("r.txt", "text"), ("html", "text"), ("r", "text"),
    ],
)  # fmt: skip
def test_the_ending_of_a_file_names_the_format(path: str, form: str) -> None:
    assert format_of(path) == form
