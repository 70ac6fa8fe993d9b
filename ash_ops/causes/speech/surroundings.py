"""Whose the lines around an utterance are: a platform that is not ECS speaks in the words of ECS, too."""

from __future__ import annotations

from collections.abc import Sequence

from ash_ops.causes import logs
from ash_ops.causes.foreign import Service, is_plainly_ours, speaker
from ash_ops.causes.matching import folded
from ash_ops.causes.reading import Entry


class Surroundings:
    """Whose the lines around an utterance are; looked for where something was said.

    Args:
        entries: all utterances.
        vague: whether marks that many programs have count, too.

    Attributes:
        asked: whether any utterance had the words of a cause.
    """

    def __init__(self, entries: Sequence[Entry], *, vague: bool = True) -> None:
        self._entries, self._vague, self.asked = entries, vague, False
        self._blocks: dict[int, list[Entry]] = {}
        self._found: dict[int | None, Service | None] = {}
        for entry in entries:
            self._blocks.setdefault(entry.block, []).append(entry)

    def about(self, entry: Entry) -> Service | None:
        """The platform whose messages stand beside an entry.

        What stands apart from them and has words of ECS, CloudFormation, the model or Ash is its own.
        """
        self.asked = True
        service = entry.about or self._platform(entry.block, self._blocks.get(entry.block, ()))
        whole = service or self._platform(None, self._entries)
        apart = service is None and whole is not None and is_plainly_ours(folded(entry.text))
        return None if apart else whole

    def _platform(self, place: int | None, entries: Sequence[Entry]) -> Service | None:
        if place not in self._found:
            few = len(entries) <= logs.BROKEN_AT_MOST
            found = _platform(entries) if few else None
            self._found[place] = found if found and (self._vague or not found.vague) else None
        return self._found[place]


def _platform(entries: Sequence[Entry]) -> Service | None:
    """The platform that one of a few lines is of; None when they may be of ECS."""
    # A command names the tool that is asked, and not whose answer stands below it.
    spoken = (speaker(folded(entry.text)) for entry in entries if not entry.command)
    platform = next((service for service in spoken if service and service.platform), None)
    joined = folded(" ".join(entry.text for entry in entries)) if platform else ""
    return platform if platform and not platform.is_ours(joined) else None
