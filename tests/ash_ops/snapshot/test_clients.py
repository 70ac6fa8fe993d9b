"""Clients are made one after the other; a call to one that is made waits for none of them."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import pytest

from ash_ops.aws.client.session import Aws


def test_a_call_to_a_client_that_is_made_does_not_wait_while_another_is_made(
    shared_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    ecs = shared_aws.client("ecs")
    is_being_made, may_go_on, asked = Event(), Event(), Event()

    def slowly(*_: Any) -> Any:
        is_being_made.set()
        may_go_on.wait(5)
        return object()

    def ask() -> None:
        assert shared_aws.client("ecs") is ecs
        asked.set()

    monkeypatch.setattr(shared_aws, "_make_client", slowly)
    maker = Thread(target=shared_aws.client, args=("rds",), kwargs={"region": "eu-west-3"})
    maker.start()
    assert is_being_made.wait(5)
    Thread(target=ask).start()
    try:
        assert asked.wait(2)
    finally:
        may_go_on.set()
        maker.join()
