"""One JSON document posted to an address that the user named: a chat's webhook, or a machine's.

The address is a secret: whoever knows a webhook's path may post there. It is learnt, so that it is
masked wherever it would be shown; messages name the host alone.

Nothing is posted to a link-local address: there answer the metadata services of machines and tasks
(169.254.169.254, 169.254.170.2, fd00:ec2::254; EC2 user guide, "Instance metadata"). The name is
looked up once and the connection goes to the address that was checked. Redirections are not
followed and no proxy is asked, since either would choose another address.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ash_ops import redact
from ash_ops.errors import OpsError, UsageProblem

_TIMEOUT = 5.0  # seconds to connect, and again for the answer
_METADATA = ipaddress.ip_address("fd00:ec2::254")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotDelivered(OpsError):
    """A document could not be posted."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address to post to.

    Attributes:
        host: who is there, with the port where one is named: all of the address that may be shown.
    """

    host: str
    _parts: SplitResult = field(repr=False)

    def post(self, document: Mapping[str, Any]) -> None:
        """Post a document.

        Raises:
            NotDelivered: it did not get there, or was refused.
        """
        body = json.dumps(document, ensure_ascii=False).encode()
        try:
            status = self._send(body)
        except (OSError, http.client.HTTPException) as error:
            raise self._not_delivered(f"{type(error).__name__}: {error}") from None
        if not 200 <= status < 300:
            raise self._not_delivered(f"it answered {status}")

    def _send(self, body: bytes) -> int:
        parts = self._parts
        host, secure = parts.hostname or "", parts.scheme == "https"
        client = http.client.HTTPConnection(host, timeout=_TIMEOUT)
        connected = self._connected(host, parts.port or (443 if secure else 80))
        if secure:
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        client.sock = connected
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": self.host, "Content-Type": "application/json; charset=utf-8"}
        try:
            client.request("POST", path, body, {**headers, "User-Agent": "ash-ops"})
            return client.getresponse().status
        finally:
            client.close()

    def _connected(self, host: str, port: int) -> socket.socket:
        """A connection to the first address that may be asked and answers."""
        failure: OSError | None = None
        for _, _, _, _, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            address = str(found[0]).partition("%")[0]
            if _is_forbidden(ipaddress.ip_address(address)):
                raise self._not_delivered(f"{address} is link-local, where metadata services are")
            try:
                return socket.create_connection((str(found[0]), port), _TIMEOUT)
            except OSError as error:
                failure = error
        raise failure or OSError("the name has no address")

    def _not_delivered(self, why: str) -> NotDelivered:
        return NotDelivered(
            f"Nothing could be posted to {self.host}",
            why,
            "Correct --notify, or what listens there.",
        )


def _is_forbidden(address: Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    return (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or address == _METADATA
    )


def webhook(url: str) -> Webhook:
    """The address that a user wrote.

    Raises:
        UsageProblem: nothing can be posted there.
    """
    redact.learn(url)
    try:
        parts = urlsplit(url.strip())
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise _unusable(str(error)) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _unusable("only http:// and https:// addresses can be posted to")
    if parts.username is not None or parts.password is not None:
        raise _unusable("a user or a password in it would not be sent")
    if any(not 0x21 <= ord(each) < 0x7F for each in url.strip()):
        raise _unusable("it holds a character that no address has")
    if len(parts.path) > 1:
        redact.learn(parts.path)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    _refuse_metadata(parts.hostname)
    return Webhook(f"{host}{port}", parts)


def _refuse_metadata(host: str) -> None:
    """Refuse at once what is written as such an address; a name is looked up when it is posted to."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return
    if _is_forbidden(address):
        raise _unusable(f"{address} is link-local, where metadata services are")


def _unusable(why: str) -> UsageProblem:
    return UsageProblem(
        "--notify cannot be used", why, "Give the address of a webhook, for instance Slack's."
    )
