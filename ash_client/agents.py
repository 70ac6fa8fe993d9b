"""An agent's folder on this machine, read before it is deployed: what goes up, what stays here, and why.

``client.deploy_agent(folder)`` does all of it; ``read_agent_folder`` shows it first and sends nothing.
"""

from __future__ import annotations

import fnmatch
import io
import os
import re
import stat
import tarfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ash_client._wire.upload import batches, named_uploads, size_in_json, upload
from ash_client.errors import DecodeError, InvalidArgument

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ash_client.models import Agent

__all__ = ["AgentFile", "AgentFolder", "DeployedAgent", "SkippedPath", "read_agent_folder"]

INSTRUCTIONS: Final = "CLAUDE.md"
# Fastify's body limit, which the routes of agents do not raise (server 0.2.0); the rest of the body needs some of it.
MOST_BYTES_A_REQUEST: Final = 1024 * 1024 - 8 * 1024
# Beyond these it is no agent's folder but a mistake, or links that multiply.
MOST_FILES: Final = 10_000
MOST_FOLDERS: Final = 2_000
MOST_LEVELS: Final = 100

# Made by tools, made again by tools: nothing an agent needs. Compared without regard to case.
_TOOL_FOLDERS: Final = frozenset(
    {
        ".git", ".hg", ".svn", ".jj", "node_modules", "__pycache__", ".venv", "venv", "virtualenv", ".tox", ".nox",
        ".mypy_cache", ".pytest_cache", ".ruff_cache", ".cache", ".npm", ".yarn", ".pnpm-store", ".terraform",
        ".ipynb_checkpoints", ".eggs",
    }
)  # fmt: skip
_TOOL_FILES: Final = (
    ".ds_store",
    "thumbs.db",
    "desktop.ini",
    "*.pyc",
    "*.pyo",
    ".git",
    "*.swp",
    "*~",
)
_SECRET_FOLDERS: Final = frozenset(
    {".ssh", ".aws", ".gnupg", ".kube", ".azure", ".gcloud", ".docker", ".password-store"}
)
_SECRET_FILES: Final = (
    ".env*", "*.env", "*.pem", "*.key", "*.p12", "*.pfx", "*.p8", "*.ppk", "*.jks", "*.keystore", "*.kdbx",
    "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", ".netrc", "_netrc", ".pgpass", ".npmrc", ".pypirc",
    ".git-credentials", ".htpasswd", ".vault-token", "credentials.json", "service-account*.json",
    "*.tfstate", "*.tfstate.backup", ".dockercfg", "settings.local.json",
)  # fmt: skip
_UNPACKED: Final = frozenset(
    {
        "node_modules", ".git", "__pycache__", ".cache", ".npm", ".pnpm-store", ".yarn", ".venv", "venv", ".tmp", "tmp",
        ".env", ".env.local", ".env.production", ".env.development", ".DS_Store",
    }
)  # fmt: skip
# RFC 7468 and OpenSSH: how a private key begins, whatever its file is called.
_PRIVATE_KEY: Final = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-"
)
_KEY_IS_WITHIN: Final = 4096


@dataclass(frozen=True)
class AgentFile:
    """A file that goes up.

    Attributes:
        path: Its path in the agent, with ``/``.
        source: The file on this machine.
        size: Bytes.
    """

    path: str
    source: Path
    size: int


@dataclass(frozen=True)
class SkippedPath:
    """A file or folder that stays here, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class AgentFolder:
    """What deploying a folder sends.

    Attributes:
        directory: The folder.
        files: What goes up, by path.
        skipped: What does not, and why.
    """

    directory: Path
    files: tuple[AgentFile, ...]
    skipped: tuple[SkippedPath, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    def __str__(self) -> str:
        number = f"{len(self.files)} file{'' if len(self.files) == 1 else 's'}"
        lines = [f"{number}, {self.size} bytes, from {self.directory}"]
        lines += [f"  + {file.path} ({file.size})" for file in self.files]
        lines += [f"  - {path.path}: {path.reason}" for path in self.skipped]
        return "\n".join(lines)


@dataclass(frozen=True)
class DeployedAgent:
    """An agent as it was deployed.

    Attributes:
        agent: What the server says about it.
        folder: What was sent.
        left_over: Files of an earlier deployment that are still on the server and not in the folder.
        removed: Files of an earlier deployment that were removed (``prune=True``).
        fresh: Whether a new session has these files: True, it was seen, or cannot be otherwise; False, it has older
            ones, or its sandbox changes them when it starts; None, nobody looked, or could.
    """

    agent: Agent
    folder: AgentFolder
    left_over: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    fresh: bool | None = None

    @property
    def name(self) -> str:
        """The agent's name, to make sessions of."""
        return self.agent.name


def read_agent_folder(
    directory: str | os.PathLike[str],
    *,
    exclude: Sequence[str] = (),
    include: Sequence[str] = (),
) -> AgentFolder:
    """Look at an agent's folder: what would be deployed, and what not.

    Version control, virtual environments, caches, ``node_modules``, ``.env*`` and files with private keys are skipped.

    Args:
        directory: The folder; it must hold ``CLAUDE.md``.
        exclude: Patterns of further paths to skip, such as ``"data/*.csv"``.
        include: Patterns of paths to take although they look like a secret or a tool's own.

    Raises:
        InvalidArgument: There is no such folder, it has no ``CLAUDE.md``, or it holds what cannot be deployed: a link
            that leaves it, a file that cannot be read or is too large for the server, a name the server cannot take.
    """
    root = Path(directory)
    try:
        names = [path.name for path in root.iterdir()]
    except OSError as error:
        message = f"{root} is no folder that can be read: {error.strerror or error}."
        raise InvalidArgument(message) from error
    _check_instructions(root, names)
    walk = _Walk(root.resolve(), tuple(exclude), tuple(include))
    walk.enter(root, "", ())
    _check_problems(root, walk)
    return AgentFolder(root, tuple(sorted(walk.files, key=lambda f: f.path)), tuple(walk.skipped))


def _check_instructions(root: Path, names: list[str]) -> None:
    if INSTRUCTIONS in names and (root / INSTRUCTIONS).is_file():
        return
    alike = [name for name in names if name.lower() == INSTRUCTIONS.lower()]
    hint = f" It has {alike[0]!r}; the server wants exactly that name." if alike else ""
    message = f"{root} is no agent's folder: it has no file {INSTRUCTIONS} with the agent's instructions.{hint}"
    raise InvalidArgument(message)


def _check_problems(root: Path, walk: _Walk) -> None:
    # On a file system without case the directory's own spelling counts, which listdir gave.
    if not any(file.path == INSTRUCTIONS for file in walk.files):
        walk.problems.append(f"{INSTRUCTIONS}: it would not go up")
    if walk.problems:
        listed = "\n".join(f"  {problem}" for problem in walk.problems)
        message = f"{root} cannot be deployed as it is:\n{listed}"
        raise InvalidArgument(message)


class _Entry(NamedTuple):
    name: str
    path: Path
    shown: str


@dataclass
class _Walk:
    """One pass over a folder; links are followed as far as they stay inside."""

    root: Path
    exclude: tuple[str, ...]
    include: tuple[str, ...]
    files: list[AgentFile] = field(default_factory=list)
    skipped: list[SkippedPath] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    folders: int = 0

    def enter(self, folder: Path, prefix: str, above: tuple[Path, ...]) -> None:
        """Take what is in a folder."""
        here = folder.resolve()
        self.folders += 1
        self._check_extent()
        if len(above) > MOST_LEVELS:
            self.problems.append(f"{prefix}: folders nested more than {MOST_LEVELS} deep")
            return
        if here in above:
            self.skipped.append(SkippedPath(prefix.rstrip("/"), "a link back to a folder above it"))
            return
        try:
            names = sorted(path.name for path in folder.iterdir())
        except OSError as error:
            self.problems.append(f"{prefix or '.'}: {error.strerror or error}")
            return
        if not names:
            self.skipped.append(
                SkippedPath(prefix.rstrip("/"), "an empty folder; the server keeps files only")
            )
        for name in names:
            self._take(_Entry(name, folder / name, prefix + name), (*above, here))

    def _take(self, entry: _Entry, above: tuple[Path, ...]) -> None:
        problem = _problem_with_name(entry.shown)
        if problem:
            self.problems.append(f"{entry.shown!r}: {problem}")
            return
        try:
            target = entry.path.resolve(strict=True)
            status = target.stat()
        except OSError as error:
            self._cannot_follow(entry, error)
            return
        if entry.path.is_symlink() and not target.is_relative_to(self.root):
            self.problems.append(f"{entry.shown}: a link that leaves the folder, to {target}")
            return
        self._sort(entry, target, status, above)

    def _cannot_follow(self, entry: _Entry, error: OSError) -> None:
        if entry.path.is_symlink():
            self.problems.append(
                f"{entry.shown}: a link that leads nowhere ({entry.path.readlink()})"
            )
        else:
            self.problems.append(f"{entry.shown}: {error.strerror or error}")

    def _sort(
        self, entry: _Entry, target: Path, status: os.stat_result, above: tuple[Path, ...]
    ) -> None:
        is_folder = stat.S_ISDIR(status.st_mode)
        reason = self._reason_to_skip(entry, target, is_folder=is_folder)
        if reason is None and not is_folder and not stat.S_ISREG(status.st_mode):
            reason = "neither a file nor a folder"
        if reason:
            self.skipped.append(SkippedPath(entry.shown, reason))
        elif is_folder:
            self.enter(entry.path, entry.shown + "/", above)
        else:
            self._take_file(entry, status.st_size)

    def _reason_to_skip(self, entry: _Entry, target: Path, *, is_folder: bool) -> str | None:
        if _matches(entry.shown, self.exclude):
            return "excluded"
        if _matches(entry.shown, self.include):
            return None
        if is_folder and (target / "pyvenv.cfg").exists():
            return "a virtual environment"
        names = [entry.name]
        if entry.path.is_symlink():
            # A link is judged by what it leads to as well, or notes.txt -> .env would go up.
            names += target.relative_to(self.root).parts
        return next((reason for name in names if (reason := _usual_reason(name))), None)

    def _take_file(self, entry: _Entry, size: int) -> None:
        try:
            with entry.path.open("rb") as opened:
                start = opened.read(_KEY_IS_WITHIN)
        except OSError as error:
            self.problems.append(f"{entry.shown}: {error.strerror or error}")
            return
        if _PRIVATE_KEY.search(start) and not _matches(entry.shown, self.include):
            self.skipped.append(SkippedPath(entry.shown, "holds a private key"))
            return
        needed = size_in_json({"path": entry.shown, "content": upload(entry.path, entry.shown)})
        if needed > MOST_BYTES_A_REQUEST:
            self.problems.append(
                f"{entry.shown}: {size} bytes are too large; the server takes files of agents up to about 780 KB"
            )
            return
        self.files.append(AgentFile(entry.shown, entry.path, size))
        self._check_extent()

    def _check_extent(self) -> None:
        if len(self.files) > MOST_FILES or self.folders > MOST_FOLDERS:
            message = (
                f"{self.root} holds more than {MOST_FILES} files or {MOST_FOLDERS} folders, links counted; "
                "is it an agent's folder?"
            )
            raise InvalidArgument(message)


def _usual_reason(name: str) -> str | None:
    name = name.lower()
    if name in _SECRET_FOLDERS or any(fnmatch.fnmatchcase(name, p) for p in _SECRET_FILES):
        return "may hold secrets"
    if name in _TOOL_FOLDERS or any(fnmatch.fnmatchcase(name, p) for p in _TOOL_FILES):
        return "a tool's own"
    return None


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(path, pattern.rstrip("/")) for pattern in patterns)


def _problem_with_name(path: str) -> str | None:
    try:
        path.encode()
    except UnicodeEncodeError:
        return "the name is not UTF-8"
    if ".." in path:
        return "the server leaves out every path with '..' in it"
    if any(ord(character) < 32 or ord(character) == 127 for character in path):
        return "the name holds a control character"
    if "\\" in path:
        return "the name holds a backslash"
    return None


def agent_batches(files: Sequence[AgentFile]) -> Iterator[list[AgentFile]]:
    """The files in groups that fit into a request each, the instructions first: they make it an agent."""
    by_path = {file.path: file for file in files}
    entries = named_uploads(contents(sorted(files, key=lambda f: f.path != INSTRUCTIONS)))
    for batch in batches(entries, MOST_BYTES_A_REQUEST, size_in_json):
        yield [by_path[entry["path"]] for entry in batch]


def contents(files: Sequence[AgentFile]) -> dict[str, Path]:
    """The files as the operations take them."""
    return {file.path: file.source for file in files}


def holds(bundle: bytes, files: Sequence[AgentFile], removed: Sequence[str] = ()) -> bool:
    """Whether a session's workspace (``tar.gz``) has these files as they are here, and not the removed ones.

    Raises:
        DecodeError: It is no archive.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(bundle), mode="r:gz") as archive:
            there = {m.name.removeprefix("./"): m for m in archive if m.isfile()}
            if not there.keys().isdisjoint(removed):
                return False
            return all(
                _holds_file(archive, there.get(file.path), file)
                for file in files
                if not _is_left_out_of_a_bundle(file.path)
            )
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        message = f"The workspace is no archive that can be read ({error})."
        raise DecodeError(message, raw=bundle) from error


def _holds_file(archive: tarfile.TarFile, member: tarfile.TarInfo | None, file: AgentFile) -> bool:
    if member is None or member.size != file.size:
        return False
    opened = archive.extractfile(member)
    return opened is not None and opened.read() == file.source.read_bytes()


def _is_left_out_of_a_bundle(path: str) -> bool:
    """What the server packs no workspace with (packages/sandbox/src/bundle.ts)."""
    names = path.split("/")
    return not _UNPACKED.isdisjoint(names)
