"""The queue of prompts.

The real server's processor looks every second. Here it looks when somebody asks: each look
moves an item one step on, so that a client which polls sees every state, without waiting.
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

STATES: Final = ("pending", "processing", "completed", "failed", "cancelled")


def add_item(call: Call) -> Response:
    """``POST /api/queue``; an unknown agent is found out only when its turn comes."""
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
    item = _item(call)
    _work(call)
    return ok({"item": item})


def cancel_item(call: Call) -> Response:
    """``DELETE /api/queue/{id}``: only what is still pending."""
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
    """One step: finish what is being processed, or take up what is most urgent."""
    items = call.state.queue.values()
    busy = next((item for item in items if item["status"] == "processing"), None)
    if busy is not None:
        _finish(call, busy)
        return
    pending = [item for item in items if item["status"] == "pending"]
    if pending:
        item = max(pending, key=lambda i: i["priority"])
        item |= {"status": "processing", "startedAt": call.state.now()}


def _finish(call: Call, item: dict[str, Any]) -> None:
    error = _reason_to_fail(call, item)
    if error is None:
        item |= {"status": "completed", "completedAt": call.state.now()}
        return
    item["retryCount"] += 1
    item["error"] = error
    if item["retryCount"] < item["maxRetries"]:
        item["status"] = "pending"
        return
    item |= {"status": "failed", "completedAt": call.state.now()}
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
