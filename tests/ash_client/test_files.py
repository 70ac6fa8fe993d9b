"""Files up and down: encoded here, refused aloud, whole or not at all."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ash_client import (
    AshClient,
    AsyncAshClient,
    ConnectionFailed,
    FilesRefused,
    InvalidArgument,
    NotFound,
    PayloadTooLarge,
    Unavailable,
)
from ash_client.testing import AshServer, Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.ash_client.conftest import Driver
    from tests.ash_client.loopback import Loopback, Request

    Serve = Callable[[Callable[[Request], None]], Loopback]

S = "8d9dceaa-5492-4181-a003-c5b8b32d0637"
MEGABYTE = 1024 * 1024


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer(agents=["bot"]) as server:
        yield server


@pytest.fixture
def client(server: AshServer) -> Iterator[AshClient]:
    with AshClient(server.url, max_retries=0) as client:
        yield client


@pytest.fixture
def session(client: AshClient) -> str:
    return client.create_session("bot").id


def written(request: Request) -> None:
    files = request.json["files"]
    request.reply({"files": [{"path": f["path"], "written": True} for f in files]})


@pytest.mark.parametrize("size", [0, 1, 2, 3, 49151, 49152, 49153, 3 * MEGABYTE + 1])
@pytest.mark.parametrize("how", ["bytes", "bytearray", "memoryview", "path"])
def test_content_arrives_as_it_was(
    how: str, size: int, client: AshClient, session: str, tmp_path: Path
) -> None:
    data = os.urandom(size)
    (tmp_path / "f").write_bytes(data)
    kinds: dict[str, Any] = {
        "bytes": data,
        "bytearray": bytearray(data),
        "memoryview": memoryview(data),
        "path": tmp_path / "f",
    }
    (told,) = client.write_session_files(session, {"a/b": kinds[how]})
    assert (told.path, told.written, told.size) == ("a/b", True, size)
    assert client.get_session_file(session, "a/b") == data


def test_text_is_written_as_utf_8_and_never_taken_for_base64(
    client: AshClient, session: str
) -> None:
    client.write_session_files(session, {"a.txt": "plain text, not base64", "b.txt": "é\n"})
    assert client.get_session_file(session, "a.txt") == b"plain text, not base64"
    assert client.get_session_file(session, "b.txt") == b"\xc3\xa9\n"


@pytest.mark.parametrize(
    "files",
    [
        {},
        [],
        "a.txt",
        b"a.txt",
        None,
        7,
        {"a": 7},
        {"a": None},
        {"": b"a"},
        [{"path": "a", "content": "YQ=="}],  # as the server takes it: base64 would go up as text
        ["a.txt"],
        {Path("a"): b"a"},
        {"a": "\ud800"},
    ],
    # A second run in one process, as mutmut does it, escapes the backslash of a given name once more.
    ids=lambda files: repr(files).replace("\\", "/"),
)
def test_what_is_no_file_is_refused_before_the_request(files: Any) -> None:
    with AshClient("http://127.0.0.1:9") as client, pytest.raises(InvalidArgument):
        client.write_session_files(S, files)


def test_a_path_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with AshClient("http://127.0.0.1:9") as client:
        for path, reason in (("none", "No such file"), ("", "not a file"), ("fifo", "not a file")):
            with pytest.raises(InvalidArgument, match=reason):
                client.write_session_files(S, {"a": tmp_path / path})


def test_a_file_that_changes_while_it_is_sent_is_no_success(
    client: AshClient, session: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ash_client._wire.upload import Upload

    for size in (10, 3 * MEGABYTE):
        (tmp_path / "f").write_bytes(b"x" * (size - 1))
        monkeypatch.setattr(
            "ash_client._wire.upload._upload_of_file", lambda p, size=size: Upload(size, None, p)
        )
        with pytest.raises(InvalidArgument, match="changed while"):
            client.write_session_files(session, {"f": tmp_path / "f"})


def test_a_refused_file_raises_and_the_others_are_told(driver: Driver, server: AshServer) -> None:
    with AshClient(server.url) as client:
        session = client.create_session("bot").id
    files = {"../x": "1", "ok.txt": "2", "big": bytes(50 * MEGABYTE + 1), ".DS_Store": b""}
    with pytest.raises(FilesRefused) as caught:
        driver.call(server.url, "write_session_files", session, files, options={"api_key": ""})
    error = caught.value
    assert {file.path: file.error for file in error.refused} == {
        "../x": "Invalid file path",
        "big": "File too large (52428801 bytes, max 52428800)",
        ".DS_Store": "Skipped: .DS_Store",
    }
    assert [(file.path, file.size) for file in error.written] == [("ok.txt", 1)]
    assert "'../x' (Invalid file path)" in str(error)
    assert "Written: 1." in str(error)


def test_many_files_go_up_in_several_requests(serve: Serve) -> None:
    """The server takes 500 a request."""
    server = serve(written)
    with AshClient(server.url) as client:
        told = client.write_session_files(S, {f"f{n}": b"x" for n in range(1001)})
    assert [len(r.json["files"]) for r in server.requests] == [500, 500, 1]
    assert len(told) == 1001


def test_what_was_written_before_a_failure_is_told(serve: Serve) -> None:
    def answer(request: Request) -> None:
        if len(server.requests) == 1:
            written(request)
        else:
            request.reply({"error": "down"}, 500)

    server = serve(answer)
    with AshClient(server.url) as client, pytest.raises(Exception, match="down") as caught:
        client.write_session_files(S, {f"f{n}": b"x" for n in range(501)})
    assert "500 files had been written" in caught.value.__notes__[0]


def test_a_large_file_is_never_whole_in_memory(serve: Serve, tmp_path: Path) -> None:
    """20 MB of file are 27 MB of base64: neither is held."""
    content = os.urandom(20 * MEGABYTE)
    (tmp_path / "big").write_bytes(content)
    server = serve(written)
    with AshClient(server.url) as client:
        client.write_session_files(S, {"a": b"warm up"})
        tracemalloc.start()
        # The server's own copy is in another place: only what this file allocates is counted.
        client.write_session_files(S, {"big": tmp_path / "big"})
        snapshot = tracemalloc.take_snapshot()
        tracemalloc.stop()
    ours = snapshot.filter_traces([tracemalloc.Filter(True, "*/ash_client/_wire/upload.py")])
    assert sum(stat.size for stat in ours.statistics("filename")) < 2 * MEGABYTE
    body = server.requests[-1]
    assert int(body.headers["content-length"]) == len(body.body)
    assert base64.b64decode(body.json["files"][0]["content"]) == content


def test_a_large_upload_is_made_again_where_it_was_not_taken(
    driver: Driver, serve: Serve, tmp_path: Path
) -> None:
    (tmp_path / "big").write_bytes(os.urandom(2 * MEGABYTE))

    def answer(request: Request) -> None:
        if len(server.requests) == 1:
            request.reply({"error": "busy"}, 503, {"Retry-After": "0"})
        else:
            written(request)

    server = serve(answer)
    files = {"big": tmp_path / "big"}
    driver.call(server.url, "write_session_files", S, files, options={"max_retries": 1})
    first, second = server.requests
    assert first.body == second.body


@pytest.mark.parametrize("size", [10, 3 * MEGABYTE])
def test_whatever_stands_in_for_the_network_sees_the_body(size: int, tmp_path: Path) -> None:
    """A mock, a recorder or a hook that reads the request, whole or while it is sent."""
    data = os.urandom(size)
    (tmp_path / "f").write_bytes(data)
    seen: list[bytes] = []

    def answer(content: bytes) -> httpx.Response:
        (file,) = json.loads(content)["files"]
        seen.append(base64.b64decode(file["content"]))
        return httpx.Response(200, json={"files": [{"path": "f", "written": True}]})

    async def answer_async(request: httpx.Request) -> httpx.Response:
        return answer(await request.aread())

    async def main() -> None:
        transport = httpx.MockTransport(answer_async)
        async with httpx.AsyncClient(transport=transport) as own:
            client = AsyncAshClient("http://host", http_client=own)
            await client.write_session_files(S, {"f": tmp_path / "f"})

    with httpx.Client(transport=httpx.MockTransport(lambda r: answer(r.read()))) as own:
        AshClient("http://host", http_client=own).write_session_files(S, {"f": tmp_path / "f"})
    asyncio.run(main())
    assert seen == [data, data]


def test_an_async_upload_streams_too(server: AshServer, tmp_path: Path) -> None:
    data = os.urandom(3 * MEGABYTE)
    (tmp_path / "big").write_bytes(data)

    async def main() -> bytes:
        async with AsyncAshClient(server.url) as client:
            session = await client.create_session("bot")
            await client.write_session_files(session, {"big": tmp_path / "big"})
            target = await client.download_session_file(session, "big", tmp_path / "copy")
            return target.read_bytes()

    assert asyncio.run(main()) == data


# Down.


def test_a_download_is_saved_under_its_name_or_the_one_given(
    client: AshClient, session: str, tmp_path: Path
) -> None:
    client.write_session_files(session, {"in/a.bin": b"\x00\x01"})
    assert client.download_session_file(session, "in/a.bin", tmp_path) == tmp_path / "a.bin"
    assert client.download_session_file(session, "in/a.bin", tmp_path / "b") == tmp_path / "b"
    assert (tmp_path / "a.bin").read_bytes() == (tmp_path / "b").read_bytes() == b"\x00\x01"
    archive = client.download_workspace(session, tmp_path)
    assert archive.name == f"{session}.tar.gz"
    assert client.restore_workspace(session, archive)
    attachment = client.create_attachment(session, "n.txt", "héllo")
    saved = client.download_attachment(attachment.id, tmp_path / "n.txt")
    assert saved.read_text("utf-8") == "héllo"


def test_a_broken_download_leaves_nothing(serve: Serve, tmp_path: Path) -> None:
    def answer(request: Request) -> None:
        request.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        request.hang_up()

    (tmp_path / "a").write_text("as before")
    with AshClient(serve(answer).url) as client, pytest.raises(ConnectionFailed):
        client.download_session_file(S, "a", tmp_path / "a")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "as before"


def test_a_download_of_nothing_makes_no_file(
    client: AshClient, session: str, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        client.download_session_file(session, "none", tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_refused_makes_no_file(
    server: AshServer, client: AshClient, session: str, tmp_path: Path
) -> None:
    server.fail_next(Fault.unavailable())
    with pytest.raises(Unavailable):
        client.download_session_file(session, "none", tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


# Agents.


def test_what_the_server_would_leave_out_without_a_word_is_refused(server: AshServer) -> None:
    """It skips a path with '..' in it, and one from the root (routes/agents.ts)."""
    for call in ("create_agent", "write_agent_files"):
        with AshClient(server.url) as client, pytest.raises(FilesRefused) as caught:
            getattr(client, call)("bot", files={"../x": "1", "/etc/x": "2", "ok": "3"})
        assert [file.path for file in caught.value.refused] == ["../x", "/etc/x"]
        assert "Nothing was sent" in str(caught.value)
    assert not any(r.method == "POST" for r in server.requests)


def test_agent_files_go_up_in_requests_the_server_takes(
    server: AshServer, client: AshClient
) -> None:
    """1 MiB each, which is what base64 makes of 786 KB."""
    files = {f"f{n}": os.urandom(400_000) for n in range(4)}
    assert client.write_agent_files("bot", files) == 4
    posts = [r for r in server.requests if r.method == "POST"]
    assert len(posts) == 4
    assert {f.path for f in client.list_agent_files("bot")} >= set(files)


def test_a_file_too_large_for_any_request_says_how_much_there_may_be(client: AshClient) -> None:
    with pytest.raises(PayloadTooLarge, match="780 KB"):
        client.write_agent_files("bot", {"big": bytes(900_000)})
    with pytest.raises(PayloadTooLarge, match="780 KB"):
        client.create_agent("bot", files={"big": bytes(900_000)})
