"""What a system prints around the line of a program says where it ran: the line keeps its cause, and no other is told."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Final

import pytest

from tests.ash_ops.causes.remembered import answers
from tests.ash_ops.causes.wrappings import pasted, rows

Frame = Callable[[str], str]


def _head(prefix: str) -> Frame:
    return lambda text: prefix + text


def _between(before: str, after: str = "") -> Frame:
    return lambda text: f"{before}\n{text}\n{after}".strip("\n")


def _record(**beside: object) -> Frame:
    return lambda text: json.dumps({**beside, "message": text})


# Forms of the systems' own documentation and of issues of their repositories.
OF_A_PROGRAM: Final[dict[str, Frame]] = {
    "a dyno": _head("2026-11-26T10:00:00.123456+00:00 app[web.1]: "),
    "a machine of Fly": _head("2026-11-26T10:00:00Z app[148ed193b95e89] fra [info]"),
    "kubectl logs --prefix": _head("[pod/web-7d9c6b5f4-x2x8q/web] "),
    "a container named after a program": _head("[my-redis-app] "),
    "compose, beside a database": _between("Attaching to mongodb-stylo-1, app-1", "app-1 exited with code 1"),
    "glog": _head("E1126 10:00:00.123456       1 main.go:42] "),
    "a traceback": lambda text: f'Traceback (most recent call last):\n  File "/app/main.py", line 4, in <module>\n    start()\nRuntimeError: {text}',
    "a crash of Node": lambda text: f"/app/dist/index.js:42\n    throw err;\n    ^\n\nError: {text}\n    at Server.start (/app/dist/server.js:42:11)\n\nNode.js v20.11.0",
    "Render": _between("==> Running 'npm start'", "==> Exited with status 1"),
    "a shipper's record": _record(host="i-0abc", service="web", tags=["env:prod"], timestamp="2026-11-26T10:00:00Z"),
    "Sentry": lambda text: json.dumps({"event_id": "0a1b", "level": "error", "exception": {"values": [{"type": "RuntimeError", "value": text}]}}),
    "Logs Insights": lambda text: json.dumps({"results": [[{"field": "@timestamp", "value": "2026-11-26 10:00:00.123"}, {"field": "@message", "value": text}, {"field": "@ptr", "value": "CmEK"}]]}),
}  # fmt: skip
OF_A_CALL: Final[dict[str, Frame]] = {
    "GitHub's group": _between("##[group]Run ./deploy.sh\nshell: /usr/bin/bash -e {0}\n##[endgroup]", "##[error]Process completed with exit code 1."),
    "GitHub's step": lambda text: f"Run aws-actions/amazon-ecs-deploy-task-definition@v2\nError: {text}",
    "GitLab": _between("$ ./deploy.sh", "Cleaning up project directory and file based variables 00:01\nERROR: Job failed: exit code 1"),
    "Jenkins": _between("[Pipeline] sh\n+ ./deploy.sh", "[Pipeline] }\nERROR: script returned exit code 1\nFinished: FAILURE"),
    "CircleCI": _between("#!/bin/bash -eo pipefail\n./deploy.sh", "\nExited with code exit status 1\n\nCircleCI received exit code 1"),
    "Azure DevOps": _between("##[section]Starting: Deploy", "##[error]Bash exited with code '1'.\n##[section]Finishing: Deploy"),
    "CDK": _head("WebStack: deploying... [1/1]\n\n ❌  WebStack failed: "),
    "German": _head("Fehler: "),
}  # fmt: skip

_NAMES_ITS_FRAME: Final = ("Terraform", "{", "[", "Error:", "│", "20")
_EVERY: Final = [*rows("incidents.jsonl"), *rows("labelled.jsonl")]


def _short(kind: str) -> list[str]:
    """Messages of a kind of one short line, each known by itself, in an order that stays."""
    texts = {pasted(row) for row in _EVERY if row["kind"] == kind and not row.get("negative")}
    lines = sorted(t for t in texts if 20 < len(t) < 240 and "\n" not in t)
    known = [
        t
        for t in lines
        if not t.startswith(_NAMES_ITS_FRAME) and answers(t)[0][1] in ("error", "warning")
    ]
    random.Random(28).shuffle(known)
    return known[:14]


def _told(text: str) -> list[str]:
    return [cause for cause, severity in answers(text) if severity in ("error", "warning")]


@pytest.mark.parametrize(
    ("kind", "frame"),
    [
        *(("log_line", frame) for frame in OF_A_PROGRAM),
        *(("api_error", frame) for frame in OF_A_CALL),
    ],
)
def test_a_line_keeps_its_cause_in_the_frame_of_a_system(kind: str, frame: str) -> None:
    put = {**OF_A_PROGRAM, **OF_A_CALL}[frame]
    lines = _short(kind)
    assert len(lines) >= 8
    missed = [(text, told) for text in lines if (told := _told(put(text))) != _told(text)]
    assert len(missed) <= 1, missed


_SAYS_FAILURE: Final = ("a traceback", "a crash of Node", "Sentry", "CDK", "German", "Render", "GitHub's step")  # fmt: skip
_CALM: Final = ("Server listening on 0.0.0.0:4100", "service web has reached a steady state.", "deployment completed, 0 errors")  # fmt: skip


@pytest.mark.parametrize(
    "frame", [name for name in (*OF_A_PROGRAM, *OF_A_CALL) if name not in _SAYS_FAILURE]
)
def test_a_calm_line_is_no_alarm_in_the_frame_of_a_log(frame: str) -> None:
    put = {**OF_A_PROGRAM, **OF_A_CALL}[frame]
    assert not [text for text in _CALM if _told(put(text))]
