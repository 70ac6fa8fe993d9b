"""Checks document themselves."""

from __future__ import annotations

import pytest

from ash_ops.causes import CAUSES
from ash_ops.checks.base import Check
from ash_ops.checks.catalogue import CHECKS


def test_ids_are_unique() -> None:
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.id)
def test_a_check_declares_known_causes_and_a_title(check: Check) -> None:
    assert check.title
    assert check.causes
    assert {*check.causes, *check.explains} <= set(CAUSES)
    assert all(":" in action for action in check.needs)
