"""Every sentence, quotation, command and warning of every scenario stays as somebody has read it."""

from __future__ import annotations

import pytest

from tests.support import recorded, scenarios


@pytest.mark.parametrize("name", scenarios.names())
def test_the_doctor_says_what_was_read_and_approved(name: str) -> None:
    """``python -m tests.support.recorded`` records what is said now: read the difference."""
    assert recorded.said(name) == recorded.recorded(name)
