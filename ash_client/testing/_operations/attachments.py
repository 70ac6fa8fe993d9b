"""Files that travel with a session: attachments, and the workspace as one bundle."""

from __future__ import annotations

import io
import tarfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from uuid import uuid4

from ash_client.testing._http.call import Call, bad_request, no_content, ok
from ash_client.testing._http.errors import ash_error, framework_error
from ash_client.testing._http.exchange import Response
from ash_client.testing._model.state import TENANT, StoredFile
from ash_client.testing._operations.agents import decoded, outside

if TYPE_CHECKING:
    from ash_client.testing._model.state import Session

_MAX_SIZE: Final = 10 * 1024 * 1024


def add_attachment(call: Call) -> Response:
    """``POST /api/sessions/{id}/attachments``; it also lands in the workspace."""
    session = call.state.session(call.params["id"])
    content = decoded(call.body["content"])
    if not content:
        raise bad_request("Empty attachment content")
    if len(content) > _MAX_SIZE:
        raise ash_error(413, f"Attachment too large (max {_MAX_SIZE} bytes)")
    name = PurePosixPath(call.body["filename"]).name or "attachment"
    attachment: dict[str, Any] = {"id": str(uuid4()), "sessionId": session.id, "filename": name}
    attachment |= {"mimeType": call.body["mimeType"], "size": len(content)}
    attachment |= {"createdAt": call.state.now(), "tenantId": TENANT}
    attachment |= {"messageId": call.body.get("messageId") or "unlinked"}
    call.state.attachments[attachment["id"]] = (attachment, content)
    session.files[f"attachments/{name}"] = StoredFile(content, call.state.now())
    return ok({"attachment": attachment}, 201)


def list_attachments(call: Call) -> Response:
    """``GET /api/sessions/{id}/attachments``."""
    session = call.state.session(call.params["id"])
    stored = (attachment for attachment, _ in call.state.attachments.values())
    return ok({"attachments": [a for a in stored if a["sessionId"] == session.id]})


def get_attachment(call: Call) -> Response:
    """``GET /api/attachments/{id}``: its bytes."""
    attachment, content = _attachment(call)
    name = quote(attachment["filename"])
    headers = {
        "content-type": attachment["mimeType"],
        "x-content-type-options": "nosniff",
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
    }
    return Response(200, content, headers)


def delete_attachment(call: Call) -> Response:
    """``DELETE /api/attachments/{id}``."""
    _attachment(call)
    del call.state.attachments[call.params["id"]]
    return no_content()


def download_workspace(call: Call) -> Response:
    """``GET /api/sessions/{id}/workspace``: a tar.gz of all its files."""
    session = call.state.session(call.params["id"])
    headers = {
        "content-type": "application/gzip",
        "content-disposition": f'attachment; filename="{session.id}.tar.gz"',
    }
    return Response(200, _bundle(session), headers)


def restore_workspace(call: Call) -> Response:
    """``POST /api/sessions/{id}/workspace``: the files of a bundle, beside those there are."""
    session = call.state.session(call.params["id"])
    bundle = decoded(call.body["bundle"])
    if not bundle:
        raise bad_request("Empty bundle")
    if not bundle.startswith(b"\x1f\x8b"):
        raise framework_error(500, "Invalid bundle: not a gzip file")
    try:
        session.files |= _unbundled(bundle, call.state.now())
    except (tarfile.TarError, OSError, EOFError):
        raise framework_error(500, "Command failed: tar xzf") from None
    alive = call.pool.get(session.sandbox_id) is not None
    where = "restored to live sandbox" if alive else "saved as snapshot"
    return ok({"message": f"Workspace {where}"})


def _attachment(call: Call) -> tuple[dict[str, Any], bytes]:
    found = call.state.attachments.get(call.params["id"])
    if found is None:
        raise ash_error(404, "Attachment not found")
    return found


def _bundle(session: Session) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, file in sorted(session.files.items()):
            info = tarfile.TarInfo(f"./{path}")
            info.size = len(file.content)
            archive.addfile(info, io.BytesIO(file.content))
    return buffer.getvalue()


def _unbundled(bundle: bytes, now: str) -> dict[str, StoredFile]:
    with tarfile.open(fileobj=io.BytesIO(bundle), mode="r:gz") as archive:
        opened = ((m.name.removeprefix("./"), archive.extractfile(m)) for m in archive)
        return {
            name: StoredFile(file.read(), now)
            for name, file in opened
            if file is not None and not outside(name)
        }
