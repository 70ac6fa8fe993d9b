"""Proof that a deployment works: this revision serves, and it answers as it should.

Each step is proven, refuted, or could not be told; the next is asked only when the one before
was proven, and each is given time, because a load balancer needs some to become active.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ash_ops.aws.client.session import Aws
from ash_ops.deploy import server
from ash_ops.deploy.clock import Clock, utc_now
from ash_ops.deploy.fleet.read import read_fleet
from ash_ops.deploy.live import find_service, targets_of, url_of
from ash_ops.deploy.server import Reply
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.names import Deployment
from ash_ops.secret import Secret
from ash_ops.snapshot.registry import parse_image

PATIENCE = 240.0
_POLL = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be proven.

    Attributes:
        task_definition: the revision that must serve; ``None`` accepts any.
        url: the public address; ``None`` finds it from the load balancer.
        image: the image whose version ``/health`` must tell, where its tag is a version.
        runners: how many runners must be registered; ``None`` where one server runs everything.
        reachable: whether this machine is let in; if not, an unanswered call proves nothing.
    """

    deployment: Deployment
    task_definition: str | None
    url: str | None
    image: str
    key: Secret | None
    canary: bool
    runners: int | None = None
    reachable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One step: proven, refuted (``False``) or not to be told (``None``)."""

    step: str
    ok: bool | None
    text: str


Step = tuple[str, Callable[[], Reply], float]


def verify(
    aws: Aws,
    wanted: Wanted,
    clock: Clock,
    show: Callable[[list[str]], None],
    patience: float = PATIENCE,
) -> Iterator[Proof]:
    """Prove the steps in turn; ends after the first that is not proven.

    Args:
        aws: where.
        wanted: what is to be proven.
        clock: the time.
        show: draws what is being waited for.
        patience: how long, in seconds, a step may take.
    """
    for name, ask, share in _steps(aws, wanted):

        def shown(text: str, name: str = name) -> None:
            show([f"  waiting  {name}: {text}"])

        reply = _persist(ask, clock, patience * share, shown)
        yield Proof(step=name, ok=reply.ok, text=reply.text)
        if not reply.ok:
            return


def _steps(aws: Aws, wanted: Wanted) -> Iterator[Step]:
    service, url = _Facts(aws, wanted), wanted.url
    yield "this revision is the one serving", service.revision, 1.0
    yield "its targets are healthy", service.targets, 1.0
    if url is None:
        url = service.url()
    if url is None:
        yield "address", lambda: Reply(ok=False, text="no load balancer is in front of it"), 0.0
        return
    yield f"GET {url}/health", lambda: _health(url, wanted), 1.0
    key = wanted.key
    if key is None:
        yield "a call with the key", lambda: Reply(ok=None, text="the key is not known"), 0.0
        return
    yield "a call with the key", lambda: server.ask_with_key(url, key), 0.25
    if wanted.runners is not None:
        yield f"{wanted.runners} of its runners are registered", service.runners, 1.0
    if wanted.canary:
        yield "an agent runs", lambda: server.run_canary(url, key), 0.0


def _persist(
    ask: Callable[[], Reply], clock: Clock, patience: float, show: Callable[[str], None]
) -> Reply:
    """Ask until it is proven or patience ends; the last answer counts."""
    end = clock.now() + patience
    while True:
        reply = ask()
        if reply.ok or reply.final or clock.now() >= end:
            return reply
        show(reply.text)
        clock.sleep(_POLL)


def _unread(error: ReadFailed) -> Reply:
    """A read that failed: only throttling and a lost network pass by waiting."""
    lasting = error.kind not in ("throttled", "timeout", "unreachable")
    return Reply(ok=None, text=f"{error.call}: {error.code}", final=lasting)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What AWS tells about the service, as replies."""

    aws: Aws
    wanted: Wanted

    def revision(self) -> Reply:
        try:
            service = find_service(self.aws, self.wanted.deployment)
        except ReadFailed as error:
            return _unread(error)
        primary = service.primary if service else None
        if service is None or primary is None:
            return Reply(ok=False, text="there is no such service")
        expected = self.wanted.task_definition
        if expected and primary.task_definition != expected:
            text = f"{primary.revision} serves, not {expected.rsplit('/', 1)[-1]}"
            return Reply(ok=False, text=text)
        others = [r for r in service.deployments if not r.is_primary and r.running_count]
        settled = primary.state == "COMPLETED" and not others
        return Reply(ok=settled, text=primary.line)

    def targets(self) -> Reply:
        try:
            service = find_service(self.aws, self.wanted.deployment)
            targets = targets_of(self.aws, service)
        except ReadFailed as error:
            return _unread(error)
        healthy = [t for t in targets if t.state == "healthy"]
        least = max(1, (service.desired_count or 0) if service else 1)
        told = ", ".join(f"{t.target.id} {t.told}" for t in targets)
        return Reply(ok=len(healthy) >= least, text=told or "no target is registered")

    def runners(self) -> Reply:
        try:
            fleet = read_fleet(self.aws, self.wanted.deployment, utc_now)
        except ReadFailed as error:
            return _unread(error)
        except OpsError as error:
            return Reply(ok=False, text=f"{error.what}: {error.why}")
        if fleet.unasked:
            return Reply(ok=None, text=fleet.unasked)
        told = "; ".join(f"{id_}: {text}" for id_, text in fleet.disagreements)
        enough = fleet.registered >= max(self.wanted.runners or 0, 1)
        text = f"{fleet.registered} of {fleet.wanted}{'; ' if told else ''}{told}"
        return Reply(ok=enough, text=text)

    def url(self) -> str | None:
        try:
            names = self.wanted.deployment
            return url_of(self.aws, names, find_service(self.aws, names))
        except ReadFailed:
            return None


def _health(url: str, wanted: Wanted) -> Reply:
    reply = server.ask_health(url)
    if reply.ok is None and wanted.reachable:
        # This machine is let in, so silence is the deployment's fault, not the way's.
        return Reply(ok=False, text=reply.text)
    version, expected = reply.version, _version_of(wanted.image)
    if reply.ok and expected and version and version != expected:
        # Only the new revision's tasks run by now: waiting would change nothing.
        text = f"the server is version {version}, {expected} was wanted"
        return Reply(ok=False, text=text, final=True)
    told = f", version {version}" if version else ""
    return Reply(ok=reply.ok, text=reply.text + told, version=version)


def _version_of(image: str) -> str | None:
    """The version that an image's tag promises; ``None`` for ``latest``, a digest or another word."""
    reference = parse_image(image)
    tag = "" if reference.digest else reference.tag
    parts = tag.removeprefix("v").split(".")
    return ".".join(parts) if len(parts) == 3 and all(part.isdigit() for part in parts) else None
