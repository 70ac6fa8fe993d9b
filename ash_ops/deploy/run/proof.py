"""The end of a deployment: every step of the proof said as it is found, and the conclusion."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from ash_ops.aws import cloudformation
from ash_ops.deploy.connection import stored_key
from ash_ops.deploy.environment import Environment
from ash_ops.deploy.plan import callers as address
from ash_ops.deploy.plan.parameters import lets_in
from ash_ops.deploy.run.evidence import Evidence
from ash_ops.deploy.run.failure import explain_with
from ash_ops.deploy.run.verify import Wanted, verify
from ash_ops.diagnosis import Report
from ash_ops.errors import ExitCode, OpsError
from ash_ops.report._tree import headline

_TIMEOUT = 30.0  # seconds: who has waited for a deployment waits for its verdict


def prove(environment: Environment, evidence: Evidence, canary: bool | None) -> ExitCode:
    """Verify the deployment step by step and say the result.

    Args:
        environment: the world.
        evidence: what was seen to fail meanwhile.
        canary: whether to run a session; ``None`` means where agents can run, on instances.
    """
    wanted = _wanted(environment, canary)
    proven: bool | None = True
    for proof in verify(environment.aws, wanted, environment.clock, environment.dialogue.live):
        environment.dialogue.settle()
        mark = {True: "ok", False: "FAILED", None: "unknown"}[proof.ok]
        environment.dialogue.say(f"  {mark:<8} {proof.check.title}: {proof.text}")
        proven = proof.ok
    return _conclude(environment, wanted, evidence, proven)


def _wanted(environment: Environment, canary: bool | None) -> Wanted:
    stack = cloudformation.find_stack(environment.aws, environment.deployment.stack)
    parameters = stack.parameters if stack else {}
    outputs = stack.outputs if stack else {}
    runners = parameters.get("RunnerCount")
    on_instances = runners is not None or parameters.get("LaunchType") in ("EC2", "MANAGED")
    named = _say_where_to_point(environment, parameters, outputs)
    return Wanted(
        deployment=environment.deployment,
        task_definition=outputs.get("TaskDefinitionArn"),
        url=outputs.get("Url"),
        image=parameters.get("Image", ""),
        key=stored_key(environment.aws, environment.deployment),
        canary=on_instances if canary is None else canary,
        runners=None if runners is None else int(runners),
        reachable=named and _is_let_in(environment, parameters),
    )


def _say_where_to_point(
    environment: Environment, parameters: Mapping[str, str], outputs: Mapping[str, str]
) -> bool:
    """Whether the name on the certificate leads somewhere; if not, say where to point it."""
    domain = parameters.get("DomainName")
    host = domain or (parameters.get("CertificateArn") and parameters.get("Hostname"))
    if not host or parameters.get("HostedZoneId"):
        return True  # its record is made with the rest, and the proof waits for it
    try:
        socket.getaddrinfo(host, None)
    except OSError:
        environment.dialogue.say(
            f"{host} does not resolve yet: point it at {outputs.get('DnsName', 'the load balancer')} "
            "(CNAME, or an alias record in Route 53)."
        )
        return False
    return True


def _is_let_in(environment: Environment, parameters: Mapping[str, str]) -> bool:
    """Whether this machine can be expected to reach the server."""
    if parameters.get("Scheme") == "internal":
        return False
    both = (parameters.get("AllowedCidr"), parameters.get("AdditionalCidr"))
    cidrs = tuple(cidr for cidr in both if cidr)
    if address.is_loopback(environment.settings.endpoint_url) or address.covers_everyone(cidrs):
        return True
    try:
        return lets_in(cidrs, environment.find_address())
    except OpsError:
        return False


def _conclude(
    environment: Environment, wanted: Wanted, evidence: Evidence, proven: bool | None
) -> ExitCode:
    """The verdict: the doctor's on what is there now, and what was wanted besides."""
    # Where this machine is not let in, that the server does not answer it proves nothing.
    how = {"probe": wanted.reachable, "timeout": _TIMEOUT}
    looked = environment.examine(environment.aws, environment.deployment, **how)
    report = looked[1]
    if proven is False or report.status == "problem":
        environment.dialogue.say(f"\nDeployed, but it does not work: {headline(report)}")
        environment.dialogue.say(explain_with(evidence, looked))
        return ExitCode.PROBLEMS
    if proven is None or report.status == "inconclusive":
        _say_what_is_open(environment, wanted, report)
        return ExitCode.INCONCLUSIVE
    _say_what_is_next(environment, wanted)
    return ExitCode.OK


def _say_what_is_open(environment: Environment, wanted: Wanted, report: Report) -> None:
    say = environment.dialogue.say
    say("\nDeployed, but not everything could be verified.")
    if report.status == "inconclusive":
        say(headline(report))
    where = "" if wanted.reachable else ", from an address that is let in"
    say(f"Next: `ash-ops status` looks again{where}; `ash-ops doctor` explains.")


def _say_what_is_next(environment: Environment, wanted: Wanted) -> None:
    say, names = environment.dialogue.say, environment.deployment
    say(f"\nDeployed and verified: {wanted.url or names.prefix}")
    say('Next: `eval "$(ash-ops connect)"` sets what a client needs.')
    say("      `ash-ops status`, `ash-ops logs -f`.")
