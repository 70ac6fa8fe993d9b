"""What holds for every test of the toolkit: an error that it provokes can be read and acted upon."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from ash_ops.errors import OpsError

_ENDS = (".", "?", "`", "'", ")")  # a sentence, a question, or a command that is quoted


def _is_sentence(next_step: str) -> bool:
    """Whether a text stands for itself: it begins like a sentence or with a command, and ends like one."""
    return (next_step[:1].isupper() or next_step[:1] == "`") and next_step.endswith(_ENDS)


@pytest.fixture(scope="session", autouse=True)
def errors_say_what_to_do_next() -> Iterator[None]:
    """Each error of the product has three parts, and the third is a sentence: what to do next."""
    make = OpsError.__init__

    def checked(self: OpsError, what: str, why: str, next_step: str) -> None:
        make(self, what, why, next_step)
        place = sys._getframe(1).f_code.co_filename.replace("\\", "/")
        if "/ash_ops/" in place and "/tests/" not in place:
            assert len(self.what.split()) > 1, f"{place}: {self.what!r} says nothing"
            assert _is_sentence(self.next_step), f"{place}: {self.next_step!r} is no sentence"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(OpsError, "__init__", checked)
        yield
