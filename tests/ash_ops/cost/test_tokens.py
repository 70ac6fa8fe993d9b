"""What the model costs: as the server counts it, as planned, and what is left out where nobody knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ash_client import AshClient
from ash_client.testing import AshServer
from ash_ops.cost.tokens.bill import ASSUMED, DAYS_A_MONTH, Counted, TokenBill, Tokens
from ash_ops.cost.tokens.prices import given_price, models, price_of
from ash_ops.cost.tokens.served import ask, counted
from ash_ops.errors import UsageProblem
from ash_ops.secret import Secret

SONNET = price_of("claude-sonnet-5-5")
KEY = "ash_" + "k" * 40


def test_a_message_is_its_tokens_at_their_prices() -> None:
    """60 * 2 + 3000 * 10 + 9000 * 2.5 + 150000 * 0.1 dollars a million: worked out on paper."""
    assert ASSUMED.cost(SONNET) == Decimal("0.06762")


def test_a_month_is_so_many_messages_a_day() -> None:
    bill = TokenBill(SONNET, None, Decimal(200))
    assert bill.daily == 200 * Decimal("0.06762")
    assert bill.monthly == bill.daily * Decimal(730) / 24
    assert TokenBill(SONNET, None, Decimal(0)).monthly == 0


def test_what_the_server_counted_replaces_what_is_assumed() -> None:
    used = Tokens(Decimal(1000), Decimal(2000), Decimal(3000), Decimal(4000))
    found = Counted(Decimal(30), used, Decimal(10), Decimal(4), (("a", used),))
    bill = TokenBill(SONNET, found, found.messages / found.days)
    whole = used.cost(SONNET)
    assert bill.message_cost == whole / 10
    assert bill.session_cost == whole / 4
    assert bill.agents == (("a", used.times(DAYS_A_MONTH / 30).cost(SONNET)),)
    assert abs(bill.monthly - whole / 30 * DAYS_A_MONTH) < Decimal("1e-20")


def test_a_server_without_messages_leaves_the_assumption() -> None:
    empty = Counted(Decimal(30), Tokens(), Decimal(0), Decimal(0))
    bill = TokenBill(SONNET, empty, Decimal(10))
    assert bill.per_message == ASSUMED
    assert bill.session_cost is None


def test_what_goes_to_the_model_is_all_but_its_answers_at_four_bytes_a_token() -> None:
    """(60 + 9000 + 150000) x 4 bytes x 1000 messages a day x 730/24 days, in GB of 2^30 bytes, as AWS counts."""
    bill = TokenBill(SONNET, None, Decimal(1000))
    sent = Decimal(159_060) * 4 * 1000 * 730 / 24 / 2**30
    assert bill.sent_gb == round(sent, 6)
    used = Tokens(Decimal(1), Decimal(10), Decimal(100), Decimal(1000))
    assert used.sent == 1101
    assert used.times(Decimal(2)) == Tokens(Decimal(2), Decimal(20), Decimal(200), Decimal(2000))


def test_agents_come_the_dearest_first_each_for_a_month() -> None:
    """One million tokens out in 10 days at 10 dollars are 10 x 730 / 240 dollars a month."""
    little, much = (Tokens(output=Decimal(number)) for number in (1_000_000, 2_000_000))
    found = Counted(
        Decimal(10), much, Decimal(1), None, (("a", little), ("b", much), ("c", little))
    )
    bill = TokenBill(SONNET, found, Decimal(1))
    month = Decimal(10) * 730 / 240
    assert [name for name, _ in bill.agents] == ["b", "a", "c"]
    assert [round(cost, 9) for _, cost in bill.agents] == [
        round(each, 9) for each in (2 * month, month, month)
    ]
    assert bill.session_cost is None, "the server did not say how many there were"
    nothing = Counted(Decimal(0), Tokens(), Decimal(0), Decimal(0), (("a", little),))
    assert TokenBill(SONNET, nothing, Decimal(1)).agents == ()


def test_the_servers_own_count_is_read_by_agent() -> None:
    """Over the wire, from a server that has answered two messages of two agents."""
    with AshServer(api_key=KEY, agents=("first", "second")) as server:
        later = datetime.now(UTC) + timedelta(minutes=1)
        with AshClient(server.url, api_key=KEY) as client:
            for agent in ("first", "second"):
                session = client.create_session(agent_name=agent)
                with client.send_message(session.id, message="Hello") as stream:
                    list(stream)
            stats = client.get_usage_stats()
            found = counted(client, later, 7)
        again = ask(server.url, Secret(KEY), later, 7)
    assert found.tokens.output == Decimal(str(stats.total_output_tokens))
    assert found.messages == Decimal(str(stats.total_messages))
    assert [name for name, _ in found.agents] == ["first", "second"]
    total = sum((used.output for _, used in found.agents), Decimal(0))
    assert total == found.tokens.output
    assert found.sessions == 2
    assert again.tokens == found.tokens


@pytest.mark.parametrize("name", models())
def test_a_model_may_be_named_with_the_date_of_its_snapshot(name: str) -> None:
    assert price_of(f"{name}-20261001") == price_of(name)


@pytest.mark.parametrize("name", ["gpt-9", "claude-sonnet", "claude-sonnet-5-5-fast", ""])
def test_an_unknown_model_has_no_price_and_is_not_taken_for_another(name: str) -> None:
    with pytest.raises(UsageProblem, match="not known"):
        price_of(name)


def test_a_price_given_is_used_as_it_is() -> None:
    full = given_price("3/15/3.75/0.3")
    assert given_price("3/15") == replace(full)
    assert full.output == 15


@pytest.mark.parametrize("text", ["", "3", "3/15/1", "a/b", "-1/2", "nan/1", "3/15/1/1/1"])
def test_a_price_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="--token-price"):
        given_price(text)


def test_more_messages_never_cost_less() -> None:
    bills = [TokenBill(SONNET, None, Decimal(n)).monthly for n in (0, 1, 10, 1000)]
    assert bills == sorted(bills)
