"""The queue of prompts.

As in the real server the processor looks every second, finishes what it took up a second before,
and takes up what is most urgent. What it did since the last request is worked out when somebody
asks, by the server's clock: a test that brings a clock of its own need not wait.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from ash_client.testing._http.call import Call, bad_request, ok
from ash_client.testing._http.errors import ash_error
from ash_client.testing._model.state import TENANT

if TYPE_CHECKING:
    from ash_client.testing._http.exchange import Response

EVERY_S: Final = 1.0
RETRY_S: Final = 5.0
STATES: Final = ("pending", "processing", "completed", "failed", "cancelled")


def add_item(call: Call) -> Response:
    """``POST /api/queue``; an unknown agent is found out only when its turn comes."""
    _work(call)
    body = call.body
    item: dict[str, Any] = {"id": str(uuid4()), "agentName": body["agentName"]}
    item |= {"prompt": body["prompt"], "status": "pending", "priority": body["priority"]}
    item |= {"retryCount": 0, "maxRetries": body["maxRetries"], "createdAt": call.state.now()}
    item |= {"tenantId": TENANT, "sessionId": body.get("sessionId"), "error": None}
    item |= {"startedAt": None, "completedAt": None}
    call.state.queue[item["id"]] = item
    return ok({"item": item}, 201)


def list_items(call: Call) -> Response:
    """``GET /api/queue``, the newest first."""
    _work(call)
    wanted = call.query.get("status")
    items = [i for i in reversed(call.state.queue.values()) if wanted in (None, i["status"])]
    return ok({"items": items[: call.query["limit"]]})


def get_stats(call: Call) -> Response:
    """``GET /api/queue/stats``."""
    _work(call)
    counts = Counter(item["status"] for item in call.state.queue.values())
    return ok({"stats": {state: counts[state] for state in STATES}})


def get_item(call: Call) -> Response:
    """``GET /api/queue/{id}``."""
    _work(call)
    item = _item(call)
    return ok({"item": item})


def cancel_item(call: Call) -> Response:
    """``DELETE /api/queue/{id}``: only what is still pending."""
    _work(call)
    item = _item(call)
    if item["status"] != "pending":
        raise bad_request(f'Cannot cancel item with status "{item["status"]}"')
    item["status"] = "cancelled"
    return ok({"item": item})


def _item(call: Call) -> dict[str, Any]:
    item = call.state.queue.get(call.params["id"])
    if item is None:
        raise ash_error(404, "Queue item not found")
    return item


def _work(call: Call) -> None:
    """Carry out every look of the processor that is due."""
    state = call.state
    while state.clock() - state.queue_seen_at >= EVERY_S:
        state.queue_seen_at += EVERY_S
        if not any(item["status"] in ("pending", "processing") for item in state.queue.values()):
            state.queue_seen_at = max(state.queue_seen_at, state.clock() - EVERY_S)
        _look(call, state.queue_seen_at)


def _look(call: Call, now: float) -> None:
    items = call.state.queue.values()
    for item in items:
        if item["status"] == "processing":
            _finish(call, item, now)
    ready = [
        item
        for item in items
        if item["status"] == "pending" and call.state.queue_retry_at.get(item["id"], 0.0) <= now
    ]
    if ready:
        item = max(ready, key=lambda i: i["priority"])
        item |= {"status": "processing", "startedAt": call.state.time_of(now)}
        if _reason_to_fail(call, item) is not None:
            _finish(call, item, now)  # it does not take a second to find out


def _finish(call: Call, item: dict[str, Any], now: float) -> None:
    error = _reason_to_fail(call, item)
    if error is None:
        item |= {"status": "completed", "completedAt": call.state.time_of(now)}
        return
    item["retryCount"] += 1
    item["error"] = error
    if item["retryCount"] < item["maxRetries"]:
        item["status"] = "pending"
        call.state.queue_retry_at[item["id"]] = now + RETRY_S * 2 ** (item["retryCount"] - 1)
        return
    item |= {"status": "failed", "completedAt": call.state.time_of(now)}
    call.log.console(f"[queue] Item {item['id']} permanently failed: {error}")


def _reason_to_fail(call: Call, item: dict[str, Any]) -> str | None:
    if item["agentName"] not in call.state.agents:
        return f'Agent "{item["agentName"]}" not found'
    if item["sessionId"] is None:
        return None
    session = call.state.sessions.get(item["sessionId"])
    if session is None:
        return f"Session {item['sessionId']} not found"
    return None if session.status == "active" else f"Session {session.id} is {session.status}"
