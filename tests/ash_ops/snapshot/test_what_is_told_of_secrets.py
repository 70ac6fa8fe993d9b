"""What a snapshot tells of the secrets and parameters of a task definition, and what it leaves a gap."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from ash_ops.aws.secrets import Version
from ash_ops.errors import ReadFailed
from ash_ops.facts.model import fact_of
from ash_ops.facts.start import SecretState
from ash_ops.facts.task_definitions import TaskDefinition
from ash_ops.secret import Secret
from ash_ops.snapshot.readings import secrets
from tests.ash_ops.snapshot.test_what_a_role_must_be_allowed import Readings

ARN = "arn:aws:secretsmanager:us-east-1:111122223333:secret:ash-AbCdEf"
PARAMETER = "arn:aws:ssm:us-east-1:111122223333:parameter/ash/key"
VALUE = "Zt5Qm8Lw2Xc7"


def failed(kind: str) -> ReadFailed:
    return ReadFailed("secretsmanager:X", kind, "Code", f"it is {kind}")


class Store:
    """Secrets Manager and Parameter Store by name; what is a failure is raised."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
        self.asked: list[tuple[str, str]] = []
        self._answers = answers
        for name in ("secret_state", "parameter_state", "secret_value", "version_before"):
            monkeypatch.setattr(secrets.stored, name, self._answering(name))

    def _answering(self, name: str) -> Any:
        def answer(_aws: Any, reference: Any, *_current: Secret) -> Any:
            self.asked.append((name, reference.name))
            told = self._answers.get(name)
            told = told.get(reference.name) if isinstance(told, Mapping) else told
            if isinstance(told, Exception):
                raise told
            if told == "there":
                return SecretState(reference=reference.text, kind=reference.kind, json_key=reference.json_key)  # fmt: skip
            return told

        return answer


def read(limits: list[str] | None = None, /, **variables: str) -> Any:
    container = {"name": "ash", "secrets": [{"name": n, "valueFrom": v} for n, v in variables.items()]}  # fmt: skip
    there: Any = Readings(fact_of(TaskDefinition, {"containerDefinitions": [container]}))
    there.limits = limits
    return secrets.read(there)


def test_each_reference_is_asked_of_the_service_that_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A parameter's value is not read: ECS reads it as it starts the task."""
    store = Store(monkeypatch, secret_state="there", parameter_state="there")
    found = read(ASH_API_KEY=f"{ARN}:key::", MODEL=PARAMETER, OTHER="bare-name")
    assert store.asked == [
        ("secret_state", ARN),
        ("secret_value", ARN),
        ("parameter_state", PARAMETER),
        ("parameter_state", "bare-name"),
    ]
    assert [(s.kind, s.variables, s.json_key, s.exists) for s, _ in found] == [
        ("secret", ("ASH_API_KEY",), "key", True),
        ("parameter", ("MODEL",), None, True),
        ("parameter", ("OTHER",), None, True),
    ]
    for state, value in found:
        assert (value, state.is_json, state.is_empty, state.value_gap) == (None, None, None, None)
    context: Any = Readings(None, _secrets=found)
    assert secrets.secrets(context) == tuple(state for state, _ in found)


def test_one_that_is_not_there_is_told_with_what_refers_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Store(monkeypatch)
    told = [state for state, _ in read(A=f"{ARN}:key::", B=f"{ARN}:key::", C=PARAMETER)]
    first = SecretState(reference=f"{ARN}:key::", exists=False, region="us-east-1", json_key="key", variables=("A", "B"))  # fmt: skip
    second = SecretState(reference=PARAMETER, exists=False, kind="parameter", region="us-east-1", variables=("C",))  # fmt: skip
    assert told == [first, second]


@pytest.mark.parametrize(
    ("text", "json_key", "told", "given"),
    [
        ("plain", None, (False, (), (), False), "plain"),
        ("  ", None, (False, (), ("",), True), "  "),
        ('{"b": "x", "a": " "}', None, (True, ("a", "b"), ("a",), False), '{"b": "x", "a": " "}'),
        ('{"b": "x", "a": ""}', "b", (True, ("a", "b"), ("a",), False), "x"),
        ('{"b": "x", "a": ""}', "a", (True, ("a", "b"), ("a",), True), ""),
        ('{"b": "x"}', "absent", (True, ("b",), (), None), None),
        ('["x"]', "b", (False, (), (), None), None),
        ("{}", None, (True, (), (), False), "{}"),
    ],
)
def test_of_a_value_its_keys_and_its_form_are_told(
    monkeypatch: pytest.MonkeyPatch, text: str, json_key: str | None, told: Any, given: str | None
) -> None:
    Store(monkeypatch, secret_state="there", secret_value=Version(Secret(text), "v1"))
    ((state, value),) = read(KEY=f"{ARN}:{json_key}::" if json_key else ARN)
    assert (state.is_json, state.json_keys, state.empty_keys, state.is_empty) == told
    assert (value.reveal() if value is not None else None) == given
    assert (state.whole_version, state.value_gap) == (None, None)


def test_a_value_that_is_told_is_masked_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    Store(monkeypatch, secret_state="there", secret_value=Version(Secret(json.dumps({"k": VALUE}))))
    ((state, value),) = read(KEY=f"{ARN}:k::")
    assert value.reveal() == VALUE
    assert VALUE not in secrets.redact.known(f"it said {VALUE}")
    assert VALUE not in str(state)


@pytest.mark.parametrize(
    ("before", "whole"),
    [(Version(Secret("{}"), "v0"), "v0"), (Version(Secret("{}")), None), (None, None), (failed("denied"), None)],
)  # fmt: skip
def test_the_version_before_is_offered_where_it_may_be_read_and_is_whole(
    monkeypatch: pytest.MonkeyPatch, before: Any, whole: str | None
) -> None:
    current = Version(Secret('{"k": ""}'), "v1")
    store = Store(monkeypatch, secret_state="there", secret_value=current, version_before=before)
    ((state, _),) = read(KEY=f"{ARN}:k::")
    assert state.whole_version == whole
    assert (state.is_empty, state.value_gap) == (True, None)
    assert store.asked[-1] == ("version_before", ARN)


@pytest.mark.parametrize(("kind", "is_gap"), [("denied", True), ("throttled", True), ("missing", False)])  # fmt: skip
def test_a_value_that_may_not_be_read_is_a_gap_of_its_own_beside_what_is_known(
    monkeypatch: pytest.MonkeyPatch, kind: str, *, is_gap: bool
) -> None:
    Store(monkeypatch, secret_state="there", secret_value=failed(kind))
    ((state, value),) = read(KEY=ARN)
    assert (state.exists, state.variables, value, state.is_json) == (True, ("KEY",), None, None)
    gap = state.value_gap
    assert (gap is not None) is is_gap
    if gap is not None:
        assert (gap.kind, gap.code, gap.message) == (kind, "Code", f"it is {kind}")


GONE = "arn:aws:secretsmanager:us-east-1:111122223333:secret:gone-AbCdEf"
DELETED = "2026-11-22T11:00:00Z"


@pytest.mark.parametrize("trouble", ["deleted", "absent"])
def test_where_one_may_not_be_described_the_others_count_if_they_tell_a_trouble(
    monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    state = fact_of(SecretState, {"reference": GONE, "deleted_at": DELETED})
    states = {ARN: failed("denied"), GONE: state if trouble == "deleted" else None}
    Store(monkeypatch, secret_state=states)
    limits: list[str] = []
    ((found, _),) = read(limits, A=ARN, B=GONE)
    assert (found.reference, found.variables) == (GONE, ("B",))
    assert (found.exists, found.deleted_at is None) == (trouble == "deleted", trouble == "absent")
    (told,) = limits
    assert told.startswith("1 of the secrets could not be read: secretsmanager:X")


def test_where_the_others_are_well_the_first_failure_is_that_of_the_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits: list[str] = []
    for states in (
        {ARN: failed("throttled"), GONE: "there"},
        {ARN: failed("throttled"), GONE: failed("denied")},
    ):
        Store(monkeypatch, secret_state=states)
        with pytest.raises(ReadFailed) as raised:
            read(limits, A=ARN, B=GONE)
        assert raised.value.kind == "throttled"
    assert limits == []


def test_one_that_the_service_says_is_not_there_is_no_failure_to_describe_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Store(monkeypatch, secret_state={ARN: failed("missing"), GONE: "there"})
    first, second = (state.exists for state, _ in read(A=ARN, B=GONE))
    assert (first, second) == (False, True)
