"""Masking what looks like a secret in a log line.

Ash and the programs beside it print requests, environments and URLs. What is known by value
(this machine's own configuration) and what is known by shape is replaced, the rest is left alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ash_ops.secret import MASK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# A value this short would be found inside ordinary words.
_SHORTEST_VALUE = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of secret.

    Attributes:
        hints: lower-case texts one of which every such secret contains; looked for first.
        rare: a character all hints have and few texts do: found ten times as fast as a hint.
        pattern: the secret itself; group 1, if there is one, is kept.
    """

    hints: tuple[str, ...]
    rare: str
    pattern: re.Pattern[str]


def _shape(hints: str, pattern: str, rare: str = "") -> Shape:
    return Shape(tuple(hints.split()), rare, re.compile(pattern, re.IGNORECASE))


def _one_of(*names: str) -> str:
    """A pattern for any of some names that knows their first letters.

    ``re`` looks for a set of first characters at the speed of C, but tries a plain alternation at
    every character: eight times as slow on lines without a secret.
    """
    letters = sorted({name[0] for name in names})
    tails = [
        rf"(?<={letter})(?:{'|'.join(name[1:] for name in names if name[0] == letter)})"
        for letter in letters
    ]
    either_case = "".join(letters) + "".join(letters).upper()
    return rf"(?-i:[{either_case}])(?:{'|'.join(tails)})"


# An ARN's secretsmanager and secret: are no names of secrets. What may follow a name is bounded, as
# a message of a megabyte that repeats one would take hours otherwise.
_NAMES = (
    _one_of(
        "access[_-]?(?:key|token)",
        "api[_-]?key",
        "auth(?:[_-]?token|orization)",
        "credential[_-]?key",
        "passw(?:or)?d",
        "private[_-]?key",
        "refresh[_-]?token",
        "s(?<!:s)ecret(?!smanager)",
        "se(?:curity|ssion)[_-]?token",
    )
    + r"[\w.-]{0,60}"
)
SHAPES = (
    # Keys of Anthropic, of others and of Ash; tokens of GitHub, with which agents clone.
    _shape("sk-", r"\bsk-[A-Za-z0-9_-]{12,}"),
    _shape("ash_", r"\bash_[A-Za-z0-9-]{0,60}[0-9][A-Za-z0-9_-]{10,}", "_"),
    _shape("ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", r"\b(?:gh[pousr]|github_pat)_\w{20,}", "_"),
    # AWS access key ids, and JSON web tokens.
    _shape("akia asia", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    _shape("eyj", r"\beyJ[\w-]{8,500}\.[\w-]{8,}\.[\w-]*", "j"),
    _shape("bearer authorization", r"\b((?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{6,}"),
    # user:password@ in a URL.
    _shape("@", r"(://[^\s:/@\"']{0,200}:)[^\s@/\"']{1,500}(?=@)"),
    _shape("x-amz-s", r"(X-Amz-(?:Signature|Security-Token)=)[^&\s\"']+", "z"),
    _shape(
        "-----begin",
        r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]*-----)?",
    ),
    # NAME=value, "name": "value" (also escaped inside another string), name: value.
    _shape(
        "key secret passw token authorization",
        rf"({_NAMES}\\?[\"']?\s{{0,9}}[=:]\s{{0,9}}\\?[\"']?)"
        r"(?!(?:Bearer|Basic|not|is|was|undefined|null|missing|required|true|false|none)\b|[\"'\\])"
        r"(?:(?<=[\"'])[^\"'\\]+|[^\s\"'\\,;&})\]]+)",
    ),
)


class Masker:
    """Replaces secrets in texts.

    Args:
        values: secrets known by value.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        # The longest first: one secret may begin with another.
        known = sorted({v for v in values if len(v) >= _SHORTEST_VALUE}, key=len, reverse=True)
        self._values = [(value, re.compile(re.escape(value))) for value in known]

    def for_page(self, texts: Iterable[str]) -> Callable[[str], str] | None:
        """What masks these texts; ``None`` when none of them can hold a secret.

        One look at a page's whole text is much cheaper than every pattern on every line.
        """
        blob = "\n".join(texts)
        lower = blob.lower()
        shapes = [pattern for value, pattern in self._values if value in blob]
        shapes += [
            s.pattern for s in SHAPES if s.rare in lower and any(h in lower for h in s.hints)
        ]
        if not shapes:
            return None

        def masked(text: str) -> str:
            for pattern in shapes:
                text = pattern.sub(_replacement, text)
            return text

        return masked


def _replacement(match: re.Match[str]) -> str:
    return f"{match[1]}{MASK}" if match.re.groups else MASK
