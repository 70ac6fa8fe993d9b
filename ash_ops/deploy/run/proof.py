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
from ash_ops.deploy.run.verify import Wanted, verify
from ash_ops.errors import ExitCode, OpsError


def prove(environment: Environment, evidence: Evidence, canary: bool | None) -> ExitCode:
    """Verify the deployment step by step and say the result.

    Args:
        environment: the world.
        evidence: what was seen to fail meanwhile.
        canary: whether to run a session; ``None`` means for EC2 only.
    """
    wanted = _wanted(environment, canary)
    worst: bool | None = True
    for proof in verify(environment.aws, wanted, environment.clock, environment.dialogue.live):
        environment.dialogue.settle()
        mark = {True: "ok", False: "FAILED", None: "unknown"}[proof.ok]
        environment.dialogue.say(f"  {mark:<8} {proof.step}: {proof.text}")
        worst = proof.ok
    return _conclude(environment, worst, wanted, evidence)


def _wanted(environment: Environment, canary: bool | None) -> Wanted:
    stack = cloudformation.find_stack(environment.aws, environment.deployment.stack)
    parameters = stack.parameters if stack else {}
    outputs = stack.outputs if stack else {}
    on_ec2 = parameters.get("LaunchType") == "EC2"
    named = _say_where_to_point(environment, parameters, outputs)
    return Wanted(
        deployment=environment.deployment,
        task_definition=outputs.get("TaskDefinitionArn"),
        url=outputs.get("Url"),
        image=parameters.get("Image", ""),
        key=stored_key(environment.aws, environment.deployment),
        canary=on_ec2 if canary is None else canary,
        reachable=named and _is_let_in(environment, parameters),
    )


def _say_where_to_point(
    environment: Environment, parameters: Mapping[str, str], outputs: Mapping[str, str]
) -> bool:
    """Whether the name on the certificate leads somewhere; if not, say where to point it."""
    host = parameters.get("Hostname")
    if not host or not parameters.get("CertificateArn"):
        return True
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
    environment: Environment, worst: bool | None, wanted: Wanted, evidence: Evidence
) -> ExitCode:
    say, names = environment.dialogue.say, environment.deployment
    if worst:
        say(f"\nDeployed and verified: {wanted.url or names.prefix}")
        say(f'Next: `eval "$(ash-ops connect --name {names.prefix})"` sets what a client needs.')
        say(
            f"      `ash-ops status --name {names.prefix}`, `ash-ops logs -f --name {names.prefix}`."
        )
        return ExitCode.OK
    if worst is None:
        say("\nDeployed, but not everything could be verified.")
        where = "" if wanted.reachable else ", from an address that is let in"
        say(
            f"Next: `ash-ops status --name {names.prefix}` looks again{where}; `ash-ops doctor` explains."
        )
        return ExitCode.INCONCLUSIVE
    say("\nDeployed, but it does not work:")
    say(environment.explain(environment.aws, names, evidence))
    return ExitCode.PROBLEMS
