"""What people paste is read: files, encodings, loggers, cut documents, command lines."""

from __future__ import annotations

import gzip
import json
import quopri
from collections.abc import Callable
from pathlib import Path

import pytest

from ash_ops.causes.explain import explain
from ash_ops.report.explanation import lines
from tests.ash_ops.cli.test_explain_command import PULL, run

DOCUMENT = {
    "tasks": [
        {
            "taskArn": "arn:aws:ecs:eu-west-1:123456789012:task/ash-cloud/0123456789abcdef0123456789abcdef",
            "lastStatus": "STOPPED",
            "stoppedReason": PULL,
        }
    ]
}


TWO_LINES = f"Task stopped at: 2026-11-27T14:03:11Z\n{PULL}"
CARRIED: dict[str, Callable[[str], str]] = {
    "job of GitLab": lambda text: f"section_start:1795788191:step_script\r\n{text}\nsection_end:1795788199:step_script\r\nERROR: Job failed: exit code 1\n",
    "mail": lambda text: "Subject: alert\nContent-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(text.encode()).decode(),
    "repr of Python": lambda text: f"ERROR:ops.alerts:ticket 4711: {text!r}",
}  # fmt: skip


@pytest.mark.parametrize("carried", CARRIED.values(), ids=CARRIED)
def test_what_carries_a_message_does_not_change_it(carried: Callable[[str], str]) -> None:
    assert [e.answer.cause for e in explain(carried(TWO_LINES))] == ["image-not-found"]


def test_a_mail_may_hold_any_characters() -> None:
    text = f"Content-Transfer-Encoding: quoted-printable\n\n\ud800 =ZZ =\n\n{PULL}"
    assert explain(text)[0].answer.cause == "image-not-found"


def test_an_answer_in_xml_is_read_as_its_message() -> None:
    """The query protocol of AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html."""
    said = "Signature expired: 20261120T101112Z is now earlier than 20261120T111112Z"
    xml = f"<ErrorResponse>\n<Error>\n<Code>SignatureDoesNotMatch</Code>\n<Message>{said}</Message>\n</Error>\n</ErrorResponse>"
    assert explain(xml)[0].answer.cause == "aws-clock-skew"


def test_a_failed_job_of_gitlab_itself_is_no_alarm_of_ours() -> None:
    text = CARRIED["job of GitLab"]("npm error code ELIFECYCLE")
    assert all(e.answer.cause in ("unknown", "healthy-log") for e in explain(text))


def test_a_path_that_exists_is_read(tmp_path: Path) -> None:
    file = tmp_path / "stopped tasks.json"
    file.write_text(json.dumps(DOCUMENT))
    result, code = run(str(file))
    assert (code, "image-not-found" in result.stdout) == (0, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"])  # fmt: skip
def test_a_file_of_any_encoding_is_read(encoding: str) -> None:
    assert explain(PULL.encode(encoding))[0].answer.cause == "image-not-found"
    assert explain(gzip.compress(PULL.encode(encoding)))[0].answer.cause == "image-not-found"


CUT = json.dumps(DOCUMENT, indent=4)


@pytest.mark.parametrize("kept", [1.0, 0.97, 0.94])
def test_a_document_whose_end_is_cut_is_read(kept: float) -> None:
    text = CUT[: int(len(CUT) * kept)]
    assert explain(text)[0].answer.cause == "image-not-found"


def test_several_documents_are_read() -> None:
    other = {"StackEvents": [{"LogicalResourceId": "Eip", "ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": "The maximum number of addresses has been reached."}]}  # fmt: skip
    found = {entry.answer.cause for entry in explain(f"{CUT}\n{json.dumps(other)}")}
    assert {"image-not-found", "cfn-quota"} <= found


def test_the_command_line_names_what_was_asked() -> None:
    text = f"$ aws ecs describe-tasks --cluster shop --tasks abc\n{PULL}"
    told = "\n".join(lines(explain(text)))
    assert "--cluster shop" in told


@pytest.mark.parametrize("width", [40, 72, 100])
def test_text_is_wrapped_to_the_terminal_and_commands_are_whole(width: int) -> None:
    (only,) = explain(PULL)
    shown = list(lines([only], width))
    commands = [step.command for step in (*only.proof(), *only.repair()) if step.command]
    assert all(any(command in line for line in shown) for command in commands)
    prose = [line for line in shown if not line.startswith(" " * 6) and "http" not in line]
    assert all(len(line) <= width for line in prose)


@pytest.mark.parametrize("text", [PULL, f"Error: {PULL}", "Essential container in task exited"])  # fmt: skip
def test_no_field_is_quoted_that_was_not_given(text: str) -> None:
    shown = "\n".join(lines(explain(text)))
    assert "stoppedReason:" not in shown


def test_a_quote_holds_the_decisive_words() -> None:
    text = (
        "x " * 400
        + "CannotPullContainerError: Error response from daemon: manifest unknown "
        + "y " * 400
    )
    (only,) = explain(text)
    assert any("manifest unknown" in hint.quote for hint in only.answer.why)


@pytest.mark.parametrize(("typed", "meant"), [("image-not-fuond", "image-not-found"), ("container_oom", "container-oom")])  # fmt: skip
def test_a_mistyped_name_is_answered_with_the_one_meant(typed: str, meant: str) -> None:
    assert meant in "\n".join(lines(explain(typed)))


# The headings of the server's own troubleshooting guide, and how people put them.
SYMPTOMS = ["Task stuck in PENDING", "Connection refused or timeout", "Container keeps restarting"]


@pytest.mark.parametrize("text", SYMPTOMS)
def test_the_symptoms_of_the_guide_open_their_playbook(text: str) -> None:
    (only,) = explain(text)
    shown = "\n".join(lines([only]))
    assert only.cause is not None
    assert "ash-ops doctor" in shown
