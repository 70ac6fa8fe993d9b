"""Checks document themselves."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from ash_ops.causes import CAUSES
from ash_ops.checks.base import Check
from ash_ops.checks.catalogue import CHECKS
from ash_ops.checks.playbooks import Playbook
from ash_ops.facts.snapshot import Snapshot
from tests.support import prose
from tools import checks_page

DOUBTS_ONLY = {"unknown-values"}  # it reports nothing but that it could not tell


def test_ids_are_unique() -> None:
    ids = [check.id for check in CHECKS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.id)
def test_a_check_declares_known_causes_and_a_title(check: Check[Snapshot]) -> None:
    assert check.title
    assert check.causes or check.id in DOUBTS_ONLY
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*", check.id)
    assert check.playbook in get_args(Playbook)
    assert check.title[0].isupper()
    assert prose.odd_words(check.title, "ASH_SERVER_URL") == set()
    named = {*check.causes, *(explained.partition(":")[0] for explained in check.explains)}
    assert named <= set(CAUSES)


def test_every_check_could_once_not_tell_for_want_of_a_reading() -> None:
    """Else no scenario of ours shows what it depends on, and its page would promise too much."""
    assert {check.id for check in CHECKS if not checks_page.needed()[check.id]} == DOUBTS_ONLY


def test_an_unread_service_is_what_the_circuit_breakers_check_cannot_do_without() -> None:
    assert checks_page.needed()["circuit-breaker-enabled"] == {"service"}
