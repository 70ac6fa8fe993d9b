"""Secrets the server keeps: credentials of model APIs, and further API keys."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ash_client.testing._http.call import Call, no_content, ok
from ash_client.testing._http.errors import RefusalError, ash_error
from ash_client.testing._model.state import TENANT

if TYPE_CHECKING:
    from ash_client.testing._http.exchange import Response


def store_credential(call: Call) -> Response:
    """``POST /api/credentials``: the key goes in and never comes out again."""
    if not call.settings.credential_key:
        raise ash_error(500, "Credential storage not configured (ASH_CREDENTIAL_KEY not set)")
    credential = {"id": str(uuid4()), "type": call.body["type"]}
    credential |= {"label": call.body.get("label", ""), "active": True}
    credential |= {"createdAt": call.state.now()}
    call.state.credentials[credential["id"]] = credential | {"lastUsedAt": None}
    call.state.credential_keys[credential["id"]] = (call.body["type"], call.body["key"])
    return ok({"credential": credential}, 201)


def list_credentials(call: Call) -> Response:
    """``GET /api/credentials``, the newest first."""
    return ok({"credentials": list(reversed(call.state.credentials.values()))})


def delete_credential(call: Call) -> Response:
    """``DELETE /api/credentials/{id}``."""
    if call.state.credentials.pop(call.params["id"], None) is None:
        raise ash_error(404, "Credential not found")
    del call.state.credential_keys[call.params["id"]]
    return no_content()


def create_api_key(call: Call) -> Response:
    """``POST /api/api-keys``: the only answer that ever shows the key."""
    record = _new_key(call, call.fields.get("label") or "dashboard-key")
    return ok({"id": record["id"], "key": record["key"]}, 201)


def provision_api_key(call: Call) -> Response:
    """``POST /api/internal/api-keys``."""
    tenant = call.fields.get("tenantId")
    if not isinstance(tenant, str) or not tenant:
        raise RefusalError(400, {"error": "Missing required field: tenantId"})
    record = _new_key(call, call.fields.get("label") or f"platform-{tenant}")
    return ok({"id": record["id"], "key": record["key"], "tenantId": tenant})


def list_api_keys(call: Call) -> Response:
    """``GET /api/api-keys``: the configured key is the first, with its beginning in clear."""
    keys = [
        {
            "id": record["id"],
            "label": record["label"],
            "keyPrefix": "••••••••",
            "createdAt": record["createdAt"],
        }
        for record in reversed(call.state.api_keys.values())
    ]
    own = call.settings.api_key
    if own:
        label, prefix = "ASH_API_KEY (environment variable)", f"{own[:8]}••••"
        keys.insert(0, {"id": "env", "label": label, "keyPrefix": prefix, "createdAt": ""})
    return ok({"keys": keys})


def revoke_api_key(call: Call) -> Response:
    """``DELETE /api/api-keys/{id}``."""
    if call.state.api_keys.pop(call.params["id"], None) is None:
        raise RefusalError(404, {"error": "API key not found"})
    return no_content()


def _new_key(call: Call, label: str) -> dict[str, Any]:
    record = {"id": str(uuid4()), "key": f"ash_{secrets.token_urlsafe(24)}", "label": label}
    record |= {"createdAt": call.state.now(), "tenantId": TENANT}
    call.state.api_keys[record["id"]] = record
    return record
