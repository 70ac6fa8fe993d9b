"""Masks secrets in what is kept: values by the name they have, free text by what it looks like.

Two nets, because each has holes: the values that were seen (the local key, environment values,
secrets that were read) are masked wherever they turn up, in any spelling; and what looks like a
credential is masked though nobody has seen it before. ARNs, digests and task ids stay readable.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, urlsplit

from ash_ops.secret import MASK

# Settings of Ash and of what it stands on that hold no secret (its source at 7d26aee).
SAFE_NAMES = frozenset(
    {
        "ALLOWED_ORIGINS",
        "ASH_BRIDGE_ENTRY",
        "ASH_DASHBOARD_ENABLED",
        "ASH_DATA_DIR",
        "ASH_DEBUG_TIMING",
        "ASH_HOST",
        "ASH_IDLE_TIMEOUT_MS",
        "ASH_MAX_ATTACHMENT_SIZE",
        "ASH_MAX_SANDBOXES",
        "ASH_MODE",
        "ASH_PORT",
        "ASH_REAL_SDK",
        "ASH_RUNNER_ADVERTISE_HOST",
        "ASH_RUNNER_HOST",
        "ASH_RUNNER_ID",
        "ASH_RUNNER_PORT",
        "ASH_S3_REGION",
        "ASH_SANDBOX_MEMORY_MB",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "HOME",
        "HOST",
        "LANG",
        "LOG_LEVEL",
        "NODE_ENV",
        "NODE_OPTIONS",
        "PATH",
        "PORT",
        "TZ",
    }
)
# URLs that matter to a diagnosis and may hold a password: shown without it.
URL_NAMES = frozenset(
    {
        "ASH_DATABASE_URL",
        "ASH_FILE_STORE_URL",
        "ASH_SERVER_URL",
        "ASH_SNAPSHOT_URL",
        "ANTHROPIC_BASE_URL",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    }
)
_SAFE_QUERY = frozenset({"sslmode", "uselibpqcompat", "region", "schema", "ssl"})
_SECRET_NAME = re.compile(
    r"key|secret|token|passw|pwd|credential|auth|dsn|signature|cookie|_url$|connection", re.I
)
_PLACEHOLDER = re.compile(
    r"<.*>|\$\{.*\}|\{\{.*\}\}|.*\.\.\.|x{3,}|\*+|(replace|your|insert|enter)[-_ ]?.*|"
    r"change[-_ ]?(me|this|it)?|todo|tbd|placeholder|example|dummy|none|null|nil|undefined|"
    r"fake|sk-ant-(api03-)?(x+|your.*|key|test)?",
    re.I,
)


def value_facts(value: str) -> dict[str, object]:
    """What may be told of a secret value: whether it is empty, an example's, or badly formed."""
    text = value.strip()
    return {
        "is_empty": not text,
        "is_placeholder": bool(text) and _PLACEHOLDER.fullmatch(text.strip("\"'")) is not None,
        "flaws": flaws(value),
    }


def flaws(value: str) -> tuple[str, ...]:
    """What keeps a key from being accepted as it stands: see ``LocalKey.flaws``."""
    bare = value.strip()
    found = {
        "line-end": "\n" in value or "\r" in value,
        "spaces": value.strip("\r\n") != bare or re.search(r"\S[ \t]+\S", bare) is not None,
        "quotes": bool(bare) and (bare[0] in "\"'`" or bare[-1] in "\"'`"),
        "bearer-prefix": bare.lower().startswith("bearer "),
        "not-ascii": not bare.isascii(),
    }
    return tuple(name for name, is_so in found.items() if is_so)


def shown_value(name: str, value: str) -> str:
    """The value of a setting as it may be shown: whole, a URL without its password, or a mask."""
    if not value.strip():
        return value
    if name in SAFE_NAMES:
        return mask(value)
    return shown_url(value) if name in URL_NAMES and "://" in value else MASK


def shown_url(url: str) -> str:
    """A URL without user, password, fragment and the query's unknown values."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        asked = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return MASK
    user = f"{MASK}@" if "@" in parts.netloc else ""
    query = "&".join(f"{k}={v if k in _SAFE_QUERY else MASK}" for k, v in asked)
    return f"{parts.scheme}://{user}{host}{parts.path}{'?' + query if query else ''}"


class Redactor:
    """Knows the secrets seen so far, and masks them and what looks like one."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def learn(self, value: str, *, name: str = "") -> None:
        """Remember a secret. Short or everyday values are not: they would mask whole sentences."""
        value = value.strip()
        telling = _SECRET_NAME.search(name) is not None
        if len(value) >= (6 if telling else 16) and " " not in value and not value.isdigit():
            self._known.add(value)
            password = _password(value)
            if password and len(password) >= 4:
                self._known.add(password)
            self._pattern = None

    def text(self, text: str) -> str:
        """The text with every secret masked."""
        if self._known and self._pattern is None:
            spelt = {form for value in self._known for form in _spellings(value)}
            longest_first = sorted(spelt, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))
        return mask(self._pattern.sub(MASK, text) if self._pattern else text)


def _password(value: str) -> str | None:
    try:
        return urlsplit(value).password if "://" in value else None
    except ValueError:
        return None


def _spellings(value: str) -> Iterable[str]:
    """The forms in which a value turns up in logs: as it is, in JSON, in a URL, in base64."""
    once = json.dumps(value)[1:-1]
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return {value, once, json.dumps(once)[1:-1], quote(value, safe=""), encoded}


# Left as they are: ARNs, IAM actions, image digests. They hold words such as "secret" and long
# runs of letters, and a diagnosis is worth nothing without them.
# Every repetition here is bounded: a log line may be long and made to hurt.
_KEPT = re.compile(
    r"arn:aws[a-z-]{0,10}:[a-z0-9-]{1,40}:[a-z0-9-]{0,20}:\d{0,12}:[\w/:+=.@*-]+|sha256:[0-9a-f]{64}|"
    r"\b[a-z][a-z0-9-]{1,40}:[A-Z][A-Za-z]{2,60}\b"
)
_NAME = (
    r"[\w.-]{0,40}(?:api[_-]?key|secret|token|passw(?:or)?d|pwd|credential|authorization|"
    r"access[_-]?key|private[_-]?key|signature|connection[_-]?string)[\w-]{0,40}"
)
_SPACE = r"\s{0,9}"
_QUOTES = r"(?:\\{0,8}[\"'])"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,9000}(?:-----END [A-Z ]{0,30}-----)?",
            re.S,
        ),
        MASK,
    ),
    (re.compile(r"\bsk-(?:ant-)?[A-Za-z0-9_-]{8,}"), MASK),
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b"), MASK),
    (re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza)[\w-]{10,}"), MASK),
    (re.compile(r"\beyJ[\w-]{6,2000}\.[\w-]{1,4000}(?:\.[\w-]{0,2000})?"), MASK),
    (
        re.compile(r"\b(bearer|basic)\s{1,9}(?=\S{0,99}\d|\S{20})[\w.~+/=-]{6,}", re.I),
        rf"\1 {MASK}",
    ),
    # JSON, escaped or not: "apiKey": "..." and \"apiKey\":\"...\"
    (
        re.compile(rf"({_QUOTES}{_NAME}{_QUOTES}{_SPACE}[:=]{_SPACE}{_QUOTES})[^\"'\\]+", re.I),
        rf"\1{MASK}",
    ),
    # NAME=value, ?name=value
    (re.compile(rf"(\b{_NAME}{_SPACE}={_SPACE}{_QUOTES}?)[^\s\"'\\,;&}}]+", re.I), rf"\1{MASK}"),
    # X-Api-Key: value. Only what does not look like a word: "token: expired" is a sentence.
    (
        re.compile(
            rf"(\b{_NAME}{_SPACE}:{_SPACE}{_QUOTES}?)(?=[^\s\"']{{0,99}}\d|[^\s\"']{{20}})[^\s\"'\\,;}}]+",
            re.I,
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(\w{1,20}://)[^/\s@\"']{1,300}@"), rf"\1{MASK}@"),
)
_BLOB = re.compile(r"(?<![\w/+.:-])[A-Za-z0-9+/_-]{32,}={0,2}(?![\w/.-])")
_LONG_HEX = re.compile(r"(?<![\w/:.-])[0-9a-fA-F]{40,}(?![\w-])")


def mask(text: str) -> str:
    """The text with what looks like a credential masked."""
    if len(text) < 6:
        return text
    kept = _KEPT.findall(text)
    if not kept:
        return _mask_part(text)
    parts = _KEPT.split(text)
    masked = [_mask_part(part) for part in parts]
    return "".join(a + b for a, b in zip(masked, [*kept, ""], strict=True))


def _mask_part(part: str) -> str:
    for pattern, replacement in _PATTERNS:
        part = pattern.sub(replacement, part)
    return _LONG_HEX.sub(MASK, _BLOB.sub(_mask_blob, part))


def _mask_blob(found: re.Match[str]) -> str:
    """Mask a run that mixes cases and digits as random text does, and words and paths do not."""
    run = found[0]
    longest = max(re.split(r"[/-]", run), key=len)
    kinds = (str.isupper, str.islower, str.isdigit)
    is_random = len(longest) >= 16 and all(sum(map(kind, run)) >= 3 for kind in kinds)
    return MASK if is_random else run
