"""Who did not answer: the addresses that a message names, and whether one may be the Ash server."""

from __future__ import annotations

import re
from typing import Final

from ash_ops.patterns import regex

_ADDRESS: Final = regex(
    r"(?:^|[\s/@(\"'=\[,])"
    r"((?:\d{1,3}\.){3}\d{1,3}|<[\w-]{1,40}>|localhost|::1|\[::1?\]|[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})\]?:(\d{2,5})(?![\d.:])"
)
_ALONE: Final = regex(r"//([a-z][a-z0-9-]{0,62}):(\d{2,5})(?![\d.:])")
"""A host of one word, in a URL: the name of a service on a network of containers."""
_PORT: Final = regex(r"\bport['\"]?[ =:]{1,3}(\d{2,5})\b")
_SOURCE_FILE: Final = regex(
    r"\.(?:[cm]?[jt]sx?|py|go|rb|java|cc?|cpp|rs|php|cs|scala|kt|ex|erl|sh|conf|cfg|ini|ya?ml|toml|json)$"
)
_ASH_ADDRESS: Final = regex(r"\.elb\.|-nlb-|:4100\b|\bport['\"]?[ =:]{1,3}4100\b")
_MAY_BE_ASH: Final = frozenset({"4100", "80", "443"})
"""The server's own port, and those of listeners in front of it."""
_ASKED_BY_HAND: Final = ("curl: (", "wget: ", " net::err_")
"""Who runs curl or wget asks for the server, or is the health check of its container, whatever the port; a browser's console tells of the server behind a page."""
_RAISED: Final = regex(
    r"^[^a-z]{0,20}([a-z_]\w{0,40})\.(?:\w{1,60}\.){0,6}(?:\w{1,60}(?:error|exception)|\w{0,60}(?:refused|timeout))\w{0,20}: "
)
"""An exception with the package that raised it, as Python and Java print it."""
_CALLERS: Final = frozenset(
    [
        "aiohttp",
        "anthropic",
        "ash",
        "ash_client",
        "ash_sdk",
        "asyncio",
        "boto",
        "boto3",
        "botocore",
        "builtins",
        "claude_agent_sdk",
        "concurrent",
        "elb",
        "h11",
        "h2",
        "http",
        "httpcore",
        "httpx",
        "java",
        "langchain_anthropic",
        "langchain_aws",
        "litellm",
        "javax",
        "net",
        "openai",
        "org",
        "pydantic",
        "pydantic_ai",
        "pydantic_core",
        "requests",
        "socket",
        "ssl",
        "system",
        "target",
        "urllib",
        "urllib3",
        "websockets",
    ]
)
"""Packages by which a program calls the Ash server, the model or AWS; and the heads of reason codes of ELB."""
OF_AN_SDK: Final = (
    "com.amazonaws.|software.amazon.awssdk|amazon.runtime.|botocore|boto3|aws sdk|aws-sdk|aws credentials|"
    "nocredentialproviders|security token included in the request|ec2metadatautils"
)
"""What AWS's own clients and their errors name."""
CALLING: Final = frozenset(
    {
        "conn-refused",
        "conn-timeout",
        "conn-reset",
        "dns-nxdomain",
        "http-to-tls-port",
        "tls-to-plain-http",
        "tls-certificate-invalid",
    }
)
"""Causes that are about a call of the Ash server."""


OF_A_MODEL: Final = frozenset(
    {
        "anthropic-auth",
        "anthropic-billing",
        "anthropic-model-unknown",
        "anthropic-overloaded",
        "anthropic-rate-limit",
        "anthropic-request-invalid",
    }
)
"""Causes that a service which passes a request on to a model tells of that model."""


ABOUT_CALLS: Final = frozenset({"connection", "auth", "aws-access"})
"""Categories of causes that a caller tells of, with the name of the package that called."""


_NAMED: Final = ("amazon", "anthropic", "aws")
"""What the packages of Java are called by whose services they call."""


def _is_caller(raised: re.Match[str]) -> bool:
    """Whether an exception is of a package that calls AWS, the model or Ash, by whatever company it is named."""
    called = raised.group()
    return raised.group(1) in _CALLERS or any(name in called for name in _NAMED)


def is_another_caller(folded: str) -> bool:
    """Whether a text (folded) is an exception of a package that calls other services."""
    raised = _RAISED.match(folded)
    return raised is not None and not _is_caller(raised)


_FETCHED_FROM_WITHIN: Final = regex(
    r"\bfetch failed\b.{0,1500}\((?:file://)?/(?:usr/src/)?app/.{0,1500}\bcause\]?: error: connect econnrefused\b"
)
"""Node's words for a server that a program of a container asked for and did not reach, with the place where it asked."""
_NOT_REACHED: Final = frozenset({"conn-refused", "conn-timeout"})
_OF_TLS: Final = frozenset({"tls-certificate-invalid", "tls-to-plain-http"})
_UPSTREAM: Final = "ssl handshaking to upstream"
"""nginx's words for the program behind it, whose port is its own."""
_BEHIND_A_PROXY: Final = regex(
    r"\b(?:failed|timed out) \(1\d\d: [a-z ]{5,40}\) while connecting to upstream\b|\bah00957: https?: attempt to connect to\b"
)
"""What nginx and Apache say of a program behind them that they did not reach: it listens wherever its owner let it."""
_BESIDE: Final = regex(
    r"\blookup [a-z][a-z0-9_-]{1,40} on 127\.0\.0\.11:53\b|\bfailed to resolve '[a-z][a-z0-9_-]{1,40}'|\bhttps?connectionpool\(host='(?!localhost')[a-z][a-z0-9_-]{1,40}', port="
)


def is_told_of_any_port(slug: str, folded: str) -> bool:
    """Whether a text (folded) tells of a failure of the caller's own, whatever port it asked.

    A host of one word is another container, whose port is its own; a certificate that Python does not trust
    lacks its issuer where Python runs; nginx speaks to what it was told to, at whatever port.
    """
    if slug in _NOT_REACHED and _BEHIND_A_PROXY.search(folded):
        return True
    if slug in _OF_TLS and _UPSTREAM in folded:
        return True
    if slug == "tls-certificate-invalid":
        return "certificate_verify_failed" in folded
    if slug == "conn-refused":
        return _FETCHED_FROM_WITHIN.search(folded) is not None
    return slug == "dns-nxdomain" and _BESIDE.search(folded) is not None


def is_another(folded: str) -> bool:
    """Whether a text (folded) names ports, and none that a call of the Ash server would have."""
    if _ASH_ADDRESS.search(folded) or any(tool in folded for tool in _ASKED_BY_HAND):
        return False
    ports = {
        port
        for host, port in (*_ADDRESS.findall(folded), *_ALONE.findall(folded))
        if not _SOURCE_FILE.search(host)
    } | set(_PORT.findall(folded))
    return bool(ports) and not ports & _MAY_BE_ASH
