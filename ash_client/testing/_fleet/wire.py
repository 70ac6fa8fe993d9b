"""How a coordinator and a runner ask each other: plain HTTP.

Source, at 7d26aee: ``packages/server/src/runner/runner-client.ts``.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from http.client import HTTPResponse

_ANSWERS_WITHIN_S: Final = 10.0
_SUCCESS: Final = range(200, 300)
UNREACHABLE: Final = "fetch failed"
"""What Node's fetch says when nobody listens."""
BROKEN: Final = "terminated"
"""What it says when the connection ends before the answer does."""


class RunnerError(Exception):
    """A runner did not do what it was asked; the text is what the coordinator passes on."""


def ask(address: tuple[str, int], method: str, path: str, name: str, body: Any = None) -> Any:
    """One call of a runner.

    Args:
        address: Its host and port.
        method: The HTTP method.
        path: Where.
        name: How the coordinator calls it in what it says of a failure.
        body: What is sent as JSON.

    Raises:
        RunnerError: It does not listen, or refuses.
    """
    with sent(address, method, path, body, timeout=_ANSWERS_WITHIN_S) as response:
        text = response.read().decode()
    if response.status not in _SUCCESS:
        raise RunnerError(f"Runner {name} failed ({response.status}): {text}")
    return json.loads(text) if text else None


def stream(address: tuple[str, int], path: str, body: Any) -> Iterator[tuple[str, Any]]:
    """The events of a command, as name and decoded data, while the sandbox says them.

    Raises:
        RunnerError: It does not listen, refuses, or the connection ends before its last chunk.
    """
    # No limit on silence: a tool call may last as long as it likes.
    with sent(address, "POST", path, body, timeout=None) as response:
        if response.status not in _SUCCESS:
            text = response.read().decode()
            raise RunnerError(f"Runner sendCommand failed ({response.status}): {text}")
        yield from _events(response)


@contextmanager
def sent(
    address: tuple[str, int],
    method: str,
    path: str,
    body: Any,
    *,
    timeout: float | None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[HTTPResponse]:
    """A request's answer, while its connection is open.

    Raises:
        RunnerError: Nobody answers, or the answer breaks off.
    """
    # Imported here, for it imports ssl: a test that has no runners starts without.
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(*address, timeout=timeout)
    kind = {} if body is None else {"content-type": "application/json"}
    answered = False
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, path, text, {**kind, **(headers or {})})
        response = connection.getresponse()
        answered = True
        yield response
    except (OSError, HTTPException):
        raise RunnerError(BROKEN if answered else UNREACHABLE) from None
    finally:
        connection.close()


def _events(response: HTTPResponse) -> Iterator[tuple[str, Any]]:
    name = ""
    for raw in response:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[len("event: ") :]
        elif line.startswith("data: "):
            yield name, json.loads(line[len("data: ") :])
    # http.client takes some broken ends of a chunked body for its end: what was said last tells.
    if name not in ("done", "error"):
        raise RunnerError(BROKEN)
