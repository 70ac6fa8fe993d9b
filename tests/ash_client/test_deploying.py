"""An agent on the server after one deployment, after many, and what new sessions see of it."""

from __future__ import annotations

import io
import os
import tarfile
from typing import TYPE_CHECKING

import pytest

from ash_client import AshClient, DecodeError, FilesRefused
from ash_client.agents import holds, read_agent_folder
from ash_client.testing import AshServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer() as server:
        yield server


def write(path: Path, content: bytes = b"x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


# More than one request, and more than one deployment.


def test_a_large_folder_goes_up_in_several_requests(server: AshServer, folder: Path) -> None:
    for n in range(5):
        write(folder / f"f{n}", os.urandom(500_000))
    with AshClient(server.url) as client:
        client.deploy_agent(folder)
        assert len(client.list_agent_files("my-agent")) == 8
    posts = [r.path for r in server.requests if r.method == "POST" and "agents" in r.path]
    assert posts == ["/api/agents", *["/api/agents/my-agent/files"] * 4]


def test_what_an_earlier_deployment_left_is_told_and_removed_when_asked(
    server: AshServer, folder: Path
) -> None:
    write(folder / "old.md")
    with AshClient(server.url) as client:
        client.deploy_agent(folder)
        (folder / "old.md").unlink()
        assert client.deploy_agent(folder).left_over == ("old.md",)
        pruned = client.deploy_agent(folder, prune=True)
        assert (pruned.left_over, pruned.removed) == ((), ("old.md",))
        assert client.deploy_agent(folder).left_over == ()


def test_a_file_that_did_not_arrive_is_no_success(
    server: AshServer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AshClient(server.url) as client:
        listed = client.list_agent_files
        monkeypatch.setattr(
            client,
            "list_agent_files",
            lambda name, **_: [f for f in listed(name) if f.path != ".mcp.json"],
        )
        with pytest.raises(FilesRefused) as caught:
            client.deploy_agent(folder)
    assert [file.path for file in caught.value.refused] == [".mcp.json"]


def test_what_the_server_does_not_list_counts_as_arrived(server: AshServer, folder: Path) -> None:
    """Its list leaves out ``tmp`` and ``*.lock`` (routes/agents.ts)."""
    write(folder / "tmp" / "a")
    write(folder / "poetry.lock")
    with AshClient(server.url) as client:
        listed = client.list_agent_files
        client.list_agent_files = lambda name, **_: [  # type: ignore[method-assign]  # as the real one lists
            f
            for f in listed(name)
            if not f.path.startswith("tmp/") and not f.path.endswith(".lock")
        ]
        assert len(client.deploy_agent(folder).folder.files) == 5


# What new sessions see.


def files_of_a_new_session(client: AshClient, name: str) -> dict[str, bytes]:
    with client.session(name) as chat:
        listed = client.files.list(chat.session)
        return {f.path: client.files.get(chat.session, f.path) for f in listed}


@pytest.mark.parametrize("earlier", [1, 4])
def test_a_session_after_a_later_deployment_has_its_files(
    earlier: int, server: AshServer, folder: Path
) -> None:
    """The server gives sandboxes out that were made ready before, the oldest first; one more a deployment."""
    with AshClient(server.url) as client:
        for n in range(earlier):
            (folder / "CLAUDE.md").write_text(f"Version {n}.")
            client.deploy_agent(folder, renew=False)
        (folder / "CLAUDE.md").write_text("Version 9.")
        assert client.deploy_agent(folder).fresh is True
        assert files_of_a_new_session(client, "my-agent")["CLAUDE.md"] == b"Version 9."
        statuses = {session.status for session in client.list_sessions()}
    assert statuses == {"ended"}


def test_a_session_after_a_deployment_in_several_requests_has_all_files(
    server: AshServer, folder: Path
) -> None:
    for n in range(3):
        write(folder / f"f{n}", os.urandom(500_000))
    with AshClient(server.url) as client:
        assert client.deploy_agent(folder).fresh is True
        assert len(files_of_a_new_session(client, "my-agent")) == 6


def test_the_first_deployment_begins_no_session(server: AshServer, folder: Path) -> None:
    with AshClient(server.url) as client:
        assert client.deploy_agent(folder).fresh is True
        assert client.list_sessions() == []


def test_what_nobody_looked_at_is_not_called_fresh(server: AshServer, folder: Path) -> None:
    with AshClient(server.url) as client:
        client.deploy_agent(folder)
        (folder / "CLAUDE.md").write_text("Another.")
        assert client.deploy_agent(folder, renew=False).fresh is None
        assert files_of_a_new_session(client, "my-agent")["CLAUDE.md"] == b"Be brief."


def test_where_no_session_can_begin_the_deployment_stands_and_it_is_not_called_fresh(
    folder: Path,
) -> None:
    with AshServer(cgroups=False) as server, AshClient(server.url) as client:
        client.deploy_agent(folder)
        (folder / "CLAUDE.md").write_text("Another.")
        assert client.deploy_agent(folder).fresh is None
        assert client.get_agent_file("my-agent", "CLAUDE.md") == b"Another."


def test_too_many_old_sandboxes_are_not_called_fresh(server: AshServer, folder: Path) -> None:
    with AshClient(server.url) as client:
        for n in range(11):
            (folder / "CLAUDE.md").write_text(f"Version {n}.")
            client.deploy_agent(folder, renew=False)
        assert client.deploy_agent(folder).fresh is False


def test_a_removed_file_is_gone_from_new_sessions_too(server: AshServer, folder: Path) -> None:
    write(folder / "old.md")
    with AshClient(server.url) as client:
        client.deploy_agent(folder)
        (folder / "old.md").unlink()
        assert client.deploy_agent(folder, prune=True).fresh is True
        assert "old.md" not in files_of_a_new_session(client, "my-agent")


def test_what_the_server_packs_no_workspace_with_is_not_missed(folder: Path) -> None:
    write(folder / "tmp" / "a")
    plan = read_agent_folder(folder)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for file in plan.files:
            if not file.path.startswith("tmp/"):
                archive.add(file.source, f"./{file.path}")
    assert holds(packed.getvalue(), plan.files)
    (folder / ".mcp.json").write_text("[]")  # as long, and other
    assert not holds(packed.getvalue(), plan.files)
    assert not holds(packed.getvalue(), read_agent_folder(folder).files, ["CLAUDE.md"])
    for broken in (b"", b"no archive", packed.getvalue()[:50]):
        with pytest.raises(DecodeError, match="no archive"):
            holds(broken, plan.files)
