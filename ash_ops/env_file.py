"""A ``.env`` file as text, and what a user should know of it before anything is done with it.

A ``.env`` of the current directory is read without being asked for: so it may not stall a command,
and where it decides whom a command talks to, and whose keys it uses, that is said first.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

LIMIT = 1024 * 1024  # bytes; the largest one anybody writes has a few thousand
_SHOWN = 80
# Variables that decide where calls, and with them keys, go; or whose identity is used.
_REDIRECTING = frozenset(
    {
        "ALL_PROXY",
        "ASH_SERVER_URL",
        "AWS_CA_BUNDLE",
        "AWS_CONFIG_FILE",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "AWS_ENDPOINT_URL",
        "AWS_PROFILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
    }
)
_KEY_WORDS = ("KEY", "PASSWORD", "SECRET", "TOKEN", "DATABASE_URL")
_KINDS = {
    stat.S_IFDIR: "it is a directory",
    stat.S_IFIFO: "it is a pipe, which may never end",
    stat.S_IFSOCK: "it is a socket",
    stat.S_IFCHR: "it is a device, which may never end",
    stat.S_IFBLK: "it is a device, which may never end",
}


class Unreadable(Exception):
    """A file that is there and is no ``.env`` file; the text says why."""


def read_text(path: Path) -> str:
    """The text of a file, unless it is of a kind that no ``.env`` file is.

    Raises:
        FileNotFoundError: it is not there.
        Unreadable: it is a directory, a pipe or a device, too large, or no text.
        OSError: it cannot be read.
    """
    # Opening a pipe would wait for its writer.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags)
    try:
        found = os.fstat(descriptor)
        kind = _KINDS.get(stat.S_IFMT(found.st_mode))
        if kind and os.path.samestat(found, Path(os.devnull).stat()):
            return ""
        if kind:
            raise Unreadable(kind)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            content = file.read(LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(content) > LIMIT:
        raise Unreadable(f"it is larger than {LIMIT // 1024} KiB, as no file of settings is")
    if b"\0" in content:
        raise Unreadable("it is binary, not text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8 text") from None


def redirections(values: Mapping[str, str]) -> str | None:
    """One sentence on the variables of a ``.env`` that decide whom a command talks to.

    Args:
        values: those variables of the file that are in force.
    """
    named = [f"{name} ({_shown(value)})" for name, value in values.items() if _redirects(name)]
    if not named:
        return None
    return (
        f".env of this directory decides where calls and keys go: {', '.join(named)}. "
        "If you did not write it, stop here."
    )


def _redirects(name: str) -> bool:
    folded = name.upper()
    return folded in _REDIRECTING or folded.startswith("AWS_ENDPOINT_URL_")


def _shown(value: str) -> str:
    """A value that a terminal can be shown: of an address scheme, host and port alone."""
    try:
        url = urlsplit(value)
        port = f":{url.port}" if url.port else ""
        text = f"{url.scheme}://{url.hostname}{port}" if url.scheme and url.hostname else value
    except ValueError:
        text = "an address that cannot be read"
    text = text.rpartition("@")[2]
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text[:_SHOWN])


def exposure(path: Path, names: Iterable[str]) -> str | None:
    """One sentence where others on this machine can read the keys of a ``.env`` file."""
    if not any(_is_key(name) for name in names):
        return None
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    if os.name != "posix" or not mode & (stat.S_IRGRP | stat.S_IROTH):
        return None
    return f"{path} holds keys and others on this machine can read it: `chmod 600 {path}`."


def _is_key(name: str) -> bool:
    return any(word in name.upper() for word in _KEY_WORDS)


def notes(
    path: Path, values: Mapping[str, str], in_force: Mapping[str, str], *, asked: bool
) -> Iterator[str]:
    """What a user should know of a file before anything else is printed, the gravest first.

    Args:
        path: the file.
        values: its variables.
        in_force: those that nothing nearer hides.
        asked: whether the user named the file.
    """
    found = None if asked else redirections(in_force)
    exposed = exposure(path, (name for name, value in values.items() if value))
    yield from (note for note in (found, exposed) if note)
