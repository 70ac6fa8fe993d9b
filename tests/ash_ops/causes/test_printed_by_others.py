"""The same failure as another tool prints it, or as it was escaped on its way, keeps its cause."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

import pytest

from ash_ops.causes import CAUSES
from ash_ops.causes.explain import explain
from ash_ops.causes.reading import decoded, read
from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.test_other_words import OURS

_Form = Callable[[str], str]
ID: Final = "0f3a2b1c-4d5e-6f70-8192-a3b4c5d6e7f8"
CONSOLE: Final = "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/prod"


def _yaml(text: str) -> str:
    said = " ".join(text.split()).replace("'", "''")
    return f"tasks:\n- lastStatus: STOPPED\n  launchType: FARGATE\n  stoppedReason: '{said}'\n"


ESCAPED: Final[dict[str, _Form]] = {
    "an address": quote,
    "a parameter of an address": lambda text: (
        f"https://ci.example.com/x?error={quote(text, '')}&id=7"
    ),
    "a page in a page": lambda text: html.escape(html.escape(text)),
    "soft hyphens": lambda text: re.sub(r"([a-z]{5})([a-z]{5})", "\\1\u00ad\\2", text),
    "hyphens of print": lambda text: text.replace("-", "\u2011"),
    "ligatures": lambda text: text.replace("fi", "\ufb01").replace("fl", "\ufb02"),
    "signs of East Asia": lambda text: (
        text.replace(": ", "\uff1a").replace("(", "\uff08").replace(")", "\uff09")
    ),
    "colours as carets": lambda text: f"^[[31m{text}^[[0m",
    "colours as octal": lambda text: f"\\033[1;31m{text}\\033[0m",
    "a report of tests": lambda text: (
        f'<testcase name="prod"><failure message="{html.escape(" ".join(text.split()))}" type="Error"></failure></testcase>'
    ),
    "elements": lambda text: (
        f"<task><status>STOPPED</status><reason>{html.escape(text)}</reason></task>"
    ),
    "yaml of a task": _yaml,
    "a link of a chat": lambda text: (
        f"*ECS task stopped* in `prod`\n> {' '.join(text.split())}\n<{CONSOLE}|Open in console>"
    ),
    "a link of a page": lambda text: f"[{' '.join(text.split())}](https://logs.example.com/7)",
}


ON_ONE_LINE: Final = {"yaml of a task", "a link of a chat", "a link of a page", "a report of tests"}


def _told(rows: list[tuple[str, frozenset[str], str]]) -> list[tuple[str, frozenset[str], str]]:
    found = []
    for name, accepted, text in rows:
        cause = CAUSES.get(answers(text)[0][0])
        if cause is not None and cause.slug in accepted and cause.severity != "info":
            found.append((name, accepted, text))
    return found


@pytest.mark.parametrize("form", ESCAPED)
def test_a_message_that_was_escaped_keeps_its_cause(form: str) -> None:
    short = [row for row in OURS[5::21] if len(row[2]) < 1_500]
    tried, other = 0, {}
    for name, accepted, text in _told(short):
        changed = ESCAPED[form](text)
        if form in ON_ONE_LINE and "\n" in text:
            continue
        if changed != text:
            tried += 1
            if (got := answers(changed)[0][0]) not in accepted:
                other[name] = got
    assert tried > 30
    assert len(other) <= 0.05 * tried, other


_CALL: Final = re.compile(
    r"\s*An error occurred \((\w+)\) when calling the (\w+) operation: ([^\n]+)\s*"
)
TOOLS: Final[dict[str, Callable[[str, str, str], str]]] = {
    "Rust": lambda code, _, said: (
        f"ServiceError(ServiceError {{ source: {code}({code} {{ message: Some({json.dumps(said)}), meta: ErrorMetadata {{ code: Some(\"{code}\"), message: Some({json.dumps(said)}), extras: Some({{\"aws_request_id\": \"{ID}\"}}) }} }}) }})"
    ),
    "XML": lambda code, _, said: (
        f"<ErrorResponse>\n  <Error>\n    <Type>Sender</Type>\n    <Code>{code}</Code>\n    <Message>{html.escape(said)}</Message>\n  </Error>\n  <RequestId>{ID}</RequestId>\n</ErrorResponse>"
    ),
    "curl": lambda code, _, said: (
        f"HTTP/1.1 400 Bad Request\nx-amzn-RequestId: {ID}\nContent-Type: application/x-amz-json-1.1\n\n"
        + json.dumps({"__type": code, "message": said})
    ),
    "Lambda": lambda code, call, said: json.dumps(
        {
            "errorMessage": f"An error occurred ({code}) when calling the {call} operation: {said}",
            "errorType": code,
        }
    ),
}  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_an_answer_of_aws_as_another_tool_prints_it_keeps_its_cause(tool: str) -> None:
    tried, other = 0, {}
    for name, accepted, text in _told([row for row in OURS if _CALL.fullmatch(row[2])][::2]):
        found = _CALL.fullmatch(text)
        if found is None:
            continue
        code, call, said = found.groups()
        # What the code and the words tell; some are told by the call that was refused.
        if answers(f"{code}: {said}")[0][0] not in accepted:
            continue
        tried += 1
        if (got := answers(TOOLS[tool](code, call, said))[0][0]) not in accepted:
            other[name] = got
    assert tried > 30
    assert len(other) <= 0.08 * tried, other


def test_a_secret_of_an_address_stays_behind_its_name() -> None:
    pasted = "https://x.example.com/?password=tiger%20hides%20in%20grass&msg=An+error+occurred+(AccessDenied)%3A+access+denied"
    assert "tiger" not in str(explain(pasted))
    form = "user=jane&password=tiger%20hides%20in%20grass"
    assert "hides" not in str(explain(form))


def test_a_gap_to_be_filled_in_is_no_element() -> None:
    text = "ResourceInitializationError: failed to initialize logging driver: <reason>"
    assert answers(text)[0][0] == "unknown"


def test_the_head_of_an_answer_of_the_server_stays() -> None:
    text = 'HTTP/1.1 400 Bad Request\ncontent-type: application/json\n\n{"error":"Invalid bundle"}'
    assert "HTTP/1.1 400 Bad Request" in [entry.text for entry in read(decoded(text)).entries]
    assert answers(text)[0][0] == "ash-bad-request"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("rate(http_requests_total[5m]) > 1", "rate(http_requests_total[5m]) > 1"),
        ("waited [2m so far", "waited [2m so far"),
        ("[31mfailed[0m", "failed"),
        ("printf 'it''s'", "printf 'it''s'"),
        ("100%20done", "100%20done"),
    ],
)
def test_what_only_looks_escaped_stays(text: str, left: str) -> None:
    assert decoded(text) == left


TWO: Final = (
    "First we got this:\n\n{}\n\nand later this:\n\n{}\n",
    "On Monday the console says:\n\n{}\n\nSince today it also shows:\n\n{}\n",
)


@pytest.mark.parametrize("form", TWO)
def test_two_failures_that_a_person_tells_of_are_both_told(form: str) -> None:
    refused = "ResourceInitializationError: failed to initialize logging driver: failed to create Cloudwatch log stream: AccessDeniedException: not authorized to perform: logs:CreateLogStream"
    pulled = "CannotPullContainerError: pull access denied for ghcr.io/acme/ash, repository does not exist or may require 'docker login'"
    told = [cause for cause, _ in answers(form.format(refused, pulled))]
    assert set(told) == {"log-access-denied", "image-pull-denied"}
