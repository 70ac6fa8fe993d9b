"""The operations toolkit of the Ash agent server on AWS: deploy, doctor, logs, cost, teardown."""

from ash_client._version import __version__

__all__ = ["__version__"]
