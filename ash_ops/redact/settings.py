"""What may be told of a setting: its value, or only whether it is there and well formed."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from ash_ops.patterns import always_whole
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
# "sk-ant-...", "sk-ant-api03-...", "sk-ant-xxxx", "<your key>", "your-api-key-here", "changeme"
_PLACEHOLDER = always_whole(
    r"sk-ant-(?:api\d\d-)?(?:[.\u2026*_x-]*|your.*|replace.*|example|test|key|here)"
    r"|<.*>|\[.*\]|\{.*\}|\$.*|.*\.\.\..*|.*\u2026.*"
    r"|(?:your|insert|replace|enter)[-_ ]?.*|(?:put|add)[-_ ].*(?:key|token|secret|here)|change[-_ ]?(?:me|this|it)?|to[-_ ]?do|tbd"
    r"|(?:my|the)[-_ ](?:(?:own|real|new|api|secret|anthropic|claude)[-_ ])*(?:key|token|secret)(?:[-_ ]here)?"
    r"|x+|\*+|placeholder|example|dummy|fake|none|null|nil|undefined",
    re.IGNORECASE,
)


def is_placeholder(text: str) -> bool:
    """Whether a text stands where a secret is to be put, as guides and samples have it."""
    return _PLACEHOLDER.fullmatch(text.strip().strip("\"'")) is not None


# "AKIA...", "<your-api-key>", "changeme": nobody's own key. "test" and "fake" are an emulator's.
_UNFILLED = always_whole(
    r".*(?:\.\.\.|\u2026).*|<.*>|\$?\{.*\}|change[-_ ]?(?:me|this)|your[-_ ].*", re.I
)


def is_unfilled(text: str) -> bool:
    """Whether a text is a form that nobody has filled in, whatever kind of key belongs there."""
    return _UNFILLED.fullmatch(text.strip().strip("\"'")) is not None


def value_facts(value: str) -> dict[str, object]:
    """What may be told of a secret value: whether it is empty, an example's, or badly formed."""
    return {
        "is_empty": not value.strip(),
        "is_placeholder": is_placeholder(value),
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
        return value
    return shown_url(value) if name in URL_NAMES and "://" in value else MASK


def masked_variable(name: str, value: object) -> dict[str, object]:
    """A variable of ECS as it may be shown: the fields of ``NameValue``, as ECS spells them."""
    if value is None:
        return {"name": name}
    shown = shown_value(name, str(value))
    if shown == value:
        return {"name": name, "value": shown, "isEmpty": not shown.strip()}
    facts = value_facts(str(value))
    told = {"isEmpty": facts["is_empty"], "isPlaceholder": facts["is_placeholder"]}
    return {"name": name, "value": shown, "masked": True, "flaws": facts["flaws"], **told}


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
