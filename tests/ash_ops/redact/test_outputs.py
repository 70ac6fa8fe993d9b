"""What every command prints of a world that whispers: facts, no secrets, nothing that acts.

Each free text that AWS answers, and each of its refusals, carries secrets and escape sequences.
The kinds are proven at the doors (``test_doors``); here it is proven that every output goes through
one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ash_ops.cache import cache_directory
from ash_ops.cli._main import COMMANDS, main
from tests.ash_ops.fakes.aws import AwsError, FakeAws
from tests.ash_ops.fakes.world import START, stopped, task, with_tasks, world
from tests.ash_ops.redact.kinds import armour, foreign, run

PREFIX = "ash-cloud"
_NOTE, _TOKEN, _KEY = (
    "hunter" + "2!x9",
    "gh" + "p_" + run(36, "outputs"),
    "sk-" + "ant-api03-" + run(60, "out"),
)
_PEM = [run(64, f"out{n}") for n in range(3)] + [run(20, "tail") + "="]
SECRETS = (_NOTE, _TOKEN, _KEY, *_PEM)
PLANT = f" DB_PASSWORD={_NOTE} {_TOKEN} key {_KEY} \u202eevil\u202c\u200b"
ACTS = "\x1b[2J\x1b]0;pwned\x07\x1b]52;c;aGk=\x07\x9b2J"
_TEXTS = frozenset(
    ["message", "reason", "stoppedReason", "statusReason", "rolloutStateReason", "Description", "Reason", "detail", "ResourceStatusReason", "StackStatusReason", "OutputValue", "FailureMessage", "AlarmDescription"]
)  # fmt: skip


def planted(value: Any, acts: str) -> Any:
    """An answer with the plant in each of its free texts."""
    if isinstance(value, Mapping):
        return {
            key: f"{item}{PLANT}{acts}"
            if key in _TEXTS and isinstance(item, str)
            else planted(item, acts)
            for key, item in value.items()
        }
    return [planted(item, acts) for item in value] if isinstance(value, list) else value


class Whisperer(FakeAws):
    """A fake AWS whose texts carry secrets; with ``refuses`` it answers nothing but refusals."""

    refuses = False

    def answer(self, service: str, operation: str, request: dict[str, Any]) -> Any:
        # XML cannot hold most control characters.
        acts = ACTS if service in ("ecs", "logs", "secretsmanager", "ssm", "ecr") else ""
        if self.refuses:
            raise AwsError("AccessDeniedException", f"denied{PLANT}{acts}", 403)
        answer = super().answer(service, operation, request)
        return answer if service == "logs" else planted(answer, acts)  # its lines carry their own


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps(
            {"status": "sick", "error": f"sick{PLANT}{ACTS}", "message": f"no{PLANT}{ACTS}"}
        ).encode()
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", f"9{PLANT}".encode("latin-1", "ignore").decode("latin-1"))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 -- the name that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    """An Ash server that tells its secrets in its errors."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=made.serve_forever, args=(0.02,))
    thread.start()
    yield made.server_port
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.fixture(scope="module")
def aws(server: int) -> Iterator[Whisperer]:
    texts = [
        f"Error: connect ECONNREFUSED 10.0.0.7:5432{PLANT}{ACTS}",
        *armour("PRIVATE KEY", _PEM).split("\n"),
        "done",
    ]
    lines = [
        {"eventId": str(n), "timestamp": int(START.timestamp() * 1000) + n, "ingestionTime": 1,
         "logStreamName": f"ash/ash/{'0' * 31}2", "message": text}
        for n, text in enumerate([*texts, json.dumps({"level": 50, "msg": f"x{PLANT}{ACTS}"})])
    ]  # fmt: skip
    answers = with_tasks(
        world(port=server), [task(PREFIX, 1)], [stopped(PREFIX, 2), stopped(PREFIX, 3)]
    )
    events = {"logs:FilterLogEvents": {"events": lines}, "logs:GetLogEvents": {"events": lines}}
    streams = {
        "logs:DescribeLogStreams": {"logStreams": [{"logStreamName": f"ash/ash/{'0' * 31}2"}]}
    }
    with Whisperer(answers | events | streams) as fake:
        yield fake


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where botocore's models are kept once they are cut down: for each command anew took two thirds of the time."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(autouse=True)
def surroundings(
    monkeypatch: pytest.MonkeyPatch, aws: Whisperer, tmp_path: Path, models: Path
) -> Iterator[None]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "AKIAFAKEFAKEFAKEFAKE", "AWS_SECRET_ACCESS_KEY": "fake", "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": aws.url, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "ANTHROPIC_API_KEY": _KEY, "NO_COLOR": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "ASH_API_KEY",
        "ASH_SERVER_URL",
        "ASH_OPS_NAME",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    cache_directory().mkdir(parents=True)
    (cache_directory() / "models").symlink_to(models)
    yield
    aws.refuses = False


Run = Callable[..., str]


@pytest.fixture
def run_(capfd: pytest.CaptureFixture[str]) -> Run:
    """Run a command; everything it wrote to either stream."""

    def ran(*words: str) -> str:
        with pytest.raises(SystemExit):
            main(list(words))
        told = capfd.readouterr()
        return told.out + told.err

    return ran


def assert_clean(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []
    assert foreign(text) == []
    assert "]0;pwned" not in text
    for character in foreign(PLANT + ACTS):
        assert json.dumps(character)[1:-1] not in text


LOOKS = [
    *[("doctor", "--format", form) for form in ("text", "json", "markdown", "junit", "sarif", "html")],
    ("-v", "doctor"), ("status",), ("-v", "status"), ("logs",), ("logs", "--format", "json"), ("logs", "--previous"),
    ("logs", "--hints"), ("logs", "--grep", "ECONN"), ("logs", "--level", "error"), ("health",), ("connect",), ("key",),
    ("cost",), ("rollback",), ("rollout", "0.3.0"), ("deploy", "--plan"), ("teardown", "--yes"), ("ask", "Hello"), ("agent", "deploy", ".", "--yes"),
    ("stop", "--yes"), ("start", "--yes"), ("backup", "--list"), ("restore", "ash-2", "--yes"), ("runners", "list"), ("explain", f"password={_NOTE}{ACTS}"),
]  # fmt: skip


def _without_values(words: tuple[str, ...]) -> str:
    return " ".join(words).partition("=")[0]


@pytest.mark.parametrize("words", LOOKS, ids=_without_values)
def test_no_command_prints_what_a_whispering_world_tells(words: tuple[str, ...], run_: Run) -> None:
    told = run_(*words)
    assert told.strip()
    assert_clean(told)


@pytest.mark.parametrize("words", LOOKS, ids=_without_values)
def test_no_command_prints_what_a_refusal_tells(
    words: tuple[str, ...], run_: Run, aws: Whisperer
) -> None:
    aws.refuses = True
    told = run_(*words)
    assert told.strip()
    assert_clean(told)


def test_the_plant_does_reach_the_commands(run_: Run) -> None:
    """Otherwise the tests above prove nothing."""
    assert "OutOfMemory DB_PASSWORD=••••" in run_("doctor", "--format", "json")
    assert "ECONNREFUSED 10.0.0.7:5432 DB_PASSWORD=••••" in run_("logs")
    assert "DB_PASSWORD=••••" in run_("logs", "--previous")


def test_what_is_saved_and_read_again_is_as_clean(run_: Run, tmp_path: Path) -> None:
    run_("doctor", "--save", "facts.json", "-o", "report.html", "--format", "html")
    assert_clean((tmp_path / "report.html").read_text())
    assert_clean((tmp_path / "facts.json").read_text())
    for form in ("text", "json", "markdown", "junit", "sarif", "html"):
        assert_clean(run_("doctor", "--from", "facts.json", "--format", form))


def test_a_file_made_by_others_is_redacted_as_it_is_read(run_: Run, tmp_path: Path) -> None:
    run_("doctor", "--save", "facts.json")
    facts = json.loads((tmp_path / "facts.json").read_text())
    (tmp_path / "facts.json").write_text(json.dumps(planted(facts, ACTS)))
    for form in ("text", "json", "markdown", "junit", "sarif", "html"):
        assert_clean(run_("doctor", "--from", "facts.json", "--format", form))


def test_raw_alone_goes_round_it_and_says_so(run_: Run) -> None:
    told = run_("logs", "--raw")
    assert _NOTE in told
    assert "\x1b[2J" in told
    assert "Secrets in them are shown" in told


def test_a_line_of_a_key_is_still_a_line(run_: Run) -> None:
    told = run_("logs")
    assert told.count("••••\n") >= len(_PEM)
    assert "-----BEGIN PRIVATE KEY-----" in told
    assert told.count("\n") >= len(_PEM) + 5


@pytest.mark.parametrize(
    "option",
    [
        "--name",
        "--region",
        "--profile",
        "--endpoint-url",
        "--env-file",
        "--from",
        "-o",
        "--nonsense",
    ],
)
def test_what_is_typed_does_not_act_either(option: str, run_: Run) -> None:
    assert foreign(run_("doctor", option, f"x{ACTS}\u202e")) == []


def test_a_fault_of_the_program_itself_tells_no_secret(
    run_: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ash_ops.commands import status

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot read{PLANT}{ACTS}")

    for name in [n for n, item in vars(status).items() if callable(item) and n.islower()]:
        monkeypatch.setattr(status, name, broken, raising=False)
    told = run_("status")
    assert "RuntimeError: cannot read DB_PASSWORD=••••" in told
    assert "ash-ops itself failed" in told
    assert_clean(told)


def test_every_command_is_tried() -> None:
    local = {
        "demo",
        "template",
        "iam-policy",
        "completion",
        "mcp",
        "skill",
    }  # they print nothing that comes from outside
    tried = {word for words in LOOKS for word in words if word in COMMANDS}
    assert tried == set(COMMANDS) - local
