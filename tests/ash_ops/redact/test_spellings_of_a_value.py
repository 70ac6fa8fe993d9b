"""A value that was learnt is masked to its last character in every spelling, and what is around it stays."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from ash_ops.redact import learn, redact
from ash_ops.redact.settings import is_placeholder, is_unfilled, masked_variable, shown_value
from ash_ops.secret import MASK

VALUE = "k\"9/f&0'q-7z<w\\3ü+5t"


def in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def percent(text: str) -> str:
    return quote(text, safe="")


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in JSON": in_json,
    "in JSON that escapes slashes": lambda text: in_json(text).replace("/", "\\/"),
    "in JSON within JSON": lambda text: in_json(in_json(text)),
    "in JSON within JSON within JSON": lambda text: in_json(in_json(in_json(text))),
    "in JSON that writes letters as they are": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "in a text of Python": lambda text: repr(text)[1:-1],
    "in HTML": html.escape,
    "in HTML, beside quotes": lambda text: html.escape(text, quote=False),
    "in a URL": percent,
    "in the path of a URL": quote,
    "in a URL, small": lambda text: "".join(c if (c.isalnum() and c.isascii()) or c == "-" else "".join(f"%{b:02x}" for b in c.encode()) for c in text),
    "in a URL within a URL": lambda text: percent(percent(text)),
    "in hexadecimal": lambda text: text.encode().hex(),
    "in large hexadecimal": lambda text: text.encode().hex().upper(),
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_value_is_masked_whole_however_it_is_spelt(spelling: str) -> None:
    learn(VALUE, name="ASH_API_KEY")
    assert redact(f"got {SPELLINGS[spelling](VALUE)} now") == f"got {MASK} now"


def test_of_what_stands_around_a_value_in_base64_only_what_it_decides_alone_is_masked() -> None:
    """A character stands for six bits: those at the edges belong to the neighbours too."""
    value = "p4ss-w0rd/5even!"
    learn(value, name="ASH_API_KEY")
    for before in range(4):
        for after in range(1, 4):
            written = [
                base64.b64encode(filler * before + value.encode() + filler * after).decode()
                for filler in (b"\x55", b"\xaa")
            ]
            pairs = enumerate(zip(*written, strict=True))
            decided = [n for n, (a, b) in pairs if a == b != "="]
            first, end = decided[0], decided[-1] + 1
            for text in written:
                assert redact(text) == f"{text[:first]}{MASK}{text[end:]}", (before, after)
    alone = base64.b64encode(value.encode()).decode()
    assert redact(f"got {alone} now") == f"got {MASK}== now"
    assert redact(f"got {alone.rstrip('=')} now") == f"got {MASK} now"


def test_base64_of_a_short_value_is_no_spelling_where_it_would_be_found_by_chance() -> None:
    """Seven characters of base64 are in many a text: from eight on they tell a value."""
    learn("ab12cd", name="ASH_API_KEY")
    eight = base64.b64encode(b"ab12cd").decode()
    assert redact(f"x{eight}y") == f"x{MASK}y"
    within = base64.b64encode(b"?ab12cd?").decode()
    assert redact(f"is {within} now") == f"is {within} now"


def test_a_hexadecimal_value_is_masked_in_small_and_in_large_letters() -> None:
    for value in ("c0ffee00-dead-beef", "C0FFEE11-DEAD-BEEF"):
        learn(value, name="ASH_API_KEY")
        assert redact(f"is {value.lower()} or {value.upper()}") == f"is {MASK} or {MASK}"
    learn("c0ffee-is-hot", name="ASH_API_KEY")
    assert redact("is C0FFEE-IS-HOT") == "is C0FFEE-IS-HOT"


def test_nothing_stays_of_a_value_that_overlaps_itself_or_stands_twice() -> None:
    learn("zzzzzzzzzz", name="ASH_API_KEY")
    learn("ab-1-ab-1-ab", name="ASH_API_KEY")
    assert redact("x zzzzzzzzzzz y") == f"x {MASK} y"
    assert redact("ab-1-ab-1-ab-1-ab then ab-1-ab-1-ab") == f"{MASK} then {MASK}"


def test_two_values_that_a_terminal_wrapped_are_both_masked() -> None:
    one, two = "wrap4ble-v4lue-0987654321", "an0ther-v4lue-1234567890"
    for value in (one, two):
        learn(value, name="ASH_API_KEY")
    for first, second in ((one, two), (two, one)):
        text = f"a {first[:9]}\n  {first[9:]} b {second[:7]}\n{second[7:]} c"
        assert redact(text) == f"a {MASK} b {MASK} c"


SHOWN = """
ALLOWED_ORIGINS ASH_BRIDGE_ENTRY ASH_DASHBOARD_ENABLED ASH_DATA_DIR ASH_DEBUG_TIMING ASH_HOST ASH_IDLE_TIMEOUT_MS ASH_MAX_ATTACHMENT_SIZE
ASH_MAX_SANDBOXES ASH_MODE ASH_PORT ASH_REAL_SDK ASH_RUNNER_ADVERTISE_HOST ASH_RUNNER_HOST ASH_RUNNER_ID ASH_RUNNER_PORT ASH_S3_REGION
ASH_SANDBOX_MEMORY_MB AWS_DEFAULT_REGION AWS_REGION HOME HOST LANG LOG_LEVEL NODE_ENV NODE_OPTIONS PATH PORT TZ
"""
URLS = "ASH_DATABASE_URL ASH_FILE_STORE_URL ASH_SERVER_URL ASH_SNAPSHOT_URL ANTHROPIC_BASE_URL OTEL_EXPORTER_OTLP_ENDPOINT"
HIDDEN = "ASH_API_KEY ANTHROPIC_API_KEY ASH_INTERNAL_SECRET ASH_CREDENTIAL_KEY ASH_MODE_OF_THEIRS MY_PORT DATABASE_URL"


def test_what_server_and_node_are_set_up_with_is_shown_and_every_other_setting_is_not() -> None:
    """Ash's source at 7d26aee reads these, none of which opens anything."""
    assert [name for name in SHOWN.split() if shown_value(name, "a-1") != "a-1"] == []
    assert [name for name in HIDDEN.split() if shown_value(name, "a-1") != MASK] == []
    for name in URLS.split():
        assert shown_value(name, "https://u:p@h:1/x?ssl=1&y=2") == f"https://{MASK}@h:1/x?ssl=1&y={MASK}"  # fmt: skip
        assert masked_variable(name, "no address") == {"name": name, "value": MASK, "masked": True, "flaws": ("spaces",), "isEmpty": False, "isPlaceholder": False}  # fmt: skip
    assert shown_value("DATABASE_URL", "https://u:p@h:1/x") == MASK


@pytest.mark.parametrize(
    "form",
    [
        "sk-ant-...", "sk-ant-api03-xxxx", "SK-ANT-YOUR-KEY", "sk-ant-replace-me", "sk-ant-test", "sk-ant-key", "sk-ant-here", "sk-ant-example", "sk-ant-api03-",
        "<key>", "[key]", "{key}", "$KEY", "abc...", "ab\u2026", "your_key", "insert key", "replace-me", "enter here", "put-your-token", "add_secret_here", "changeme", "change-it",
        "todo", "to-do", "TBD", "my-key", "the_own_secret", "my-real-api-key-here", "x", "XXXX", "****", "placeholder", "example", "dummy", "fake", "none", "null", "nil", "undefined",
        ' "changeme" ', "'tbd'",
    ],
)  # fmt: skip
def test_a_form_that_guides_write_in_the_place_of_a_key_is_no_key(form: str) -> None:
    assert is_placeholder(form)


@pytest.mark.parametrize(
    ("text", "unfilled"),
    [
        ("AKIA...", True), ("AK\u2026", True), ("<your key>", True), ("${KEY}", True), ("{KEY}", True), ("changeme", True), ("change-this", True), ("Your-key", True), ('"your_key"', True),
        ("test", False), ("fake", False), ("example", False), ("AKIA", False), ("$KEY", False), ("change-it", False), ("mine", False),
    ],
)  # fmt: skip
def test_what_nobody_has_filled_in_is_told_from_an_emulator_s_key(
    text: str, *, unfilled: bool
) -> None:
    assert is_unfilled(text) is unfilled


@pytest.mark.parametrize("text", ["a sk-ant-test", "undefined1", "my-dog", "tbd-7", "changed", "todos", "sk-ant-api03-9f"])  # fmt: skip
def test_what_only_begins_or_ends_so_may_be_a_key(text: str) -> None:
    assert not is_placeholder(text)


def test_what_was_masked_before_it_was_learnt_is_no_value() -> None:
    """It would mask what stands beside the mask wherever that stands."""
    value = f"kept-{MASK}-Vn5Lk7Tb"
    learn(value, name="ASH_API_KEY")
    assert redact(f"it said {value}") == f"it said {value}"
