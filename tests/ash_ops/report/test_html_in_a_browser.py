"""The pages in a real browser: they fit a phone and a screen, can be read in light and dark and on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from ash_ops.checks.base import Evidence, Fix
from ash_ops.cost.answer import Answer
from ash_ops.cost.compare import Comparison
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.deploy.remove.leftovers import Found
from ash_ops.diagnosis import diagnose
from ash_ops.report import render
from ash_ops.report.cost.html import page as cost_page
from ash_ops.report.html.receipt import page as receipt_page
from ash_ops.report.receipt import receipt
from tests.support import scenarios
from tests.support.browser import Browser, found
from tests.support.guides_plan import guides_plan

pytestmark = pytest.mark.skipif(found() is None, reason="no Chromium on this machine")

PHONE, SCREEN, PAPER = 390, 1280, 718  # pixels; A4 within Chromium's margins
HOSTILE = (
    "</script></style><img src=x onerror='pwned=1'><script>pwned=1</script><svg onload='pwned=1'>"
)
LONG = "arn:aws:secretsmanager:us-east-1:111122223333:secret:" + "a" * 200

# The contrast of every text with what is behind it (WCAG 2.2, 1.4.3); of texts in a picture, whose
# boxes have the page's ground, the lower of both.
CONTRASTS = """(() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const light = (colour) => parts(colour).slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0)
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + .05) / (y + .05) }
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor
      if ((parts(colour)[3] ?? 1) > 0) return colour
    }
    return 'rgb(255, 255, 255)'
  }
  const low = []
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue
    const style = getComputedStyle(e)
    const ink = e.closest('svg') ? style.fill : style.color
    const grounds = [behind(e), ...(e.closest('svg') ? [getComputedStyle(document.body).backgroundColor] : [])]
    const least = Math.min(...grounds.map((ground) => ratio(ink, ground)))
    if (least < 4.5) low.push(`${least.toFixed(2)} ${e.tagName} ${walk.currentNode.data.trim().slice(0, 40)}`)
  }
  return low
})()"""
# What reaches beyond the right edge, and would be cut there.
BEYOND = """[...document.body.querySelectorAll('*')].filter((e) => e.getClientRects().length
  && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((e) => e.outerHTML.slice(0, 80))
"""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def doctor() -> str:
    snapshot = scenarios.load("out-of-memory")[0]
    return render(diagnose(snapshot), "html", snapshot=snapshot)


def hostile() -> str:
    snapshot = scenarios.load("secret-is-gone-and-no-task-comes-past-it")[0]
    report = diagnose(snapshot)
    words = f"{HOSTILE} {LONG}"
    proof = Evidence(source="ecs:DescribeTasks", field=HOSTILE, value=words)
    first = replace(
        report.findings[0], title=HOSTILE, summary=words, evidence=(proof,), fix=(Fix(why=words, command=words),)
    )  # fmt: skip
    report = replace(report, findings=(first, *report.findings[1:]))
    return render(report, "html", snapshot=snapshot)


def cost() -> str:
    estimate = monthly_estimate(guides_plan())
    change = Comparison(estimate, estimate, f"cpu={HOSTILE}")
    return cost_page(Answer(estimate, (change,), None, "ash-cloud", ()), f"ash-cloud {HOSTILE}")


def teardown() -> str:
    left = [
        Found(kind="databases", ids=(f"{HOSTILE} {LONG}",)),
        Found(kind="alarms", unknown="denied"),
    ]
    return receipt_page(receipt("ash-cloud", "us-east-1", ["Service (ECS::Service)"], left, [LONG]))


PAGES = (doctor, hostile, cost, teardown)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One browser for all of it: starting one takes a second."""
    path = found()
    assert path is not None
    opened = Browser(path, tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


def faults(browser: Browser) -> list[Any]:
    wide = ["the page is wider than the screen"] if browser.value(WIDER) else []
    return [*wide, *browser.value(BEYOND), *browser.value(CONTRASTS)]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone_and_a_screen_and_can_be_read_in_light_and_dark(
    browser: Browser, page: Callable[[], str]
) -> None:
    text = page()
    for width in (PHONE, SCREEN):
        grounds = set()
        for dark in (False, True):
            browser.show(text, width=width, dark=dark)
            assert faults(browser) == [], (width, dark)
            grounds.add(browser.value("getComputedStyle(document.body).backgroundColor"))
        assert len(grounds) == 2


@pytest.mark.parametrize("page", PAGES)
def test_on_paper_nothing_is_cut_or_folded_and_there_are_no_buttons(
    browser: Browser, page: Callable[[], str]
) -> None:
    browser.show(page(), width=PAPER, dark=True, paper=True)
    assert faults(browser) == []
    shown = "[...document.querySelectorAll('{}')].filter((e) => e.getBoundingClientRect().height > 0).length"
    assert browser.value(shown.format("button")) == 0
    folded = browser.value("document.querySelectorAll('.evidence li').length")
    assert browser.value(shown.format(".evidence li")) == folded
    assert browser.pdf().startswith(b"%PDF")


@pytest.mark.parametrize("page", PAGES)
def test_what_others_wrote_is_text_and_nothing_of_it_runs(
    browser: Browser, page: Callable[[], str]
) -> None:
    browser.show(page(), width=SCREEN)
    assert browser.value("typeof pwned") == "undefined"
    assert browser.value("document.querySelectorAll('img').length") == 0
    assert browser.value("document.querySelectorAll('script:not(#copying)').length") == 0
    assert browser.value("performance.getEntriesByType('resource').length") == 0


def test_a_page_without_script_has_the_whole_answer(browser: Browser) -> None:
    browser.show(doctor(), width=PHONE, script=False)
    said = browser.value("document.body.innerText")
    assert "container-oom" in said
    assert "ash-ops deploy --memory" in said
    assert "Copy" not in said
    browser.show(doctor(), width=PHONE)
    assert "Copy" in browser.value("document.body.innerText")


def test_the_measures_see_what_is_too_wide_and_too_pale(browser: Browser) -> None:
    pale = "<p style='color: #999; background: #fff'>pale</p>"
    browser.show(f"<!doctype html>{pale}<pre>{'x' * 400}</pre>", width=PHONE)
    told = faults(browser)
    assert told[0] == "the page is wider than the screen"
    assert any(str(fault).endswith("P pale") for fault in told)
