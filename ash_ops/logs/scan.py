"""Reading one range of event time from its first page to its last."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ash_ops.aws.logs import Page, Query


class Scan:
    """One range, page by page.

    A page token may expire. The scan then starts over where it had got to, if the pages came in
    order of time, else at its beginning; who reads the events drops those it has seen.

    Attributes:
        pages: how many pages were read.
        done: whether the last page was read.
        in_order: whether every event was as late as the one before, so far.
        reached: the event time read up to; the start of the range before the first event.
    """

    def __init__(self, query: Query) -> None:
        self._range = query
        self._token: str | None = None
        self.pages = 0
        self.done = False
        self.in_order = True
        self.reached = query.start

    @property
    def query(self) -> Query:
        """The call to make next."""
        return replace(self._range, token=self._token)

    @property
    def uses_token(self) -> bool:
        """Whether the next call depends on a page token."""
        return self._token is not None

    def receive(self, page: Page) -> None:
        """Take note of a page."""
        self.pages += 1
        self._follow_order(page)
        # The same token and nothing with it would be an endless loop.
        stuck = page.token == self._token and not page.events
        self.done = page.token is None or stuck
        self._token = page.token

    def start_over(self) -> None:
        """Forget the page token."""
        self._token = None
        if self.in_order:
            self._range = replace(self._range, start=self.reached)

    def _follow_order(self, page: Page) -> None:
        reached = self.reached
        for event in page.events:
            at = event["timestamp"]
            if at < reached:
                self.in_order = False
                return
            reached = at
        self.reached = reached
