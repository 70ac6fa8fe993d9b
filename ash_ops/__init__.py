"""The operations toolkit of the Ash agent server on AWS: deploy, doctor, logs, cost, teardown.

As a library::

    from ash_ops import collect, diagnose
    from ash_ops.aws.client.session import Aws
    from ash_ops.settings import Options, load

    settings = load(Options(name="ash-cloud"))
    report = diagnose(collect(Aws(settings), settings.deployment))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ash_client._version import __version__

if TYPE_CHECKING:
    from ash_ops.diagnosis import diagnose as diagnose
    from ash_ops.snapshot.collect import collect as collect
    from ash_ops.snapshot.store import load_snapshot as load_snapshot
    from ash_ops.snapshot.store import save_snapshot as save_snapshot

__all__ = ["__version__", "collect", "diagnose", "load_snapshot", "save_snapshot"]

# Loaded when first asked for: the command line must not pay for what a command does not use.
_HOMES = {
    "collect": "ash_ops.snapshot.collect",
    "diagnose": "ash_ops.diagnosis",
    "load_snapshot": "ash_ops.snapshot.store",
    "save_snapshot": "ash_ops.snapshot.store",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
