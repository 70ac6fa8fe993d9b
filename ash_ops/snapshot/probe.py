"""The live ladder: DNS, TCP, (TLS,) HTTP, ``/health``, an authenticated call.

Each rung is timed and named; the first broken one is where to look. Nothing of what the server
answers is kept but status codes, its health report and the text of a 401.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field

from ash_ops.names import is_balancers_own
from ash_ops.patterns import regex
from ash_ops.redact import redact
from ash_ops.secret import Secret
from ash_ops.snapshot.fan_out import Pool
from ash_ops.snapshot.http_get import HttpAnswer, get, get_over

Row = dict[str, Any]
_OTHER_NAME = frozenset({62, 64})  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
_TLS_RECORDS = (b"\x15", b"\x16")  # RFC 8446, 5.1: alert, handshake
_SESSIONS = "/api/sessions"
_CONFIG = "/dashboard/config.js"
_CHECK_IP = "https://checkip.amazonaws.com/"
_API_KEY = regex(r"[\"']?apiKey[\"']?\s*:\s*(null|undefined|\"\"|'')?")
_BROKEN = (OSError, http.client.HTTPException, ValueError)


class Ladder(Struct, frozen=True):
    """How to climb.

    Attributes:
        url: where the server is, if not where the load balancer says.
        timeout: seconds a rung may take.
        resolve: ``socket.getaddrinfo``, or a stand-in for it.
        public_ip: finds out this machine's public address; ``None`` leaves it unknown.
        canary: creates, uses and ends a session; ``None`` leaves that rung out.
        known_as: the name that clients use, where it is another than the load balancer's own: no
            certificate can be for that one.
        balancer: the load balancer's own name, which is resolved beside another.
    """

    url: str | None = None
    timeout: float = 2.5
    resolve: Callable[..., list[Any]] = socket.getaddrinfo
    public_ip: Callable[[], str | None] | None = None
    canary: Callable[[str, Secret | None], Row] | None = None
    known_as: str | None = None
    balancer: str | None = None

    def climb(self, url: str, key: Secret | None) -> Row:
        """Climb until a rung breaks.

        Returns:
            The fields of a ``Probe``.
        """
        climber = _Climber(self, url)
        climber.climb(key)
        return climber.row()


def ask_public_ip() -> str | None:
    """This machine's address as AWS sees it; ``None`` if nobody says."""
    try:
        text = get(_CHECK_IP, {}, timeout=1.5).body.decode("ascii").strip()
        return str(ipaddress.ip_address(text))
    except _BROKEN:
        return None


class _Climber(Struct):
    ladder: Ladder
    url: str
    rungs: list[Row] = field(default_factory=list)
    found: Row = field(default_factory=dict)
    addresses: list[str] = field(default_factory=list)
    address: str | None = None
    host: str = ""
    port: int = 80
    secure: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        self.host, self.secure = parts.hostname or "", parts.scheme == "https"
        self.port = parts.port or (443 if self.secure else 80)

    def row(self) -> Row:
        return {"url": self.url, "rungs": tuple(self.rungs), **self.found}

    def climb(self, key: Secret | None) -> None:
        """One rung after the other; those above a broken one are skipped."""
        pool = Pool(4)
        try:
            if not self._dns() or not self._tcp(pool):
                return
            if self.secure and not self._tls():
                return
            if self._http():
                self._ask_api(pool, key)
        finally:
            self._find_caller(pool)
            self._find_balancer()
            pool.close()

    def _note(self, name: str, outcome: str, began: float, **more: Any) -> bool:
        elapsed = round((time.monotonic() - began) * 1000, 1)
        self.rungs.append({"name": name, "outcome": outcome, "elapsed_ms": elapsed, **more})
        return outcome == "ok"

    def _fail(self, name: str, began: float, error: BaseException, detail: str = "") -> bool:
        text = redact(detail or str(error) or type(error).__name__)[:300]
        return self._note(name, "failed", began, error=_class_of(error), detail=text)

    def _dns(self) -> bool:
        began = time.monotonic()
        try:
            rows = self.ladder.resolve(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            return self._fail("dns", began, error, f"{self.host}: {error}")
        self.addresses = list(dict.fromkeys(str(row[4][0]) for row in rows))[:6]
        return self._note("dns", "ok", began, detail=", ".join(self.addresses))

    def _tcp(self, pool: Pool) -> bool:
        """Try every address at once: one zone of a balancer may answer and another not."""
        began = time.monotonic()
        tries = {a: pool.submit(partial(self._reach, a)) for a in self.addresses}
        errors = {address: _settled(part) for address, part in tries.items()}
        usable = [address for address, error in errors.items() if error is None]
        told = ", ".join(f"{a} {_class_of(e) if e else 'ok'}" for a, e in errors.items())
        if not usable:
            error = next((e for e in errors.values() if e), OSError("no address"))
            return self._fail("tcp", began, error, f"port {self.port}: {told}")
        self.address = usable[0]
        return self._note("tcp", "ok", began, detail=f"port {self.port}: {told}")

    def _reach(self, address: str) -> None:
        self._connect(address).close()

    def _connect(self, address: str) -> socket.socket:
        return socket.create_connection((address, self.port), self.ladder.timeout)

    def _open(self) -> socket.socket:
        plain = self._connect(self.address or self.host)
        if not self.secure:
            return plain
        # What the certificate is worth has its own rung; here the server is asked all the same.
        return _unverified().wrap_socket(plain, server_hostname=self.host)

    def _ask(self, path: str, headers: Mapping[str, str] | None = None) -> HttpAnswer:
        netloc = f"{self.host}:{self.port}"
        return get_over(self._open(), netloc, path, headers or {}, self.ladder.timeout)

    def _tls(self) -> bool:
        """The certificate is judged by the name that clients use; without one, by the one asked for."""
        began = time.monotonic()
        named = is_balancers_own(self.host)
        name = (self.ladder.known_as or self.host) if named else self.host
        try:
            plain = self._connect(self.address or self.host)
            with ssl.create_default_context().wrap_socket(plain, server_hostname=name) as done:
                return self._note("tls", "ok", began, detail=f"{done.version()} as {name}")
        except ssl.SSLCertVerificationError as error:
            detail = f"certificate: {error.verify_message}"
            if named and not self.ladder.known_as and error.verify_code in _OTHER_NAME:
                detail += "; it is for another name, and none is known that clients use"
                self._note("tls", "skipped", began, detail=redact(detail)[:300])
            else:
                self._fail("tls", began, error, detail)
            return True
        except OSError as error:
            detail = "the port speaks plain HTTP, not TLS" if self._speaks_plain() else ""
            return self._fail("tls", began, error, detail)

    def _speaks_plain(self) -> bool:
        try:
            plain = self._connect(self.address or self.host)
            get_over(plain, self.host, "/health", {}, self.ladder.timeout)
        except _BROKEN:
            return False
        return True

    def _speaks_tls(self) -> bool:
        """Whether a greeting of TLS is answered by a record of TLS: a handshake, or an alert."""
        greeting = ssl.MemoryBIO()
        begun = _unverified().wrap_bio(ssl.MemoryBIO(), greeting, server_hostname=self.host)
        with suppress(ssl.SSLWantReadError):
            begun.do_handshake()
        try:
            with self._connect(self.address or self.host) as plain:
                plain.sendall(greeting.read())
                return plain.recv(1) in _TLS_RECORDS
        except OSError:
            return False

    def _http(self) -> bool:
        """The first answer that is HTTP; it is also the one to ``/health``."""
        began = time.monotonic()
        try:
            answer = self._ask("/health")
        except _BROKEN as error:
            self._fail("http", began, error)
            if not self.secure and self._speaks_tls():
                detail = "the port speaks TLS, not plain HTTP"
                self._note("tls", "failed", began, detail=detail, error="TLSOnPlainPort")
            return False
        self._note("http", "ok", began, status=answer.status)
        self.found["server_date"] = _date(answer)
        self._health(answer, began)
        return True

    def _health(self, answer: HttpAnswer, began: float) -> None:
        report = answer.document()
        if answer.status == 200 and report.get("status") == "ok":
            self.found["health"] = report
            self._note("health", "ok", began, status=200, detail=str(report.get("version") or ""))
            return
        if isinstance(report.get("status"), str):
            self.found["health"] = report
        self._note("health", "failed", began, status=answer.status, detail=_said(answer))

    def _ask_api(self, pool: Pool, key: Secret | None) -> None:
        """With the key, without it, and the page that should not hold it: three questions at once."""
        began = time.monotonic()
        keyless = pool.submit(partial(self._ask, _SESSIONS))
        keyed = pool.submit(partial(self._ask, _SESSIONS, _bearer(key))) if key else keyless
        config = pool.submit(partial(self._ask, _CONFIG))
        self._auth(keyed, began)
        self._without_key(keyless)
        self._config(config, began)
        if self.ladder.canary:
            self.rungs.append(self.ladder.canary(self.url, key))

    def _auth(self, keyed: Future[Any], began: float) -> None:
        error = _settled(keyed)
        if error is not None:
            self._fail("auth", began, error)
            return
        answer: HttpAnswer = keyed.result()
        if answer.status == 401:
            self.found["key_rejected"] = _said(answer)
        detail = "" if answer.status == 200 else _said(answer)
        outcome = "ok" if answer.status == 200 else "failed"
        self._note("auth", outcome, began, status=answer.status, detail=detail)

    def _without_key(self, keyless: Future[Any]) -> None:
        if _settled(keyless) is None:
            status = keyless.result().status
            self.found["answers_without_key"] = {200: True, 401: False}.get(status)

    def _config(self, config: Future[Any], began: float) -> None:
        error = _settled(config)
        if error is not None:
            self._fail("config-js", began, error)
            return
        answer: HttpAnswer = config.result()
        published = _publishes_key(answer)
        self.found["key_published"] = published
        outcome = {True: "failed", False: "ok", None: "skipped"}[published]
        self._note("config-js", outcome, began, status=answer.status)

    def _find_balancer(self) -> None:
        """Where the load balancer is, to be compared with where the name leads that clients call."""
        own = self.ladder.balancer
        if own is None or own == self.host or not self.addresses:
            return
        with suppress(OSError, UnicodeError):
            rows = self.ladder.resolve(own, self.port, type=socket.SOCK_STREAM)
            self.found["balancer_addresses"] = tuple(dict.fromkeys(str(r[4][0]) for r in rows))

    def _find_caller(self, pool: Pool) -> None:
        """The address from which the server's security groups see this machine."""
        own = self._own_address()
        target = self.address or next(iter(self.addresses), None)
        if own is None or target is None or ipaddress.ip_address(own).is_loopback:
            return  # no security group stands between a machine and itself
        if _is_global(own) or not _is_global(target):
            self.found["caller_ip"] = own
        elif self.ladder.public_ip is not None:
            asked = pool.submit(self.ladder.public_ip)
            self.found["caller_ip"] = None if _settled(asked, 2.0) else asked.result()

    def _own_address(self) -> str | None:
        target = self.address or next(iter(self.addresses), None)
        if target is None:
            return None
        family = socket.AF_INET6 if ":" in target else socket.AF_INET
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as there:  # sends nothing
                there.connect((target, self.port))
                return str(there.getsockname()[0])
        except OSError:
            return None


def _bearer(key: Secret) -> dict[str, str]:
    # No header can carry a line break or what is not Latin-1; such a key is sent as far as it can
    # be, and the server's refusal is what its owner would see.
    text = " ".join(key.reveal().split()).encode("latin-1", "replace").decode("latin-1")
    return {"Authorization": f"Bearer {text}"}


def _settled(part: Future[Any], timeout: float = 15.0) -> BaseException | None:
    try:
        return part.exception(timeout)
    except TimeoutError as error:
        return error


def _class_of(error: BaseException) -> str:
    return "TimeoutError" if isinstance(error, TimeoutError) else type(error).__name__


def _is_global(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def _unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _said(answer: HttpAnswer) -> str:
    """The server's own words for an error, in either of its two shapes; never a whole body."""
    report = answer.document()
    text = report.get("message") or report.get("error") or report.get("status") or ""
    wait = answer.headers.get("retry-after")
    limited = f"; retry after {wait} s" if answer.status == 429 and wait else ""
    return str(text)[:200] + limited


def _date(answer: HttpAnswer) -> Any:
    try:
        return parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError):
        return None


def _publishes_key(answer: HttpAnswer) -> bool | None:
    """Whether the page holds an API key; ``None`` if it could not be seen. The body is dropped."""
    if answer.status == 404:
        return False
    if answer.status != 200:
        return None
    found = _API_KEY.search(answer.body.decode("utf-8", "replace"))
    return found is not None and found[1] is None
