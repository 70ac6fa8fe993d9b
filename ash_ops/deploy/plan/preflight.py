"""What can be known to fail before anything is created: small checks, run side by side.

A check refuses (with its fix), warns, passes, or could not tell; what could not be told stops
nobody. All of them together take at most two seconds: what has not answered by then could not tell.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ash_ops.errors import OpsError, ReadFailed

LIMIT_SECONDS = 2.0


class Verdict(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    WARNING = "warning"
    REFUSED = "refused"
    UNKNOWN = "could not tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one check found.

    Attributes:
        check: its name, which ``--skip-check`` takes.
        text: what was found, in a sentence.
        fix: what to do about it; empty when nothing is to be done.
    """

    check: str
    verdict: Verdict
    text: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A named question. It answers with one outcome, or raises ``ReadFailed``."""

    name: str
    ask: Callable[[], Outcome]


def run_checks(checks: Sequence[Check], limit: float = LIMIT_SECONDS) -> list[Outcome]:
    """Run the checks side by side and wait for them, but no longer than ``limit`` seconds."""
    answers: dict[str, Outcome] = {}

    def answer(check: Check) -> None:
        answers[check.name] = _ask(check)

    # Daemon threads: one that hangs on a dead network must not keep the command from ending.
    threads = [threading.Thread(target=answer, args=(check,), daemon=True) for check in checks]
    for thread in threads:
        thread.start()
    _join(threads, limit)
    late = "it had not answered within two seconds"
    return [
        answers.get(check.name) or Outcome(check=check.name, verdict=Verdict.UNKNOWN, text=late)
        for check in checks
    ]


def _join(threads: Sequence[threading.Thread], limit: float) -> None:
    import time

    end = time.monotonic() + limit
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))


def _ask(check: Check) -> Outcome:
    try:
        return check.ask()
    except ReadFailed as error:
        fix = f"Allow {error.action} to have it checked." if error.action else ""
        text = f"{error.call}: {error.code}"
        return Outcome(check=check.name, verdict=Verdict.UNKNOWN, text=text, fix=fix)
    except OpsError as error:
        text = f"{error.what}: {error.why}"
        return Outcome(check=check.name, verdict=Verdict.REFUSED, text=text, fix=error.next_step)


def refusal(outcomes: Sequence[Outcome], skipped: frozenset[str]) -> OpsError | None:
    """The error that stops the deployment, if a check that counts has refused."""
    refused = [o for o in outcomes if o.verdict is Verdict.REFUSED and o.check not in skipped]
    if not refused:
        return None
    first, rest = refused[0], refused[1:]
    others = "".join(f"\n        also: {o.text} {o.fix}" for o in rest)
    return OpsError(
        "Nothing was created: this deployment would fail",
        first.text + others,
        f"{first.fix} (`--skip-check {first.check}` deploys in spite of it.)",
    )
