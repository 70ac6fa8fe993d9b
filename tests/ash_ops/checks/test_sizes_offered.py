"""The task size that a repair offers is one Fargate sells, and larger than the one that failed."""

from __future__ import annotations

import pytest

from ash_ops.checks._sizes import legal_size, more_memory
from tests.support import scenarios


def sized(cpu: str | None, memory: str | None) -> dict[str, object]:
    definition = {**scenarios.healthy()["task_definition"]["value"], "cpu": cpu, "memory": memory}
    return {"task_definition": {"value": definition}}


@pytest.mark.parametrize(
    ("cpu", "memory", "more", "legal"),
    [
        ("512", "1024", "--memory 4096 --cpu 512", "--memory 1024 --cpu 512"),  # the guide's task
        ("512", "4096", "--memory 8192 --cpu 1024", "--memory 4096 --cpu 512"),  # more CPU comes along
        ("256", "4096", "--memory 8192 --cpu 1024", "--memory 4096 --cpu 512"),  # not sold as it is
        ("16384", "122880", "--memory 122880 --cpu 16384", "--memory 122880 --cpu 16384"),  # the end
        (None, None, "--memory 4096 --cpu 512", "--memory 512 --cpu 256"),  # an EC2 task
    ],
)  # fmt: skip
def test_the_next_size(cpu: str | None, memory: str | None, more: str, legal: str) -> None:
    snapshot = scenarios.snapshot(sized(cpu, memory))
    assert more_memory(snapshot) == more
    assert legal_size(snapshot) == legal


def test_an_unread_definition_still_gets_a_usable_size() -> None:
    snapshot = scenarios.snapshot({"task_definition": scenarios.gap()})
    assert more_memory(snapshot) == "--memory 4096 --cpu 512"
