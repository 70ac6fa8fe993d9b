"""Is there a service, and is it asked to run anything?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.aws import operations as op
from ash_ops.checks._consequences import NO_SERVICE, STOPPED_ON_PURPOSE
from ash_ops.checks._findings import (
    ash_command,
    aws_command,
    change,
    deploy_fix,
    finding,
    quote,
    verify,
)
from ash_ops.checks.base import Check, Finding, Fix
from ash_ops.facts.reading import CannotTell
from ash_ops.facts.services import STOPPED_TAG, Service
from ash_ops.facts.snapshot import Snapshot


def run(snapshot: Snapshot) -> Iterator[Finding]:
    """The cluster and the service are there, active, and want at least one task."""
    stands = snapshot.service.value
    if stands is not None and stands.is_stopped and stands.status == "ACTIVE":
        yield _stopped(snapshot, stands)  # its own tag says so, whatever else was read
        return
    cluster, service = snapshot.cluster.get(), snapshot.service.get()
    is_gone = cluster is None or cluster.status == "INACTIVE"
    was_deleted = service is not None and service.status == "INACTIVE"
    if was_deleted and not snapshot.tasks.value:
        yield _no_service(snapshot)
        return
    if (is_gone or service is None) and (service or snapshot.tasks.value):
        raise CannotTell("AWS tells of its service or tasks, but not of what they belong to")
    if is_gone:
        yield _nothing_here(snapshot)
        return
    if service is None or was_deleted:
        yield _no_service(snapshot)
    elif service.status == "DRAINING":
        yield _being_deleted(snapshot, service)
    elif service.desired_count == 0:
        yield _switched_off(snapshot, service)


def _nothing_here(snapshot: Snapshot) -> Finding:
    facts = snapshot.deployment
    return finding(
        "aws-not-found",
        "deploy",
        f"There is no deployment {facts.name!r} in {facts.region}"
        + (f" of account {facts.account}." if facts.account else "."),
        [quote(snapshot.cluster, f"clusters[{facts.cluster}]", "not found")],
        [
            Fix(
                why="See which clusters there are; another --name, --region or --profile may be meant.",
                command=aws_command(snapshot, "ecs list-clusters"),
            ),
            deploy_fix(snapshot, "Or deploy it."),
        ],
        severity="error",
        subject=f"service/{facts.service}",
    )


def _no_service(snapshot: Snapshot) -> Finding:
    facts, service = snapshot.deployment, snapshot.service.value
    state = service.status if service else "not found"
    was_deleted = " It was deleted (status INACTIVE)." if service else ""
    return finding(
        "service-missing",
        "deploy",
        f"Cluster {facts.cluster} has no active service {facts.service}.{was_deleted}",
        [quote(snapshot.service, f"services[{facts.service}].status", state)],
        [
            deploy_fix(snapshot, "Make it anew."),
            verify(snapshot, "deploy"),
        ],
        severity="error",
        subject=f"service/{facts.service}",
    )


def _being_deleted(snapshot: Snapshot, service: Service) -> Finding:
    """Such a service takes no order any more: not to run a task, nor to start a deployment."""
    facts = snapshot.deployment
    return finding(
        "service-missing",
        "deploy",
        f"Service {facts.service} is being deleted (status DRAINING): it starts no task any more.",
        [quote(snapshot.service, "services[0].status", service.status)],
        [
            Fix(
                why="Wait until it is gone (status INACTIVE).",
                command=aws_command(
                    snapshot,
                    f"ecs wait services-inactive --cluster {facts.cluster} --services {facts.service}",
                ),
            ),
            deploy_fix(snapshot, "Then deploy it again."),
            verify(snapshot, "deploy"),
        ],
        severity="error",
        subject=f"service/{facts.service}",
    )


def _stopped(snapshot: Snapshot, service: Service) -> Finding:
    facts, when = snapshot.deployment, service.stopped_at
    since = f" since {when:%Y-%m-%d %H:%M} UTC" if when else ""
    return finding(
        STOPPED_ON_PURPOSE,
        "deploy",
        f"{facts.name} is stopped{since} (`ash-ops stop`): it runs nothing, and all else is kept.",
        [
            quote(snapshot.service, "services[0].desiredCount", service.desired_count),
            quote(snapshot.service, f"services[0].tags[{STOPPED_TAG}]", when or "set"),
        ],
        [
            Fix(why="Start it again.", command=ash_command(snapshot, "start")),
            verify(snapshot, "deploy"),
        ],
        severity="info",
        subject=f"service/{facts.service}",
        since=when,
    )


def _switched_off(snapshot: Snapshot, service: Service) -> Finding:
    facts = snapshot.deployment
    return finding(
        "service-desired-zero",
        "deploy",
        f"Service {facts.service} is asked to run no task at all (desiredCount 0).",
        [quote(snapshot.service, "services[0].desiredCount", service.desired_count)],
        [
            change(
                snapshot,
                "Ask for one task.",
                op.UPDATE_SERVICE,
                cluster=facts.cluster,
                service=facts.service,
                desiredCount=1,
            ),
            verify(snapshot, "deploy"),
        ],
        severity="error",
        subject=f"service/{facts.service}",
    )


CHECK = Check(
    id="service-exists",
    title="The cluster and its service exist and want a task",
    playbook="deploy",
    run=run,
    causes=("aws-not-found", "service-missing", "service-desired-zero", STOPPED_ON_PURPOSE),
    explains=tuple(c for c in NO_SERVICE if c not in {"aws-not-found", "service-missing"}),
    vital=True,
    always=True,
)
