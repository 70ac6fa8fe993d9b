"""Clients are made one after the other; a call to one that is made waits for none of them."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import pytest
from botocore import handlers

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


def test_a_client_has_the_handlers_of_botocore_in_their_order_and_by_the_names_of_today(
    shared_aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for those of S3 and of its documentation, which every client would copy for nothing."""
    heard: list[str] = []

    def hears(word: str) -> Any:
        return lambda **_: heard.append(word)

    declared = [
        ("told.logs", hears("last"), handlers.REGISTER_LAST),
        ("told.logs", hears("by a name of old")),
        ("told", hears("of all")),
        ("told.cloudwatch-logs", hears("first"), handlers.REGISTER_FIRST),
        ("told.s3.*", hears("of S3")),
        ("docs.*.logs.*", hears("of documentation")),
    ]
    monkeypatch.setattr(handlers, "BUILTIN_HANDLERS", declared)
    events = Aws(shared_aws.settings).client("logs").meta.events
    for event in ("told.cloudwatch-logs.X", "told.s3.X", "docs.a.cloudwatch-logs.b"):
        events.emit(event)
    assert heard == ["first", "by a name of old", "last", "of all", "of all"]
