"""`each` runs every case of a test, and tells all that fail."""

from __future__ import annotations

import inspect

import pytest

from tests.support.each import each


def test_every_case_is_run_and_every_failure_told() -> None:
    seen: list[int] = []

    @each("number", {"one": 1, "two": 2, "three": 3})
    def odd(number: int, capsys: object) -> None:
        seen.append(number)
        assert number == 2

    assert list(inspect.signature(odd).parameters) == ["capsys"]
    with pytest.raises(ExceptionGroup, match="2 of 3 cases fail") as caught:
        odd(capsys=None)
    assert seen == [1, 2, 3]
    assert [error.__notes__ for error in caught.value.exceptions] == [
        ["the case: number = one"],
        ["the case: number = three"],
    ]


def test_no_case_at_all_is_a_failure() -> None:
    @each("number", ())
    def nothing(number: int) -> None:
        raise NotImplementedError(number)

    with pytest.raises(AssertionError, match="no case"):
        nothing()
