"""Make ash_client/_sync out of ash_client/_async: the same code without ``await``."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "ash_client" / "_async"
TARGET = ROOT / "ash_client" / "_sync"
NOTICE = "# Generated from ash_client/_async by `make generate`; edit there.\n"
# Only the asynchronous side has something that can be awaited or entered.
ASYNC_ONLY = frozenset({"opening.py", "shield.py"})

RULES = [
    (r"^.*# async only\b.*\n", ""),
    (r"^.*# async only\n", ""),
    (r"^class AsyncChat\(\n\):", "class Chat:"),
    (r"^from ash_client\._async\.opening import AsyncOpening\n", ""),
    (
        r"^( +)from ash_client\._async\.opening import AsyncOpening\n",
        r"\1from ash_client._sync.stream import MessageStream\n",
    ),
    (r"^from ash_client\._async\.shield import finish\n", ""),
    (r"await finish\((.*)\)$", r"\1"),
    (r"AsyncOpening\((.*)\)", r"\1"),
    (r"AsyncOpening", "MessageStream"),
    (r"^import anyio\n", "import time\n"),
    (r"anyio\.sleep", "time.sleep"),
    (r"Callable\[\[\], Awaitable\[None\]\]", "Callable[[], None]"),
    (r"Callable\[\[\], Awaitable\[(\w+)\]\]", r"Callable[[], \1]"),
    (r"Callable\[\[float \| None\], Awaitable\[bytes\]\]", "Callable[[float | None], bytes]"),
    (r"Callable\[P, Awaitable\[(RawResponse\[T\]|T)\]\]", r"Callable[P, \1]"),
    (r"Awaitable, ", ""),
    (r"AsyncGenerator\[(\w+)\]", r"Generator[\1]"),
    (r"async def", "def"),
    (r"async with", "with"),
    (r"async for", "for"),
    (r"await ", ""),
    (r"anext\(", "next("),
    (r"__a(iter|next|enter|exit)__", r"__\1__"),
    (r"aiter_(bytes|stream)", r"iter_\1"),
    (r"handle_async_request", "handle_request"),
    (r"\baread\(", "read("),
    (r"\baclose\(", "close("),
    (r"\baclosing\(", "closing("),
    (r"_async\b", "_sync"),
    (
        r"ash_client\._transport\.asyncio_backend import AutoBackend, running_loop",
        "httpcore import SyncBackend",
    ),
    (r"AutoBackend", "SyncBackend"),
    (r"\bAsync([A-Z])", r"\1"),
    (r"httpcore\.Async", "httpcore."),
    (r"httpx\.AsyncByteStream", "httpx.SyncByteStream"),
    (r"httpx\.ByteStream", "httpx.SyncByteStream"),
    (r"httpx\.AsyncClient", "httpx.Client"),
]


def files() -> dict[str, str]:
    """Every generated module by its path below the project."""
    return {
        (TARGET / source.name).relative_to(ROOT).as_posix(): without_async(
            source.read_text("utf-8")
        )
        for source in sorted(SOURCE.glob("*.py"))
        if source.name not in ASYNC_ONLY
    }


def without_async(text: str) -> str:
    """The synchronous form of a module."""
    for pattern, replacement in RULES:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return tidy(NOTICE + text)


def tidy(text: str) -> str:
    """Let ruff put imports, loops and lines in order, as it does for the rest."""
    name = ["--stdin-filename", str(TARGET / "generated.py"), "-"]
    fix = ["check", "--quiet", "--fix-only", "--unsafe-fixes", "--select", "I,F811,UP028,TC"]
    for arguments in (fix, ["format", "--quiet"]):
        command = [sys.executable, "-m", "ruff", *arguments, *name]
        # Fixed arguments: nothing here comes from outside.
        run = subprocess.run(command, input=text, text=True, check=True, capture_output=True)  # noqa: S603 -- our own tool
        text = run.stdout
    return text
