"""How the deploy floor speaks and asks: handed in by the command line, or by a test."""

from __future__ import annotations

from typing import Protocol

from ash_ops.errors import ExitCode


class Dialogue(Protocol):
    """What a command that changes something needs of its user."""

    def say(self, text: str) -> None:
        """Tell something that is not data."""

    def confirm(self, question: str) -> bool:
        """Ask a yes-or-no question; ``--yes`` answers yes.

        Raises:
            UsageProblem: nobody is there to answer and ``--yes`` was not given.
        """
        ...

    def consent(self, question: str) -> bool:
        """Ask a yes-or-no question that ``--yes`` does not answer: to lose data, to take what is others'.

        Raises:
            UsageProblem: nobody is there to answer.
        """
        ...

    def agree_to_charge(self, question: str) -> bool:
        """Tell what a call will be billed and ask; where nobody can answer, the answer is no."""
        ...

    def type_back(self, question: str, expected: str) -> bool:
        """Ask for a word to be typed; ``--yes`` types it.

        Raises:
            UsageProblem: nobody is there to answer and ``--yes`` was not given.
        """
        ...

    def event(self, line: str) -> None:
        """Tell one step: a plain line where there is no live picture, nothing where there is."""

    def live(self, lines: list[str]) -> None:
        """Show the present picture: in place on a terminal, nothing elsewhere."""

    def settle(self) -> None:
        """Leave the last picture where it is; what follows goes below it."""


def declined(dialogue: Dialogue, question: str, *, plan_only: bool) -> ExitCode | None:
    """How a command ends that is not to go on; ``None`` where the user wants it to.

    Args:
        dialogue: asks.
        question: what is to be agreed to.
        plan_only: whether what was told is all that was wanted: then nothing is asked.
    """
    if plan_only:
        return ExitCode.OK
    if dialogue.confirm(question):
        return None
    dialogue.say("Nothing was changed.")
    return ExitCode.FAILED
