"""Commands, files, attachments and bundles: captures mock-exec-*, mock-file*."""

from __future__ import annotations

import base64
import io
import tarfile

import pytest


@pytest.mark.parametrize(
    ("command", "code", "out", "err"),
    [
        ("echo ok", 0, "ok\n", ""),
        ("echo 'a  b' c", 0, "a  b c\n", ""),
        ("echo out; echo err >&2; echo hi > made.txt; exit 3", 3, "out\n", "err\n"),
        ("true", 0, "", ""),
        ("false", 1, "", ""),
        ("false; echo on", 0, "on\n", ""),
        ("cat CLAUDE.md", 0, "# my-agent\n", ""),
        ("cat none", 1, "", "cat: none: No such file or directory\n"),
        ("ls", 0, "CLAUDE.md\n", ""),
        ("rm -rf /", 127, "", "/bin/sh: 1: rm: not found\n"),
        ("echo 'open", 2, "", "/bin/sh: 1: Syntax error: Unterminated quoted string\n"),
        ("exit nonsense", 2, "", "/bin/sh: 1: exit: Illegal number: nonsense\n"),
    ],
)
def test_a_command_of_the_few_there_are(api, command, code, out, err):
    reply = api.call("POST", f"/api/sessions/{api.session()}/exec", {"command": command})
    assert reply.status == 200
    assert reply.json() == {"exitCode": code, "stdout": out, "stderr": err}


@pytest.mark.parametrize("body", [{}, {"command": "x", "timeout": 0}, {"command": ["a", "b"]}])
def test_a_refused_command_is_told_no_reason(api, body):
    reply = api.call("POST", f"/api/sessions/{api.session()}/exec", body)
    assert (reply.status, reply.json()) == (400, {"error": "Bad Request", "statusCode": 400})


def test_an_empty_command_is_an_error_of_the_server(api):
    reply = api.call("POST", f"/api/sessions/{api.session()}/exec", {"command": ""})
    assert reply.status == 500
    assert reply.json() == {"error": "Internal Server Error", "statusCode": 500}


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_folder_is_no_file(api, method):
    path = f"/api/sessions/{api.session()}"
    api.call("POST", f"{path}/files", {"files": [{"path": "d/a.txt", "content": "YQ=="}]})
    reply = api.call(method, f"{path}/files/d")
    assert (reply.status, reply.json()["error"]) == (400, "Path is not a file")


def test_writing_no_files_is_refused(api):
    reply = api.call("POST", f"/api/sessions/{api.session()}/files", {"files": []})
    assert reply.status == 400
    assert reply.json()["message"] == "body/files must NOT have fewer than 1 items"


def test_a_fork_begins_with_the_files_of_the_agent(api):
    """The real server looks for the parent's workspace where it does not save it."""
    path = f"/api/sessions/{api.session()}"
    api.call("POST", f"{path}/files", {"files": [{"path": "a.txt", "content": "YQ=="}]})
    fork = api.call("POST", f"{path}/fork").json()["session"]["id"]
    listed = api.call("GET", f"/api/sessions/{fork}/files").json()["files"]
    assert [file["path"] for file in listed] == ["CLAUDE.md"]


def test_a_file_that_a_command_made(api):
    path = f"/api/sessions/{api.session()}"
    api.call("POST", f"{path}/exec", {"command": "echo hi > made.txt"})
    as_json = api.call("GET", f"{path}/files/made.txt?format=json").json()
    assert as_json == {"path": "made.txt", "content": "hi\n", "size": 3, "source": "sandbox"}
    raw = api.call("GET", f"{path}/files/made.txt")
    assert raw.body == b"hi\n"
    assert raw.headers["content-type"] == "text/plain"
    assert raw.headers["content-disposition"] == "attachment; filename*=UTF-8''made.txt"
    assert raw.headers["x-ash-source"] == "sandbox"


def test_files_outlive_the_sandbox(api):
    path = f"/api/sessions/{api.session()}"
    assert api.call("GET", f"{path}/files").json()["source"] == "sandbox"
    api.call("POST", f"{path}/stop")
    listed = api.call("GET", f"{path}/files").json()
    assert listed["source"] == "snapshot"
    assert [f["path"] for f in listed["files"]] == ["CLAUDE.md"]


def test_files_written_and_deleted(api):
    path = f"/api/sessions/{api.session()}/files"
    content = base64.b64encode(b"\x00\xff").decode()
    files = [{"path": name, "content": content} for name in ("a.bin", "../evil", ".hidden")]
    written = api.call("POST", path, {"files": files, "targetPath": "up"}).json()
    assert written["files"] == [
        {"path": "a.bin", "written": True, "size": 2},
        {"path": "../evil", "written": False, "error": "Invalid file path"},
        {"path": ".hidden", "written": True, "size": 2},
    ]
    assert api.call("GET", f"{path}/up/a.bin").body == b"\x00\xff"
    deleted = api.call("DELETE", f"{path}/up/a.bin")
    assert deleted.json() == {"path": "up/a.bin", "deleted": True}
    again = api.call("DELETE", f"{path}/up/a.bin")
    assert (again.status, again.json()) == (404, {"error": "File not found", "statusCode": 404})


def test_a_percent_in_a_files_name(api):
    path = f"/api/sessions/{api.session()}/files"
    api.call("POST", path, {"files": [{"path": "ä b.txt", "content": "aGk="}]})
    reply = api.call("GET", f"{path}/%C3%A4%20b.txt")
    assert reply.body == b"hi"
    assert reply.headers["content-disposition"].endswith("%C3%A4%20b.txt")


def test_attachments(api):
    session = api.session()
    path = f"/api/sessions/{session}/attachments"
    body = {"filename": "../a.txt", "content": "aGk=", "mimeType": "text/plain"}
    created = api.call("POST", path, body)
    attachment = created.json()["attachment"]
    assert created.status == 201
    assert (attachment["filename"], attachment["size"]) == ("a.txt", 2)
    assert api.call("GET", path).json() == {"attachments": [attachment]}
    content = api.call("GET", f"/api/attachments/{attachment['id']}")
    assert (content.body, content.headers["content-type"]) == (b"hi", "text/plain")
    workspace = api.call("GET", f"/api/sessions/{session}/files/attachments/a.txt")
    assert workspace.body == b"hi"
    assert api.call("DELETE", f"/api/attachments/{attachment['id']}").status == 204
    missing = api.call("GET", f"/api/attachments/{attachment['id']}")
    assert (missing.status, missing.json()["error"]) == (404, "Attachment not found")


@pytest.mark.parametrize(
    ("content", "status", "error"),
    [
        ("", 400, "Empty attachment content"),
        ("!!!", 400, "Empty attachment content"),
    ],
)
def test_an_attachment_needs_content(api, content, status, error):
    body = {"filename": "a", "content": content}
    reply = api.call("POST", f"/api/sessions/{api.session()}/attachments", body)
    assert (reply.status, reply.json()) == (status, {"error": error, "statusCode": status})


def test_a_workspace_travels_as_one_bundle(api):
    source, target = (f"/api/sessions/{api.session()}" for _ in range(2))
    api.call("POST", f"{source}/exec", {"command": "echo hi > made.txt"})
    bundle = api.call("GET", f"{source}/workspace")
    assert bundle.headers["content-type"] == "application/gzip"
    with tarfile.open(fileobj=io.BytesIO(bundle.body)) as archive:
        assert archive.getnames() == ["./CLAUDE.md", "./made.txt"]
    encoded = base64.b64encode(bundle.body).decode()
    restored = api.call("POST", f"{target}/workspace", {"bundle": encoded})
    assert restored.json() == {"message": "Workspace restored to live sandbox"}
    assert api.call("GET", f"{target}/files/made.txt").body == b"hi\n"
    api.call("POST", f"{target}/stop")
    saved = api.call("POST", f"{target}/workspace", {"bundle": encoded})
    assert saved.json() == {"message": "Workspace saved as snapshot"}


@pytest.mark.parametrize(
    ("bundle", "error"),
    [
        ("", {"error": "Empty bundle", "statusCode": 400}),
        (
            "bm90IGEgdGFy",  # not a tar
            {
                "statusCode": 500,
                "error": "Internal Server Error",
                "message": "Invalid bundle: not a gzip file",
            },
        ),
        (
            "H4s=",  # gzip's first two bytes
            {
                "statusCode": 500,
                "error": "Internal Server Error",
                "message": "Command failed: tar xzf",
            },
        ),
    ],
)
def test_a_bundle_that_is_none(api, bundle, error):
    path = f"/api/sessions/{api.session()}/workspace"
    reply = api.call("POST", path, {"bundle": bundle})
    assert (reply.status, reply.json()) == (error["statusCode"], error)
