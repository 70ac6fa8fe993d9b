"""The API key that the server is given: empty, an example's, or one that no client can send."""

from __future__ import annotations

from typing import Any

import pytest

from ash_ops.diagnosis import diagnose
from tests.support import scenarios


def causes(*, refused: bool = False, **value: Any) -> dict[str, tuple[str, str | None]]:
    """The findings of the keys: their severities, and what explains them."""
    facts = scenarios.healthy()
    state = next(s for s in facts["secrets"]["value"] if "ASH_API_KEY" in s["reference"])
    state |= {"json_key": "ASH_API_KEY", **value}
    if refused:
        probe = facts["probe"]["value"]
        probe["key_rejected"] = "Invalid API key"
        probe["rungs"][-1] |= {"outcome": "failed", "status": 401}
    found = diagnose(scenarios.snapshot(facts), ["auth"]).findings
    return {f.cause: (f.severity, f.explained_by) for f in found}


def test_an_examples_key_is_a_problem_though_every_call_is_answered() -> None:
    assert causes(is_placeholder=True)["api-key-exposed"] == ("error", None)


@pytest.mark.parametrize("value", [{"is_empty": True}, {"flaws": ["line-end"]}])
def test_a_key_that_no_client_can_send_explains_the_refusals(value: dict[str, Any]) -> None:
    found = causes(refused=True, **value)
    assert found["api-key-malformed"] == ("error", None)
    assert found["ash-auth-invalid"] == ("error", "api-key-malformed:stored")


def test_a_key_that_the_server_accepts_is_none_that_nobody_can_send() -> None:
    assert causes(is_empty=True)["api-key-malformed"] == ("warning", None)
    assert "api-key-malformed" not in causes(flaws=["quotes"])


def test_a_key_of_which_nothing_was_read_is_none_of_the_three() -> None:
    assert causes(is_empty=None, is_placeholder=None) == {}
