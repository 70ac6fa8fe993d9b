"""What was found out about the plan by asking AWS for more than facts of a deployment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ash_ops.checks._findings import finding, quote
from ash_ops.checks.base import Check, Finding, Fix, NotApplicable
from ash_ops.facts.deploying.deployments import PlannedDeployment, Verdict
from ash_ops.facts.reading import CannotTell


def _run(check: str, cause: str, planned: PlannedDeployment) -> Iterator[Finding]:
    reading = planned.outcomes.get(check)
    outcome = reading.get() if reading else None
    if reading is None or outcome is None:
        raise NotApplicable("this deployment does not need it")
    if outcome.verdict is Verdict.UNKNOWN:
        raise CannotTell(outcome.text)
    if outcome.verdict is not Verdict.PASSED:
        yield finding(
            cause,
            "plan",
            f"{outcome.text[:1].upper()}{outcome.text[1:].rstrip('.')}.",
            [quote(reading, check, outcome.verdict.value)],
            [Fix(why=outcome.fix)] if outcome.fix else [],
            severity="error" if outcome.verdict is Verdict.REFUSED else "warning",
        )


def _check(id_: str, title: str, cause: str) -> Check[PlannedDeployment]:
    run = partial(_run, id_, cause)
    return Check(id=id_, title=title, playbook="plan", run=run, causes=(cause,))


DOMAIN = _check("domain", "The domain is free in its hosted zone", "domain-taken")
DOMAIN_DNS = _check("domain-dns", "ACM can validate the domain", "certificate-not-validated")
CERTIFICATE = _check(
    "certificate-issued",
    "The certificate is for the name that clients call",
    "tls-certificate-invalid",
)
