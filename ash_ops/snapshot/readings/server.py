"""The live server and the key this machine would use for it."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from msgspec.structs import replace

from ash_ops import redact
from ash_ops.aws.ecs import Revision
from ash_ops.errors import ReadFailed
from ash_ops.facts.load_balancing import certified, server_url
from ash_ops.facts.model import fact_of
from ash_ops.facts.server import LocalKey, Probe
from ash_ops.facts.stacks import Stack
from ash_ops.names import ASH_PORT
from ash_ops.redact.settings import flaws
from ash_ops.secret import Secret
from ash_ops.settings import Settings
from ash_ops.snapshot.context import ReadingContext
from ash_ops.snapshot.declaration import reading
from ash_ops.snapshot.fan_out import Absent
from ash_ops.snapshot.probe import Ladder

_KEY = "ASH_API_KEY"
CALL = "probe:GET"
PROBE_PATIENCE = 12.0  # seconds for the whole ladder


def url(context: ReadingContext) -> str | None:
    """Where clients reach the server: the load balancer's name, or its certificate's, and the port."""
    host = _balancer(context)
    if host is None:
        return None
    found = server_url(host, context.seek("listeners") or ()) or f"http://{host}:{ASH_PORT}"
    stack: Stack | None = context.seek("_stack")
    return certified(found, stack.outputs.get("Url") if stack else None)


def _balancer(context: ReadingContext) -> str | None:
    """The load balancer's own name."""
    balancers = context.seek("load_balancers") or ()
    return next((balancer.dns_name for balancer in balancers if balancer.dns_name), None)


@reading(after=("_stack", "listeners", "load_balancers"), call=CALL, patience=PROBE_PATIENCE)
def probe(context: ReadingContext) -> Probe:
    """Climb the ladder to where the load balancer says the server is.

    With the local key, since that is what fails when it is wrong; where there is none, with the
    deployed one if it may be read, since the server's health does not hang on this machine.
    """
    ladder = context.ladder
    if ladder is None:
        raise ReadFailed(CALL, "skipped", "", "live probes were switched off")
    target = ladder.url or url(context)
    if target is None:
        context.need("load_balancers")
        raise Absent("load balancer")
    ladder = replace(
        ladder, known_as=ladder.known_as or known_as(context, target), balancer=_balancer(context)
    )
    return climb(ladder, target, local_secret(context.aws.settings)[0] or deployed_key(context))


def known_as(context: ReadingContext, target: str) -> str | None:
    """The name by which clients ask what the load balancer's own name leads to, if one is known.

    That of the stack's address, else that of ``ASH_SERVER_URL`` where it is HTTPS on the same port.
    """
    stack: Stack | None = context.seek("_stack")
    given = (stack.outputs.get("Url") if stack else None, local_url(context.aws.settings))
    parts = (urlsplit(url_ or "") for url_ in given)
    port = urlsplit(target).port or 443
    named = (p.hostname for p in parts if p.scheme == "https" and (p.port or 443) == port)
    return next((name for name in named if name), None)


def climb(ladder: Ladder, target: str, key: Secret | None) -> Probe:
    """Climb the ladder with a key that is known from then on, so that no answer shows it."""
    if key is not None:
        redact.learn(key.reveal(), name=_KEY)
    return fact_of(Probe, ladder.climb(target, key))


def local_secret(settings: Settings) -> tuple[Secret | None, str]:
    """The key this machine would use, and where it is from.

    The same order as the client's: ``ASH_API_KEY``, else the file of the public ``ash`` command.
    """
    found = settings.secret(_KEY)
    if found is not None:
        return found, settings.origin(_KEY)
    path = Path("~/.ash/config.json")
    try:
        value = json.loads(path.expanduser().read_text("utf-8")).get("api_key")
    except (OSError, ValueError, RuntimeError, AttributeError):
        return None, "none"
    return (Secret(value), str(path)) if isinstance(value, str) and value else (None, "none")


@reading(after=("_revision", "_secrets"), call="local:ASH_API_KEY")
def local_key(context: ReadingContext) -> LocalKey:
    """What may be told of the local key, and whether the deployed one is the same."""
    return key_facts(context.aws.settings, deployed_key(context))


def key_facts(settings: Settings, deployed: Secret | None) -> LocalKey:
    """What may be told of the local key beside the deployed one, where that is known."""
    key, origin = local_secret(settings)
    # A client strips what surrounds a key (ash_client does); a server does not.
    sent = Secret(key.reveal().strip()) if key else None
    return LocalKey(
        origin=origin,
        fingerprint=sent.fingerprint() if sent else None,
        deployed_fingerprint=deployed.fingerprint() if deployed else None,
        flaws=flaws(key.reveal()) if key else (),
        server_url=local_url(settings),
    )


def local_url(settings: Settings) -> str | None:
    """Where a client on this machine would look for the server; never a password within it."""
    given = settings.get("ASH_SERVER_URL")
    try:
        parts = urlsplit(given or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.hostname}{port}" if parts.hostname else None


def deployed_key(context: ReadingContext) -> Secret | None:
    """The key the task definition gives the server, if it could be read."""
    for state, value in context.run.value_of("_secrets") or ():
        if _KEY in state.variables and value is not None:
            return Secret(value.reveal())
    revision: Revision | None = context.run.value_of("_revision")
    return revision.environment.get(_KEY) if revision else None
