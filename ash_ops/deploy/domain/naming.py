"""What a domain brings along in a request, and what cannot be beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ash_ops.errors import UsageProblem
from ash_ops.names import is_balancers_own

HTTPS_PORT = "443"


def brought_by_domain(given: Mapping[str, str], previous: Mapping[str, str]) -> dict[str, str]:
    """The parameters that follow from a domain, where nothing else was given for them.

    Clients of a name expect the port of HTTPS. One without it goes back to the template's port: that
    is what an empty text stands for.

    Args:
        given: what was asked for; an empty ``DomainName`` switches it off.
        previous: the parameters of the stack that is there.
    """
    if "DomainName" not in given:
        return {}
    name = given["DomainName"].lower().rstrip(".")
    before = previous.get("DomainName", "")
    found = {"DomainName": name}
    if name != before and "HostedZoneId" not in given:
        found["HostedZoneId"] = ""
    if "ListenerPort" in given:
        return found
    if name and not before:
        found["ListenerPort"] = HTTPS_PORT
    elif before and not name and previous.get("ListenerPort") == HTTPS_PORT:
        found["ListenerPort"] = ""
    return found


def check_domain(given: Mapping[str, str], effective: Callable[[str], str]) -> None:
    """Refuse what cannot be beside a domain, or without one.

    Raises:
        UsageProblem: the message says what to leave out.
    """
    name, other = effective("DomainName"), given.get("Hostname")
    if given.get("HostedZoneId") and not name:
        raise UsageProblem(
            "--hosted-zone goes with --domain",
            "it is the zone that holds the name, and no name was given",
            "Add --domain NAME, or leave --hosted-zone out.",
        )
    if name and other and other.lower().rstrip(".") != name:
        raise UsageProblem(
            f"--hostname {other} cannot be beside --domain {name}",
            "clients call one name, and the domain is it",
            "Leave --hostname out, or give `--domain off`.",
        )
    if is_balancers_own(name):
        raise UsageProblem(
            f"{name!r} cannot be the domain",
            "it is Amazon's own name of a load balancer, for which nobody gets a certificate",
            "Give --domain a name of yours, for instance ash.example.com.",
        )
