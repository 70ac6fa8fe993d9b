"""What was billed: the charge is said and agreed to, every page is read, nothing is paid twice."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ash_ops.aws.cost_explorer import spend
from ash_ops.cost.actual import Actual, Period, last_days, read_actual, service_of
from ash_ops.cost.cache import Cache
from ash_ops.cost.estimate import monthly_estimate
from ash_ops.cost.lines import quantities
from ash_ops.cost.plan import MULTI_MACHINE
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.report.cost.text import actual_text
from tests.support.contracts import holds
from tests.support.guides_plan import guides_plan

TODAY = date(2026, 11, 23)
DAYS = (date(2026, 11, 1), date(2026, 11, 11))
PERIOD = Period(*DAYS, Decimal(240))
ECS = "Amazon Elastic Container Service"
NLB = "Amazon Elastic Load Balancing"


def month(*groups: tuple[str, str], estimated: bool = True, unit: str = "USD") -> dict[str, Any]:
    return {
        "TimePeriod": {"Start": "2026-11-01", "End": "2026-11-11"},
        "Total": {},
        "Groups": [
            {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": amount, "Unit": unit}}}
            for name, amount in groups
        ],
        "Estimated": estimated,
    }


class Bills:
    """Cost Explorer of one account: what carries the tag, all there is, and the tag's status."""

    def __init__(self, fake_aws: Any, tagged: list[Any], account: list[Any], tags: Any) -> None:
        self._parts = {True: tagged, False: account}
        fake_aws.answers["GetCostAndUsage"] = self._usage
        fake_aws.answers["ListCostAllocationTags"] = lambda _: tags

    def _usage(self, body: dict[str, Any]) -> tuple[int, Any]:
        pages = self._parts["And" in body["Filter"]]
        number = int(body.get("NextPageToken", "0"))
        answer = {"ResultsByTime": pages[number]}
        if number + 1 < len(pages):
            answer["NextPageToken"] = str(number + 1)
        return 200, answer


def no_tags(status: str | None = None) -> tuple[int, Any]:
    tags = [{"TagKey": "ash:deployment", "Type": "UserDefined", "Status": status}] if status else []
    return 200, {"CostAllocationTags": tags}


@pytest.fixture
def bills(fake_aws: Any) -> Bills:
    tagged = [[month((ECS, "6.00"))], [month((ECS, "0.01"), (NLB, "5.40"))]]
    account = [[month((ECS, "60.00"), (NLB, "15.00"), ("Amazon Quick", "99"))]]
    return Bills(fake_aws, tagged, account, no_tags())


class Asked:
    """Somebody who is asked, and answers."""

    def __init__(self, answer: bool) -> None:
        self.answer = answer
        self.questions: list[str] = []

    def __call__(self, question: str) -> bool:
        self.questions.append(question)
        return self.answer


def read(fake_aws: Any, cache: Path, asked: Asked | None = None, clock: float = 1.0) -> Actual:
    return read_actual(
        fake_aws.session(),
        monthly_estimate(guides_plan(), today=TODAY),
        PERIOD,
        Cache(cache, lambda: clock),
        asked or Asked(True),
    )


def test_every_page_is_added_and_paid_for(fake_aws: Any, bills: Bills, tmp_path: Path) -> None:
    actual = read(fake_aws, tmp_path)
    tagged = (ECS, "USD", Decimal("6.01")), (NLB, "USD", Decimal("5.40"))
    assert actual.tagged.amounts == tagged
    assert (actual.charge, fake_aws.count("GetCostAndUsage")) == (Decimal("0.03"), 3)


def test_the_question_is_of_usage_by_tag_and_of_the_whole_account(
    fake_aws: Any, bills: Bills, tmp_path: Path
) -> None:
    read(fake_aws, tmp_path)
    first, *_, last = [body for name, body in fake_aws.asked if name == "GetCostAndUsage"]
    assert first["TimePeriod"] == {"Start": "2026-11-01", "End": "2026-11-11"}
    assert first["Filter"]["And"][0] == {"Tags": {"Key": "ash:deployment", "Values": ["ash-cloud"]}}
    assert last["Filter"]["Not"]["Dimensions"]["Values"] == ["Credit", "Refund", "Tax"]


def test_the_estimate_beside_it_is_for_the_same_days(
    fake_aws: Any, bills: Bills, tmp_path: Path
) -> None:
    rows = {row.service: row for row in read(fake_aws, tmp_path).rows}
    fargate = Decimal("0.024685") * 24 * 10
    assert rows[ECS].estimated is not None
    assert round(rows[ECS].estimated, 6) == round(fargate, 6)
    assert (rows[ECS].tagged, rows[ECS].account) == (Decimal("6.01"), Decimal(60))
    assert rows["AWS Secrets Manager"].tagged is None
    assert "Amazon Quick" not in rows


def test_the_charge_is_said_before_and_a_no_costs_nothing(
    fake_aws: Any, bills: Bills, tmp_path: Path
) -> None:
    asked = Asked(False)
    with pytest.raises(OpsError, match="not agreed"):
        read(fake_aws, tmp_path, asked)
    assert "$0.01 a page" in asked.questions[0]
    assert fake_aws.count("GetCostAndUsage") == 0


def test_an_answer_is_kept_for_a_day_and_not_longer(
    fake_aws: Any, bills: Bills, tmp_path: Path
) -> None:
    first = read(fake_aws, tmp_path, clock=1000.0)
    asked = Asked(False)
    again = read(fake_aws, tmp_path, asked, clock=1000.0 + 86_399)
    assert (asked.questions, again.charge, again.rows) == ([], Decimal(0), first.rows)
    with pytest.raises(OpsError):
        read(fake_aws, tmp_path, asked, clock=1000.0 + 86_400)


def test_another_deployment_has_another_answer(fake_aws: Any, bills: Bills, tmp_path: Path) -> None:
    read(fake_aws, tmp_path)
    asked = Asked(False)
    with pytest.raises(OpsError):
        read_actual(
            fake_aws.session(ASH_OPS_NAME="ash-two"),
            monthly_estimate(guides_plan()),
            PERIOD,
            Cache(tmp_path, lambda: 1.0),
            asked,
        )
    assert len(asked.questions) == 1


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"at": 1}', '{"at": "x", "question": 1}'])
def test_a_damaged_kept_answer_is_read_anew(
    fake_aws: Any, bills: Bills, tmp_path: Path, damage: str
) -> None:
    read(fake_aws, tmp_path)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text(damage)
    assert read(fake_aws, tmp_path).charge == Decimal("0.03")


def test_what_is_kept_is_for_the_user_alone_and_holds_no_credentials(
    fake_aws: Any, bills: Bills, tmp_path: Path
) -> None:
    read(fake_aws, tmp_path / "new" / "folder")
    (kept,) = (tmp_path / "new" / "folder").glob("*.json")
    assert kept.stat().st_mode & 0o077 == 0
    assert "AKIA" not in kept.read_text()
    assert "not-a-real-secret" not in kept.read_text()


def test_a_folder_that_cannot_be_written_is_no_failure(
    fake_aws: Any, bills: Bills, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert read(fake_aws, tmp_path / "file" / "below").charge == Decimal("0.03")


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        pytest.param(no_tags("Inactive"), "is not activated for cost allocation", id="inactive"),
        pytest.param(no_tags("Active"), "was billed yet", id="active, nothing billed"),
        pytest.param(no_tags(), "Billing has not seen the tag", id="never seen"),
        pytest.param(
            (400, {"__type": "AccessDeniedException", "message": "payer only"}),
            "could not be told (ce:ListCostAllocationTags: AccessDeniedException)",
            id="a member account may not ask",
        ),
    ],
)
def test_nothing_with_the_tag_is_explained_and_never_shown_as_zero(
    fake_aws: Any, tmp_path: Path, tags: Any, told: str
) -> None:
    Bills(fake_aws, [[month()]], [[month((ECS, "60.00"))]], tags)
    actual = read(fake_aws, tmp_path)
    assert told in actual.notes[0]
    (total,) = [x for x in actual_text(actual, "t").splitlines() if x.startswith("Total")]
    assert total.split()[-2:] == ["-", "60.00"]
    assert [row.tagged for row in actual.rows if row.tagged is not None] == []
    assert actual.charge == Decimal("0.03")
    holds("cost", actual.document(), part="Bill")
    assert json.dumps(actual.document()["services"], default=str).count('"tagged": "0"') == 0


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        pytest.param(
            (400, {"__type": "AccessDeniedException", "message": ""}), "denied", id="denied"
        ),
        pytest.param((400, {"__type": "DataUnavailableException"}), "failed", id="not enabled yet"),
        pytest.param((200, {"ResultsByTime": [{"Groups": [{}]}]}), "failed", id="no amounts"),
        pytest.param((200, {"ResultsByTime": [month((ECS, "many"))]}), "failed", id="not a number"),
    ],
)
def test_a_failed_answer_is_said_and_not_kept(
    fake_aws: Any, tmp_path: Path, reply: Any, kind: str
) -> None:
    fake_aws.answers["GetCostAndUsage"] = lambda _: reply
    with pytest.raises(ReadFailed) as failed:
        read(fake_aws, tmp_path)
    assert (failed.value.call, failed.value.kind) == ("ce:GetCostAndUsage", kind)
    assert list(tmp_path.iterdir()) == []


def test_a_token_that_never_ends_does_not_spend_for_ever(fake_aws: Any) -> None:
    fake_aws.answers["GetCostAndUsage"] = lambda body: (
        200,
        {"ResultsByTime": [], "NextPageToken": body.get("NextPageToken", "") + "x"},
    )
    found = spend(fake_aws.session(), *DAYS)
    assert (found.pages, found.cut) == (20, True)


def many_pages(count: int) -> list[Any]:
    return [[month((f"Service {number}", "1.00"))] for number in range(count)]


def test_no_page_is_paid_for_before_it_was_agreed_to(fake_aws: Any, tmp_path: Path) -> None:
    """Agreed to $0.03, then to $0.10 more, then asked again; a no ends it with what was read."""
    Bills(fake_aws, many_pages(30), [[month((ECS, "60.00"))]], no_tags())

    class Twice(Asked):
        def __call__(self, question: str) -> bool:
            super().__call__(question)
            return len(self.questions) <= 2

    asked = Twice(True)
    actual = read(fake_aws, tmp_path, asked)
    calls = fake_aws.count("GetCostAndUsage") + fake_aws.count("ListCostAllocationTags")
    assert calls == 13
    assert actual.charge == Decimal("0.13")
    assert ["$0.03" in asked.questions[0], "$0.10 more" in asked.questions[1]] == [True, True]


def test_a_cut_is_told_and_not_kept(fake_aws: Any, tmp_path: Path) -> None:
    Bills(fake_aws, many_pages(41), [[month((ECS, "60.00"))]], no_tags())
    actual = read(fake_aws, tmp_path)
    assert len(actual.tagged.amounts) == 20
    assert actual.document()["complete"] is False
    assert "Not all pages were read" in actual_text(actual, "t")
    assert list(tmp_path.iterdir()) == []


def test_amounts_of_two_currencies_are_never_added(fake_aws: Any, tmp_path: Path) -> None:
    both = [month((ECS, "6.00")), month((ECS, "5.00"), unit="EUR")]
    Bills(fake_aws, [both], [both], no_tags())
    actual = read(fake_aws, tmp_path)
    found = {(row.service, row.currency): row.tagged for row in actual.rows if row.tagged}
    assert found == {(ECS, "USD"): Decimal("6.00"), (ECS, "EUR"): Decimal("5.00")}
    text = actual_text(actual, "t")
    assert "11.00" not in text
    assert "two currencies are not added" in " ".join(text.split())
    (total,) = [line for line in text.splitlines() if line.startswith("Total")]
    assert total.split()[-2:] == ["-", "-"]


def test_an_estimate_is_compared_in_the_currency_of_the_price_list(
    fake_aws: Any, tmp_path: Path
) -> None:
    both = [month((ECS, "5.00"), unit="EUR"), month((ECS, "6.00"))]
    Bills(fake_aws, [both], [both], no_tags())
    compared = [
        row for row in read(fake_aws, tmp_path).rows if row.service == ECS and row.estimated
    ]
    assert [row.currency for row in compared] == ["USD"]


def test_a_part_of_a_day_is_named_and_estimated_as_a_part() -> None:
    period = last_days(30, TODAY, datetime(2026, 11, 21, 18, tzinfo=UTC))
    assert (period.start, period.hours, period.is_partial) == (date(2026, 11, 21), 30, True)


def test_that_there_is_no_deployment_is_said_before_the_charge(
    fake_aws: Any, bills: Bills, tmp_path: Path
) -> None:
    asked = Asked(False)
    with pytest.raises(OpsError):
        read_actual(
            fake_aws.session(),
            monthly_estimate(guides_plan()),
            PERIOD,
            Cache(tmp_path, lambda: 1.0),
            asked,
            before="There is no deployment ash-cloud in us-east-1: this is the plan.",
        )
    assert asked.questions[0].startswith("There is no deployment")


@pytest.mark.parametrize(
    ("since", "start"),
    [
        pytest.param(None, date(2026, 10, 24), id="30 days"),
        pytest.param(
            datetime(2026, 11, 20, tzinfo=UTC),
            date(2026, 11, 20),
            id="not from before the deployment",
        ),
        pytest.param(
            datetime(2026, 11, 23, 9, tzinfo=UTC),
            date(2026, 11, 22),
            id="deployed today: one day at least",
        ),
    ],
)
def test_the_days_end_yesterday(since: datetime | None, start: date) -> None:
    found = last_days(30, TODAY, since)
    assert (found.start, found.end) == (start, TODAY)


def test_every_line_has_its_service_in_cost_explorer() -> None:
    keys = {quantity.key for quantity in quantities(guides_plan(MULTI_MACHINE))}
    assert [key for key in keys if service_of(key) is None] == []


def test_the_table_names_the_days_and_fits_a_terminal(
    fake_aws: Any, bills: Bills, tmp_path: Path
) -> None:
    text = actual_text(read(fake_aws, tmp_path), "ash-cloud")
    assert "10 days, 2026-11-01 to 2026-11-10; asking cost $0.03" in text
    assert max(len(line) for line in text.splitlines()) <= 80
