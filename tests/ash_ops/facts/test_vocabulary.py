"""The words of AWS that are branched on are those of the installed botocore: all of them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader

from ash_ops.causes.structure.services import TARGET_REASONS, TARGET_STATES
from ash_ops.causes.structure.stacks import HANDLER_CODES
from ash_ops.causes.structure.tasks import STOP_CODES
from ash_ops.checks.deploy import rollout_outcome, stack_hooks
from ash_ops.facts import vocabulary as words
from ash_ops.facts.vocabulary import VOCABULARIES, Vocabulary


@cache
def shapes(service: str) -> dict[str, Any]:
    shapes_: dict[str, Any] = Loader().load_service_model(service, "service-2")["shapes"]
    return shapes_


@pytest.mark.parametrize(
    "known", [v for v in VOCABULARIES if v.shape], ids=lambda v: f"{v.service}:{v.shape}"
)
def test_every_word_of_botocores_enum_is_known(known: Vocabulary) -> None:
    """A failure means: AWS has a new word. Decide what it means, in every table that branches on it."""
    enum = set(shapes(known.service)[known.shape]["enum"])
    assert enum - known.values == set()


@pytest.mark.parametrize(
    "known", [v for v in VOCABULARIES if v.shape], ids=lambda v: f"{v.service}:{v.shape}"
)
def test_no_word_is_known_that_botocore_does_not_know(known: Vocabulary) -> None:
    """A word of our own making would hide that a value is none of AWS's."""
    enum = set(shapes(known.service)[known.shape]["enum"])
    newer = {"Partial", "filtered"} if known.service == "ec2" else {"InfrastructureHealth"}
    assert known.values - enum <= newer


# What a table of the product decides for each word, and the words there are.
TABLES: list[tuple[str, Collection[str], Vocabulary]] = [
    ("what a stop code means", STOP_CODES, words.STOP_CODE),
    ("what a target's reason means", TARGET_REASONS, words.TARGET_REASON),
    ("what a target's state means", TARGET_STATES, words.TARGET_STATE),
    ("what a handler's code means", HANDLER_CODES, words.HANDLER_ERROR),
    ("how a rollout stands", rollout_outcome.STATES, words.SERVICE_DEPLOYMENT),
]


@pytest.mark.parametrize(("table", "decided", "known"), TABLES, ids=[t[0] for t in TABLES])
def test_a_table_decides_every_word_there_is(
    table: str, decided: Collection[str], known: Vocabulary
) -> None:
    assert {word.lower() for word in decided} == {word.lower() for word in known.values}, table


def test_a_hook_that_failed_is_told_by_its_word() -> None:
    assert {word for word in words.HOOK_STATUS.values if "FAILED" in word} == stack_hooks.FAILED
