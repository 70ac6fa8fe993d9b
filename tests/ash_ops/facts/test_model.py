"""Facts are made of what answered: of AWS with patience, of a file with none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec import ValidationError

from ash_ops.facts.model import Model, fact_of, parsed, place_of, plain
from ash_ops.facts.snapshot import READINGS, Snapshot
from ash_ops.facts.start import Role, SecretState
from ash_ops.facts.task_definitions import LogConfiguration, TaskDefinition
from ash_ops.facts.tasks import Task

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_a_fact_keeps_what_it_knows_and_nothing_else() -> None:
    found = fact_of(Task, {"taskArn": "arn:x/1", "secretOfTomorrow": "s"})
    assert plain(found)["taskArn"] == "arn:x/1"
    assert "secretOfTomorrow" not in str(plain(found))


def test_a_field_of_another_type_is_left_out_and_the_rest_stays() -> None:
    row = {
        "taskArn": "arn:x/1",
        "stopCode": {"odd": 1},
        "containers": [{"name": "ash", "exitCode": "many"}, {"name": "b", "exitCode": 137}],
    }
    found = fact_of(Task, row)
    assert (found.id, found.stop_code) == ("1", None)
    assert [c.exit_code for c in found.containers] == [None, 137]


def test_a_number_for_a_text_and_a_text_for_a_number_are_put_right() -> None:
    found = fact_of(TaskDefinition, {"cpu": 1024, "memory": "2048", "revision": "7"})
    assert (found.cpu, found.memory, found.revision) == ("1024", "2048", 7)


@pytest.mark.parametrize(
    "said", [NOON, NOON.replace(tzinfo=None), "2026-11-27T12:00:00", "2026-11-27T12:00:00Z"]
)
def test_a_moment_without_a_zone_is_in_utc(said: Any) -> None:
    assert fact_of(Task, {"createdAt": said}).created_at == NOON


def test_options_that_are_no_texts_are_left_out_as_a_whole() -> None:
    assert fact_of(LogConfiguration, {"options": {"a": ["b"]}}).options == {}


@pytest.mark.parametrize(
    "answer",
    [
        5,
        "text",
        ["list"],
        {},
        {"arn": "a"},
        {"arn": "a", "name": "n", "simulated": [{"action": "a"}]},
    ],
)
def test_what_cannot_be_the_fact_at_all_is_refused(answer: Any) -> None:
    with pytest.raises(ValueError, match=r"Expected|missing"):
        fact_of(Role, answer)


def test_an_answer_that_is_wrong_all_over_is_refused_rather_than_emptied() -> None:
    answer = [{"taskArn": {"odd": n}} for n in range(300)]
    with pytest.raises(ValueError, match="more than"):
        fact_of(tuple[Task, ...], answer)


def test_a_file_is_taken_as_it_is_or_not_at_all() -> None:
    with pytest.raises(ValidationError) as caught:
        parsed(SecretState, {"reference": "r", "json_keys": ["a", 5]})
    assert place_of(caught.value) == ("json_keys", 1)
    with pytest.raises(ValidationError) as caught:
        parsed(Role, {"arn": "a", "name": "n", "simulated": [{"action": "a", "resource": "r"}]})
    assert place_of(caught.value) == ("simulated", 0, "decision")


def test_every_field_of_a_snapshot_but_its_frame_is_a_reading() -> None:
    frame = {"schema_", "tool_version", "taken_at", "deployment", "limits", "masked"}
    assert set(Snapshot.__struct_fields__) - frame == set(READINGS)


def test_facts_cannot_be_changed() -> None:
    class Stone(Model):
        weight: int

    with pytest.raises(AttributeError):
        Stone(1).weight = 2  # type: ignore[misc] # that is the point
