"""How people paste: one function a wrapping, from a message to what stands in the clipboard."""

from __future__ import annotations

import gzip
import html
import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

DATA = Path(__file__).parents[2] / "data" / "causes"
Pasted = str | bytes


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a file of labelled messages."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


# Fields that say what kind of failure it was, but never which.
_BESIDE = {"stopCode", "resourceType", "logicalResourceId", "resourceStatus", "requestId"}
_TEXTS = ("stoppedReason", "message", "resourceStatusReason", "description", "error")


def pasted(row: dict[str, Any]) -> str:
    """A message as a person copies it: its text where the text is all there is, else its JSON."""
    if "paste" in row:
        return str(row["paste"])
    fields: dict[str, Any] = row["fields"]
    told = {name: value for name, value in fields.items() if name not in _BESIDE}
    if set(told) == {"logs"}:
        lines = [e if isinstance(e, str) else e["message"] for e in told["logs"]]
        return "\n".join(lines)
    if len(told) == 1 and (name := next(iter(told))) in _TEXTS and isinstance(told[name], str):
        return str(told[name])
    return json.dumps(fields, indent=4)


def _each(prefix: str) -> Callable[[str], Pasted]:
    return lambda text: "\n".join(prefix + line for line in text.splitlines())


def _numbered(prefix: str) -> Callable[[str], Pasted]:
    return lambda text: "\n".join(
        prefix.format(minute=n // 60 % 60, second=n % 60) + line
        for n, line in enumerate(text.splitlines())
    )


def _around(before: str, after: str = "") -> Callable[[str], Pasted]:
    return lambda text: before + text + after


def _document(build: Callable[[str], Any], **options: Any) -> Callable[[str], Pasted]:
    return lambda text: json.dumps(build(text), **options)


def _box(text: str) -> str:
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, 76) or [""])]
    bar = "+" + "-" * 78 + "+"
    return "\n".join([bar, *(f"| {line:<76} |" for line in lines), bar])


def _terraform(text: str) -> str:
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, 90) or [""])]
    inner = "\n".join(f"│ {line}" for line in lines)
    return f"╷\n{inner}\n│ \n│   with module.ash.main,\n│   on main.tf line 12:\n╵"


def _hard(width: int) -> Callable[[str], Pasted]:
    """Cut at the terminal's edge, in the middle of words."""
    return lambda text: "\n".join(
        line[i : i + width]
        for line in text.splitlines()
        for i in range(0, max(len(line), 1), width)
    )


def _soft(width: int, indent: str = "") -> Callable[[str], Pasted]:
    """Wrapped between words, as chats and mails do."""
    return lambda text: "\n".join(
        part
        for line in text.splitlines()
        for part in (
            textwrap.wrap(line, width, initial_indent=indent, subsequent_indent=indent,
                          break_long_words=False, break_on_hyphens=False) or [""]
        )
    )  # fmt: skip


def _spread(text: str) -> str:
    """Each part on a line of its own with blank ones between, as a page's table is copied."""
    parts = text.split(": ")
    return ":\n\n\n".join(parts) if len(parts) > 2 and "\n" not in text else text


def _yaml_block(text: str) -> str:
    return "tasks:\n- lastStatus: STOPPED\n  stoppedReason: |-\n" + textwrap.indent(text, "    ")


def _task(text: str) -> dict[str, Any]:
    arn = "arn:aws:ecs:eu-west-1:123456789012:task/ash-cloud/0123456789abcdef0123456789abcdef"
    return {"tasks": [{"taskArn": arn, "lastStatus": "STOPPED", "stoppedReason": text}]}


def _actions(text: str) -> str:
    stamp = "2026-11-26T10:00:00.0000000Z "
    first, *rest = text.splitlines() or [""]
    return "\n".join([f"{stamp}##[error]{first}", *(stamp + line for line in rest)])


WRAPPINGS: Final[dict[str, Callable[[str], Pasted]]] = {
    "plain": _around(""),
    "stopped reason": _around("Stopped reason: "),
    "status reason, tab": _around("Status reason\t"),
    "reason": _around("Reason: "),
    "mail quote": _each("> "),
    "mail quote, twice": _each(">> "),
    "prompt and command": _around("$ aws ecs describe-tasks --cluster ash-cloud --tasks 0123\n"),
    "powershell prompt": _around("PS C:\\Users\\me> aws ecs describe-tasks --cluster ash-cloud\r\n"),
    "fence": _around("```\n", "\n```"),
    "fence with a language": _around("```json\n", "\n```\n"),
    "tildes": _around("~~~~\n", "\n~~~~"),
    "backtick": _around("`", "`"),
    "single quotes": _around("'", "'"),
    "double quotes": _around('"', '"'),
    "smart quotes": _around("\u201c", "\u201d"),
    "left bracket": _around("["),
    "apostrophe left over": _around("", "'"),
    "bold": _around("**", "**"),
    "heading": _around("## The error\n\n"),
    "an issue's title": _each("# "),
    "comment of YAML": _each("  # "),
    "a part a line, spread": _spread,
    "bullet": _around("- "),
    "numbered": _around("1. "),
    "list of texts": _document(lambda text: [text], indent=4),
    "json string": _document(lambda text: text),
    "json message": _document(lambda text: {"message": text}),
    "pretty go logger": _document(
        lambda text: {"caller": "main.go:12", "error": text, "level": "error"}, indent=2
    ),
    "go logger": _document(
        lambda text: {"level": "error", "ts": 1764000000.1, "caller": "a/b.go:7", "msg": "failed", "error": text}
    ),
    "pino": _document(lambda text: {"level": 50, "time": 1764000000000, "pid": 1, "msg": text}),
    "pino with err": _document(
        lambda text: {"level": 60, "time": 1764000000000, "err": {"type": "Error", "message": text}, "msg": "failed"}
    ),
    "winston": _document(
        lambda text: {"level": "error", "message": text, "timestamp": "2026-11-26T10:00:00.000Z"}
    ),
    "structlog": _document(
        lambda text: {"event": text, "level": "error", "logger": "app", "timestamp": "2026-11-26T10:00:00Z"}
    ),
    "query of events": _document(
        lambda text: [
            {"id": "f202094b-a6f5-480e-bfe6-69442794993f", "createdAt": "2026-11-26T10:00:00+01:00", "message": text}
        ],
        indent=4,
    ),
    "describe-tasks": _document(_task, indent=4),
    "describe-tasks, its end cut": lambda text: json.dumps(_task(text), indent=4)[:-14],
    "describe-tasks, its start cut": lambda text: json.dumps(_task(text), indent=4)[30:],
    "describe-tasks after a prompt": lambda text: (
        "me@host:~/ash$ aws ecs describe-tasks --cluster ash-cloud --tasks 0123\n"
        + json.dumps(_task(text), indent=4) + "\nme@host:~/ash$ "
    ),
    "two documents": lambda text: (
        json.dumps({"services": [], "failures": []}, indent=4) + "\n" + json.dumps(_task(text), indent=4)
    ),
    "event of EventBridge": _document(
        lambda text: {"version": "0", "detail-type": "ECS Task State Change", "source": "aws.ecs",
                      "detail": {"lastStatus": "STOPPED", "stoppedReason": text}}
    ),
    "query of a container": _document(
        lambda text: {"Status": "STOPPED", "Reason": text, "ExitCode": None}, indent=4
    ),
    "yaml": lambda text: "stoppedReason: " + " ".join(text.split()),
    "yaml, quoted": lambda text: "- lastStatus: STOPPED\n  stoppedReason: '" + " ".join(text.split()).replace("'", "''") + "'\n",
    "yaml block": _yaml_block,
    "aws table": lambda text: "|  stoppedReason |  " + " ".join(text.split()) + "  |",
    "box": _box,
    "terraform": _terraform,
    "aws logs tail": _each("2026-11-26T10:00:00.123000+00:00 ash/ash/0123456789abcdef0123456789abcdef "),
    "iso time": _numbered("2026-11-26T10:{minute:02}:{second:02}Z "),
    "local time": _each("2026-11-26 10:00:00,123 "),
    "clock": _each("[10:00:00] "),
    "syslog": _each("Nov 26 10:00:00 ip-10-0-0-5 dockerd[1234]: "),
    "compose": _each("ash-1  | "),
    "level": _each("[ERROR] "),
    "journal": _each("ERROR:app.main:"),
    "github actions": _actions,
    "text output": _around("EVENTS\t2026-11-26T10:00:00+01:00\tf202094b-a6f5-480e-bfe6-69442794993f\t"),
    "chat": _around("Alice Example  10:42 AM\n", "\nany ideas?"),
    "chat, a name": _around("alice: "),
    "chat, a bot": lambda text: (
        "Deploys APP  10:42 AM\n:red_circle: *Deployment failed*\n> " + text.replace("\n", "\n> ")
    ),
    "element of xml": lambda text: "<event><message>" + html.escape(text) + "</message></event>",
    "question around": _around("Hi all, I keep getting this since this morning:\n\n", "\n\nWhat can I do?"),
    "german around": _around("Seit heute früh kommt immer nur:\n", "\nWas heißt das?"),
    "html": lambda text: "<pre><code>" + html.escape(text) + "</code></pre>",
    "entities": lambda text: html.escape(text),
    "ansi": lambda text: "\x1b[31m\x1b[1m" + text + "\x1b[0m",
    "crlf": lambda text: text.replace("\n", "\r\n") + "\r\n",
    "hard blanks": lambda text: text.replace(" ", "\u00a0"),
    "zero width": lambda text: "\u200b".join([text[:9], text[9:]]) + "\ufeff",
    "indented": lambda text: textwrap.indent(text, "        "),
    "wrapped at 80": _soft(80),
    "wrapped at 60, indented": _soft(60, "    "),
    "wrapped in words at 80": _hard(80),
    "wrapped in words at 120": _hard(120),
    "byte order mark": lambda text: "\ufeff" + text,
    "utf-16": lambda text: text.encode("utf-16"),
    "gzip": lambda text: gzip.compress(text.encode()),
}  # fmt: skip
"""Every wrapping by its name."""

SAYS_FAILURE: Final = frozenset(
    ("chat, a bot", "pretty go logger", "go logger", "pino", "pino with err", "winston", "structlog",
     "level", "journal", "github actions", "describe-tasks", "terraform", "event of EventBridge",
     "describe-tasks, its end cut", "describe-tasks, its start cut", "describe-tasks after a prompt",
     "two documents", "stopped reason", "status reason, tab", "query of a container", "yaml block", "yaml",
     "yaml, quoted", "aws table")
)  # fmt: skip
"""Wrappings that say themselves that something failed: a normal message is not pasted like that."""


def fits(wrapping: str, row: dict[str, Any]) -> bool:
    """Whether a person can have pasted a message like that."""
    return not (row.get("negative") and wrapping in SAYS_FAILURE)
