"""The live server, as this machine sees it."""

from ash_ops.facts.model import Camel, Instant, Model
from ash_ops.patterns import regex

_ADDRESS = regex(r"(?<!\S)((?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+) ([A-Za-z]+)(?:,|$)")
# The rungs in the order in which they are climbed.
LADDER = ("dns", "tcp", "tls", "http", "health", "auth")


class Rung(Model):
    """One rung of the live ladder.

    Attributes:
        name: ``dns``, ``tcp``, ``http``, ``health``, ``auth``, ``config-js``, ``tls`` or ``canary``.
        outcome: ``ok``, ``failed`` or ``skipped``.
        detail: what was answered, with secrets masked.
        error: the class of the failure, for instance ``ConnectionRefusedError``.
    """

    name: str
    outcome: str
    elapsed_ms: float | None = None
    detail: str = ""
    error: str | None = None
    status: int | None = None

    @property
    def said(self) -> str:
        """A rung that failed, in a few words."""
        heard = (str(part) for part in (self.status, self.detail or self.error) if part)
        return f"{self.name} failed: {' '.join(heard) or 'no answer'}"

    @property
    def heard(self) -> str:
        """What came back: the class of its failure or its status, and the words; ``none`` for nothing."""
        parts = (str(part) for part in (self.error or self.status, self.detail) if part)
        return ": ".join(parts) or "none"


class ServerPool(Camel):
    """The sandbox pool of ``/health``."""

    running: int | None = None
    total: int | None = None
    max_capacity: int | None = None


class ServerHealth(Camel):
    """The body of ``/health``."""

    status: str | None = None
    version: str | None = None
    uptime: float | None = None
    active_sessions: int | None = None
    active_sandboxes: int | None = None
    remote_runners: int | None = None
    pool: ServerPool | None = None


class Probe(Model):
    """What the server answered to this machine.

    Attributes:
        url: where it was asked.
        key_rejected: the text of a 401, one of the server's three.
        answers_without_key: whether an authenticated path answered without any key.
        key_published: whether ``/dashboard/config.js`` hands the API key to anyone.
        caller_ip: this machine's public address, if it could be found out.
        balancer_addresses: the load balancer's, where it was asked by another name than its own.
    """

    url: str
    rungs: tuple[Rung, ...] = ()
    health: ServerHealth | None = None
    server_date: Instant | None = None
    key_rejected: str | None = None
    answers_without_key: bool | None = None
    key_published: bool | None = None
    caller_ip: str | None = None
    balancer_addresses: tuple[str, ...] = ()

    def rung(self, name: str) -> Rung | None:
        """The rung of that name."""
        return next((r for r in self.rungs if r.name == name), None)

    @property
    def broken(self) -> Rung | None:
        """The first rung that failed; ``None`` if the server answers as it should."""
        found = (self.rung(name) for name in LADDER)
        return next((r for r in found if r is not None and r.outcome == "failed"), None)

    @property
    def came_through(self) -> bool:
        """Whether a connection was made: what was answered over it proves that, too."""
        known = (self.rung(name) for name in LADDER if name != "dns")
        return any(rung is not None and rung.outcome == "ok" for rung in known)

    @property
    def addresses(self) -> dict[str, str]:
        """What each address of the name answered to a connection: ``ok``, or the class of its failure.

        The rung of TCP tells it: ``port 4100: 192.0.2.1 ok, 192.0.2.2 TimeoutError``.
        """
        rung = self.rung("tcp")
        return dict(_ADDRESS.findall(rung.detail)) if rung else {}

    @property
    def healthy(self) -> bool | None:
        """What a client would hear of ``/health``: well, or not; ``None`` when it hears nothing."""
        below = self.broken
        if below is not None and below.name in ("dns", "tcp", "tls", "http"):
            return None
        rung = self.rung("health")
        return None if rung is None else rung.outcome == "ok"

    @property
    def answer(self) -> str:
        """What was heard of ``/health``, or at which rung the question failed."""
        if self.healthy:
            return "status ok"
        return self.broken.said if self.broken is not None else "was not asked"

    @property
    def version(self) -> str | None:
        """The version that the server says it is."""
        return self.health.version if self.health else None


class LocalKey(Model):
    """What a client on this machine would use: the address, and of the key only what may be told.

    Attributes:
        origin: where it was found: ``environment``, a file, or ``none``.
        fingerprint: eight digits of its hash.
        deployed_fingerprint: the same of the deployed key, if it could be read.
        flaws: what is wrong with its form: ``quotes``, ``spaces``, ``line-end``, ``bearer-prefix``.
        server_url: scheme, host and port of ``ASH_SERVER_URL``, if it is set.
    """

    origin: str = "none"
    fingerprint: str | None = None
    deployed_fingerprint: str | None = None
    flaws: tuple[str, ...] = ()
    server_url: str | None = None
