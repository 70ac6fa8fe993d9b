"""Faults on demand: chosen AWS calls are denied, throttled, broken, delayed or never answered.

A rule names a call as evidence names it (``ecs:DescribeTasks``, ``ecs:*`` or ``*``) and a kind of
fault. Errors are written in the protocol the caller speaks, so that boto3 reads AWS's own codes.
"""

from __future__ import annotations

import json
import re
import struct
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

Headers = dict[str, str]

# What one calls a service is its IAM prefix; these are other names people and protocols use.
_ALIASES = {
    "elbv2": "elasticloadbalancing",
    "monitoring": "cloudwatch",
    "service-quotas": "servicequotas",
    "efs": "elasticfilesystem",
    "awscostexplorer": "ce",
    "api.pricing": "pricing",
}

_CREDENTIAL_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/[^/]+/([^/]+)/aws4_request")
_RPC_PATH = re.compile(r"/operation/([A-Za-z]+)$")
_ACTION = re.compile(rb"(?:^|&)Action=([A-Za-z]+)")

_DENIED = (
    "User: arn:aws:iam::123456789012:user/ash-operator is not authorized to perform: {call} "
    "because no identity-based policy allows the {call} action"
)
_EXPIRED = "The security token included in the request is expired"

# kind -> (HTTP status, error code, message)
_ERRORS = {
    "deny": (400, "AccessDeniedException", _DENIED),
    "throttle": (400, "ThrottlingException", "Rate exceeded"),
    "error": (500, "InternalFailure", "The request processing has failed."),
    "unavailable": (503, "ServiceUnavailable", "The service is temporarily unavailable."),
    "expired": (403, "ExpiredTokenException", _EXPIRED),
}
# What EC2 and the older query services say instead of AccessDeniedException and friends.
_QUERY_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ThrottlingException": "Throttling",
    "ExpiredTokenException": "ExpiredToken",
}
_EC2_CODES = {
    "AccessDeniedException": "UnauthorizedOperation",
    "ThrottlingException": "RequestLimitExceeded",
    "ExpiredTokenException": "RequestExpired",
}

KINDS = (*_ERRORS, "timeout", "reset", "garbage", "delay")


@dataclass
class Rule:
    """One fault.

    Attributes:
        call: ``SERVICE:OPERATION``, ``SERVICE:*`` or ``*``.
        kind: one of ``KINDS``.
        times: for how many calls; ``None`` for all of them.
        seconds: how long ``delay`` waits before the true answer, and ``timeout`` before it ends.
    """

    call: str
    kind: str
    times: int | None = None
    seconds: float = 120.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"There is no fault {self.kind!r}; there are {', '.join(KINDS)}.")
        service, _, operation = self.call.partition(":")
        self.call = f"{_ALIASES.get(service, service)}:{operation}" if operation else self.call

    def meets(self, call: str) -> bool:
        """Whether the rule is for ``call``."""
        return self.call in ("*", call, f"{call.partition(':')[0]}:*")


class Faults:
    """The rules in force, and a record of the calls made."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._lock = threading.Lock()
        self.calls: list[str] = []
        self.requests: list[dict[str, Any]] = []

    def add(self, rule: Rule) -> None:
        """Put a rule in force; the earliest that fits a call counts."""
        with self._lock:
            self._rules.append(rule)

    def clear(self) -> None:
        """Let every call through again and forget the calls made."""
        with self._lock:
            self._rules.clear()
            self.calls.clear()
            self.requests.clear()

    def take(self, call: str, names: dict[str, Any] | None = None) -> Rule | None:
        """Record one call, and what it names; answers with the fault it shall suffer."""
        with self._lock:
            self.calls.append(call)
            self.requests.append({"call": call, "names": names or {}})
            for rule in self._rules:
                if rule.meets(call) and rule.times != 0:
                    rule.times = None if rule.times is None else rule.times - 1
                    return rule
        return None


def call_of(path: str, headers: Headers, body: bytes) -> str | None:
    """The call a request makes, as ``SERVICE:OPERATION``; ``None`` if it is not a signed one."""
    scope = _CREDENTIAL_SCOPE.search(headers.get("authorization", ""))
    if scope is None:
        return None
    service = scope[1].lower()
    return f"{_ALIASES.get(service, service)}:{_operation(path, headers, body)}"


def _operation(path: str, headers: Headers, body: bytes) -> str:
    if target := headers.get("x-amz-target"):
        return target.rsplit(".", 1)[-1]
    if found := _RPC_PATH.search(path):
        return found[1]
    if "form-urlencoded" in headers.get("content-type", ""):
        found = _ACTION.search(body)
        return found[1].decode() if found else ""
    return path


# Values, and not what they are stored in: they are nobody's business here.
_VALUES = ("SecretString", "TemplateBody", "Parameters")


def names_in(headers: Headers, body: bytes) -> dict[str, Any]:
    """The members of a request, without values that may be secret; none of a protocol in bytes."""
    kind, text = headers.get("content-type", ""), body.decode("utf-8", "replace")
    if "form-urlencoded" in kind:
        # A template is most of a request: it is not decoded only to be left out.
        told = "&".join(each for each in text.split("&") if not each.startswith(_VALUES))
        found: dict[str, Any] = {key: values[0] for key, values in parse_qs(told).items()}
    elif "json" in kind and text.startswith("{"):
        found = json.loads(text)
    else:
        return {}
    return {key: value for key, value in found.items() if not key.startswith(_VALUES)}


def error_answer(rule: Rule, call: str, headers: Headers) -> tuple[int, Headers, bytes]:
    """The answer that carries a fault, in the protocol the caller speaks."""
    status, code, message = _ERRORS[rule.kind]
    return refusal(status, code, message.format(call=call), call, headers)


def refusal(
    status: int, code: str, message: str, call: str, headers: Headers
) -> tuple[int, Headers, bytes]:
    """An error of AWS's, in the protocol the caller speaks."""
    if "smithy-protocol" in headers or "cbor" in headers.get("content-type", ""):
        body = _cbor({"__type": code, "message": message})
        protocol = {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"}
        return status, protocol, body
    if "form-urlencoded" in headers.get("content-type", ""):
        return status, {"content-type": "text/xml"}, _xml(code, message, call)
    text = json.dumps({"__type": code, "message": message}).encode()
    # The header is how REST services name the error; the others name it in the body.
    return status, {"content-type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, text


def _xml(code: str, message: str, call: str) -> bytes:
    if call.startswith("ec2:"):
        error = f"<Code>{_EC2_CODES.get(code, code)}</Code><Message>{message}</Message>"
        return f"<Response><Errors><Error>{error}</Error></Errors></Response>".encode()
    error = f"<Code>{_QUERY_CODES.get(code, code)}</Code><Message>{message}</Message>"
    return f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>".encode()


def _cbor(fields: dict[str, Any]) -> bytes:
    """A map of texts in CBOR (RFC 8949), which CloudWatch's newer protocol wants."""
    encoded = b"".join(_cbor_text(text) for pair in fields.items() for text in pair)
    return bytes([0xA0 | len(fields)]) + encoded


def _cbor_text(text: str) -> bytes:
    data = text.encode()
    return b"\x79" + struct.pack(">H", len(data)) + data
