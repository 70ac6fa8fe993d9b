"""`ash-ops explain` as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ash_ops.cli.look.explain import command
from ash_ops.errors import UsageProblem
from tests.support.contracts import holds

PULL = "CannotPullContainerError: Error response from daemon: manifest unknown"


def run(*arguments: str, stdin: str | bytes | None = None) -> tuple[Result, int]:
    result = CliRunner().invoke(command, list(arguments), input=stdin, standalone_mode=False)
    return result, int(result.return_value or 0)


def test_a_pasted_text_is_explained() -> None:
    result, code = run(PULL)
    assert code == 0
    for part in ("image-not-found", "Why we think so", "How to prove it", "How to repair it", "What it is not"):  # fmt: skip
        assert part in result.stdout


def test_words_need_no_quotes() -> None:
    result, code = run(*PULL.split())
    assert (code, "image-not-found" in result.stdout) == (0, True)


def test_a_message_is_read_from_standard_input() -> None:
    result, code = run(stdin=PULL)
    assert (code, "image-not-found" in result.stdout) == (0, True)


def test_a_dash_is_standard_input() -> None:
    result, code = run("-", stdin=PULL)
    assert (code, "image-not-found" in result.stdout) == (0, True)


def test_a_message_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "reason.txt"
    file.write_bytes(PULL.encode() + b"\xff\xfe")
    result, code = run("--file", str(file))
    assert (code, "image-not-found" in result.stdout) == (0, True)


def test_json_is_one_document() -> None:
    result, _ = run("--format", "json", PULL)
    told = json.loads(result.stdout)
    holds("explain", told)
    assert told["schema"] == "ash-ops.explain/1"
    assert told["explanations"][0]["cause"] == "image-not-found"


def test_an_unknown_message_exits_with_4() -> None:
    result, code = run("Moon phase unsuitable")
    assert code == 4
    assert "UNKNOWN" in result.stdout


def test_every_cause_is_listed() -> None:
    result, code = run("--list")
    assert code == 0
    assert "container-oom" in result.stdout
    told = json.loads(run("--list", "--format", "json")[0].stdout)
    assert {"cause", "category", "severity", "title"} == set(told[0])
    holds("causes", told)


@pytest.mark.parametrize("words", [(), ("-",), ("",), (" ",)])
def test_an_empty_input_is_a_usage_problem(words: tuple[str, ...]) -> None:
    result, _ = run(*words, stdin="")
    assert isinstance(result.exception, UsageProblem)


def test_an_empty_file_is_a_usage_problem(tmp_path: Path) -> None:
    (tmp_path / "crash.log").touch()
    result, _ = run(str(tmp_path / "crash.log"))
    assert isinstance(result.exception, UsageProblem)


def test_a_file_that_is_not_there_is_told_and_not_explained() -> None:
    result, _ = run("logs/crash.log")
    assert str(result.exception).startswith("There is no file logs/crash.log")


@pytest.mark.parametrize("words", ["exec ./start.json", "cannot read /etc/ash/key.json"])
def test_a_message_may_end_in_the_name_of_a_file(words: str) -> None:
    result, _ = run(words)
    assert result.exception is None


ROWS = [
    {"id": "a", "kind": "stopped_task", "fields": {"stoppedReason": PULL}},
    {"id": 2, "kind": "log_line", "fields": {"logs": ["xyzzy"]}},
]


def test_a_batch_answers_in_order() -> None:
    result, code = run("--batch", stdin="\n".join(json.dumps(row) for row in ROWS) + "\n\n")
    first, second = [json.loads(line) for line in result.stdout.splitlines()]
    assert code == 0
    assert set(first) == {"id", "cause", "severity", "title", "alternatives"}
    holds("batch", first)
    holds("batch", second)
    assert (first["id"], first["cause"], first["severity"]) == ("a", "image-not-found", "error")
    assert (second["id"], second["cause"], second["severity"]) == (2, "unknown", None)


@pytest.mark.parametrize("line", ["{", "[]", "3", '{"id": 1}', '{"kind": "http"}', '{"kind": 1, "fields": {}}'])  # fmt: skip
def test_a_line_that_cannot_be_read_is_told_and_the_rest_answered(line: str) -> None:
    result, code = run("--batch", stdin=f"{line}\n{json.dumps(ROWS[0])}\n")
    bad, good = [json.loads(told) for told in result.stdout.splitlines()]
    assert code == 1
    assert bad["id"] is None
    assert "line 1" in bad["error"]
    assert good["cause"] == "image-not-found"
    holds("batch", bad)


def test_a_batch_streams() -> None:
    """Each answer comes before the next line is given."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ash_ops", "explain", "--batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        for row in ROWS:
            process.stdin.write(json.dumps(row) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == row["id"]
        process.stdin.close()
        assert process.wait() == 0


def test_explaining_loads_no_heavy_package() -> None:
    """Works without AWS, and starts at once."""
    probe = (
        "import sys; from ash_ops.cli.look.explain import command; "
        f"command.main([{PULL!r}], standalone_mode=False); "
        "heavy = {'boto3', 'botocore', 'httpx', 'pydantic'} & set(sys.modules); "
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", probe], check=True, stdout=subprocess.DEVNULL)
