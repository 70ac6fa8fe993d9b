"""Tokens at a price: a day, a month, a message, a session, and each agent's part.

What a message uses is counted by the server, or assumed where nobody has counted yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ash_ops.cost.tokens.prices import MILLION, ModelPrice

DAYS_A_MONTH = Decimal(730) / 24
BYTES_A_TOKEN = 4
GIGABYTE = Decimal(1024**3)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Numbers of tokens by kind."""

    input: Decimal = Decimal(0)
    output: Decimal = Decimal(0)
    cache_write: Decimal = Decimal(0)
    cache_read: Decimal = Decimal(0)

    @property
    def sent(self) -> Decimal:
        """What goes to the model: all but its own output."""
        return self.input + self.cache_write + self.cache_read

    def times(self, factor: Decimal) -> Tokens:
        """The same so many times."""
        return Tokens(
            self.input * factor,
            self.output * factor,
            self.cache_write * factor,
            self.cache_read * factor,
        )

    def cost(self, price: ModelPrice) -> Decimal:
        """US dollars."""
        return (
            self.input * price.input
            + self.output * price.output
            + self.cache_write * price.cache_write
            + self.cache_read * price.cache_read
        ) / MILLION


ASSUMED = Tokens(
    input=Decimal(60),
    output=Decimal(3_000),
    cache_write=Decimal(9_000),
    cache_read=Decimal(150_000),
)
"""What a message is taken to use where no server has counted: 6 turns, each of which reads 25,000
tokens of context from the cache, adds 1,500 to it and answers with 500. An assumption."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a server has counted in some days.

    Attributes:
        days: how many days were looked at.
        messages: answers in them.
        sessions: sessions begun in them; ``None`` where the server did not say.
        agents: each agent's own tokens.
    """

    days: Decimal
    tokens: Tokens
    messages: Decimal
    sessions: Decimal | None = None
    agents: tuple[tuple[str, Tokens], ...] = ()

    @property
    def a_message(self) -> Tokens:
        """What one message uses on average; what is assumed where there was none."""
        return self.tokens.times(1 / self.messages) if self.messages else ASSUMED


@dataclass(frozen=True, slots=True)
class TokenBill:
    """What the model costs.

    Attributes:
        counted: what it rests on; ``None`` where what a message uses is assumed.
        messages_a_day: as counted, or as planned.
        missing: why nothing was counted, where the server was to be asked; else empty.
    """

    price: ModelPrice
    counted: Counted | None
    messages_a_day: Decimal
    missing: str = ""

    @property
    def per_message(self) -> Tokens:
        """Tokens of one message."""
        return ASSUMED if self.counted is None else self.counted.a_message

    @property
    def message_cost(self) -> Decimal:
        """US dollars a message."""
        return self.per_message.cost(self.price)

    @property
    def daily(self) -> Decimal:
        """US dollars a day."""
        return self.message_cost * self.messages_a_day

    @property
    def monthly(self) -> Decimal:
        """US dollars a month of 730 hours."""
        return self.daily * DAYS_A_MONTH

    @property
    def session_cost(self) -> Decimal | None:
        """US dollars a session; ``None`` where no sessions were counted."""
        if self.counted is None or not self.counted.sessions:
            return None
        return self.counted.tokens.cost(self.price) / self.counted.sessions

    @property
    def sent_gb(self) -> Decimal:
        """GB a month that go to the model."""
        tokens = self.per_message.sent * self.messages_a_day * DAYS_A_MONTH
        return (tokens * BYTES_A_TOKEN / GIGABYTE).quantize(Decimal("1e-6"))

    @property
    def agents(self) -> tuple[tuple[str, Decimal], ...]:
        """US dollars a month by agent, as counted; the dearest first."""
        if self.counted is None or not self.counted.days:
            return ()
        factor = DAYS_A_MONTH / self.counted.days
        found = [(name, used.times(factor).cost(self.price)) for name, used in self.counted.agents]
        return tuple(sorted(found, key=lambda pair: -pair[1]))
