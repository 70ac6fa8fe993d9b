"""How lines look: pino's JSON for people, the JSON contract for programs, no secrets anywhere."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops.aws.logs import redact_events
from ash_ops.logs.hints import worthy
from ash_ops.logs.render import Look, Renderer
from ash_ops.redact import LogLines, learn
from ash_ops.secret import MASK
from tests.support.contracts import holds

AT = 1_790_000_000_123


def event(message: str, **other: Any) -> dict[str, Any]:
    made = {
        "eventId": "1",
        "timestamp": AT,
        "ingestionTime": AT + 77,
        "logStreamName": "ash/ash/8f2c1a0b3d4e5f60718293a4b5c6d7e8",
        "message": message,
    }
    return made | other


def text(message: str, *values: str, **look: bool) -> str:
    """A message as it is shown, having entered as messages enter."""
    for value in values:
        learn(value, name="ASH_API_KEY")
    return page([event(message)], **look)


def page(events: list[dict[str, Any]], **look: bool) -> str:
    if not look.get("raw"):
        redact_events(events, LogLines())
    return Renderer(Look(**look)).page(events)


HEAD = "2026-09-21T14:13:20.123Z 8f2c1a0b "


@pytest.mark.parametrize(
    ("message", "shown", "remark"),
    [
        ("hello", "hello", "a plain line"),
        ("", "", "an empty line"),
        ('{"level":30,"time":1,"pid":7,"hostname":"h","msg":"hi"}', "INFO  hi", "pino"),
        ('{"level":50,"msg":"x","reqId":"req-1"}', "ERROR x reqId=req-1", "a field"),
        ('{"level":30,"res":{"statusCode":200},"msg":"done"}', "INFO  done res.statusCode=200", ""),
        ('{"level":30,"msg":"t","ms":12.34567}', "INFO  t ms=12.346", "a float"),
        ('{"level":30,"msg":"q","a":"b c","d":""}', 'INFO  q a="b c" d=""', "quoted"),
        ('{"level":"warn","msg":"w"}', "WARN  w", "a level by name"),
        ('{"level":35,"msg":"w"}', "INFO  w", "a level of one's own"),
        ('{"level":30,"msg":"a","message":"b"}', "INFO  a message=b", "both are shown"),
        ('{"msg":"no level"}', "-     no level", "no level"),
        ('{"level":30,"ok":true,"none":null,"l":[1,2]}', "INFO  ok=true none=null l=[1,2]", ""),
        ('{"level":30,"msg":"cut off', '{"level":30,"msg":"cut off', "broken JSON stays"),
        ('{"level":30} trailing', '{"level":30} trailing', "not one object"),
        ('{"a":1}', '{"a":1}', "JSON that is no log line"),
        ("[1,2]", "[1,2]", "no object"),
        ("\x1b[31mred\x1b[0m\x07", "red\\x07", "cannot steer the terminal"),
        ("pay \u202e001", "pay <U+202E>001", "nor turn its direction"),
        ("one\ntwo", "one\n    two", "a second line is set in"),
    ],
)
def test_text(message: str, shown: str, remark: str) -> None:
    assert text(message) == f"{HEAD}{shown}\n"


def test_a_stack_trace_is_folded_out() -> None:
    line = {"level": 50, "msg": "failed", "err": {"type": "E", "stack": "E: x\n    at a\n    at b"}}
    assert text(json.dumps(line)) == (
        f"{HEAD}ERROR failed err.type=E\n    E: x\n        at a\n        at b\n"
    )


def test_raw_changes_nothing() -> None:
    message = '{"level":30,"apiKey":"sk-ant-api03-abcdefghijklmnop"}'
    assert text(message, raw=True) == f"{HEAD}{message}\n"


def test_colour_only_when_asked_for() -> None:
    message = '{"level":50,"msg":"x"}'
    assert "\x1b[" not in text(message)
    assert "\x1b[31mERROR\x1b[0m" in text(message, colour=True)


def test_json_is_one_object_a_line_as_the_contract_says() -> None:
    line = text('say "hi"\nthere', json=True)
    assert line.count("\n") == 1
    assert json.loads(line) == {
        "timestamp": "2026-09-21T14:13:20.123Z",
        "ingested": "2026-09-21T14:13:20.200Z",
        "task": "8f2c1a0b3d4e5f60718293a4b5c6d7e8",
        "stream": "ash/ash/8f2c1a0b3d4e5f60718293a4b5c6d7e8",
        "event_id": "1",
        "message": 'say "hi"\nthere',
    }
    holds("logs", json.loads(line))


def test_json_of_an_event_that_lacks_things() -> None:
    renderer = Renderer(Look(json=True))
    line = json.loads(renderer.page([{"timestamp": AT}]))
    assert line["event_id"] is None
    assert line["ingested"] is None
    assert (line["task"], line["message"]) == ("", "")
    holds("logs", line)


@given(st.text())
def test_any_message_survives_json(message: str) -> None:
    renderer = Renderer(Look(json=True, raw=True))
    assert json.loads(renderer.page([event(message)]))["message"] == message


def test_json_holds_nothing_that_acts_on_a_terminal_even_raw() -> None:
    """A C1 control and a turn of direction are written out, as JSON may; the text is the same."""
    message = "a \x9b31m b \u202e c\n\u00e9"
    line = Renderer(Look(json=True, raw=True)).page([event(message)])
    assert line.isascii()
    assert json.loads(line)["message"] == message


@given(st.one_of(st.text(), st.text().map(lambda inner: "{" + inner)))
def test_any_message_can_be_shown_and_none_steers_the_terminal(message: str) -> None:
    shown = text(message)
    assert not any(ord(char) < 32 and char not in "\n\t" for char in shown)
    assert all(row.startswith("    ") for row in shown[:-1].split("\n")[1:])


SECRETS = [
    ("key sk-ant-api03-AbCdEf0123456789", "AbCdEf0123456789", "an Anthropic key"),
    ("ash_7f3k2m9x8v4n1p6q", "7f3k2m9x8v4n1p6q", "an Ash key"),
    ("Authorization: Bearer abc.def-123456", "abc.def-123456", "a header"),
    ('{"level":30,"authorization":"Bearer abcdef123456"}', "abcdef123456", "a logged header"),
    ('{"level":30,"headers":{"x-api-key":"0123456789ab"}}', "0123456789ab", "another"),
    ("authorization=Basic dXNlcjpwYXNz", "dXNlcjpwYXNz", "basic authentication"),
    ("ANTHROPIC_API_KEY=verysecret1", "verysecret1", "an environment"),
    ("AWS_SECRET_ACCESS_KEY='wJalrXUtnFEMI/K7MDENG'", "wJalrXUtnFEMI", "an environment"),
    ("password: hunter22", "hunter22", "a password"),
    ('error: {\\"apiKey\\":\\"escaped1234\\"}', "escaped1234", "JSON in a string"),
    ("postgres://ash:pa55word@db:5432/ash", "pa55word", "a password in a URL"),
    ("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE", "an access key id"),
    ("eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2lnbmF0dXJl", "eyJzdWIiOiIx", "a JSON web token"),
    ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "0123456789abcdefghij", "a GitHub token"),
    ("GET /o?X-Amz-Signature=abcdef0123 x", "abcdef0123", "a presigned URL"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----", "MIIEow", "a key"),
    ("it is known-by-value-9 here", "known-by-value-9", "a secret of this configuration"),
]


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(("message", "secret", "remark"), SECRETS)
def test_a_secret_is_masked(message: str, secret: str, remark: str, as_json: bool) -> None:
    shown = text(message, "known-by-value-9", json=as_json)
    assert secret not in shown
    assert MASK in shown


@pytest.mark.parametrize(
    "part", ["secret", "apikey", "eyJ-", "://a", "e", "\x1b[", "password=", "key ", "@"]
)
def test_no_message_takes_quadratic_time(part: str) -> None:
    """A message may have a megabyte; a pattern that looks back at it all would take hours."""
    message = part * (100_000 // len(part))
    assert len(text(message)) > 10
    assert worthy([message]) in ([], [0])


@pytest.mark.parametrize(
    "message",
    [
        "API key authentication enabled",
        "Missing Authorization header",
        "the secret: not found",
        "tokens: 1234 used",
        "ash_ops and ash_client started",
        "keyboard=qwerty",
        "http://host:4100/path@2x.png",
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:ash-cloud/api-key-AbCdEf",
    ],
)
def test_what_is_no_secret_stays(message: str) -> None:
    assert text(message) == f"{HEAD}{message}\n"


@pytest.mark.parametrize("level", [30, 50])
def test_the_masks_of_a_page_do_not_depend_on_its_other_lines(level: int) -> None:
    secret, plain = "password=hunter22", f'{{"level":{level},"msg":"x"}}'
    together = page([event(secret), event(plain)])
    assert together == page([event(secret)]) + page([event(plain)])
