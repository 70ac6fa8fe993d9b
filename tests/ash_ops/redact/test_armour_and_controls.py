"""Private keys in any armour, characters that act, values that were learnt: one rule a test."""

from __future__ import annotations

import base64
import string

import pytest

from ash_ops import redact as door
from ash_ops.redact import LogLines, clean, document, holds_secret, known, learn, redact
from ash_ops.redact.settings import flaws, masked_variable, shown_url, value_facts
from ash_ops.secret import MASK
from tests.ash_ops.redact.kinds import armour, foreign, run

FULL = [run(64, f"full{n}") for n in range(3)]
KEY = "RSA PRIVATE KEY"


def line_by_line(*lines: str | tuple[str, str]) -> list[str]:
    given = [("s", line) if isinstance(line, str) else line for line in lines]
    return LogLines().redacted(given)


@pytest.mark.parametrize(
    "label", [KEY, "PGP PRIVATE KEY BLOCK", "OpenVPN Static key V1".upper(), "SECRET KEY"]
)
@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\\n", "\\\\n", " "])
def test_a_block_keeps_its_head_and_its_tail_whatever_breaks_its_lines(
    label: str, breaks: str
) -> None:
    shown = redact(f"x {armour(label, FULL, breaks)} y")
    assert not any(part in shown for part in FULL)
    assert shown.startswith(f"x -----BEGIN {label}-----")
    assert shown.rstrip().endswith(f"-----END {label}----- y")
    assert shown.count(MASK) == 1


def test_two_blocks_in_a_text_are_two_and_a_public_one_stays() -> None:
    public = armour("PUBLIC KEY", [run(20, "public", "abcdef0123456789")])
    text = f"a\n{armour(KEY, FULL)}\nb\n{armour('EC PRIVATE KEY', FULL)}\n{public}"
    shown = redact(text)
    assert shown.count(MASK) == 2
    assert shown.startswith(f"a\n-----BEGIN {KEY}-----\n{MASK}\n-----END {KEY}-----\nb\n")
    assert shown.endswith(public)


def test_a_body_so_short_that_it_might_be_a_word_is_masked_between_head_and_tail() -> None:
    assert "MHcCAQEE" not in redact(armour(KEY, ["MHcCAQEE"]))
    assert redact(f"-----BEGIN {KEY}-----\nis missing") == f"-----BEGIN {KEY}-----\nis missing"


def test_a_tail_hides_the_lines_right_before_it_and_no_sentence() -> None:
    shown = redact(f"a sentence ends here.\nabcd1234\nefgh56==\n-----END {KEY}-----")
    assert shown == f"a sentence ends here.\n{MASK}\n-----END {KEY}-----"


@pytest.mark.parametrize(
    ("lines", "hidden"),
    [
        ((f"-----BEGIN {KEY}-----", "MHcCAQEE", f"-----END {KEY}-----"), {1}),
        ((f"-----BEGIN {KEY}-----", "stdout F abcdefghijklmnop", "stdout F ready"), {1}),
        ((f"-----BEGIN {KEY}-----", "stdout F abcdefghijklmno", "x"), set()),
        ((f"-----BEGIN {KEY}-----", "", "MHcCAQEE"), {2}),
        ((f"-----BEGIN {KEY}-----", "Proc-Type: 4,ENCRYPTED", "DEK-Info: AES,0A", FULL[0]), {3}),
        ((f"-----BEGIN {KEY}-----", *FULL, "abcd==", "ready"), {1, 2, 3, 4}),
        ((f"-----BEGIN {KEY}-----", *FULL, "abcd==", "=Zq3x", "ready"), {1, 2, 3, 4, 5}),
        ((f"-----BEGIN {KEY}-----", *FULL, "abcd==", "ready", "ready"), {1, 2, 3, 4}),
        ((f"-----BEGIN {KEY}-----", *FULL, "ready and waiting"), {1, 2, 3}),
        (("stdout F " + FULL[0], "stdout F " + FULL[1]), {0, 1}),
        ((FULL[0], "0123456789abcdef" * 4, "done"), {0, 1, 2}),
        ((f"-----END {KEY}-----", "ready"), set()),
        ((f"-----BEGIN {KEY}-----", *FULL, f"-----END {KEY}-----", "abcd==", "ready"), {1, 2, 3}),
        ((f"-----BEGIN {KEY}-----", FULL[0], f"-----BEGIN {KEY}-----", "MHcCAQEE"), {1, 3}),
        (("abcdefghijklmnop", f"-----END {KEY}-----"), {0}),
        (("a sentence", "abcdefghijklmnop", f"-----END {KEY}-----"), {1}),
        (("abcdefghijklmnop", ("other", "steady"), f"-----END {KEY}-----"), {0}),
        ((("other", "abcdefghijklmnop"), f"-----END {KEY}-----"), set()),
        (("PuTTY-User-Key-File-3: ssh-rsa", "Encryption: none", "Private-Lines: 1", "abcdefghijklmnopqrst"), {3}),
    ],
)  # fmt: skip
def test_line_by_line_what_is_shaped_like_a_part_of_a_key_is_masked(
    lines: tuple[str | tuple[str, str], ...], hidden: set[int]
) -> None:
    shown = line_by_line(*lines)
    given = [line if isinstance(line, str) else line[1] for line in lines]
    assert {n for n, text in enumerate(shown) if text != given[n]} == hidden
    assert all(MASK in shown[n] for n in hidden)


def test_what_stands_before_and_behind_a_line_of_a_key_stays() -> None:
    shown = line_by_line(f"-----BEGIN {KEY}-----", f'  "{FULL[0]}",', f'  "{FULL[1]}",')
    assert shown[1:] == [f'  "{MASK}",'] * 2


@pytest.mark.parametrize(
    ("code", "shown"),
    [(0x07, "\\x07"), (0x00, "\\x00"), (0x7F, "\\x7f"), (0x85, "\\x85"), (0xAD, "\\xad"), (0x34F, "<U+034F>"), (0x202E, "<U+202E>"), (0xE0041, "<U+E0041>"), (0xFFFE, "<U+FFFE>")],
)  # fmt: skip
def test_a_character_that_acts_is_written_out_where_it_hides_nothing(code: int, shown: str) -> None:
    assert redact(f"pay {chr(code)}001") == f"pay {shown}001"
    assert clean(f"pay {chr(code)}001") == f"pay {shown}001"


@pytest.mark.parametrize("text", ["plain\ttext\n", "é ✓ 漢", "❤\ufe0f", "\u0645\u06cc\u200c\u062e"])
def test_a_text_in_which_nothing_acts_is_not_touched(text: str) -> None:
    assert clean(text) == redact(text) == text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\r\nb\r\n", "a\nb\n"), ("a\r\nb\r", "a\nb"), ("a\rb", "a\\x0db"),
        ("\x1b[31mred\x1b[0m", "red"), ("\x1b]0;title\x07x", "x"), ("\x1b]8;;u\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP1$r\x1b\\x", "x"), ("\x1b]0;never ends\nnext", "\nnext"), ("\x9b2Jx", "x"), ("\x1b(0x", "x"), ("\x1b", ""), ("a\x1b[", "a"),
        ("\x1b[1;2;3 qx", "x"),
    ],
)  # fmt: skip
def test_an_escape_sequence_is_taken_out_whole_and_no_more(given: str, shown: str) -> None:
    """ECMA-48: control sequences end with their final byte, strings with ST or BEL."""
    assert clean(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (r'{"m":"a\u0041b"}', '{"m":"aAb"}'), (r'{"m":"a\u0022b"}', r'{"m":"a\u0022b"}'), (r'{"m":"a\u005cb"}', r'{"m":"a\u005cb"}'),
        (r'{"m":"a\u00e9b"}', r'{"m":"a\u00e9b"}'), (r'{"m":"a\u001b[2Jb"}', '{"m":"ab"}'), (r'{"m":"\udb40\udc41"}', '{"m":""}'),
        (r'{"m":"\ud83d\ude00"}', r'{"m":"\ud83d\ude00"}'), (r'{"m":"a\rb"}', r'{"m":"a\nb"}'), (r'{"m":"a\r\nb"}', r'{"m":"a\nb"}'),
        (r'{"m":"a\\rb"}', r'{"m":"a\\rb"}'), (r'["a\bb"]', '["ab"]'), (r'"a\fb"', '"ab"'), (r"C:\build\u0041", r"C:\buildA"), (r"x a\bb", r"x a\bb"),
        (r"\\u0041", "A"), ("100%41 &#65; &#x41; %7e", "100%41 &#65; &#x41; %7e"),
        ("p%61ssword=horse1", f"password={MASK}"), ("p&#97;ssword=horse1", f"password={MASK}"), ("p&#x61;ssword=horse1", f"password={MASK}"), ("db%5Fpass%77ord=horse1", f"db_password={MASK}"),
    ],
)  # fmt: skip
def test_what_stands_as_a_number_is_put_in_where_it_acts_is_plain_or_hid_a_secret(
    given: str, shown: str
) -> None:
    assert redact(given) == shown


def test_every_plain_character_that_json_writes_as_a_number_is_put_in_but_quotes_and_backslash() -> (
    None
):
    for code in range(0x20, 0x7F):
        written = f'{{"m":"\\u{code:04x}."}}'
        put_in = f'{{"m":"{chr(code)}."}}'
        assert redact(written) == (written if chr(code) in "\"'\\" else put_in), code


def test_what_nobody_sees_is_taken_out_where_it_hid_a_secret() -> None:
    assert redact("pass\u200bword=horse1 x\u202e") == f"password={MASK} x"
    assert redact("pass\x1b[0mword=horse1") == f"password={MASK}"


LEARNT = "wrap4ble-v4lue-0987654321"


@pytest.mark.parametrize("at", [6, 9, 20])
@pytest.mark.parametrize("broken", ["\n", "\r\n", "\n    ", "\n\t\t"])
def test_a_learnt_value_that_a_terminal_wrapped_is_masked_on_both_lines(
    at: int, broken: str
) -> None:
    learn(LEARNT, name="ASH_API_KEY")
    assert redact(f"before {LEARNT[:at]}{broken}{LEARNT[at:]} after") == f"before {MASK} after"
    assert redact(f"before {LEARNT[:at]} and more") == f"before {LEARNT[:at]} and more"


def test_a_short_value_is_learnt_only_beside_a_telling_name() -> None:
    for name, value, is_learnt in (
        ("ASH_API_KEY", "ab12cd", True), ("ASH_API_KEY", "ab12c", False), ("PLAIN", "ab12cd", False), ("PLAIN", "ab12cd-ab12cd-ab", True),
        ("PLAIN", "ab12cd-ab12cd-a", False), ("ASH_API_KEY", "123456789", False), ("ASH_API_KEY", "abcdefghi", False), ("ASH_API_KEY", "abcdefghij", True),
        ("ASH_API_KEY", "has blanks in it 1", False), ("MY_PASSWORD", "Localhost", False), ("MY_PASSWORD", "development", False), ("MY_PASSWORD", "postgres", False), ("MY_PASSWORD", "standalone", False),
        ("ASH_DATABASE_URL", "postgres://a:b@h:1/x", True), ("MY_PASSWORD", "  ab12cd  ", True),
    ):  # fmt: skip
        door.forget()
        learn(value, name=name)
        assert (MASK in known(f"x {value.strip()} y")) is is_learnt, (name, value)
    door.forget()
    assert known("x ab12cd y") == "x ab12cd y"


def test_what_entered_before_a_value_was_learnt_is_masked_by_it_alone() -> None:
    learn("ab12cd34", name="ASH_API_KEY")
    assert known("password=horse1 ab12cd34") == f"password=horse1 {MASK}"
    assert holds_secret("x ab12cd34")
    assert not holds_secret("x ab12cd3")
    assert holds_secret("pass\u200bword=horse1")


def test_a_text_that_was_shown_once_is_masked_as_soon_as_its_value_is_learnt() -> None:
    text = "got beefdead-cafe now"
    assert redact(text) == text
    learn("beefdead-cafe", name="ASH_API_KEY")
    assert redact(text) == f"got {MASK} now"


def test_a_line_that_was_harmless_is_looked_at_again_when_more_was_learnt() -> None:
    lines = LogLines()
    text = "got deadbeef-cafe now"
    assert lines.redacted([("s", text)]) == [text]
    learn("deadbeef-cafe", name="ASH_API_KEY")
    assert lines.redacted([("s", text)]) == [f"got {MASK} now"]


def test_an_id_that_is_a_learnt_value_is_masked_though_ids_are_passed_over() -> None:
    lines = LogLines()
    ids = ["0a1b2c3d4e5f6071", "1a1b2c3d4e5f6072", "fa1b2c3d4e5f607a"]
    learn(ids[2], name="ASH_API_KEY")
    assert [lines.redacted([("s", f"task {one}")])[0] for one in ids] == [f"task {ids[0]}", f"task {ids[1]}", f"task {MASK}"]  # fmt: skip


def test_a_learnt_value_is_masked_in_base64_wherever_it_begins_in_what_was_encoded() -> None:
    learn(LEARNT, name="ASH_API_KEY")
    for before in (b"", b"u", b"u:", b"u:x"):
        encoded = base64.b64encode(before + LEARNT.encode() + b"!").decode()
        assert encoded[6:-6] not in redact(f"sent {encoded}"), before


def test_lists_and_tuples_keep_their_kind_and_what_is_no_text_its_value() -> None:
    given = {"a": ("password=horse1", 1, None, 2.5, True), "b": [b"x", {"c": "password=horse1"}]}
    shown = {"a": (f"password={MASK}", 1, None, 2.5, True), "b": [b"x", {"c": f"password={MASK}"}]}
    assert document(given) == shown
    assert isinstance(document(given)["a"], tuple)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"secrets": {"db": "abc123!", "file": "abc123!"}}, {"secrets": {"db": MASK, "file": "abc123!"}}),
        ({"password": "two words"}, {"password": "two words"}), ({"password": "12345"}, {"password": "12345"}), ({"password": "expired"}, {"password": "expired"}),
        ({"password": ["horse1"]}, {"password": ["horse1"]}), ({"key": "Abc123"}, {"key": "Abc123"}), ({"name": "PORT", "value": "x1"}, {"name": "PORT", "value": "x1"}),
        ({"Key": "DB_PASSWORD", "Value": "horse"}, {"Key": "DB_PASSWORD", "Value": MASK}), ({"name": "DB_PASSWORD", "value": "unset"}, {"name": "DB_PASSWORD", "value": "unset"}),
        ({"name": "DB_PASSWORD", "value": 7}, {"name": "DB_PASSWORD", "value": 7}), ({"key": 1, "value": "horse"}, {"key": 1, "value": "horse"}),
        ({"OutputKey": "ApiToken", "OutputValue": "horse"}, {"OutputKey": "ApiToken", "OutputValue": MASK}),
        ({"password=horse1": 1}, {f"password={MASK}": 1}), ({3: "password=horse1"}, {3: f"password={MASK}"}),
        (["--password", "horse", "--token", "-v", "port", "horse"], ["--password", MASK, "--token", "-v", "port", "horse"]), (["--password", ""], ["--password", ""]),
        ({"Marker": "password=horse1"}, {"Marker": "password=horse1"}),
        ([{"message": FULL[0]}, {"message": FULL[1], "n": 1}], [{"message": MASK}, {"message": MASK, "n": 1}]),
        (("--password", "horse"), ("--password", MASK)),
    ],
)  # fmt: skip
def test_in_a_document_the_fields_tell_what_is_hidden(given: object, shown: object) -> None:
    assert document(given) == shown


def test_a_field_that_is_to_be_kept_is_kept_wherever_it_stands() -> None:
    given = {
        "Value": "password=horse1",
        "x": [{"Value": "password=horse1", "y": "password=horse1"}],
    }
    kept = document(given, keep=frozenset({"Value"}))
    assert kept == {
        "Value": "password=horse1",
        "x": [{"Value": "password=horse1", "y": f"password={MASK}"}],
    }


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("key\r", ("line-end",)), ("key\n\n", ("line-end",)), ("key \n", ("line-end", "spaces")), ("\tkey", ("spaces",)), ("a\tb", ("spaces",)),
        ("`key`", ("quotes",)), ("key'", ("quotes",)), ("'key", ("quotes",)), ("bearer abc", ("spaces", "bearer-prefix")), ("bearerabc", ()), ("  ", ("spaces",)), ("", ()),
    ],
)  # fmt: skip
def test_what_keeps_a_key_from_being_accepted(value: str, found: tuple[str, ...]) -> None:
    assert flaws(value) == found


def test_no_letter_and_no_digit_at_the_end_of_a_key_is_a_quote() -> None:
    for one in string.ascii_letters + string.digits:
        assert flaws(f"{one}-{one}") == ()


def test_of_a_variable_that_is_hidden_is_told_what_a_diagnosis_needs() -> None:
    assert masked_variable("ASH_API_KEY", None) == {"name": "ASH_API_KEY"}
    assert masked_variable("ASH_PORT", 4100) == {"name": "ASH_PORT", "value": "4100", "masked": True, "flaws": (), "isEmpty": False, "isPlaceholder": False}  # fmt: skip
    assert masked_variable("ASH_PORT", "4100") == {"name": "ASH_PORT", "value": "4100", "isEmpty": False}  # fmt: skip
    assert masked_variable("ASH_API_KEY", " ") == {"name": "ASH_API_KEY", "value": " ", "isEmpty": True}  # fmt: skip
    assert masked_variable("ASH_API_KEY", "change-me\n") == {"name": "ASH_API_KEY", "value": MASK, "masked": True, "flaws": ("line-end",), "isEmpty": False, "isPlaceholder": True}  # fmt: skip
    assert value_facts(" ")["is_empty"] is True


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://u:p@h:5432/d", f"postgres://{MASK}@h:5432/d"), ("s3://b/p/#frag", "s3://b/p/"), ("https://h/x?a=1&sslmode=&region=eu", f"https://h/x?a={MASK}&sslmode=&region=eu"),
        ("https://h", "https://h"), ("https://a@b@h/x", f"https://{MASK}@h/x"), ("https://[h/x", MASK), ("x://h?ssl=1&schema=s&uselibpqcompat=true", "x://h?ssl=1&schema=s&uselibpqcompat=true"),
    ],
)  # fmt: skip
def test_of_a_url_host_path_and_harmless_settings_are_told(url: str, shown: str) -> None:
    assert shown_url(url) == shown


def test_every_character_that_unicode_says_acts_is_seen_to() -> None:
    acting = [c for c in map(chr, range(0x3000)) if foreign(c)]
    assert len(acting) > 100
    assert [c for c in acting if foreign(redact(f"a{c}b"))] == []
