"""One question for a cost, answered: of what is deployed or of a plan, with what a reader must know."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from ash_client import ConnectionFailed
from ash_ops.aws.client.session import Aws
from ash_ops.cost.answer import Answer, Request, answer
from ash_ops.cost.basis import find
from ash_ops.cost.plan import Plan
from ash_ops.cost.prices.live import LivePrices
from ash_ops.cost.prices.table import PriceTable
from ash_ops.cost.tokens.bill import ASSUMED, Counted, Tokens
from ash_ops.errors import CredentialsProblem, OpsError, ReadFailed, UsageProblem
from ash_ops.settings import Settings
from tests.support.account import Account
from tests.support.billed import NOW, world
from tests.support.deploying import KEYS, settings_of


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return Aws(settings_of())


def ask(aws: Aws, account: Account | None, settings: Settings | None = None, **more: Any) -> Answer:
    if account is not None:
        account.serve(aws)
    confirm = more.pop("confirm", lambda _: False)
    today = more.pop("today", NOW.date())
    count_tokens = more.pop("count_tokens", None)
    return answer(
        settings or aws.settings,
        lambda: aws,
        Request(**more),
        confirm=confirm,
        today=today,
        count_tokens=count_tokens,
    )


def test_what_is_deployed_is_priced_as_it_is_and_a_choice_prices_the_plan(aws: Aws) -> None:
    account = world()
    account.answers["GetMetricStatistics"] = {"Datapoints": []}
    found = ask(aws, account, prices="bundled")
    assert found.estimate.plan.deployed
    assert found.name == "ash-cloud"
    assert account.asked("GetProducts") == [], "its prices are those that came with ash-ops"
    for request in ({"only_plan": True}, {"chosen": {"memory": "2048"}}):
        plan = ask(aws, None, prices="bundled", **request).estimate.plan
        assert not plan.deployed


def test_a_deployment_is_as_old_as_its_oldest_service(aws: Aws) -> None:
    account = world()
    account.answers["GetMetricStatistics"] = {"Datapoints": []}
    account.serve(aws)
    found = find(aws.settings, lambda: aws, {}, only_plan=False)
    assert found.since == NOW - timedelta(days=30)
    assert (found.aws, found.note) == (aws, "")


def test_without_credentials_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> Aws:
        raise AssertionError("there is nothing to ask with")

    monkeypatch.setattr("ash_ops.cost.basis.credentials_may_exist", lambda _: False)
    found = find(settings_of(), never, {}, only_plan=False)
    assert found.note == "No AWS credentials: this is the plan, not a deployment."
    assert (found.aws, found.since) == (None, None)
    assert find(settings_of(), never, {"cpu": "1024", "memory": "2048"}, only_plan=False).note == ""


def test_no_deployment_is_said_and_the_plan_priced(aws: Aws) -> None:
    found = ask(aws, Account({}), prices="bundled")
    assert not found.estimate.plan.deployed
    assert found.notes == ("There is no deployment ash-cloud in us-east-1: this is the plan.",)


def test_a_deployment_that_may_not_be_read_says_how_to_price_the_plan(aws: Aws) -> None:
    account = Account({})
    account.answers["DescribeServices"] = "AccessDeniedException"
    with pytest.raises(ReadFailed) as failed:
        ask(aws, account)
    assert "`ash-ops cost --planned` prices the plan without AWS." in failed.value.next_step


def test_credentials_that_do_not_work_leave_the_plan(aws: Aws) -> None:
    def refused() -> Aws:
        raise CredentialsProblem("No credentials", "the profile is empty", "x")

    found = answer(aws.settings, refused, Request(prices="bundled"), confirm=lambda _: False)
    assert found.notes[0] == (
        "No credentials (the profile is empty): this is the plan, not a deployment."
    )


def test_old_prices_are_said_to_be_old(aws: Aws) -> None:
    later = NOW.date() + timedelta(days=365)
    found = ask(aws, None, only_plan=True, prices="bundled", today=later)
    assert any("days old" in note and "--prices live" in note for note in found.notes)
    fresh = ask(aws, None, only_plan=True, prices="bundled")
    assert fresh.notes == ()


@pytest.mark.parametrize(
    ("mode", "deployed", "credentials", "asked"),
    [
        ("bundled", False, True, ""),
        ("bundled", True, True, ""),
        ("auto", False, True, ""),  # a plan alone needs nobody
        ("auto", True, True, "with a key"),
        ("live", False, True, "with a key"),
        ("live", True, True, "with a key"),
        ("live", False, False, "without a key"),
    ],
)
def test_aws_is_asked_for_prices_where_a_session_is_open_or_it_was_wanted(
    aws: Aws,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    deployed: bool,
    credentials: bool,
    asked: str,
) -> None:
    def with_a_key(_: Aws, plan: Plan, table: PriceTable) -> LivePrices:
        return LivePrices(table.reader(plan.region), ("with a key",), used_table=False)

    def without(plan: Plan, table: PriceTable) -> LivePrices:
        return LivePrices(table.reader(plan.region), ("without a key",), used_table=False)

    monkeypatch.setattr("ash_ops.cost.prices.live.live_prices", with_a_key)
    monkeypatch.setattr("ash_ops.cost.prices.live.keyless_prices", without)
    monkeypatch.setattr("ash_ops.cost.answer.credentials_may_exist", lambda _: credentials)
    account = world()
    account.answers["GetMetricStatistics"] = {"Datapoints": []}
    found = ask(aws, account, only_plan=not deployed, prices=mode)
    assert found.estimate.plan.deployed is deployed
    assert [note for note in found.notes if "key" in note] == ([asked] if asked else [])


@pytest.mark.parametrize("used_table", [True, False])
def test_old_prices_matter_only_where_one_of_them_was_used(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, used_table: bool
) -> None:
    def prices(_aws: Aws, plan: Plan, table: PriceTable) -> LivePrices:
        return LivePrices(table.reader(plan.region), ("asked",), used_table)

    monkeypatch.setattr("ash_ops.cost.prices.live.live_prices", prices)
    later = NOW.date() + timedelta(days=365)
    found = ask(aws, Account({}), only_plan=True, prices="live", today=later)
    assert found.notes[0] == "asked"
    assert any("days old" in note for note in found.notes) is used_table


def test_what_does_not_go_with_a_size_that_is_looked_for_is_refused(aws: Aws) -> None:
    for more, option in (
        ({"chosen": {"cpu": "1"}}, "--cpu"),
        ({"compare": ("cpu=1",)}, "--compare"),
        ({"actual": True}, "--actual"),
        ({"prices": "live"}, "--prices live"),
    ):
        with pytest.raises(UsageProblem, match=f"{option} does not go with --for"):
            ask(aws, None, hold="5-sandboxes", **more)


def test_a_size_that_nothing_holds_is_unmet_and_has_no_price(aws: Aws) -> None:
    found = ask(aws, None, hold="100000-sandboxes")
    assert found.is_unmet
    assert found.within(Decimal(10**9)) is False
    assert [line.monthly for line in found.estimate.lines] == [None]
    assert "No configuration of one deployment holds 100000 sandboxes" in found.notes[0]
    assert found.otherwise == ()


def test_the_size_that_is_offered_first_is_the_one_that_is_priced(aws: Aws) -> None:
    found = ask(aws, None, hold="5-sandboxes")
    assert not found.is_unmet
    assert found.sizes
    assert found.estimate == found.sizes[0].estimate


def test_a_comparison_stands_beside_the_estimate(aws: Aws) -> None:
    found = ask(aws, None, only_plan=True, prices="bundled", compare=("region=eu-west-1",))
    (other,) = found.comparisons
    assert other.after.plan.region == "eu-west-1"
    assert other.before == found.estimate
    with pytest.raises(UsageProblem, match="is not known"):
        ask(aws, None, only_plan=True, prices="bundled", compare=("region=eu-west-9",))


def test_tokens_are_left_out_with_the_reason_where_nobody_counted(aws: Aws) -> None:
    found = ask(aws, None, only_plan=True, prices="bundled", model="claude-sonnet-4-5")
    assert found.tokens is None
    assert "What the model costs is left out (the server was not asked" in found.notes[0]


def test_planned_messages_are_part_of_the_month_and_of_the_budget(aws: Aws) -> None:
    plain = ask(aws, None, only_plan=True, prices="bundled")
    found = ask(aws, None, only_plan=True, prices="bundled", messages_a_day=Decimal(100))
    assert found.tokens is not None
    assert found.tokens.monthly > 0
    assert found.monthly == found.estimate.monthly + found.tokens.monthly
    assert plain.monthly == plain.estimate.monthly
    assert found.within(found.monthly) is True
    assert found.within(found.monthly - Decimal("0.01")) is False
    assert found.estimate.plan.model_gb == found.tokens.sent_gb


USED = Tokens(Decimal(40), Decimal(60), Decimal(80), Decimal(120))
COUNTED = Counted(Decimal(10), USED, Decimal(20), Decimal(4))


@pytest.mark.parametrize(
    ("given", "a_day"),
    [({}, Decimal(2)), ({"messages_a_day": Decimal(7)}, Decimal(7)), ({"messages_a_day": Decimal(0)}, Decimal(0))],
)  # fmt: skip
def test_messages_are_as_many_as_were_counted_but_where_others_are_planned(
    aws: Aws, given: dict[str, Any], a_day: Decimal
) -> None:
    """20 messages in 10 days are 2 a day; a message is then 2 in, 3 out, 4 and 6 of the cache."""
    days: list[int] = []

    def count(asked: int) -> Counted:
        days.append(asked)
        return COUNTED

    found = ask(
        aws, None, only_plan=True, prices="bundled", model="claude-sonnet-4-5", days=10,
        count_tokens=count, **given,
    )  # fmt: skip
    assert days == [10]
    assert found.tokens is not None
    assert (found.tokens.messages_a_day, found.tokens.missing) == (a_day, "")
    assert found.tokens.per_message == Tokens(Decimal(2), Decimal(3), Decimal(4), Decimal(6))
    assert not any("left out" in note for note in found.notes)


def test_a_server_that_cannot_be_asked_is_named_with_its_error(aws: Aws) -> None:
    def down(_: int) -> Counted:
        raise ConnectionFailed("nobody answers")

    told = "the server could not be asked (ConnectionFailed)"
    planned = {"only_plan": True, "prices": "bundled", "count_tokens": down}
    found = ask(aws, None, token_price="3/15", **planned)
    assert found.tokens is None
    assert f"What the model costs is left out ({told}); --messages-per-day plans it." in found.notes
    known = ask(aws, None, token_price="3/15", messages_a_day=Decimal(10), **planned)
    assert known.tokens is not None
    assert (known.tokens.missing, known.tokens.per_message) == (told, ASSUMED)


def test_of_a_plan_without_messages_the_model_is_not_spoken_of(aws: Aws) -> None:
    found = ask(aws, None, only_plan=True, prices="bundled", count_tokens=lambda _: COUNTED)
    assert (found.tokens, found.notes) == (None, ())


def test_a_bill_is_only_asked_for_when_wanted_and_agreed_to(aws: Aws) -> None:
    asked: list[str] = []
    with pytest.raises(OpsError, match="What was billed was not read"):
        ask(
            aws, Account({}), actual=True, prices="bundled", confirm=lambda q: bool(asked.append(q))
        )
    assert "There is no deployment ash-cloud" in asked[0]
