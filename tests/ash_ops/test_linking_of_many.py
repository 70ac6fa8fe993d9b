"""Links among several findings: never a ring, the nearest first, and a message joins only what is about the same."""

from __future__ import annotations

from itertools import permutations

import pytest

from ash_ops.checks.base import Effect, Finding
from ash_ops.linking import linked, merged, ordered
from tests.ash_ops.test_linking import RELATIONS, RUNNING, check, made

A, B, C = (made(cause, subject=RUNNING) for cause in ("crash-loop", "container-oom", "exec-format"))


@pytest.mark.parametrize("order", list(permutations((A, B, C))))
def test_causes_that_explain_each_other_make_no_ring(order: tuple[Finding, ...]) -> None:
    """Each check says that it explains the two others."""
    every = frozenset({A.id, B.id, C.id})
    found = linked([(every - {item.id}, item) for item in order], RELATIONS)
    parents = {item.id: item.explained_by for item in found}
    roots = [id_ for id_, parent in parents.items() if parent is None]
    assert len(roots) == 1
    for start in parents:
        seen, current = set(), start
        while current is not None:
            assert current not in seen, f"a ring at {current}"
            seen.add(current)
            current = parents[current]
    for item in found:
        assert {child for child, parent in parents.items() if parent == item.id} == {*item.explains}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_that_explain_it_the_proven_one_does_and_then_the_one_that_explains_less(
    order: tuple[int, int],
) -> None:
    item = made("target-timeout", subject=RUNNING)
    sure, unsure = made("image-not-found"), made("egress-blocked", confidence="likely")
    two = [(frozenset({item.id}), sure), (frozenset({item.id}), unsure)]
    found = linked([*(two[n] for n in order), (frozenset(), item)], RELATIONS)
    assert {f.id: f.explained_by for f in found}[item.id] == sure.id
    wide = (frozenset({item.id, "conn-timeout"}), made("egress-blocked"))
    both = [two[0], wide]
    found = linked([*(both[n] for n in order), (frozenset(), item)], RELATIONS)
    assert {f.id: f.explained_by for f in found}[item.id] == sure.id


def test_nothing_explains_itself_nor_what_its_check_does_not_name() -> None:
    found = linked([(frozenset({A.cause}), A), (frozenset({"conn-timeout"}), B)], RELATIONS)
    assert [item.explained_by for item in found] == [None, None]


def test_of_one_cause_what_its_own_check_does_not_explain_follows_from_those_that_do() -> None:
    """Two that each would explain the other explain neither: only what a third check found follows."""
    first, second, third = (made("app-crash", id=f"app-crash:{n}") for n in (1, 2, 3))
    one, two = (check(name, [], ("app-crash", "conn-timeout")) for name in ("one", "two"))
    found = merged([(one, first), (two, second), (check("three", []), third)], RELATIONS)
    told = {item.id: explains for explains, item in found}
    assert told == {first.id: {"conn-timeout", third.id}, second.id: {"conn-timeout", third.id}, third.id: set()}  # fmt: skip


@pytest.mark.parametrize(
    ("subject", "joined"),
    [("", True), (RUNNING, True), ("task/00000000000000000000000000000000", False)],
)
def test_a_message_joins_the_look_up_only_where_both_may_be_about_one_thing(
    subject: str, joined: bool
) -> None:
    message = made("secret-not-found", subject=RUNNING, summary="said")
    looked_up = made("secret-not-found", id="secret-not-found:KEY", subject=subject, summary="seen")
    one = check("pending", [message], ("crash-loop",))
    two = check("secrets", [looked_up], ("secret-access-denied",))
    found = merged([(one, message), (two, looked_up)], RELATIONS)
    if joined:
        ((explains, item),) = found
        assert item.id == looked_up.id
        assert explains == {"crash-loop", "secret-access-denied"}
    else:
        assert {item.id for _, item in found} == {message.id, looked_up.id}


ROWS = [
    made("a", severity="error", effect=Effect.ANSWERS, confidence="confirmed"),
    made("b", severity="error", effect=Effect.ANSWERS, confidence="likely"),
    made("c", severity="error", effect=Effect.AGENTS, confidence="confirmed"),
    made("d", severity="error", effect=Effect.NEXT_START, confidence="likely"),
    made("e", severity="warning", effect=Effect.ANSWERS),
    made("f", severity="info", effect=Effect.ANSWERS),
]
"""In the order in which one who is woken up wants them."""


@pytest.mark.parametrize("turn", range(len(ROWS)))
def test_severity_comes_first_then_answers_then_proof(turn: int) -> None:
    shuffled = [*ROWS[turn:], *ROWS[:turn]]
    told = [item.id for item in ordered(shuffled[::-1])]
    assert told[:2] == ["a", "b"]
    assert set(told[2:4]) == {"c", "d"}
    assert told[4:] == ["e", "f"]
    assert told.index("c") < told.index("d")


def test_what_follows_stands_right_under_what_explains_it() -> None:
    root = made("a", explains=("x", "y"))
    rows = [
        made("x", explained_by="a", confidence="likely"),
        made("b", confidence="likely"),
        made("y", explained_by="a"),
        root,
    ]
    assert [item.id for item in ordered(rows)] == ["a", "y", "x", "b"]
