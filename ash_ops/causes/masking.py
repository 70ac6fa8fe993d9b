"""Hiding what looks like a secret in quoted evidence."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from ash_ops.secret import MASK

_SECRETS: Final = r"""(?ix)
      (?P<keep>://[^\s:/@]{1,100}:)[^\s@/]{1,200}(?=@)               # a password in a URL
    | (?P<keep2>\bbearer\s{1,3})[a-z0-9._~+/=-]{8,400}
    | \bsk-[a-z0-9_-]{8,200}                                         # keys of model APIs
    | \bash_[a-z0-9_-]{12,200}
    | \b(?:ghp|gho|ghs|github_pat)_[a-z0-9_]{16,200}
    | \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    | (?P<keep3>\b(?:password|secret_access_key|session_token|[a-z_]{0,30}api_key|internal_secret)["']?\s{0,3}[=:]\s{0,3}["']?)
      (?!not\b|is\b|undefined|null|missing|required)[^\s"',}]{6,400}
    """


def masked(text: str) -> str:
    """The text with keys, passwords and tokens replaced by a mask."""
    return _pattern().sub(_mask, text)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_SECRETS)


def _mask(found: re.Match[str]) -> str:
    kept = found.group("keep") or found.group("keep2") or found.group("keep3") or ""
    return kept + MASK
