"""Who is let in where nobody is named, and whose machine an address is."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ash_ops.deploy.plan.callers import (
    choose_cidrs,
    covers_everyone,
    in_clear,
    is_loopback,
    own_address,
)
from ash_ops.deploy.plan.options import DeployOptions
from ash_ops.deploy.plan.request import Request, read_request
from ash_ops.errors import UsageProblem
from tests.support.deploying import settings_of

AWS, EMULATOR = None, "http://127.0.0.1:4566"


def request(previous: dict[str, str] | None = None, *cidrs: str) -> Request:
    asked = read_request(settings_of(), DeployOptions())
    return replace(asked, previous=previous or {}, cidrs=cidrs)


def unasked() -> str:
    raise AssertionError("nobody needs to know")


def test_who_is_named_is_let_in_and_nobody_else() -> None:
    asked = request({"AllowedCidr": "192.0.2.1/32"}, "198.51.100.0/24", "203.0.113.9/32")
    assert choose_cidrs(asked, AWS, unasked) == ("198.51.100.0/24", "203.0.113.9/32")


@pytest.mark.parametrize(
    ("previous", "kept"),
    [
        ({"AllowedCidr": "192.0.2.1/32"}, ("192.0.2.1/32",)),
        ({"AllowedCidr": "192.0.2.1/32", "AdditionalCidr": ""}, ("192.0.2.1/32",)),
        ({"AllowedCidr": "192.0.2.1/32", "AdditionalCidr": "::/0"}, ("192.0.2.1/32", "::/0")),
    ],
)
def test_who_was_let_in_stays_let_in(previous: dict[str, str], kept: tuple[str, ...]) -> None:
    assert choose_cidrs(request(previous), EMULATOR, unasked) == kept


@pytest.mark.parametrize("previous", [{}, {"AllowedCidr": ""}, {"AdditionalCidr": "192.0.2.1/32"}])
def test_otherwise_it_is_this_machine_alone(previous: dict[str, str]) -> None:
    assert choose_cidrs(request(previous), AWS, lambda: "203.0.113.7") == ("203.0.113.7/32",)
    assert choose_cidrs(request(previous), EMULATOR, unasked) == ("127.0.0.1/32",)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:4566", True),
        ("http://127.8.9.1", True),
        ("https://localhost:1", True),
        ("http://[::1]:4566", True),
        ("http://LOCALHOST", True),
        ("http://1270.example", False),
        ("http://localhost.example", False),
        ("http://10.0.0.1:4566", False),
        ("http://[::2]", False),
        ("nonsense", False),
        ("", False),
        (None, False),
    ],
)
def test_an_emulator_is_what_listens_on_this_machine(address: str | None, here: bool) -> None:
    assert is_loopback(address) is here


@pytest.mark.parametrize(
    ("url", "clear"),
    [
        ("http://198.51.100.1:4100", True),
        ("https://198.51.100.1:4100", False),
        ("http://localhost:4100", False),
    ],
)
def test_only_plain_http_to_another_machine_is_in_clear(url: str, clear: bool) -> None:
    assert in_clear(url) is clear


def test_all_is_all_and_not_nearly_all() -> None:
    assert covers_everyone(("0.0.0.0/0",))
    assert covers_everyone(("0.0.0.0/1", "128.0.0.0/1"))
    assert not covers_everyone(("0.0.0.0/1", "128.0.0.0/2"))
    assert not covers_everyone(())


@pytest.fixture
def teller() -> Iterator[tuple[str, list[bytes]]]:
    """An address that answers with the text in the list."""
    told: list[bytes] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(told[0])

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", told
        server.shutdown()


def test_the_address_is_what_is_told_without_the_end_of_the_line(
    teller: tuple[str, list[bytes]],
) -> None:
    url, told = teller
    told[:] = [b" 203.0.113.7\n"]
    assert own_address(url) == "203.0.113.7"


@pytest.mark.parametrize(
    "text", [b"", b"::1", b"<html>", b"203.0.113.7, 10.0.0.1", b"203.0.113.256", b"\xff"]
)
def test_what_is_no_address_lets_nobody_in(teller: tuple[str, list[bytes]], text: bytes) -> None:
    url, told = teller
    told[:] = [text]
    with pytest.raises(UsageProblem, match="The address that may connect is not known") as caught:
        own_address(url)
    assert caught.value.why.startswith(f"{url} did not tell this machine's public IPv4 address (")
    assert "--allow-cidr 203.0.113.7/32 (" in caught.value.next_step


def test_an_answer_that_does_not_end_holds_nothing_up() -> None:
    """What answers in the place of AWS, a portal of a hotel for one, may send for as long as it is read."""
    sent: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def pour() -> None:
            link, _ = door.accept()
            with link, contextlib.suppress(OSError):
                link.recv(4096)
                link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while len(sent) < 400:
                    sent.append(link.send(b"9" * 2**16))

        thread = threading.Thread(target=pour, daemon=True)
        thread.start()
        with pytest.raises(UsageProblem, match="The address that may connect is not known"):
            own_address(f"http://127.0.0.1:{door.getsockname()[1]}/")
        thread.join()
    assert len(sent) < 400  # of 26 MB


def test_who_tells_nothing_is_named_with_what_happened() -> None:
    with pytest.raises(UsageProblem) as caught:
        own_address("http://127.0.0.1:1/")
    assert "(URLError)" in caught.value.why
