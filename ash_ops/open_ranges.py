"""How much of the internet a set of address ranges lets in: two halves are the whole."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

# Public IPv6 addresses all begin so (RFC 4291, section 2.4, and IANA's registry): the rest of the
# 128 bits is nobody's.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_V4_ADDRESSES = 2**32
NEARLY_ALL = 0.25
"""The share from which ranges count as open: whoever lets in a quarter of the internet keeps nobody out."""


def share_of_the_internet(ranges: Iterable[str]) -> float:
    """The share of all public addresses that the ranges cover together, from 0 to 1.

    Args:
        ranges: IPv4 and IPv6, in any order and overlap; what is no range counts for nothing. The
            larger share of the two families is given, for each is an internet of its own.
    """
    fours: list[ipaddress.IPv4Network] = []
    sixes: list[ipaddress.IPv6Network] = []
    for text in ranges:
        try:
            network = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError:
            continue
        if isinstance(network, ipaddress.IPv4Network):
            fours.append(network)
        elif _GLOBAL_V6.subnet_of(network):
            sixes.append(_GLOBAL_V6)
        elif network.subnet_of(_GLOBAL_V6):
            sixes.append(network)
    four = sum(n.num_addresses for n in ipaddress.collapse_addresses(fours)) / _V4_ADDRESSES
    six = sum(n.num_addresses for n in ipaddress.collapse_addresses(sixes))
    return max(four, six / _GLOBAL_V6.num_addresses)


def is_open(ranges: Iterable[str]) -> bool:
    """Whether the ranges together let in all or nearly all of the internet."""
    return share_of_the_internet(ranges) >= NEARLY_ALL
