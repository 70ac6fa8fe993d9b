"""An agent's folder: what goes up, what stays, what is refused, and why."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import pytest

from ash_client import AshClient, AsyncAshClient, InvalidArgument
from ash_client.agents import AgentFolder, read_agent_folder
from ash_client.testing import AshServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[AshServer]:
    with AshServer() as server:
        yield server


def paths(folder: AgentFolder) -> list[str]:
    return [file.path for file in folder.files]


def skipped(folder: AgentFolder) -> dict[str, str]:
    return {path.path: path.reason for path in folder.skipped}


def write(path: Path, content: bytes = b"x") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_a_folder_is_deployed_under_its_own_name(server: AshServer, folder: Path) -> None:
    with AshClient(server.url) as client:
        deployed = client.deploy_agent(folder)
        assert deployed.name == "my-agent"
        assert {f.path: f.size for f in client.list_agent_files("my-agent")} == {
            f.path: f.size for f in deployed.folder.files
        }
        assert client.get_agent_file("my-agent", "CLAUDE.md") == b"Be brief."
        with client.session("my-agent") as chat:
            assert chat.session.agent_name == "my-agent"


def test_the_async_client_deploys_as_well(server: AshServer, folder: Path) -> None:
    async def main() -> str:
        async with AsyncAshClient(server.url) as client:
            return (await client.agents.deploy(folder, name="other", env={"A": "b"})).name

    assert asyncio.run(main()) == "other"


def test_what_would_go_up_is_shown_without_sending(folder: Path) -> None:
    write(folder / ".env")
    plan = read_agent_folder(folder)
    assert str(plan).splitlines() == [
        f"3 files, 15 bytes, from {folder}",
        "  + .claude/skills/sum.md (4)",
        "  + .mcp.json (2)",
        "  + CLAUDE.md (9)",
        "  - .env: may hold secrets",
    ]


def test_a_plan_is_deployed_as_it_was_shown(server: AshServer, folder: Path) -> None:
    plan = read_agent_folder(folder)
    write(folder / "later.txt")
    with AshClient(server.url) as client:
        deployed = client.deploy_agent(plan)
        assert deployed.folder is plan
        assert "later.txt" not in {f.path for f in client.list_agent_files("my-agent")}


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.local",
        ".envrc",
        ".ENV",
        "config/.env.production",
        "prod.env",
        "server.pem",
        "deep/in/it/TLS.KEY",
        "id_rsa",
        "id_ed25519",
        ".ssh/config",
        ".aws/credentials",
        ".netrc",
        ".npmrc",
        ".pypirc",
        ".git-credentials",
        "store.p12",
        "service-account-prod.json",
        "terraform.tfstate",
        ".claude/settings.local.json",
    ],
)
def test_what_may_hold_secrets_stays_here(path: str, folder: Path) -> None:
    write(folder / path)
    plan = read_agent_folder(folder)
    assert len(paths(plan)) == 3
    assert "may hold secrets" in skipped(plan).values()


@pytest.mark.parametrize(
    "start",
    [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----",
        "PuTTY-User-Key-File-3: ssh-ed25519",
        "# my key\n\n-----BEGIN EC PRIVATE KEY-----",
    ],
)
def test_a_private_key_stays_here_whatever_it_is_called(start: str, folder: Path) -> None:
    write(folder / "notes.txt", start.encode())
    write(folder / "public.txt", b"-----BEGIN PUBLIC KEY-----")
    plan = read_agent_folder(folder)
    assert skipped(plan) == {"notes.txt": "holds a private key"}
    assert "public.txt" in paths(plan)


@pytest.mark.parametrize(
    "path",
    [
        ".git/HEAD",
        ".git",  # of a submodule or a second work tree: a file
        "node_modules/a/index.js",
        "Node_Modules/a/index.js",
        "__pycache__/a.pyc",
        "a.pyc",
        ".venv/bin/python",
        "my-environment/pyvenv.cfg",
        ".mypy_cache/x",
        ".DS_Store",
    ],
)
def test_what_tools_have_made_stays_here(path: str, folder: Path) -> None:
    write(folder / path)
    assert len(paths(read_agent_folder(folder))) == 3


def test_more_can_be_left_out_and_taken_along(folder: Path) -> None:
    write(folder / "data" / "a.csv")
    write(folder / "data" / "b.json")
    write(folder / ".env.example")
    write(folder / "venv" / "x")
    plan = read_agent_folder(folder, exclude=["data/*.csv"], include=[".env.example", "venv/"])
    assert {"data/b.json", ".env.example", "venv/x"} <= set(paths(plan))
    assert skipped(plan) == {"data/a.csv": "excluded"}


# What is refused.


def test_a_folder_without_instructions_is_no_agent(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match=r"no file CLAUDE\.md"):
        read_agent_folder(tmp_path)
    write(tmp_path / "claude.md")
    with pytest.raises(InvalidArgument, match=r"'claude\.md'; the server wants exactly that name"):
        read_agent_folder(tmp_path)
    (tmp_path / "CLAUDE.md").mkdir()
    with pytest.raises(InvalidArgument, match=r"no file CLAUDE\.md"):
        read_agent_folder(tmp_path)


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="No such file"):
        read_agent_folder(tmp_path / "none")
    write(tmp_path / "file")
    with pytest.raises(InvalidArgument, match="Not a directory"):
        read_agent_folder(tmp_path / "file")


def test_a_link_that_leaves_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "secret.txt")
    (tmp_path / "my-agent-2").mkdir()  # begins like the folder, and is another
    (folder / "file").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to("..")
    (folder / "beside").symlink_to(tmp_path / "my-agent-2")
    (folder / "nowhere").symlink_to("gone")
    with pytest.raises(InvalidArgument) as caught:
        read_agent_folder(folder)
    told = str(caught.value)
    assert told.count("a link that leaves the folder") == 3
    assert "nowhere: a link that leads nowhere (gone)" in told


def test_instructions_that_are_a_link_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "agent"
    folder.mkdir()
    write(tmp_path / "CLAUDE.md")
    (folder / "CLAUDE.md").symlink_to(tmp_path / "CLAUDE.md")
    with pytest.raises(InvalidArgument, match="leaves the folder"):
        read_agent_folder(folder)


def test_a_link_inside_goes_up_as_what_it_leads_to(server: AshServer, folder: Path) -> None:
    (folder / "AGENTS.md").symlink_to("CLAUDE.md")
    (folder / "skills").symlink_to(".claude/skills")
    with AshClient(server.url) as client:
        client.deploy_agent(folder)
        assert client.get_agent_file("my-agent", "AGENTS.md") == b"Be brief."
        assert client.get_agent_file("my-agent", "skills/sum.md") == b"Add."


def test_a_link_to_a_secret_is_a_secret(folder: Path) -> None:
    write(folder / ".env")
    write(folder / ".git" / "config")
    (folder / "settings.txt").symlink_to(".env")
    (folder / "config").symlink_to(".git/config")
    (folder / "tree").symlink_to(".git")
    plan = read_agent_folder(folder)
    assert len(paths(plan)) == 3
    assert {"settings.txt", "config", "tree"} <= set(skipped(plan))


def test_links_in_a_circle_come_to_an_end(folder: Path) -> None:
    (folder / "self").symlink_to(".")
    (folder / ".claude" / "top").symlink_to("..")
    (folder / "a").mkdir()
    (folder / "b").mkdir()
    (folder / "a" / "b").symlink_to("../b")
    (folder / "b" / "a").symlink_to("../a")
    plan = read_agent_folder(folder)
    assert skipped(plan)["self"] == "a link back to a folder above it"
    assert len(paths(plan)) == 3


def test_links_that_multiply_come_to_an_end(folder: Path) -> None:
    """Twenty folders with two links each to the next are a million paths."""
    for n in range(20):
        (folder / f"d{n}").mkdir()
        write(folder / f"d{n}" / "f")
        for name in ("l", "r"):
            (folder / f"d{n}" / name).symlink_to(f"../d{n + 1}")
    (folder / "d20").mkdir()
    with pytest.raises(InvalidArgument, match="10000 files or 2000 folders, links counted"):
        read_agent_folder(folder)


def test_folders_nested_without_end_are_refused(folder: Path) -> None:
    deep = folder
    for _ in range(120):
        deep /= "d"
    write(deep / "f")
    with pytest.raises(InvalidArgument, match="nested more than 100 deep"):
        read_agent_folder(folder)


def test_what_cannot_be_read_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Told by the system's own errors, which root, who runs some tests, does not get."""
    write(folder / "locked.txt")
    (folder / "closed").mkdir()
    kind = type(folder)

    def refusing(name: str, really: Any) -> Any:
        def call(self: Path, *args: Any) -> Any:
            if self.name == name:
                raise PermissionError(13, "Permission denied")
            return really(self, *args)

        return call

    monkeypatch.setattr(kind, "open", refusing("locked.txt", kind.open))
    monkeypatch.setattr(kind, "iterdir", refusing("closed", kind.iterdir))
    with pytest.raises(InvalidArgument) as caught:
        read_agent_folder(folder)
    assert "locked.txt: Permission denied" in str(caught.value)
    assert "closed/: Permission denied" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (b"caf\xe9.txt", "not UTF-8"),
        (b"a..b.txt", "leaves out every path with '..'"),
        (b"line\nbreak", "control character"),
        (b"back\\slash", "backslash"),
    ],
)
def test_a_name_the_server_cannot_take_is_refused(name: bytes, reason: str, folder: Path) -> None:
    with open(os.path.join(os.fsencode(folder), name), "wb"):  # noqa: PTH118, PTH123 -- bytes are no Path
        pass
    with pytest.raises(InvalidArgument, match=reason) as caught:
        read_agent_folder(folder)
    assert str(caught.value).isprintable() or "\n" in str(caught.value)
    str(caught.value).encode()  # can be printed


def test_what_is_no_file_stays_here(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert skipped(read_agent_folder(folder)) == {"pipe": "neither a file nor a folder"}


def test_an_empty_folder_is_told(folder: Path) -> None:
    (folder / "data" / "empty").mkdir(parents=True)
    assert "the server keeps files only" in skipped(read_agent_folder(folder))["data/empty"]


def test_a_file_too_large_for_the_server_is_refused_before_anything_is_sent(
    server: AshServer, folder: Path
) -> None:
    write(folder / "model.bin", bytes(800_000))
    with AshClient(server.url) as client, pytest.raises(InvalidArgument) as caught:
        client.deploy_agent(folder)
    assert "model.bin: 800000 bytes are too large" in str(caught.value)
    assert server.requests == []


def test_every_reason_is_told_at_once(folder: Path, tmp_path: Path) -> None:
    write(folder / "model.bin", bytes(800_000))
    (folder / "up").symlink_to("..")
    with pytest.raises(InvalidArgument) as caught:
        read_agent_folder(folder)
    assert "model.bin" in str(caught.value)
    assert "up: a link" in str(caught.value)


@pytest.mark.parametrize("name", ["my agent", "", "a/b", "ä", "x" * 256])
def test_a_name_the_server_refuses_is_refused_here(
    name: str, server: AshServer, folder: Path
) -> None:
    with AshClient(server.url) as client, pytest.raises(InvalidArgument, match="agent's name"):
        client.deploy_agent(folder, name=name)
    assert server.requests == []
