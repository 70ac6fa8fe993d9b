"""What a command needs of the world, handed in by the command line or by a test."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from ash_ops.deploy.clock import pause, utc_now
from ash_ops.errors import CredentialsProblem, UsageProblem

if TYPE_CHECKING:
    from ash_ops.aws.client.session import Aws
    from ash_ops.deploy.dialogue import Dialogue
    from ash_ops.settings import Settings


def _no_other_command(words: Sequence[str]) -> int:
    raise UsageProblem(
        f"`ash-ops {' '.join(words)}` cannot be run from here",
        "no command line is at hand",
        "Run it by itself.",
    )


def _no_other_session() -> Aws:
    raise CredentialsProblem(
        "The credentials were refused", "no others are at hand", "Run the command again."
    )


class Page(Struct, frozen=True, kw_only=True):
    """What documents are printed on.

    Attributes:
        is_terminal: whether colours and lines broken to fit make sense.
        width: columns; ``None`` where nobody looks at a screen.
        no_color: the value of ``NO_COLOR``.
        verbose: whether more is wanted.
        has_blocks: whether its encoding has the block characters of bars.
    """

    is_terminal: bool = False
    width: int | None = None
    no_color: str | None = None
    verbose: bool = False
    has_blocks: bool = False


class Ports(Struct, frozen=True, kw_only=True):
    """The world of one command.

    Attributes:
        settings: the configuration.
        open_aws: makes the AWS session; a command that never asks needs no credentials.
        renew_aws: makes another, from the credentials that are there by now.
        dialogue: asks the user.
        show: prints a document that is not the last, as it is.
        note: tells the user something that is not data.
        page: what documents are printed on.
        turn_to: from here on the commands that are told are about the deployment of that name.
        run: runs another command of ash-ops by its words, and answers with its exit code.
        now: the time of day.
        clock: a monotonic clock in seconds.
        sleep: waits.
    """

    settings: Settings
    open_aws: Callable[[], Aws]
    dialogue: Dialogue
    note: Callable[[str], None]
    show: Callable[[str], None]
    page: Page = Page()
    turn_to: Callable[[str], None] = lambda _: None
    run: Callable[[Sequence[str]], int] = _no_other_command
    renew_aws: Callable[[], Aws] = _no_other_session
    now: Callable[[], datetime] = utc_now
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = pause
