"""A headless Chromium, spoken to over two pipes: no port is opened, and no library is needed.

The Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/): messages are JSON
that ends in a zero byte; the browser reads them from descriptor 3 and writes to 4.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe",
    "--disable-background-networking", "--disable-extensions", "--hide-scrollbars",
)  # fmt: skip


def found() -> str | None:
    """Where the browser is; ``None`` where there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    """One browser with one page; pages are shown in it one after the other."""

    def __init__(self, path: str, profile: Path) -> None:
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        self._process = subprocess.Popen(
            [path, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            close_fds=False,  # those of Python close themselves; 3 and 4 must not
            preexec_fn=_as_three_and_four(theirs_in, theirs_out),
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._in: BinaryIO = os.fdopen(ours_in, "rb")
        self._out: BinaryIO = os.fdopen(ours_out, "wb", buffering=0)
        self._ids = itertools.count(1)
        self._session: str | None = None
        targets = self.ask("Target.getTargets")["targetInfos"]
        target = next(each["targetId"] for each in targets if each["type"] == "page")
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        self.ask("Page.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One call, and its answer.

        Raises:
            RuntimeError: the browser refused it, or is gone.
        """
        number = next(self._ids)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        answer = self._until(lambda told: told.get("id") == number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    def show(
        self, page: str, *, width: int, dark: bool = False, script: bool = True, paper: bool = False
    ) -> None:
        """Show a document as it is on a screen of this width, or on paper."""
        self.ask("Emulation.setScriptExecutionDisabled", value=not script)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        media = "print" if paper else "screen"
        self.ask("Emulation.setEmulatedMedia", media=media, features=[scheme])
        frame = self.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self.ask("Page.setDocumentContent", frameId=frame, html=page)

    def value(self, expression: str) -> Any:
        """What an expression is in the page; a policy of the page does not stop it."""
        how = {"returnByValue": True, "awaitPromise": True, "allowUnsafeEvalBlockedByCSP": True}
        answer = self.ask("Runtime.evaluate", expression=expression, **how)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def picture(self) -> bytes:
        """The whole page as PNG."""
        answer = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        return b64decode(answer["data"])

    def pdf(self) -> bytes:
        """The page as it is printed."""
        return b64decode(self.ask("Page.printToPDF")["data"])

    def close(self) -> None:
        """End it."""
        self._session = None
        self._out.write(b'{"id":0,"method":"Browser.close"}\0')
        self._process.wait(timeout=30)
        self._in.close()
        self._out.close()

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            told: dict[str, Any] = json.loads(self._message())
            if wanted(told):
                return told

    def _message(self) -> bytes:
        parts = bytearray()
        while (byte := self._in.read(1)) != b"\0":
            if not byte:
                raise RuntimeError("the browser is gone")
            parts += byte
        return bytes(parts)


def _as_three_and_four(reads: int, writes: int) -> Callable[[], None]:
    """The descriptors that the protocol names, whatever the pipes have."""

    def move() -> None:
        low, high = os.dup(reads), os.dup(writes)
        os.dup2(low, 3)
        os.dup2(high, 4)

    return move
