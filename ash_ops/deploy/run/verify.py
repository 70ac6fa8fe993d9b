"""Proof that a deployment works: the checks of the playbook ``proof``, each given time to pass.

A load balancer needs some minutes to become active, so a step is asked again until it passes, its time is
over, or waiting would change nothing. The next is asked only when the one before has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from msgspec.structs import replace

from ash_ops.aws import operations as op
from ash_ops.aws.client.session import Aws
from ash_ops.checks.base import Check
from ash_ops.checks.catalogue import deployment_checks
from ash_ops.deploy.clock import Clock, utc_now
from ash_ops.deploy.fleet.read import read_fleet
from ash_ops.deploy.live import find_service, targets_of, url_of
from ash_ops.diagnosis import Report, answered
from ash_ops.errors import OpsError, ReadFailed
from ash_ops.facts.deploying.deployments import NewDeployment
from ash_ops.facts.fleet import Fleet
from ash_ops.facts.model import fact_of
from ash_ops.facts.reading import Gap, Reading
from ash_ops.facts.server import Probe
from ash_ops.facts.snapshot import READINGS, DeploymentFacts, Snapshot
from ash_ops.names import Deployment
from ash_ops.secret import Secret
from ash_ops.snapshot.canary import send_canary
from ash_ops.snapshot.context import gap_of
from ash_ops.snapshot.probe import Ladder
from ash_ops.snapshot.readings.server import CALL as PROBE_CALL
from ash_ops.snapshot.registry import parse_image

PATIENCE = 240.0
_POLL = 3.0
_SESSION_SECONDS = 120.0
_OF_AWS = frozenset({"revision", "targets"})  # what is told by AWS; the rest the server tells
# A step's share of the patience, where it is not the whole: before it the server has answered already.
_SHARES = {"key": 0.25, "agent": 0.0}
_LASTING = frozenset({"version-differs", "target-group-not-attached"})
_PASSING = frozenset({"throttled", "timeout", "unreachable"})


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
    """One step of the proof.

    Attributes:
        check: what was asked.
        report: the answer, in the doctor's three.
        seen: what was there, in a few words; empty where nothing was.
    """

    check: Check[NewDeployment]
    report: Report
    seen: str

    @property
    def ok(self) -> bool | None:
        """Proven, refuted (``False``) or not to be told (``None``)."""
        return {"healthy": True, "problem": False}.get(self.report.status)

    @property
    def text(self) -> str:
        """What was found, or what could not be told."""
        found = next((finding.summary for finding in self.report.findings), "")
        return found or next((gap.reason for gap in self.report.unknown), "") or self.seen


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
    look = _Reader(aws, wanted)
    for check in deployment_checks("proof"):
        end = clock.now() + patience * _SHARES.get(check.id, 1.0)
        proof = look.at(check)
        while not proof.ok and not look.is_lasting(proof) and clock.now() < end:
            show([f"  waiting  {check.title}: {proof.text}"])
            clock.sleep(_POLL)
            proof = look.at(check)
        if proof.report.passed or not proof.ok:
            yield proof
        if not proof.ok:
            return


class _Reader:
    """Reads what a check needs, and lets it judge."""

    def __init__(self, aws: Aws, wanted: Wanted) -> None:
        self._aws, self._wanted, self._url = aws, wanted, wanted.url
        self._new = _nothing_read(aws.region, wanted)

    def at(self, check: Check[NewDeployment]) -> Proof:
        """One look, and what the check says of it."""
        self._read(check.id)
        report = answered([check], self._new, self._new.snapshot.deployment)
        if report.unknown:  # what was not told is no success here, whatever left it open
            report = replace(report, status="inconclusive")
        return Proof(check=check, report=report, seen=_SEEN[check.id](self._new))

    def is_lasting(self, proof: Proof) -> bool:
        """Whether waiting would change nothing: only throttling and a lost network pass by waiting."""
        if any(finding.cause in _LASTING for finding in proof.report.findings):
            return True
        snapshot = self._new.snapshot
        gaps = [reading.gap for reading in (snapshot.service, snapshot.target_health)]
        lasting = any(gap and gap.kind not in {*_PASSING, "skipped"} for gap in gaps)
        return proof.check.id in _OF_AWS and proof.ok is None and lasting

    def _read(self, check: str) -> None:
        if check in _OF_AWS:
            self._learn("service", op.DESCRIBE_SERVICES.action, self._service)
        if check == "targets":
            self._learn("target_health", op.DESCRIBE_TARGET_HEALTH.action, self._targets)
        if check == "health":
            self._learn("probe", PROBE_CALL, self._probe)
        if check == "key" and self._wanted.key is not None:
            self._learn("probe", PROBE_CALL, self._probe)
        if check == "runners" and self._wanted.runners is not None:
            self._new = replace(self._new, fleet=self._fleet())
        if check == "agent" and self._wanted.canary:
            self._learn("probe", PROBE_CALL, partial(self._probe, session=True))

    def _learn(self, name: str, call: str, read: Callable[[], Any]) -> None:
        at = datetime.now(UTC)
        try:
            reading = Reading(call=call, at=at, value=read())
        except ReadFailed as failure:
            reading = Reading(call=failure.call, at=at, gap=gap_of(failure))
        snapshot = replace(self._new.snapshot, **{name: reading})
        self._new = replace(self._new, snapshot=snapshot)

    def _fleet(self) -> Reading[Fleet]:
        at, call = datetime.now(UTC), op.LIST_TASKS.action
        try:
            return Reading(
                call=call, at=at, value=read_fleet(self._aws, self._wanted.deployment, utc_now)
            )
        except ReadFailed as failure:
            return Reading(call=failure.call, at=at, gap=gap_of(failure))
        except OpsError as error:
            gap = Gap(kind="failed", message=f"{error.what}: {error.why}")
            return Reading(call=call, at=at, gap=gap)

    def _service(self) -> Any:
        return find_service(self._aws, self._wanted.deployment)

    def _targets(self) -> Any:
        return targets_of(self._aws, self._new.snapshot.service.value)

    def _probe(self, *, session: bool = False) -> Probe | None:
        wanted = self._wanted
        if self._url is None:
            self._url = url_of(self._aws, wanted.deployment, self._new.snapshot.service.value)
        if self._url is None:
            return None
        canary = partial(send_canary, own_agent=True, patience=_SESSION_SECONDS)
        ladder = Ladder(canary=canary if session else None)
        return fact_of(Probe, ladder.climb(self._url, wanted.key))


def _nothing_read(region: str, wanted: Wanted) -> NewDeployment:
    names, at = wanted.deployment, datetime.now(UTC)
    gap = Gap(kind="skipped", message="it is not part of the proof")
    facts = DeploymentFacts(
        name=names.prefix,
        region=region,
        cluster=names.cluster,
        service=names.service,
        log_group=names.log_group,
        url=wanted.url,
    )
    readings: dict[str, Any] = {
        name: Reading(call=f"local:{name}", at=at, gap=gap) for name in READINGS
    }
    return NewDeployment(
        snapshot=Snapshot(taken_at=at, deployment=facts, **readings),
        revision=wanted.task_definition,
        version=_version_of(wanted.image),
        is_let_in=wanted.reachable,
        has_key=wanted.key is not None,
        wants_session=wanted.canary,
        runners=wanted.runners,
        fleet=Reading(call=op.LIST_TASKS.action, at=at, gap=gap),
    )


def _seen_service(new: NewDeployment) -> str:
    service = new.snapshot.service.value
    return service.primary.line if service and service.primary else ""


def _seen_targets(new: NewDeployment) -> str:
    rows = new.snapshot.target_health.value or ()
    return ", ".join(f"{row.target.id} {row.told}" for row in rows)


def _seen_health(new: NewDeployment) -> str:
    probe = new.snapshot.probe.value
    if probe is None:
        return ""
    return f"{probe.url} {probe.answer}" + (f", version {probe.version}" if probe.version else "")


def _seen_runners(new: NewDeployment) -> str:
    fleet = new.fleet.value
    return f"{fleet.registered} of {fleet.wanted}" if fleet else ""


def _seen_session(new: NewDeployment) -> str:
    probe = new.snapshot.probe.value
    rung = probe.rung("canary") if probe else None
    return rung.detail if rung else ""


_SEEN: dict[str, Callable[[NewDeployment], str]] = {
    "revision": _seen_service,
    "targets": _seen_targets,
    "health": _seen_health,
    "key": lambda _new: "the key is accepted",
    "runners": _seen_runners,
    "agent": _seen_session,
}


def _version_of(image: str) -> str | None:
    """The version that an image's tag promises; ``None`` for ``latest``, a digest or another word."""
    reference = parse_image(image)
    tag = "" if reference.digest else reference.tag
    parts = tag.removeprefix("v").split(".")
    return ".".join(parts) if len(parts) == 3 and all(part.isdigit() for part in parts) else None
