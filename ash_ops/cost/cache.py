"""Answers that were paid for, kept for a day in the user's cache folder.

A file holds amounts by service and no secret; its name is a digest of what was asked.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

DAY = 86_400.0


class Cache:
    """A folder of JSON answers that are good for a day.

    Args:
        folder: where they are; made when something is kept.
        clock: seconds since 1970.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock

    def get(self, question: str) -> Any | None:
        """The answer to a question asked in the last day; ``None`` if there is none to read."""
        try:
            kept = json.loads(self._path(question).read_text(encoding="utf-8"))
            fresh = 0 <= self._clock() - float(kept["at"]) < DAY
            return kept["answer"] if fresh and kept["question"] == question else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, question: str, answer: Any) -> None:
        """Keep an answer; a folder that cannot be written only means that it is paid for again."""
        kept = {"at": self._clock(), "question": question, "answer": answer}
        path = self._path(question)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(json.dumps(kept), encoding="utf-8")
            part.chmod(0o600)
            part.replace(path)
        except OSError:
            return

    def _path(self, question: str) -> Path:
        return self._folder / f"{hashlib.sha256(question.encode()).hexdigest()[:32]}.json"


def user_cache(xdg_cache_home: str | None) -> Cache:
    """The cache of this user: ``$XDG_CACHE_HOME/ash-ops/cost``, usually below ``~/.cache``."""
    base = Path(xdg_cache_home) if xdg_cache_home else Path("~/.cache").expanduser()
    return Cache(base / "ash-ops" / "cost")
