"""What words speak for which cause, learned from the labelled texts of the tests.

A linear support vector machine a cause, one against all others, each text weighed by how rare its
cause is. Learning takes some seconds, so it is done when the texts, or how they are read, have
changed; else the file stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from math import sqrt
from pathlib import Path
from typing import Final, NamedTuple
from zlib import crc32

from msgspec import to_builtins

from ash_ops.causes import CAUSES, reading
from ash_ops.causes.evidence import text_of
from ash_ops.causes.resemblance import NONE, marks
from ash_ops.causes.resemblance.weighed import words_of
from ash_ops.causes.resemblance.weights import FILE, SCALE, Weights
from ash_ops.causes.speech.telling import telling
from ash_ops.redact import redact

ROOT: Final = Path(__file__).resolve().parent.parent
_TEXTS: Final = ROOT / "tests" / "data" / "causes"
_COST: Final = 3.0
"""What a text on the wrong side costs: measured with texts that were not learned from (docs/explain.md)."""
_RAREST: Final = 0.1
"""What a text of the commonest label weighs at least, beside one of a cause that few texts have."""
_LEAST: Final = 0.15
"""Weights below it are dropped: they are most of them, and change no answer in a hundred."""
_MOST: Final = 127
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


class Labelled(NamedTuple):
    """A text, its cause (``NONE`` where none is to be told), the causes that are right as well, and where it is from."""

    text: str
    cause: str
    as_well: frozenset[str] = frozenset()
    source: str = ""


def files() -> dict[str, str]:
    """The file by its path below the project."""
    path = "ash_ops/causes/resemblance/weights.json"
    texts = list(labelled())
    made_of = stamp(texts)
    if FILE.exists() and json.loads(FILE.read_text("utf-8"))["stamp"] == made_of:
        return {path: FILE.read_text("utf-8")}
    rows = to_builtins(learn(texts, made_of))
    return {path: json.dumps(rows, indent=0) + "\n"}


def labelled() -> Iterator[Labelled]:
    """The texts of the tests whose cause is known."""
    for file in sorted(_TEXTS.glob("*.jsonl")):
        for row in map(json.loads, file.read_text("utf-8").splitlines()):
            text = row.get("text") or row.get("paste") or text_of(row["fields"])
            as_well = row.get("also_accept") or []
            yield labelled_as(text, row.get("cause", ""), as_well, row.get("source", ""))
    for file in sorted(_TEXTS.glob("*.tsv")):
        rows = file.read_text("utf-8").splitlines()
        for first, right, text in (row.split("\t") for row in rows if not row.startswith("#")):
            # Of look-alikes the second column tells what is right; the first, what they are mistaken for.
            every = (
                [first, *_SLUG.findall(right)] if file.stem == "phrases" else _SLUG.findall(right)
            )
            yield labelled_as(text, every[0] if every else "", every[1:])


def labelled_as(text: str, cause: str, as_well: Iterable[str] = (), source: str = "") -> Labelled:
    """A text with its label; what is no cause of ours stands for none."""
    known = (slug if slug in CAUSES else NONE for slug in as_well)
    return Labelled(text, cause if cause in CAUSES else NONE, frozenset(known), source)


def stamp(texts: Sequence[Labelled]) -> int:
    """A number that changes with the texts and their causes."""
    told = crc32(repr((_COST, _RAREST, _LEAST, SCALE)).encode())
    for text, cause, as_well, _ in texts:
        told = crc32(repr((text, cause, sorted(as_well))).encode(), told)
    return told


def as_read(text: str) -> str:
    """What ``explain`` weighs of a text."""
    return words_of(reading.read(redact(text), telling))


def learn(texts: Sequence[Labelled], made_of: int = 0) -> Weights:
    """Learn from texts what each mark speaks for: each cause against what it is not right for."""
    # Here, for only who changes the texts needs them, and they take a second.
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.svm import LinearSVC

    read = [sorted(marks(as_read(one.text))) for one in texts]
    every = sorted(set(chain.from_iterable(read)))
    column = {mark: number for number, mark in enumerate(every)}
    columns = [column[mark] for own in read for mark in own]
    ends = np.cumsum([0, *map(len, read)])
    values = [1 / sqrt(len(own)) for own in read for _ in own]
    seen = csr_matrix((values, columns, ends), shape=(len(read), len(every)))
    causes = sorted({one.cause for one in texts})
    found = []
    for slug in causes:
        counted = [n for n, one in enumerate(texts) if slug not in one.as_well or one.cause == slug]
        is_it = [texts[n].cause == slug for n in counted]
        weight = max(_RAREST, len(counted) / (len(causes) * sum(is_it)))
        machine = LinearSVC(C=_COST, class_weight={True: weight, False: 1.0}, random_state=0)
        machine.fit(seen[counted], is_it)
        found.append((machine.coef_[0], float(machine.intercept_[0])))
    kept = np.array([weights for weights, _ in found]).T
    rows, slugs = np.nonzero(np.abs(kept) >= _LEAST)
    whole = np.clip(np.round(kept[rows, slugs] * SCALE), -_MOST, _MOST).astype(np.int8)
    return Weights(
        made_of,
        tuple(causes),
        tuple(round(bias, 3) for _, bias in found),
        np.array(every, dtype="<u4")[rows].tobytes(),
        slugs.astype(np.uint8).tobytes(),
        whole.tobytes(),
    )
