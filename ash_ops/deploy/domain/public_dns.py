"""What the public DNS answers, asked through this machine's own resolvers."""

from __future__ import annotations

from ash_ops.errors import ReadFailed

_SECONDS = 1.5


def answers(name: str, kind: str) -> tuple[str, ...]:
    """The data of a name's records of one kind, as a zone file has them; none where there are none.

    Args:
        name: a DNS name.
        kind: ``NS``, ``CAA``, ``CNAME`` ...

    Raises:
        ReadFailed: no resolver gave an answer.
    """
    import dns.exception  # a deployment without a domain does without
    import dns.resolver

    try:
        found = dns.resolver.resolve(name, kind, lifetime=_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except dns.exception.DNSException as error:
        late = isinstance(error, dns.exception.Timeout)
        kind_ = "timeout" if late else "failed"
        raise ReadFailed(f"dns:{kind}", kind_, type(error).__name__, f"{name}: {error}") from error
    return tuple(row.to_text() for row in found)
