"""Can clients accept the certificate: is it of this region, and has it a name to call?"""

from __future__ import annotations

from collections.abc import Iterator

from ash_ops.checks._findings import aws_command, finding
from ash_ops.checks.base import Check, Evidence, Finding, Fix, NotApplicable
from ash_ops.facts.deploying.deployments import PlannedDeployment


def run(planned: PlannedDeployment) -> Iterator[Finding]:
    """It is of the load balancer's region, and clients call the name that it is for."""
    certificate = planned.parameters.get("CertificateArn", "")
    if not certificate:
        raise NotApplicable("no TLS was asked for")
    region, home = planned.snapshot.deployment.region, certificate.split(":")[3]
    evidence = [Evidence(source="plan:Parameters", field="CertificateArn", value=certificate)]
    if home != region:
        look = aws_command(planned.snapshot, "acm list-certificates")
        yield finding(
            "tls-certificate-invalid",
            "plan",
            f"The certificate is of {home}, the load balancer is in {region}.",
            evidence,
            [Fix(why=f"Issue or import one in {region}; this lists those there.", command=look)],
        )
    elif not (planned.parameters.get("Hostname") or planned.parameters.get("DomainName")):
        yield finding(
            "tls-certificate-invalid",
            "plan",
            "Without --hostname clients call the load balancer by Amazon's name, which is not the one on the "
            "certificate, and refuse it.",
            evidence,
            [
                Fix(
                    why="Add --hostname NAME, the name on the certificate, and point it at the load balancer."
                )
            ],
            severity="warning",
        )


CHECK = Check(
    id="certificate",
    title="Clients can accept the certificate",
    playbook="plan",
    run=run,
    causes=("tls-certificate-invalid",),
)
