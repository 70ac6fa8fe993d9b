"""What no deployment can be is refused with a sentence; tables fit the terminal there is."""

from __future__ import annotations

import pytest

from ash_ops.cost.answer import Answer
from ash_ops.cost.choices import change, parse_pairs
from ash_ops.cost.compare import Comparison
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.plan import EC2, FARGATE, MULTI_MACHINE, STANDALONE, Plan, default_plan
from ash_ops.errors import UsageProblem
from ash_ops.report.cost import as_text
from ash_ops.report.cost.markdown import markdown
from tests.support.guides_plan import guides_plan

SIX = ("cpu=2048,memory=4096", "arch=arm64", "region=eu-west-1", "region=sa-east-1", "private=yes,nat=2", "launch-type=ec2")  # fmt: skip


def standalone(launch_type: str = FARGATE) -> Plan:
    return default_plan(STANDALONE, launch_type)


@pytest.mark.parametrize(
    ("plan", "text", "why"),
    [
        (standalone(EC2), "instance-type=zz.large", "it is a type such as m6i.large"),
        (standalone(EC2), "instance-type=m6i.huge", "it is a type such as m6i.large"),
        (standalone(EC2), "instance-type=m6i.large|<b>", "it is a type such as m6i.large"),
        (standalone(EC2), "instance-type=m6i.large\u202e", "it is a type such as m6i.large"),
        (standalone(EC2), "arch=x86_64,instance-type=m6g.large", "m6i.large has one"),
        (standalone(EC2), "arch=arm64,instance-type=c7i.xlarge", "c7g.xlarge has one"),
        (default_plan(MULTI_MACHINE, FARGATE), "database=db.nosuch", "db.t4g.micro"),
        (standalone(), "nat=2", "goes out by itself: add --private"),
    ],
)
def test_what_cannot_be_is_refused_and_says_why(plan: Plan, text: str, why: str) -> None:
    with pytest.raises(UsageProblem) as refused:
        change(plan, parse_pairs(text))
    assert why in str(refused.value.why)


@pytest.mark.parametrize(
    ("launch_type", "text"),
    [
        (EC2, "instance-type=c7i.metal-24xl"), (EC2, "instance-type=u-6tb1.metal"), (EC2, "instance-type=m9x.3xlarge"),
        (EC2, "instance-type=m6g.large"), (EC2, "arch=arm64,instance-type=m6g.large"), (FARGATE, "private=yes,nat=2"),
        (FARGATE, "nat=0"), (EC2, "instance-type=u7i-12tb.224xlarge"), (EC2, "instance-type=x2iezn.metal"),
    ],
)  # fmt: skip
def test_what_is_a_type_is_taken_though_it_may_have_no_price(launch_type: str, text: str) -> None:
    change(standalone(launch_type), parse_pairs(text))


def answer(*changes: str) -> Answer:
    before = guides_plan()
    now = monthly_estimate(before)
    beside = tuple(
        Comparison(now, monthly_estimate(change(before, parse_pairs(text))), text)
        for text in changes
    )
    return Answer(now, beside, None, "ash-cloud", ())


@pytest.mark.parametrize("width", [60, 70, 80])
@pytest.mark.parametrize("changes", [(), SIX[:1], SIX[:3], SIX, SIX * 2])
def test_a_table_is_no_wider_than_the_terminal(width: int, changes: tuple[str, ...]) -> None:
    text = as_text(answer(*changes), width=width)
    wide = [line for line in text.splitlines() if len(line) > width]
    assert [
        line for line in wide if "`-v`" not in line
    ] == []  # a sentence, broken as it is printed
    if changes:
        assert all(f": {each}" in text for each in changes)


def test_a_change_that_finds_no_room_stands_in_a_table_below() -> None:
    text = as_text(answer(*SIX), width=60)
    assert text.count("\nTotal ") > 1
    for letter in "ABCDEF":
        assert sum(f" {letter}\n" in f"{line}\n" or f" {letter} " in line for line in text.splitlines() if line.startswith("$/month")) == 1  # fmt: skip


def test_markdown_has_a_row_for_each_change_with_its_difference() -> None:
    text = markdown(answer(*SIX), "ash | <b>`x`")
    assert text.startswith("# ash \\| \\<b\\>\\`x\\`\n")
    rows = [line for line in text.splitlines() if line.startswith(("| cpu", "| arch", "| region"))]
    assert len(rows) == 4
    assert all(line.count(" | ") == 2 for line in rows)
