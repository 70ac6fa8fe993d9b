"""A document goes to the address that was named, and to no other; the address is never shown."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ash_ops.errors import UsageProblem
from ash_ops.redact import redact
from ash_ops.webhook import NotDelivered, webhook
from tests.support.listener import SECRET_PATH, Listener


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener() as made:
        yield made


def test_it_is_posted_as_json_to_the_very_path(listener: Listener) -> None:
    webhook(listener.url).post({"text": "Grüße"})
    path, headers, body = listener.posted[0]
    assert path == f"{SECRET_PATH}?a=b"
    assert headers["Content-Type"].startswith("application/json")
    assert body == {"text": "Grüße"}


@pytest.mark.parametrize("status", [301, 307, 400, 404, 500])
def test_another_answer_than_success_is_a_failure_and_no_redirection_is_followed(
    listener: Listener, status: int
) -> None:
    listener.answers = status
    with pytest.raises(NotDelivered) as failure:
        webhook(listener.url).post({})
    assert str(status) in failure.value.why
    assert len(listener.posted) == 1


def test_the_address_is_not_shown(listener: Listener) -> None:
    hook = webhook(listener.url)
    listener.answers = 500
    with pytest.raises(NotDelivered) as failure:
        hook.post({})
    for text in (repr(hook), hook.host, str(failure.value), redact(f"posting to {listener.url}")):
        assert "PLANTED" not in text


def test_nobody_there_is_a_failure() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NotDelivered):
        webhook(f"http://127.0.0.1:{port}/").post({})


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/x",
        "file:///etc/passwd",
        "example.com/hook",
        "http://",
        "",
        "http://user:password@example.com/",
        "http://example.com:99999/",
        "http://exam ple.com/",
        "http://example.com/\x1b[2J",
        "http://[::1/",
        "http://169.254.169.254/latest/meta-data",
        "http://169.254.170.2/v2/credentials",
        "http://[fd00:ec2::254]/latest",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_at_once(url: str) -> None:
    with pytest.raises(UsageProblem):
        webhook(url)


@pytest.mark.parametrize("host", ["2852039166", "0xa9fea9fe", "metadata.example"])
def test_a_name_that_leads_to_a_metadata_service_is_not_posted_to(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the name: the address that it leads to decides."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(NotDelivered) as failure:
        webhook(f"http://{host}/").post({})
    assert "link-local" in failure.value.why
