"""Who did not answer: the addresses that a message names, and whether one may be the Ash server."""

from __future__ import annotations

import re
from typing import Final

_ADDRESS: Final = re.compile(
    r"(?:^|[\s/@(\"'=\[,])"
    r"((?:\d{1,3}\.){3}\d{1,3}|localhost|::1|\[::1?\]|[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})\]?:(\d{2,5})(?![\d.:])"
)
_PORT: Final = re.compile(r"\bport['\"]?[ =:]{1,3}(\d{2,5})\b")
_SOURCE_FILE: Final = re.compile(
    r"\.(?:[cm]?[jt]sx?|py|go|rb|java|cc?|cpp|rs|php|cs|scala|kt|ex|erl|sh)$"
)
_ASH_ADDRESS: Final = re.compile(r"\.elb\.|-nlb-|:4100\b|\bport['\"]?[ =:]{1,3}4100\b")
_MAY_BE_ASH: Final = frozenset({"4100", "80", "443"})
"""The server's own port, and those of listeners in front of it."""
_ASKED_BY_HAND: Final = "curl: ("
"""Who runs curl asks for the server, or is the health check of its container, whatever the port."""
CALLING: Final = frozenset(
    {
        "conn-refused",
        "conn-timeout",
        "conn-reset",
        "dns-nxdomain",
        "tls-to-plain-http",
        "tls-certificate-invalid",
    }
)
"""Causes that are about a call of the Ash server."""


def is_another(folded: str) -> bool:
    """Whether a text (folded) names ports, and none that a call of the Ash server would have."""
    if _ASH_ADDRESS.search(folded) or _ASKED_BY_HAND in folded:
        return False
    ports = {
        port for host, port in _ADDRESS.findall(folded) if not _SOURCE_FILE.search(host)
    } | set(_PORT.findall(folded))
    return bool(ports) and not ports & _MAY_BE_ASH
