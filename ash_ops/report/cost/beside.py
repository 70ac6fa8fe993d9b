"""What stands beside the infrastructure: the model's tokens, and sizes to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ash_ops.cost.answer import Answer
from ash_ops.cost.sizing import Configuration
from ash_ops.cost.tokens.bill import TokenBill
from ash_ops.report.cost.tables import WIDTH, command, money, sentences, short, table, wrapped


def tokens_text(answer: Answer, width: int = WIDTH) -> list[str]:
    """The model's part of the month, and the month with it."""
    bill = answer.tokens
    if bill is None:
        return []
    least = "at least " if answer.estimate.at_least else ""
    rows = [
        ("Infrastructure", f"{least}{money(answer.estimate.monthly)}"),
        (f"Model, {bill.price.model}", money(bill.monthly)),
        *((f"  agent {name}", money(cost)) for name, cost in bill.agents),
    ]
    total = ("Total with the model", f"{least}{money(answer.monthly)}")
    body = table(("A month", "$/month"), rows, total, ("left", "right"))
    return [body, "", *sentences("The model", list(about_tokens(bill)), width=width)]


def about_tokens(bill: TokenBill) -> Iterator[str]:
    """What the model's figure rests on."""
    yield (
        f"{short(bill.messages_a_day)} messages a day: ${money(bill.daily)} a day, "
        f"${bill.message_cost:.4f} a message"
        + (f", ${bill.session_cost:.4f} a session." if bill.session_cost is not None else ".")
    )
    used = bill.per_message
    tokens = (
        f"{short(used.input.quantize(Decimal(1)))} tokens in, "
        f"{short(used.output.quantize(Decimal(1)))} out, "
        f"{short(used.cache_write.quantize(Decimal(1)))} written to the cache and "
        f"{short(used.cache_read.quantize(Decimal(1)))} read from it"
    )
    if bill.counted is not None and bill.counted.messages:
        yield (
            f"A message: {tokens}, as the server counted {short(bill.counted.messages)} messages in "
            f"{short(bill.counted.days)} days."
        )
    else:
        why = f" ({bill.missing})" if bill.missing else ""
        yield f"A message is assumed to be {tokens}: nothing was counted{why}."
    yield f"Prices: {bill.price.source}. The server's count names no model."
    if bill.price.note:
        yield f"{bill.price.model}: {bill.price.note}."


_SPLIT = (
    "Split it over several deployments, each with a --name of its own, or lower what one sandbox may "
    "use: ASH_SANDBOX_MEMORY_MB."
)


def sizes_text(answer: Answer, title: str, width: int = WIDTH) -> str:
    """Three configurations, those that run agents first and by price, with what each cannot do and how it is deployed."""
    rows = [
        (
            str(number),
            wrapped(each.name, width - 46),
            str(each.holds),
            f"{'>=' if each.estimate.at_least else ''}{money(each.estimate.monthly)}",
            money(each.estimate.monthly / each.holds),
        )
        for number, each in enumerate(answer.sizes or (), 1)
    ]
    head = ("", "Configuration", "Holds", "$/month", "$ each")
    body = table(head, rows, (), ("left", "left", "right", "right", "right"))
    about = [
        line for n, each in enumerate(answer.sizes or (), 1) for line in _about(n, each, width)
    ]
    assumed = (
        "A sandbox may use all the memory it is allowed (ASH_SANDBOX_MEMORY_MB) and a quarter of a "
        "processor; the server beside them takes 512 MB. The model is not included."
    )
    first = title.partition(",")[0]
    if answer.is_unmet:
        line = answer.estimate.lines[0].quantity.item
        return "\n".join((first, "", *sentences(line, [_SPLIT], width=width))).rstrip()
    return "\n".join(
        (first, "", body, "", *about, *sentences("Assumptions", [assumed], width=width))
    ).rstrip()


def _about(number: int, each: Configuration, width: int) -> Iterator[str]:
    yield from sentences(f"{number}. {each.name}", [f"It cannot {each.cannot}."], width=width)[:-1]
    yield command(each.command, width)
    yield ""
