"""A session's sandbox from outside: commands and files."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from ash_client.testing._http.call import Call, bad_request, ok
from ash_client.testing._http.errors import ash_error
from ash_client.testing._http.exchange import Response
from ash_client.testing._model.agent import Signal
from ash_client.testing._model.shell import run
from ash_client.testing._model.state import Session, StoredFile
from ash_client.testing._operations.agents import decoded, outside, stored

_MOST_IN_A_FILE: Final = 52_428_800
_MOST_IN_A_BATCH: Final = 104_857_600
_TYPES: Final = {
    "css": "text/css",
    "csv": "text/csv",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "png": "image/png",
    "py": "text/x-python",
    "txt": "text/plain",
}


def execute(call: Call) -> Response:
    """``POST /api/sessions/{id}/exec``.

    As in the real server, the command's ``done`` reaches every stream open on the sandbox and
    ends it; and what is late of an earlier command is taken for this one's.
    """
    session = call.state.session(call.params["id"])
    if session.status != "active":
        raise bad_request(f"Session is {session.status}")
    sandbox = call.pool.get(session.sandbox_id)
    if sandbox is None:
        raise ash_error(500, "Sandbox not found")
    if not sandbox.connected:
        raise ash_error(500, "Exec failed: Not connected")
    if not call.body["command"]:
        raise ash_error(500, "Internal Server Error")  # Node refuses to run an empty command
    result = run(call.body["command"], session.files, call.state.now())
    said = [Signal("exec_result", result), Signal("done", "")]
    heard = [*sandbox.late, *said]
    first = heard.pop(0)
    sandbox.late = heard if heard != said[1:] or call.fault.late_done else []
    if first.kind == "done":
        raise ash_error(500, "No exec result received")
    sandbox.say(said[1])
    result = first.value
    return ok({"exitCode": result.exit_code, "stdout": result.stdout, "stderr": result.stderr})


def list_files(call: Call) -> Response:
    """``GET /api/sessions/{id}/files``."""
    session = call.state.session(call.params["id"])
    hidden = call.query.get("includeHidden") != "false"
    files = [
        file.entry(path)
        for path, file in sorted(session.files.items())
        if hidden or not path.startswith(".")
    ]
    return ok({"files": files, "source": _source(call, session)})


def get_file(call: Call) -> Response:
    """``GET /api/sessions/{id}/files/{path}``: raw unless ``format=json``."""
    session, path = _session_and_path(call)
    file = stored(session.files, path)
    source = _source(call, session)
    if call.query.get("format") == "json":
        text = file.content.decode("utf-8", "replace")
        size = len(file.content)
        return ok({"path": path, "content": text, "size": size, "source": source})
    name = path.rsplit("/", 1)[-1]
    kind = _TYPES.get(name.rsplit(".", 1)[-1].lower(), "application/octet-stream")
    headers = {
        "content-type": kind,
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "content-length": str(len(file.content)),
        "x-ash-source": source,
    }
    return Response(200, file.content, headers)


def write_files(call: Call) -> Response:
    """``POST /api/sessions/{id}/files``; each file is told about on its own."""
    session = call.state.session(call.params["id"])
    target = call.body["targetPath"]
    prefix = "" if target == "." else f"{target}/"
    results: list[dict[str, Any]] = []
    total = 0
    for file in call.body["files"]:
        path, content = prefix + file["path"], decoded(file["content"])
        refused = _refused(file["path"], path, len(content))
        if refused is None:
            total += len(content)
            refused = "Batch size limit exceeded" if total > _MOST_IN_A_BATCH else None
        if refused:
            results.append({"path": file["path"], "written": False, "error": refused})
            continue
        session.files[path] = StoredFile(content, call.state.now())
        results.append({"path": file["path"], "written": True, "size": len(content)})
    return ok({"files": results})


def _refused(name: str, path: str, size: int) -> str | None:
    """Why the server does not write this file; None if it does (packages/server/src/routes/files.ts)."""
    if name.rsplit("/", 1)[-1] == ".DS_Store":
        return "Skipped: .DS_Store"
    if outside(path):
        return "Invalid file path"
    if size > _MOST_IN_A_FILE:
        return f"File too large ({size} bytes, max {_MOST_IN_A_FILE})"
    return None


def delete_file(call: Call) -> Response:
    """``DELETE /api/sessions/{id}/files/{path}``."""
    session, path = _session_and_path(call)
    stored(session.files, path)
    del session.files[path]
    return ok({"path": path, "deleted": True})


def _session_and_path(call: Call) -> tuple[Session, str]:
    session = call.state.session(call.params["id"])
    path = call.params["*"]
    if not path:
        raise bad_request("File path required")
    if outside(path):
        raise bad_request("Invalid file path")
    return session, path


def _source(call: Call, session: Session) -> str:
    return "sandbox" if call.pool.get(session.sandbox_id) else "snapshot"
