"""What each rung of the ladder tells, and what this machine's own address is found by."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any

import pytest

from ash_ops.secret import Secret
from ash_ops.snapshot import probe
from ash_ops.snapshot.fan_out import Pool
from ash_ops.snapshot.http_get import HttpAnswer
from ash_ops.snapshot.probe import Ladder
from tests.ash_ops.snapshot.test_small_readings import done

URL = "http://ash.example.com:4100"


def answer(status: int, document: Any = None, **headers: str) -> HttpAnswer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpAnswer(status, named, b"" if document is None else json.dumps(document).encode())


def climber(url: str = URL, **options: Any) -> Any:
    return probe._Climber(Ladder(**options), url)


def rungs(of: Any) -> list[dict[str, Any]]:
    """The rungs, without how long they took."""
    for rung in of.rungs:
        assert rung["elapsed_ms"] >= 0
    return [{k: v for k, v in rung.items() if k != "elapsed_ms"} for rung in of.rungs]


def failed(error: BaseException) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


@pytest.mark.parametrize(
    ("document", "headers", "status", "said"),
    [
        ({"message": "m", "error": "e", "status": "s"}, {}, 500, "m"),
        ({"error": "e", "status": "s"}, {}, 500, "e"),
        ({"message": "", "status": "s"}, {}, 500, "s"),
        ({}, {}, 500, ""),
        (["m"], {}, 500, ""),
        ({"message": "x" * 200}, {}, 500, "x" * 200),
        ({"message": "x" * 201}, {}, 500, "x" * 200),
        ({"error": "e"}, {"retry_after": "7"}, 429, "e; retry after 7 s"),
        ({"error": "e"}, {}, 429, "e"),
        ({"error": "e"}, {"retry_after": "7"}, 503, "e"),
    ],
)
def test_a_server_is_quoted_by_its_own_words_of_an_error_and_no_further(
    document: Any, headers: dict[str, str], status: int, said: str
) -> None:
    assert probe._said(answer(status, document, **headers)) == said


@pytest.mark.parametrize(
    ("given", "told"),
    [("Fri, 27 Nov 2026 12:00:07 GMT", datetime(2026, 11, 27, 12, 0, 7, tzinfo=UTC)), ("soon", None), (None, None)],
)  # fmt: skip
def test_the_date_of_an_answer_is_told_where_it_is_one(
    given: str | None, told: datetime | None
) -> None:
    assert probe._date(answer(200, **({"date": given} if given else {}))) == told


@pytest.mark.parametrize(
    ("status", "document", "rung", "kept"),
    [
        (200, {"status": "ok", "version": "0.2.0"}, {"outcome": "ok", "detail": "0.2.0"}, True),
        (200, {"status": "ok"}, {"outcome": "ok", "detail": ""}, True),
        (200, {"status": "down"}, {"outcome": "failed", "detail": "down"}, True),
        (503, {"status": "ok"}, {"outcome": "failed", "detail": "ok"}, True),
        (200, {"status": 7}, {"outcome": "failed", "detail": "7"}, False),
        (200, {"message": "who"}, {"outcome": "failed", "detail": "who"}, False),
    ],
)
def test_a_server_is_well_that_says_so_with_200_and_its_report_is_kept_where_it_has_a_state(
    status: int, document: dict[str, Any], rung: dict[str, str], *, kept: bool
) -> None:
    found = climber()
    found._health(answer(status, document), time.monotonic())
    assert rungs(found) == [{"name": "health", "status": status, **rung}]
    assert found.found == ({"health": document} if kept else {})


@pytest.mark.parametrize(
    ("keyed", "rung", "rejected"),
    [
        (done(answer(200, [])), {"outcome": "ok", "status": 200, "detail": ""}, None),
        (done(answer(401, {"error": "Invalid API key"})), {"outcome": "failed", "status": 401, "detail": "Invalid API key"}, "Invalid API key"),
        (done(answer(403, {"error": "no"})), {"outcome": "failed", "status": 403, "detail": "no"}, None),
        (done(answer(429, {"error": "slow"}, retry_after="9")), {"outcome": "failed", "status": 429, "detail": "slow; retry after 9 s"}, None),
        (failed(ConnectionResetError("gone")), {"outcome": "failed", "error": "ConnectionResetError", "detail": "gone"}, None),
        (failed(TimeoutError()), {"outcome": "failed", "error": "TimeoutError", "detail": "TimeoutError"}, None),
    ],
)  # fmt: skip
def test_the_key_is_refused_by_a_401_alone(
    keyed: Future[Any], rung: dict[str, Any], rejected: str | None
) -> None:
    found = climber()
    found._auth(keyed, time.monotonic())
    assert rungs(found) == [{"name": "auth", **rung}]
    assert found.found == ({"key_rejected": rejected} if rejected else {})


@pytest.mark.parametrize(
    ("keyless", "told"),
    [(done(answer(200)), {"answers_without_key": True}), (done(answer(401)), {"answers_without_key": False}), (done(answer(500)), {"answers_without_key": None}), (failed(OSError()), {})],
)  # fmt: skip
def test_only_200_and_401_tell_whether_anybody_is_answered(
    keyless: Future[Any], told: dict[str, Any]
) -> None:
    found = climber()
    found._without_key(keyless)
    assert (found.found, found.rungs) == (told, [])


@pytest.mark.parametrize(
    ("config", "published", "outcome"),
    [
        (HttpAnswer(200, {}, b"apiKey: 'planted0001'"), True, "failed"),
        (HttpAnswer(200, {}, b'"apiKey" : undefined'), False, "ok"),
        (HttpAnswer(200, {}, b"apiKey:''"), False, "ok"),
        (HttpAnswer(200, {}, b"\xff apiKey:key"), True, "failed"),
        (HttpAnswer(404, {}, b"apiKey: 'planted0001'"), False, "ok"),
        (HttpAnswer(401, {}, b"apiKey: 'planted0001'"), None, "skipped"),
    ],
)
def test_a_published_key_is_a_broken_rung_and_a_page_that_is_not_shown_none(
    config: HttpAnswer, published: bool | None, outcome: str
) -> None:
    found = climber()
    found._config(done(config), time.monotonic())
    assert rungs(found) == [{"name": "config-js", "outcome": outcome, "status": config.status}]
    assert found.found == {"key_published": published}


def test_a_page_that_breaks_off_is_told_as_a_failure() -> None:
    found = climber()
    found._config(failed(OSError("broke off")), time.monotonic())
    (rung,) = rungs(found)
    assert rung == {"name": "config-js", "outcome": "failed", "error": "OSError", "detail": "broke off"}  # fmt: skip
    assert found.found == {}


@pytest.mark.parametrize("key", ["the-key", None])
def test_three_questions_are_asked_and_a_session_made_where_one_is_wanted(
    monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    asked: list[tuple[str, dict[str, str]]] = []

    def ask(_: Any, path: str, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        asked.append((path, dict(headers or {})))
        return answer(200 if headers else 401, {"error": "no key"})

    monkeypatch.setattr(probe._Climber, "_ask", ask)
    secret = Secret(key) if key else None
    made = {"name": "canary", "outcome": "ok", "elapsed_ms": 1.0}
    given: list[Any] = []
    pool, found = Pool(1), climber(canary=lambda *with_: given.append(with_) or made)
    found._ask_api(pool, secret)
    pool.close()
    bare: list[tuple[str, dict[str, str]]] = [("/api/sessions", {}), ("/dashboard/config.js", {})]
    with_key = [("/api/sessions", {"Authorization": "Bearer the-key"})] if key else []
    assert sorted(asked, key=str) == sorted([*bare, *with_key], key=str)
    told = {rung["name"]: rung["outcome"] for rung in found.rungs}
    assert told == {"auth": "ok" if key else "failed", "config-js": "skipped", "canary": "ok"}
    assert given == [(URL, secret)]
    assert found.found["answers_without_key"] is False


@pytest.mark.parametrize(
    ("key", "sent"),
    [("caf\u00e9", "caf\u00e9"), ("a\u2603b", "a?b"), ("\ta  b\n", "a b")],
)
def test_a_key_is_sent_as_far_as_a_header_can_hold_it(key: str, sent: str) -> None:
    assert probe._bearer(Secret(key)) == {"Authorization": f"Bearer {sent}"}


def places(*addresses: str) -> Callable[..., list[Any]]:
    return lambda _host, port, **_: [(2, 1, 6, "", (a, port)) for a in addresses]


def test_of_a_name_s_addresses_six_are_tried_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"192.0.2.{n}" for n in (1, 2, 1, 3, 4, 5, 6, 7)]
    found = climber(resolve=places(*many))
    assert found._dns() is True
    six = [f"192.0.2.{n}" for n in range(1, 7)]
    assert found.addresses == six
    assert rungs(found) == [{"name": "dns", "outcome": "ok", "detail": ", ".join(six)}]

    def reach(_: Any, address: str) -> None:
        if address != "192.0.2.3":
            raise TimeoutError("timed out") if address.endswith("1") else OSError("no route")

    monkeypatch.setattr(probe._Climber, "_reach", reach)
    pool = Pool(2)
    assert found._tcp(pool) is True
    told = "port 4100: 192.0.2.1 TimeoutError, 192.0.2.2 OSError, 192.0.2.3 ok, 192.0.2.4 OSError, 192.0.2.5 OSError, 192.0.2.6 OSError"  # fmt: skip
    assert rungs(found)[1:] == [{"name": "tcp", "outcome": "ok", "detail": told}]
    assert found.address == "192.0.2.3"
    found.addresses = ["192.0.2.1", "192.0.2.2"]
    assert found._tcp(pool) is False
    told = "port 4100: 192.0.2.1 TimeoutError, 192.0.2.2 OSError"
    assert rungs(found)[2:] == [{"name": "tcp", "outcome": "failed", "error": "TimeoutError", "detail": told}]  # fmt: skip
    found.addresses = []
    assert found._tcp(pool) is False
    assert rungs(found)[3:] == [{"name": "tcp", "outcome": "failed", "error": "OSError", "detail": "port 4100: "}]  # fmt: skip
    pool.close()


def test_a_name_that_is_none_is_told_with_the_name_and_at_most_three_hundred_characters() -> None:
    def resolve(*_: Any, **asked: Any) -> list[Any]:
        assert asked == {"type": socket.SOCK_STREAM}
        raise UnicodeError("label too long" + "." * 400)

    found = climber(resolve=resolve)
    assert found._dns() is False
    (rung,) = rungs(found)
    assert (rung["outcome"], rung["error"], len(rung["detail"])) == ("failed", "UnicodeError", 300)
    assert rung["detail"].startswith("ash.example.com: label too long")


class Socket:
    """A socket that only says where it would go out."""

    def __init__(self, family: int, kind: int, own: str, opened: list[Any]) -> None:
        self.own, self.opened = own, opened
        opened.append((family, kind))

    def __enter__(self) -> Socket:
        return self

    def __exit__(self, *_: object) -> None:
        self.opened.append("closed")

    def connect(self, place: tuple[str, int]) -> None:
        if self.own == "":
            raise OSError("network unreachable")
        self.opened.append(place)

    def getsockname(self) -> tuple[str, int]:
        return self.own, 50_000


UDP = socket.SOCK_DGRAM


@pytest.mark.parametrize(
    ("address", "addresses", "own", "opened"),
    [
        ("192.0.2.7", ["192.0.2.9"], "10.0.0.5", [(socket.AF_INET, UDP), ("192.0.2.7", 4100), "closed"]),
        (None, ["192.0.2.9"], "10.0.0.5", [(socket.AF_INET, UDP), ("192.0.2.9", 4100), "closed"]),
        ("2001:db8::7", [], "2001:db8::1", [(socket.AF_INET6, UDP), ("2001:db8::7", 4100), "closed"]),
        ("192.0.2.7", [], "", [(socket.AF_INET, UDP), "closed"]),
        (None, [], "10.0.0.5", []),
    ],
)  # fmt: skip
def test_this_machine_s_own_address_is_that_from_which_it_would_reach_the_server(
    monkeypatch: pytest.MonkeyPatch, address: str | None, addresses: list[str], own: str, opened: Any
) -> None:  # fmt: skip
    seen: list[Any] = []
    monkeypatch.setattr(probe.socket, "socket", lambda family, kind: Socket(family, kind, own, seen))  # fmt: skip
    found = climber()
    found.address, found.addresses = address, addresses
    assert found._own_address() == (own if opened and own else None)
    assert seen == opened


@pytest.mark.parametrize(
    ("address", "is_global"),
    [("8.8.8.8", True), ("10.0.0.1", False), ("fe80::1%eth0", False), ("2606:4700::1", True), ("100.64.0.1", False)],
)  # fmt: skip
def test_an_address_of_the_world_is_told_from_one_of_a_network(
    address: str, *, is_global: bool
) -> None:
    assert probe._is_global(address) is is_global


@pytest.mark.parametrize(
    ("first", "is_tls"),
    [(b"\x15", True), (b"\x16", True), (b"H", False), (b"\x14", False), (b"", False), (None, False)],
)  # fmt: skip
def test_a_port_speaks_tls_that_answers_a_greeting_with_a_handshake_or_an_alert(
    monkeypatch: pytest.MonkeyPatch, first: bytes | None, *, is_tls: bool
) -> None:
    near, far = socket.socketpair()

    def connect(*_: Any) -> socket.socket:
        if first is None:
            raise ConnectionRefusedError
        return near

    monkeypatch.setattr(probe._Climber, "_connect", connect)
    with near, far:
        far.sendall(first or b"")
        far.shutdown(socket.SHUT_WR)
        assert climber()._speaks_tls() is is_tls
        if first is not None:
            assert far.recv(9)[:1] == b"\x16", "a greeting is a handshake"


@pytest.mark.parametrize(
    ("error", "speaks_tls", "told"),
    [
        (http.client.BadStatusLine("x"), True, [("http", "BadStatusLine"), ("tls", "TLSOnPlainPort")]),
        (OSError("x"), False, [("http", "OSError")]),
        (ValueError("x"), False, [("http", "ValueError")]),
    ],
)  # fmt: skip
def test_what_is_no_http_may_be_tls(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: Any, *, speaks_tls: bool
) -> None:
    def ask(*_: Any) -> Any:
        raise error

    monkeypatch.setattr(probe._Climber, "_ask", ask)
    monkeypatch.setattr(probe._Climber, "_speaks_tls", lambda _: speaks_tls)
    found = climber()
    assert found._http() is False
    assert [(rung["name"], rung["error"]) for rung in found.rungs] == told
    assert {rung["outcome"] for rung in found.rungs} == {"failed"}
    secure = climber("https://ash.example.com")
    assert secure._http() is False
    assert [rung["name"] for rung in secure.rungs] == ["http"], "that port is asked over TLS"


@pytest.mark.parametrize(("is_plain", "detail"), [(True, "the port speaks plain HTTP, not TLS"), (False, "no handshake")])  # fmt: skip
def test_a_port_without_tls_may_speak_plain_http(
    monkeypatch: pytest.MonkeyPatch, detail: str, *, is_plain: bool
) -> None:
    def connect(*_: Any) -> Any:
        raise ssl.SSLError("no handshake")

    monkeypatch.setattr(probe._Climber, "_connect", connect)
    monkeypatch.setattr(probe._Climber, "_speaks_plain", lambda _: is_plain)
    found = climber("https://ash.example.com")
    assert found._tls() is False
    (rung,) = rungs(found)
    assert (rung["outcome"], rung["error"]) == ("failed", "SSLError")
    assert detail in rung["detail"]


@pytest.mark.parametrize(
    ("broken", "climbed"),
    [("_dns", ["_dns"]), ("_tcp", ["_dns", "_tcp"]), ("_tls", ["_dns", "_tcp", "_tls"]), ("_http", ["_dns", "_tcp", "_tls", "_http"]), ("", ["_dns", "_tcp", "_tls", "_http", "_ask_api"])],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_above_a_broken_rung_nothing_is_asked_and_the_addresses_are_looked_for_all_the_same(
    monkeypatch: pytest.MonkeyPatch, scheme: str, broken: str, climbed: list[str]
) -> None:
    seen: list[str] = []
    for name in ("_dns", "_tcp", "_tls", "_http", "_ask_api", "_find_caller", "_find_balancer"):
        monkeypatch.setattr(probe._Climber, name, lambda *_, name=name: seen.append(name) or name != broken)  # fmt: skip
    row = Ladder().climb(f"{scheme}://ash.example.com", None)
    expected = climbed if scheme == "https" else [name for name in climbed if name != "_tls"]
    if (scheme, broken) == ("http", "_tls"):
        expected = ["_dns", "_tcp", "_http", "_ask_api"]
    assert seen == [*expected, "_find_caller", "_find_balancer"]
    assert row == {"url": f"{scheme}://ash.example.com", "rungs": ()}


@pytest.mark.parametrize(("address", "asked"), [("192.0.2.7", "192.0.2.7"), (None, "ash.example.com")])  # fmt: skip
def test_every_rung_goes_to_the_address_that_was_reached(
    monkeypatch: pytest.MonkeyPatch, address: str | None, asked: str
) -> None:
    """Of several zones another may be down: what is found out above is of the one that answers."""
    seen: list[str] = []

    def connect(_: Any, place: str) -> socket.socket:
        seen.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(probe._Climber, "_connect", connect)
    found = climber("https://ash.example.com")
    found.address = address
    assert (found._tls(), found._speaks_plain(), found._speaks_tls()) == (False, False, False)
    with pytest.raises(ConnectionRefusedError):
        found._open()
    assert seen == [asked] * 5, "the first asks twice: for TLS, then for plain HTTP"
