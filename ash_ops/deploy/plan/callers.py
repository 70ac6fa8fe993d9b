"""Who may connect: by default only the machine that deploys.

Anyone who reaches port 4100 can read the API key: ``GET /dashboard/config.js`` answers without
authentication and contains it (seen on server 0.2.0). So the door is opened only to an address
that is known, or to one that was named.
"""

from __future__ import annotations

import ipaddress
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

from ash_ops import open_ranges
from ash_ops.deploy.plan.request import Request
from ash_ops.errors import UsageProblem
from ash_ops.open_ranges import share_of_the_internet

CHECK_URL = "https://checkip.amazonaws.com"
_TIMEOUT = 3.0

OPEN_TO_ALL = (
    "Anyone on the internet who reaches the port can read the API key from /dashboard/config.js, "
    "without authentication."
)

IN_CLEAR = (
    "There is no TLS: the API key and all messages travel in clear, readable on the way "
    "(--domain NAME encrypts)."
)

FindAddress = Callable[[], str]


def own_address(url: str = CHECK_URL) -> str:
    """The public IPv4 address of this machine, as AWS sees it.

    Raises:
        UsageProblem: it could not be found out; the next step is to name a range.
    """
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as answer:  # noqa: S310  # a constant https URL, or a test's own server
            text = answer.read(100).decode("ascii", "replace").strip()
        return str(ipaddress.IPv4Address(text))
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise UsageProblem(
            "The address that may connect is not known",
            f"{url} did not tell this machine's public IPv4 address ({type(error).__name__})",
            "Say who may connect: --allow-cidr 203.0.113.7/32 (your own address or range).",
        ) from None


def is_loopback(endpoint: str | None) -> bool:
    """Whether an endpoint is an emulator on this machine."""
    host = urlsplit(endpoint or "").hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


def choose_cidrs(request: Request, endpoint: str | None, find: FindAddress) -> tuple[str, ...]:
    """The ranges to let in: named, else as they are, else this machine.

    Raises:
        UsageProblem: none was named and this machine's address could not be found out.
    """
    if request.cidrs:
        return request.cidrs
    known = (request.previous.get("AllowedCidr"), request.previous.get("AdditionalCidr"))
    if known[0]:
        return tuple(cidr for cidr in known if cidr)
    return ("127.0.0.1/32",) if is_loopback(endpoint) else (f"{find()}/32",)


def covers_everyone(cidrs: tuple[str, ...]) -> bool:
    """Whether every IPv4 address is let in, so that this machine's need not be known."""
    return share_of_the_internet(cidrs) >= 1


def is_open(cidrs: tuple[str, ...]) -> bool:
    """Whether all or nearly all of the internet is let in, by one range or by several together."""
    return open_ranges.is_open(cidrs)


def in_clear(url: str) -> bool:
    """Whether a key sent to a server travels where it can be read on the way."""
    return urlsplit(url).scheme == "http" and not is_loopback(url)
