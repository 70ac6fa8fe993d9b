"""Agents: deployed, changed, deleted, and their files and versions."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from ash_client.testing._http.call import Call, bad_request, no_content, ok
from ash_client.testing._http.errors import ash_error
from ash_client.testing._http.exchange import Response
from ash_client.testing._model.state import TENANT, Agent, StoredFile

_RAW_TYPES = {"md": "text/markdown", "json": "application/json"}
_VERSION_FIELDS = ("name", "systemPrompt", "releaseNotes", "knowledgeFiles")


def deploy_agent(call: Call) -> Response:
    """``POST /api/agents``: a new agent, or the next version of a known one."""
    body = call.body
    if body.get("path"):
        files = _folder(Path(body["path"]))
    else:
        files = {
            file["path"]: decoded(file["content"])
            for file in body.get("files", ())
            if not outside(file["path"])
        }
    if "CLAUDE.md" not in files:
        files["CLAUDE.md"] = (body.get("systemPrompt") or f"# {body['name']}\n").encode()
    agent = call.state.deploy(body["name"], files, body.get("env"))
    call.pool.warm_up(agent)
    return ok({"agent": agent.view()}, 201)


def _folder(path: Path) -> dict[str, bytes]:
    """The files of an agent that lies on the server's own disk, which here is this machine's."""
    if not (path.is_absolute() and (path / "CLAUDE.md").exists()):
        raise bad_request("Agent directory must contain CLAUDE.md")
    return {f.relative_to(path).as_posix(): f.read_bytes() for f in path.rglob("*") if f.is_file()}


def list_agents(call: Call) -> Response:
    """``GET /api/agents``, by name."""
    agents = sorted(call.state.agents.values(), key=lambda agent: agent.name)
    return ok({"agents": [agent.view() for agent in agents]})


def get_agent(call: Call) -> Response:
    """``GET /api/agents/{name}``."""
    return ok({"agent": _agent(call).view()})


def delete_agent(call: Call) -> Response:
    """``DELETE /api/agents/{name}``: its sessions are gone with it."""
    name = _agent(call).name
    del call.state.agents[name]
    for session in [s for s in call.state.sessions.values() if s.agent == name]:
        del call.state.sessions[session.id]
    return ok({"ok": True})


def update_agent(call: Call) -> Response:
    """``PATCH /api/agents/{name}``."""
    agent = _agent(call)
    if "env" in call.body:
        agent.env = call.body["env"]
    agent.config |= call.body.get("config", {})
    agent.updated_at = call.state.now()
    return ok({"agent": agent.view()})


def get_config(call: Call) -> Response:
    """``GET /api/agents/{name}/config``."""
    return ok({"config": _agent(call).config})


def update_config(call: Call) -> Response:
    """``PATCH /api/agents/{name}/config``."""
    agent = _agent(call)
    agent.config |= call.body or {}
    return ok({"config": agent.config})


def list_files(call: Call) -> Response:
    """``GET /api/agents/{name}/files``."""
    files = sorted(_agent(call).files.items())
    return ok({"files": [file.entry(path) for path, file in files]})


def write_files(call: Call) -> Response:
    """``POST /api/agents/{name}/files``."""
    agent = _agent(call)
    for file in call.body["files"]:
        if outside(file["path"]):
            raise bad_request(f'Path "{file["path"]}" escapes agent directory')
        agent.files[file["path"]] = StoredFile(decoded(file["content"]), call.state.now())
    return ok({"written": len(call.body["files"])})


def get_file(call: Call) -> Response:
    """``GET /api/agents/{name}/files/{path}``: JSON unless ``format=raw``."""
    path = call.params["*"]
    if outside(path):
        raise bad_request("Invalid file path")
    file = stored(_agent(call).files, path)
    if call.query.get("format") == "raw":
        headers = {
            "content-type": _RAW_TYPES.get(path.rsplit(".", 1)[-1], "application/octet-stream"),
            "content-disposition": f"attachment; filename*=UTF-8''{quote(path.rsplit('/')[-1])}",
        }
        return Response(200, file.content, headers)
    text = file.content.decode("utf-8", "replace")
    return ok({"path": path, "content": text, "size": len(file.content)})


def delete_file(call: Call) -> Response:
    """``DELETE /api/agents/{name}/files/{path}``."""
    agent = _agent(call)
    stored(agent.files, call.params["*"])
    del agent.files[call.params["*"]]
    return ok({"deleted": True})


def list_versions(call: Call) -> Response:
    """``GET /api/agents/{name}/versions``, the newest first."""
    return ok({"versions": list(reversed(_agent(call).versions))})


def create_version(call: Call) -> Response:
    """``POST /api/agents/{name}/versions``."""
    agent, body = _agent(call), call.body or {}
    source: dict[str, Any] = {}
    if body.get("cloneFrom") is not None:
        found = _find_version(agent, str(body["cloneFrom"]))
        if found is None:
            raise bad_request(f"Source version {body['cloneFrom']} not found")
        source = {key: found[key] for key in ("systemPrompt", "knowledgeFiles")}
    number = max((v["versionNumber"] for v in agent.versions), default=0) + 1
    now = call.state.now()
    version = {"id": str(uuid4()), "agentName": agent.name, "versionNumber": number}
    version |= {"name": body.get("name") or f"v{number}", "isActive": False}
    version |= {"createdAt": now, "updatedAt": now, "tenantId": TENANT}
    version |= {key: body.get(key, source.get(key)) for key in _VERSION_FIELDS[1:]}
    agent.versions.append(version | {"createdBy": None})
    return ok({"version": agent.versions[-1]}, 201)


def get_version(call: Call) -> Response:
    """``GET /api/agents/{name}/versions/{versionNumber}``; the id is accepted, too."""
    return ok({"version": _version(call)})


def update_version(call: Call) -> Response:
    """``PATCH /api/agents/{name}/versions/{versionNumber}``."""
    version = _version(call)
    version |= {key: call.body[key] for key in _VERSION_FIELDS if key in (call.body or {})}
    version["updatedAt"] = call.state.now()
    return ok({"version": version})


def delete_version(call: Call) -> Response:
    """``DELETE /api/agents/{name}/versions/{versionNumber}``."""
    _agent(call).versions.remove(_version(call))
    return no_content()


def activate_version(call: Call) -> Response:
    """``POST /api/agents/{name}/versions/{versionNumber}/activate``."""
    chosen = _version(call)
    for version in _agent(call).versions:
        version["isActive"] = version is chosen
    return ok({"activated": True, "versionNumber": chosen["versionNumber"]})


def outside(path: str) -> bool:
    """Whether a path tries to leave its directory."""
    return ".." in path or path.startswith("/")


def decoded(text: str) -> bytes:
    """Base64 as Node reads it: what is not base64 is skipped, never an error."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def stored(files: dict[str, StoredFile], path: str) -> StoredFile:
    """The file; 400 for a folder, 404 for nothing."""
    if path in files:
        return files[path]
    if any(name.startswith(path.rstrip("/") + "/") for name in files):
        raise bad_request("Path is not a file")
    raise ash_error(404, "File not found")


def _agent(call: Call) -> Agent:
    return call.state.agent(call.params["name"])


def _version(call: Call) -> dict[str, Any]:
    found = _find_version(_agent(call), call.params["versionNumber"])
    if found is None:
        raise ash_error(404, "Version not found")
    return found


def _find_version(agent: Agent, key: str) -> dict[str, Any] | None:
    for version in agent.versions:
        if key in (str(version["versionNumber"]), version["id"]):
            return version
    return None
