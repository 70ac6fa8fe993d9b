"""Two estimates side by side."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ash_ops.cost.estimate import Estimate, Line


@dataclass(frozen=True, slots=True)
class Pair:
    """The lines that stand for one thing in both estimates; one side may lack it."""

    before: Line | None
    after: Line | None

    @property
    def item(self) -> str:
        """What it is; where the change alters that, both: ``... 1 x 0.5 -> ... 1 x 2``."""
        names = (line.quantity.item for line in (self.before, self.after) if line is not None)
        return " -> ".join(dict.fromkeys(names))

    @property
    def difference(self) -> Decimal | None:
        """US dollars a month that the change costs; ``None`` if a side is unknown."""
        before, after = _monthly_of(self.before), _monthly_of(self.after)
        return None if before is None or after is None else after - before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is, what would be, and the difference.

    Attributes:
        change: what was chosen otherwise, as the user wrote it.
    """

    before: Estimate
    after: Estimate
    change: str

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The lines of both, matched by what they are for."""
        before, after = _by_subject(self.before), _by_subject(self.after)
        subjects = dict.fromkeys((*before, *after))
        return tuple(Pair(before.get(subject), after.get(subject)) for subject in subjects)

    @property
    def monthly(self) -> Decimal | None:
        """US dollars a month more, or less if negative; ``None`` if any line's part is unknown.

        A sum without the unknown lines could show a saving where there is none.
        """
        parts = [pair.difference for pair in self.pairs]
        return None if None in parts else self.of_known_lines

    @property
    def of_known_lines(self) -> Decimal:
        """The same for the lines whose price is known on both sides."""
        return sum((pair.difference or Decimal(0) for pair in self.pairs), Decimal(0))


def _monthly_of(line: Line | None) -> Decimal | None:
    """What a line costs a month: nothing where it is absent, ``None`` where it is unknown."""
    return Decimal(0) if line is None else line.monthly


def _by_subject(estimate: Estimate) -> dict[str, Line]:
    return {line.quantity.subject: line for line in estimate.lines}
