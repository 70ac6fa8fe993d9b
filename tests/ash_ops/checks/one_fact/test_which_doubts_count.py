"""Which doubts keep a deployment from being called healthy, and which are told beside that."""

from __future__ import annotations

from typing import Any

from ash_ops.checks.catalogue import CHECKS
from ash_ops.diagnosis import diagnose
from tests.support.each import each
from tests.support.ladders import DNS, TCP, rungs
from tests.support.one_check import GONE, snapshot

Case = tuple[str, dict[str, Any]]
# Without these nobody knows whether callers are answered, and by whom.
COUNT: dict[str, Case] = {
    "whether the server is well": ("live-ladder", {"probe.rungs": rungs(DNS, TCP)}),
    "whether it takes the key": ("api-key", {"probe.key_rejected": "Invalid API key", "probe.rungs.4.status": None}),
    "what a listener speaks": ("listener", {"listeners.0.Protocol": "CARRIER"}),
    "in which zones a balancer stands": ("load-balancer", {"load_balancers.0.AvailabilityZones": [{"ZoneName": "us-east-1b"}, {}]}),
    "what agents call a model with": ("model-key", {"task_definition.containerDefinitions.0.secrets.0.name": ""}),
    "how a target is": ("target-health", {"target_health.0.TargetHealth.State": "pensive"}),
}  # fmt: skip
# These are of a next start, of one caller, of what is given away, or show elsewhere what they do.
BESIDE: dict[str, Case] = {
    "how long a silence may last": ("idle-timeout", {"listener_attributes": {"tcp.idle_timeout.seconds": "long"}}),
    "whether a zone is shifted away": ("zonal-shift", {"target_health.0.AdministrativeOverride": {"State": "unknown"}}),
    "which way out a start has": ("egress-path", {"service.networkConfiguration.awsvpcConfiguration.assignPublicIp": GONE}),
    "whether it answers anyone": ("server-open", {"probe.answers_without_key": None}),
    "whether it gives its key away": ("api-key-exposed", {"probe.key_published": None}),
    "how many tasks the stack wants": ("stack-drift", {"wanted.0.unknown": ["DesiredCount"]}),
    "whose a target is": ("foreign-targets", {"tasks.0.attachments": []}),
}  # fmt: skip


@each("case", COUNT)
def test_a_deployment_is_not_called_healthy_without_it(case: Case) -> None:
    check, changes = case
    report = diagnose(snapshot("", changes))
    assert report.status == "inconclusive"
    assert {unknown.check: unknown.vital for unknown in report.unknown}[check]


@each("case", BESIDE)
def test_it_is_told_that_it_is_not_known(case: Case) -> None:
    check, changes = case
    report = diagnose(snapshot("", changes))
    assert report.status == "healthy"
    assert not {unknown.check: unknown.vital for unknown in report.unknown}[check]


def test_what_weighs_less_of_two_that_weigh_the_same_is_looked_for_last() -> None:
    """Of equal findings the first that is made leads the report."""
    places = {check.id: place for place, check in enumerate(CHECKS)}
    after = {
        "foreign-targets": ("target-health", "unregistered-task", "live-ladder"),
        "durable-state": ("open-to-world", "api-key-exposed", "internal-secret"),
        "circuit-breaker-enabled": ("open-to-world", "api-key-exposed", "internal-secret"),
    }
    for late, earlier in after.items():
        assert all(places[one] < places[late] for one in earlier), late
