"""Every kind of secret through every door: none is seen behind it, and nothing acts on a terminal."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ash_ops import redact
from ash_ops.aws import calls
from ash_ops.aws import operations as op
from ash_ops.aws.client.json_api import JsonApi
from ash_ops.aws.logs import redact_events
from ash_ops.causes.batch import answers
from ash_ops.causes.explain import explain
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.redact import LogLines
from ash_ops.report.explanation import lines
from ash_ops.secret import MASK
from ash_ops.snapshot import store
from ash_ops.snapshot.http_get import HttpAnswer
from tests.ash_ops.redact.kinds import CONTROLS, KINDS, Kind, foreign


def log_line(text: str) -> str:
    events = [{"timestamp": 1, "eventId": "1", "logStreamName": "a/a/1", "message": text}]
    redact_events(events, LogLines())
    return str(events[0]["message"])


def log_line_among_others(text: str) -> str:
    """The other lines of a page hide nothing, and are not hidden."""
    around = ["[server] listening on 4100", text, "request completed in 12 ms"]
    events = [
        {"timestamp": n, "logStreamName": "a/a/1", "message": m} for n, m in enumerate(around)
    ]
    redact_events(events, LogLines())
    assert [events[0]["message"], events[2]["message"]] == around[::2]
    return str(events[1]["message"])


def stop_reason(text: str) -> str:
    answer = {"tasks": [{"taskArn": "a", "stoppedReason": text, "containers": [{"reason": text}]}]}
    return str(calls._read(op.DESCRIBE_TASKS, answer))


def service_event(text: str) -> str:
    answer = {"services": [{"events": [{"id": "1", "message": text}]}]}
    return str(calls._read(op.DESCRIBE_SERVICES, answer))


def stack_event(text: str) -> str:
    answer = {"StackEvents": [{"ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": text}]}
    return str(calls._read(op.DESCRIBE_STACK_EVENTS, answer))


def log_events_of_boto3(text: str) -> str:
    return str(calls._read(op.GET_LOG_EVENTS, {"events": [{"timestamp": 1, "message": text}]}))


def refusal_of_aws(text: str) -> str:
    error = ReadFailed("ecs:DescribeTasks", "denied", "AccessDenied", text)
    return "\n".join([error.message, str(error), repr(error), error.why, str(error.args)])


def error_of_this_program(text: str) -> str:
    error = OpsError(text, text, text)
    return "\n".join([str(error), repr(error), error.what, error.why, error.next_step])


def http_body(text: str) -> str:
    answer = HttpAnswer(500, {}, json.dumps({"error": text, "message": text}).encode())
    return str(answer.document())


def pasted_text(text: str) -> str:
    found = explain(f"CannotPullContainerError: pull access denied for x: {text}")
    return json.dumps([f.to_json() for f in found], ensure_ascii=False) + "\n".join(lines(found))


def pasted_answer(text: str) -> str:
    document = {"tasks": [{"taskArn": "x", "stoppedReason": f"CannotPullContainerError: {text}"}]}
    found = explain(json.dumps(document))
    return json.dumps([f.to_json() for f in found], ensure_ascii=False) + "\n".join(lines(found))


def pasted_log(text: str) -> str:
    found = explain(f"[server] Error: connect ECONNREFUSED 10.0.0.7:5432\n{text}")
    return json.dumps([f.to_json() for f in found], ensure_ascii=False) + "\n".join(lines(found))


def batch(text: str) -> str:
    row = {"id": text, "kind": "log_line", "fields": {"logs": [text]}}
    return str(list(answers([json.dumps(row)])))


def file(text: str) -> str:
    path = _FOLDER / "facts.json"
    path.write_text(
        json.dumps({"schema": "ash-ops.snapshot/1", "limits": [text], "x": {"message": text}})
    )
    return str(store._document(path))


DOORS: list[Callable[[str], str]] = [
    log_line, log_line_among_others, stop_reason, service_event, stack_event, log_events_of_boto3,
    refusal_of_aws, error_of_this_program, http_body, pasted_text, pasted_answer,
    pasted_log, batch, file,
]  # fmt: skip
_FOLDER = Path()


@pytest.fixture(scope="module", autouse=True)
def _folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    global _FOLDER
    _FOLDER = tmp_path_factory.mktemp("files")


def _leaks(kind: Kind, shown: str) -> bool:
    return any(part in shown for part in kind.hidden) or foreign(shown) != []


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_secret_passes(door: Callable[[str], str]) -> None:
    assert [kind.name for kind in KINDS if _leaks(kind, door(kind.text))] == []


def test_a_secret_leaves_a_mask_and_what_was_redacted_stays_so() -> None:
    shown = {kind.name: redact.redact(kind.text) for kind in KINDS}
    assert [name for name, text in shown.items() if MASK not in text] == []
    assert [name for name, text in shown.items() if redact.redact(text) != text] == []


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_nothing_that_acts_passes(door: Callable[[str], str]) -> None:
    for control in CONTROLS:
        shown = door(f"the task {control} stopped {control}")
        assert foreign(shown) == [], ascii(control)
        assert "]0;" not in shown, "the rest of a sequence would be left"


def _in_figures(control: str) -> str:
    """Its characters by number: what acts has no place in a test's name, by which it may be asked for."""
    return " ".join(f"U+{ord(character):04X}" for character in control)


@pytest.mark.parametrize("control", CONTROLS, ids=_in_figures)
def test_the_words_around_what_acts_stay(control: str) -> None:
    shown = redact.redact(f"the task {control}\nhas stopped")
    assert shown.startswith("the task ")
    assert shown.endswith("\nhas stopped")


def test_what_the_json_of_a_line_writes_as_numbers_does_not_act_either() -> None:
    r"""A line is decoded behind the door: ``\u001b`` would become ESC there."""
    for written in (r"\u001b]0;x\u0007", r"\\u001b[2J", r"\u202e", r"\u009b2J", r"\udb40\udc41"):
        shown = log_line('{"level":30,"msg":"a ' + written + ' b"}')
        assert json.loads(shown)["msg"] in ("a  b", "a b")


def test_what_the_json_of_a_line_writes_with_a_letter_does_not_act_either() -> None:
    shown = log_line('{"level":30,"msg":"50%\\r100%\\r\\na\\bb\\fc C:\\\\build"}')
    assert json.loads(shown)["msg"] == "50%\n100%\nabc C:\\build"
    assert log_line('{"msg":"pass\\bword=hunter2x"}') == f'{{"msg":"password={MASK}"}}'
    assert log_line(r"no JSON: C:\build\readme") == r"no JSON: C:\build\readme"


# What a diagnosis is worth nothing without.
READABLE = [
    "👨\u200d👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", "\u0645\u06cc\u200c\u062e\u0648", "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    "SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDKMV3ubMPuMeN4vQk", "token = self._get_token(request)", "from:joe99@mail.example.com",
    "npm:left-pad1@1.3.0", "ash:0.2.0a@sha256:9f86d0", "10:15:00 ash@db.example:5432", "secrets:\n  - db_password\n  - api-key-2",
    "secrets:\n  db_password:\n    file: ./db_password.txt", "secrets:\n  - name: API_KEY\n    valueFrom: arn:aws:ssm:us-east-1:1:parameter/x1",
    "curl -k https://localhost", "docker run -p 8080:80 nginx", "cpu 50%45 of 100%", "AUTH failed", "unzip -l a.zip",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:ash-cloud/server-AbCdEf",
    "arn:aws:ecs:us-east-1:123456789012:task/ash-cloud/8f2c1a0b3d4e5f60718293a4b5c6d7e8",
    "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/ash-cloud-tg/6d0ecf831eec9f09",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "ghcr.io/ash-ai-org/ash:0.2.0@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit 9f3f04ba74d338f28372c252c68e0e2eb8a65185",
    "RequestID: 5ce9e2b3-ab97-48ae-9110-21df5e97e9b5, HandlerErrorCode: GeneralServiceException",
    "(RequestToken: 79d65bb7-1d80-c629-18dc-b61fe9935538, HandlerErrorCode: InvalidRequest)",
    "request_id: req_011CSHoEeqs5C35K2UUqR7Fy",
    "x-amzn-requestid: 0a1b2c3d-0000-1111-2222-333344445555",
    "X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678",
    "subnet-0a1b2c3d4e5f67890 sg-0123456789abcdef0 vpc-0a1b2c3d4e5f67890 eni-0a1b2c3d4e5f67890",
    "ash/ash/8f2c1a0b3d4e5f60718293a4b5c6d7e8",
    "ash-cloud-AshLoadBalancerTargetGroup-1QX9Z3K7L2M5",
    "AshServiceTaskDefExecutionRoleDefaultPolicy0DBB737A",
    "s3://ash-snapshots-123456789012/prod/2026/11/27/session-0001.tar.gz",
    "https://ash-cloud-nlb-0123456789abcdef.elb.us-east-1.amazonaws.com:4100/health",
    "http://host:4100/path@2x.png",
    "/usr/local/lib/node_modules/@ash-ai/server/dist/routes/Sessions2026/index.js:120:14",
    "Encoded authorization failure message: " + "aB3dE5gH7jK9mN1pQ3sT5vW7xY9z" * 6,
    "token: expired", "secret not found", "the secret: not found", "access key id is invalid",
    "API key authentication enabled", "Missing Authorization header", "Authorization header is required",
    "Access denied for user 'ash'@'10.0.0.7' (using password: YES)",
    'FATAL: password authentication failed for user "ash"',
    "ExpiredToken: The security token included in the request is expired",
    "The security token included in the request is invalid.",
    "tokens: 1234 used, max_tokens: 4096, input_tokens=12, output_tokens: 99",
    "User: arn:aws:iam::1:user/me is not authorized to perform: secretsmanager:GetSecretValue on resource: *",
    "AROAEXAMPLEID12345678:session", "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker.io\"",
    "ANTHROPIC_API_KEY=sk-ant-... is a placeholder", "ANTHROPIC_API_KEY is not set", "DB_PASSWORD=${DB_PASSWORD}",
    "{{resolve:secretsmanager:ash:SecretString:password}}", "keyboard=qwerty", "passed: 12, failed: 0",
    "author: jane", "authority: example.org", "KeyError: 'apiKey'", "Key=tcp.idle_timeout.seconds,Value=6000",
    '{"secretName":"ash-cloud/server","passwordPolicy":"strict","tokenType":"Bearer","keyId":"alias/ash"}',
    "primary key: id", "key: logs/2026/11/27.json", "cache key: user:42:profile", "signature: invalid",
    "did not find secret value for key ASH_API_KEY", "--secret-id ash-cloud/server --version-stage AWSCURRENT",
    "cookie: missing", "pass: 3", "auth: none", "credentials: expired", "[sandbox:5f2b1c7a] started in 812 ms",
]  # fmt: skip


@pytest.mark.parametrize("text", READABLE)
def test_what_a_diagnosis_needs_stays(text: str) -> None:
    assert redact.redact(text) == text
    assert log_line(text) == text
    assert redact.document({"message": text}) == {"message": text}


def test_names_of_fields_hide_their_values_in_a_document() -> None:
    document = {
        "dbPassword": "swordfish",
        "nested": [{"client_secret": "swordfish"}, {"name": "API_TOKEN", "value": "swordfish"}],
        "command": ["node", "--api-key", "swordfish"],
        "secretName": "ash/server",
        "nextToken": "sent-back-as-it-came",
    }
    shown = redact.document(document)
    assert "swordfish" not in str(shown)
    assert shown["secretName"] == "ash/server"
    assert shown["nextToken"] == "sent-back-as-it-came"


def test_a_field_that_is_kept_is_kept_at_any_depth_and_the_rest_is_not() -> None:
    answer = {"Parameter": {"Name": "password=swordfish", "Value": "password=swordfish"}}
    shown = calls._read(op.GET_PARAMETERS, answer)
    assert shown["Parameter"] == {"Name": f"password={MASK}", "Value": "password=swordfish"}


def test_the_light_client_keeps_no_field_unless_it_is_told_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Response:
        status_code, headers = 200, {}
        content = b'{"tasks":[{"stoppedReason":"password=swordfish"}]}'

    monkeypatch.setattr(JsonApi, "_signed", lambda *_: None)
    api = JsonApi.__new__(JsonApi)
    api._decoding = threading.Lock()
    api._service, api._keep = "ecs", frozenset()
    api._http = type("Http", (), {"send": lambda *_: Response()})()  # type: ignore[assignment] -- as much of a session as is used
    assert "swordfish" not in str(api.call(op.DESCRIBE_TASKS, {}).answer)


@given(st.text(max_size=300))
def test_redaction_is_stable_and_leaves_nothing_that_acts(text: str) -> None:
    shown = redact.redact(text)
    assert foreign(shown) == []
    assert redact.redact(shown) == shown


_PIECES = st.sampled_from(
    [k.text for k in KINDS] + CONTROLS + ["\"", "'", "\\", "=", ": ", ",", "{", "}", "password", "token=", "@", "://", "-----", "\n", " ", MASK, "a1B2"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=6).map("".join))
def test_redaction_of_pieces_of_secrets_is_stable(text: str) -> None:
    shown = redact.redact(text)
    assert foreign(shown) == []
    assert redact.redact(shown) == shown


@given(
    st.lists(
        st.sampled_from(
            [
                "the",
                "task",
                "stopped",
                "because",
                "its",
                "image",
                "was",
                "not",
                "found",
                "in",
                "a",
                "subnet",
            ]
        ),
        min_size=1,
    )
)
def test_a_text_without_a_secret_is_never_changed(words: list[str]) -> None:
    assert redact.redact(" ".join(words)) == " ".join(words)


@pytest.mark.parametrize(
    "name", ["ADMIN_TOKENS", "admin_tokens", "superadminTokens", "terminal-tokens"]
)
def test_a_name_that_ends_as_a_count_of_tokens_does_is_none(name: str) -> None:
    assert "HN4EQUhBq1" not in redact.redact(f'{name}="HN4EQUhBq1"')
    for counted in ("max_tokens", "maxTokens", "budget_tokens"):
        told = f"{counted}: Input should be a valid integer"
        assert redact.redact(told) == told
