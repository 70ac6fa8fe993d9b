"""Agents: captures mock-agent-*."""

from __future__ import annotations

import base64

import pytest

VIEW = ["id", "name", "version", "path", "createdAt", "updatedAt", "tenantId"]


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_a_deployed_agent_hides_the_values_of_its_variables(api):
    body = {"name": "bot", "systemPrompt": "You are a bot.", "env": {"DEMO": "secret"}}
    reply = api.call("POST", "/api/agents", body)
    agent = reply.json()["agent"]
    assert reply.status == 201
    assert list(agent) == [*VIEW, "env"]
    assert (agent["version"], agent["path"]) == (1, "/data/agents/bot")
    assert agent["env"] == {"DEMO": "***"}
    assert reply.headers["x-ratelimit-limit"]


def test_deploying_again_makes_the_next_version(api):
    first = api.call("GET", "/api/agents/my-agent").json()["agent"]
    again = api.call("POST", "/api/agents", {"name": "my-agent"}).json()["agent"]
    assert list(again) == VIEW
    assert (again["id"], again["version"]) == (first["id"], 2)


@pytest.mark.parametrize("body", [{}, {"name": "bad name!"}, {"name": ""}, {"name": "x" * 256}])
def test_a_refused_deployment_is_told_no_reason(api, body):
    reply = api.call("POST", "/api/agents", body)
    assert (reply.status, reply.json()) == (400, {"error": "Bad Request", "statusCode": 400})


@pytest.mark.parametrize(
    ("method", "tail"),
    [
        *(("GET", tail) for tail in ("", "/config", "/files", "/versions", "/eval-cases")),
        *(("DELETE", ""), ("GET", "/files/x")),
    ],
)
def test_an_unknown_agent_is_404(api, method, tail):
    reply = api.call(method, f"/api/agents/nobody{tail}")
    assert (reply.status, reply.json()) == (404, {"error": "Agent not found", "statusCode": 404})


def test_files_that_leave_the_directory_are_dropped_in_silence(api):
    files = [
        {"path": "notes.txt", "content": encoded("hello\n")},
        {"path": "../evil", "content": encoded("hi")},
    ]
    api.call("POST", "/api/agents", {"name": "bot", "files": files})
    listed = api.call("GET", "/api/agents/bot/files").json()["files"]
    assert [f["path"] for f in listed] == ["CLAUDE.md", "notes.txt"]
    assert list(listed[0]) == ["path", "size", "modifiedAt"]


def test_files_of_an_agent(api):
    write = {"files": [{"path": "a/b.md", "content": encoded("# é\n")}]}
    assert api.call("POST", "/api/agents/my-agent/files", write).json() == {"written": 1}
    read = api.call("GET", "/api/agents/my-agent/files/a/b.md").json()
    assert read == {"path": "a/b.md", "content": "# é\n", "size": 5}
    raw = api.call("GET", "/api/agents/my-agent/files/a/b.md?format=raw")
    assert (raw.body, raw.headers["content-type"]) == ("# é\n".encode(), "text/markdown")
    deleted = api.call("DELETE", "/api/agents/my-agent/files/a/b.md")
    assert deleted.json() == {"deleted": True}
    assert api.call("GET", "/api/agents/my-agent/files/a/b.md").json()["error"] == "File not found"


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x"])
def test_files_outside_are_refused(api, path):
    write = {"files": [{"path": path, "content": ""}]}
    reply = api.call("POST", "/api/agents/my-agent/files", write)
    assert reply.json() == {"error": f'Path "{path}" escapes agent directory', "statusCode": 400}


def test_configuration_is_merged(api):
    api.call("PATCH", "/api/agents/my-agent", {"config": {"max_turns": 3}})
    api.call("PATCH", "/api/agents/my-agent/config", {"model": "claude-y"})
    config = api.call("GET", "/api/agents/my-agent/config").json()["config"]
    assert config == {"max_turns": 3, "model": "claude-y"}
    assert api.message(api.session()).events()[1][1]["model"] == "claude-y"


def test_versions(api):
    path = "/api/agents/my-agent/versions"
    assert api.call("GET", path).json() == {"versions": []}
    body = {"name": "v1", "systemPrompt": "Versioned prompt", "releaseNotes": "first"}
    created = api.call("POST", path, body)
    version = created.json()["version"]
    assert created.status == 201
    assert list(version) == [
        *("id", "agentName", "versionNumber", "name", "isActive", "createdAt", "updatedAt"),
        *("tenantId", "systemPrompt", "releaseNotes", "knowledgeFiles", "createdBy"),
    ]
    assert (version["versionNumber"], version["isActive"]) == (1, False)

    clone = api.call("POST", path, {"cloneFrom": 1}).json()["version"]
    assert (clone["versionNumber"], clone["systemPrompt"]) == (2, "Versioned prompt")
    activated = api.call("POST", f"{path}/2/activate").json()
    assert activated == {"activated": True, "versionNumber": 2}
    listed = api.call("GET", path).json()["versions"]
    assert [(v["versionNumber"], v["isActive"]) for v in listed] == [(2, True), (1, False)]

    renamed = api.call("PATCH", f"{path}/1", {"name": "old"}).json()["version"]
    assert renamed["name"] == "old"
    assert api.call("GET", f"{path}/{version['id']}").json()["version"]["name"] == "old"
    assert api.call("DELETE", f"{path}/1").status == 204
    missing = {"error": "Version not found", "statusCode": 404}
    assert api.call("GET", f"{path}/1").json() == missing
    unknown = api.call("POST", path, {"cloneFrom": 9})
    assert unknown.json() == {"error": "Source version 9 not found", "statusCode": 400}
    after = api.call("POST", path, {}).json()["version"]
    assert after["versionNumber"] == 3, "one more than the highest there is"


def test_an_agent_from_a_folder_of_the_servers_disk(api, tmp_path):
    (tmp_path / "CLAUDE.md").write_text("# from disk")
    (tmp_path / "skills").mkdir()
    (tmp_path / "skills" / "a.md").write_text("a")
    made = api.call("POST", "/api/agents", {"name": "disk", "path": str(tmp_path)})
    assert made.status == 201
    listed = api.call("GET", "/api/agents/disk/files").json()["files"]
    assert [file["path"] for file in listed] == ["CLAUDE.md", "skills/a.md"]


@pytest.mark.parametrize("path", ["/nonexistent", "relative"])
def test_a_folder_without_an_agent_is_refused(api, path):
    reply = api.call("POST", "/api/agents", {"name": "disk", "path": path})
    assert reply.status == 400
    assert reply.json() == {"error": "Agent directory must contain CLAUDE.md", "statusCode": 400}
